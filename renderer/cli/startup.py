"""Before a command runs: streams that bear any text, and unknown settings."""

import io
import sys
from collections.abc import Iterable, Iterator, Mapping

from renderer.fast_paths import FAST
from renderer.sanitize import visible

FAST_PATHS = "RENDERER_FAST_PATHS"
SETTINGS = ("RENDERER_ENGINE_KEY", "RENDERER_MEDIA_HOSTS", "RENDERER_STORE", FAST_PATHS)
_PREFIX = "RENDERER_"


def foreign_system(name: str) -> str:
    """Return what to say on a system that is not POSIX; empty on one that is."""
    if name == "posix":
        return ""
    return "renderer runs on Linux and macOS; on Windows, run it in WSL"


def bear_any_text() -> None:
    """Let stdout and stderr write what their encoding has not as escapes, and never fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def choose_paths(environment: Mapping[str, str]) -> None:
    """Do without the quick second implementations if RENDERER_FAST_PATHS is 0."""
    FAST.on = environment.get(FAST_PATHS, "") != "0"


def unknown_settings(names: Iterable[str]) -> Iterator[str]:
    """Yield a warning for each variable that looks like a setting of ours and is none."""
    for name in sorted(names):
        if name.upper().startswith(_PREFIX) and name not in SETTINGS:
            from difflib import get_close_matches

            close = get_close_matches(name.upper(), SETTINGS, n=1, cutoff=0.7)
            todo = f"did you mean {close[0]}?" if close else f"known: {', '.join(SETTINGS)}"
            yield f"the environment variable {visible(name)} is not known; {todo}"

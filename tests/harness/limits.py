"""Each hostile project in a process of its own, with the memory and the time that it may take.

`python -m tests.harness.limits FOLDER` prints one JSON row a project. What is imported is shared:
figures are of the answer alone.
"""

import contextlib
import io
import json
import os
import resource
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from renderer.cli.main import run
from tests.harness.hostile import SOUND, Case, cases

MEMORY = 256 << 20  # bytes above what the interpreter has
SECONDS = 10  # of processor time: far above the goal, so that a busy machine fails no test


def lay(case: Case, folder: Path) -> Path:
    """Write a project and return its folder."""
    for name, data in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for name, target in case.links.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target)
    for name in case.fifos:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(path)
    return folder


def answered(folder: Path, *argv: str) -> tuple[int, str]:
    """Return the exit code and all that is printed."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = run(["-C", str(folder), *argv])
    return code, said.getvalue()


def measure(some: Iterable[Case], folder: Path) -> Iterator[dict[str, Any]]:
    """Yield for each case its exit code or signal, what it says, its seconds and its MiB."""
    answered(lay(Case("", "", {"specs/s.yaml": SOUND.encode()}), folder / "warm"), "validate")
    for at, case in enumerate(some):
        yield _limited(case, lay(case, folder / str(at)))


def _limited(case: Case, project: Path) -> dict[str, Any]:
    reading, writing = os.pipe()
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _child(project, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    row: dict[str, Any] = json.loads(told) if told else {"code": None, "said": "", "base": 0}
    grown = max(usage.ru_maxrss - row.pop("base"), 0) / 1024
    signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return {"name": case.name, **row, "signal": signal, "seconds": seconds, "mib": grown}


def _child(project: Path, writing: int) -> None:
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    code, said = answered(project, "validate")
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(json.dumps({"code": code, "said": said, "base": base}).encode())
    os._exit(0)


if __name__ == "__main__":
    for row in measure(cases(), Path(sys.argv[1])):
        print(json.dumps(row))  # noqa: T201 - this is what it is for

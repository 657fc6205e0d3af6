"""Write constraints.txt and .ci/lowest.txt anew, from the ranges of pyproject.toml.

    python3.11 .ci/constraints.py

constraints.txt: the newest release of everything that is installed, on each Python that we
support, as of today. .ci/lowest.txt: the lowest release of each direct dependency that installs
from wheels there. pip is asked for other Pythons than the one that runs this; the conditions of
dependencies (`; python_version < "3.13"`) it judges by the one that runs, so take the oldest.
"""

import itertools
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LOWEST_EXTRAS = ("test", "browser", "keyring")  # tools that only check the code run as pinned
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_NUMBERED = re.compile(r"\d+(\.\d+)*")


def main() -> None:
    """Ask pip, and write both files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    everything = [*project["dependencies"], *itertools.chain(*extras.values())]
    tried = [*project["dependencies"], *itertools.chain(*(extras[name] for name in LOWEST_EXTRAS))]
    newest = {python: _resolved(python, everything) for python in PYTHONS}
    _write(ROOT / "constraints.txt", "The releases that CI has passed with", newest)
    lowest = {python: dict(_lowest(python, each) for each in tried) for python in PYTHONS}
    _write(ROOT / ".ci" / "lowest.txt", "The lowest releases that pyproject.toml allows", lowest)


def _resolved(python: str, wanted: Iterable[str]) -> dict[str, str]:
    """Return name and version of all that pip would install."""
    found = _pip(python, "--quiet", "--report", "-", *wanted)
    if found.returncode:
        sys.exit(f"Python {python}: {found.stderr}")
    parts = [part["metadata"] for part in json.loads(found.stdout)["install"]]
    return {_normal(part["name"]): part["version"] for part in parts}


def _lowest(python: str, wanted: str) -> tuple[str, str]:
    """Return the first release of a range that installs with all that it needs."""
    name = _named(wanted)
    floor = wanted.partition(">=")[2].partition(",")[0]
    for version in _releases(python, name):
        below = _key(version) < _key(floor)
        if not below and _pip(python, wanted, f"{name}=={version}").returncode == 0:
            return _normal(name), version
    sys.exit(f"Python {python}: no release of {wanted} installs from wheels")


def _releases(python: str, name: str) -> list[str]:
    """Return the releases that have a wheel, lowest first: pip lists them where none will do."""
    said = _pip(python, "--no-deps", f"{name}<0").stderr
    listed = re.search(r"\(from versions: ([^)]*)\)", said)
    if listed is None:
        sys.exit(f"pip names no releases of {name}: {said}")
    versions = filter(_NUMBERED.fullmatch, listed[1].split(", "))
    return sorted(versions, key=_key)


def _pip(python: str, *words: str) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as empty:
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"]
        command += ["--only-binary=:all:", "--python-version", python, "--target", empty, *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)


def _write(path: Path, title: str, found: dict[str, dict[str, str]]) -> None:
    """Write one line a package, and one for each Python that has another release than the last."""
    lines = [f"# {title}; written by .ci/constraints.py."]
    for name in sorted(set().union(*found.values())):
        pins = {python: pinned[name] for python, pinned in found.items() if name in pinned}
        if len(set(pins.values())) == 1:
            lines.append(f"{name}=={next(iter(pins.values()))}")
        else:
            lines += [f"{name}=={pin} ; {_marker(python)}" for python, pin in pins.items()]
    path.write_text("\n".join(lines) + "\n")


def _marker(python: str) -> str:
    return f'python_version {">=" if python == PYTHONS[-1] else "=="} "{python}"'


def _key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _named(wanted: str) -> str:
    found = _NAME.match(wanted)
    return found[0] if found else sys.exit(f"this names no package: {wanted}")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main()

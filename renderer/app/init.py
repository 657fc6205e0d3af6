"""Use case: start a project that renders at once."""

import contextlib
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from renderer.adapters.chance import new_lineage
from renderer.adapters.disk.disk import Disk
from renderer.adapters.disk.resources import schemas
from renderer.errors import InputError, MachineError, Problem
from renderer.lock.codec import encode
from renderer.lock.model import Lock
from renderer.providers import RUNWARE

_IGNORE = ".gitignore"
_SETTINGS = ".vscode/settings.json"
# What is there stays as it is: each spec names its schema, and a lockfile says what was paid for.
_OPTIONAL = (_SETTINGS, RUNWARE.lockfile)
_SHARED = "shared"  # a folder beside those of the templates: files that each of them has
TEMPLATES = {
    "film": "a scene of two shots, one in two versions",
    "ad": "an advertisement in two languages and two formats, from a table of products",
}
# Names under which files wait in the package, where these names would mean something.
_RENAMED = {"gitignore": _IGNORE, "vscode.json": _SETTINGS}
_SCHEMAS = ("project.schema.json", "scene.schema.json")


def scaffold(target: Path, disk: Disk, template: str = "film") -> list[str]:
    """Write a small project into a folder, made if need be; return the names of its files.

    `template` is one of `TEMPLATES`.

    Nothing is overwritten: InputError names every file in the way, but a lockfile stays. To a
    .gitignore that is there, the missing lines are added. If writing fails, what was written is taken back.
    """
    wanted = _files(template)
    for name in _OPTIONAL:
        if (target / name).exists():
            del wanted[name]
    _refuse_if_in_the_way(target, wanted)
    ignore = target / _IGNORE
    if ignore.exists():
        wanted[_IGNORE] = _joined(_text_of(ignore), wanted[_IGNORE])
    _write(target, wanted, disk)
    return list(wanted)


def _files(template: str) -> dict[str, str]:
    home = files("renderer.app") / "scaffold"
    found = dict(one for part in (_SHARED, template) for one in _below(home / part, ""))
    named = {_RENAMED.get(name, name): text for name, text in found.items()}
    shapes = {f"schemas/{name}": (schemas() / name).read_text("utf-8") for name in _SCHEMAS}
    # Its lineage is in every task id: two clones that share it find what the other paid for.
    lock = {RUNWARE.lockfile: encode(Lock(lineage=new_lineage()))}
    return dict(sorted({**named, **shapes, **lock}.items()))


def _below(folder: Traversable, prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for one in folder.iterdir():
        if one.is_dir():
            found += _below(one, f"{prefix}{one.name}/")
        else:
            found.append((prefix + one.name, one.read_text("utf-8")))
    return found


def _refuse_if_in_the_way(target: Path, wanted: dict[str, str]) -> None:
    if target.exists() and not target.is_dir():
        raise InputError(f"{target} is a file", "name a folder, or one that does not exist yet")
    there = [name for name in wanted if name != _IGNORE and (target / name).exists()]
    if there:
        raise InputError(
            Problem(
                what=f"{target / name} already exists, and nothing is overwritten",
                todo="name an empty folder: `renderer init DIR`",
            )
            for name in there
        )


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise InputError(f"cannot read {path} as UTF-8 text", "fix it, or move it away") from None


def _joined(text: str, ours: str) -> str:
    """Add to a .gitignore the lines of ours that it lacks."""
    there = {line.strip() for line in text.splitlines()}
    missing = [line for line in ours.splitlines() if line not in there]
    if all(line.startswith("#") for line in missing):
        return text
    gap = "" if not text or text.endswith("\n") else "\n"
    return f"{text}{gap}" + "".join(f"{line}\n" for line in missing)


def _write(target: Path, wanted: dict[str, str], disk: Disk) -> None:
    written = list[Path]()
    try:
        for name, text in wanted.items():
            path = target / name
            if not path.exists():
                written.append(path)
            disk.folder(path.parent)
            disk.write(path, text.encode(), sync=False)
    except MachineError:
        for path in written:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        raise

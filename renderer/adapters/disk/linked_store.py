"""A store on another disk: the objects of a project in a folder of their own, found by a link.

The link stays when the variable is gone: whoever forgets to set it finds every take all the same.
"""

import hashlib
import shlex
import shutil
from contextlib import suppress
from pathlib import Path

from renderer.adapters.disk.disk import answered
from renderer.errors import InputError
from renderer.paths import OBJECTS, STATE

VARIABLE = "RENDERER_STORE"


def place_objects(root: Path, named: str) -> None:
    """Let a project's objects lie below a folder, on whatever disk; InputError if they cannot."""
    home = Path(named).expanduser()
    if not home.is_absolute():
        raise InputError(
            f"{VARIABLE} is {named}, which is not an absolute path", "give the whole path"
        )
    if not home.is_dir():
        raise InputError(
            f"{VARIABLE} names {home}, which does not exist",
            "mount the disk, or create the folder",
        )
    objects, target = root / STATE / OBJECTS, home / _name(root)
    if objects.is_symlink():
        _refuse_elsewhere(objects, target)
    elif objects.exists():
        _refuse_filled(objects, target)
    with answered(objects):
        if not objects.is_symlink():
            target.mkdir(exist_ok=True)
            objects.parent.mkdir(exist_ok=True)
            with suppress(FileExistsError):  # another renderer was quicker
                objects.symlink_to(target, target_is_directory=True)


def _name(root: Path) -> str:
    """Return a name for people that no other project on this machine has."""
    whole = root.resolve()
    return f"{whole.name}-{hashlib.sha256(bytes(whole)).hexdigest()[:8]}"


def _refuse_elsewhere(objects: Path, target: Path) -> None:
    """Refuse a link to another folder; one below the same folder is of a project that moved."""
    found = objects.readlink()
    if found.parent.resolve() != target.parent.resolve():
        raise InputError(
            f"the objects of this project are in {found}, and {VARIABLE} names {target.parent}",
            f"set {VARIABLE}={shlex.quote(str(found.parent))}, or take them along:"
            f" `{_moving(found, target)} && rm {shlex.quote(str(objects))}`",
        )


def _refuse_filled(objects: Path, target: Path) -> None:
    """Refuse a folder that holds objects; one that holds none makes room for the link."""
    if any(path.is_file() for path in objects.rglob("*")):
        raise InputError(
            f"{objects} holds objects, and {VARIABLE} names {target.parent}",
            f"take them along: `{_moving(objects, target)}`",
        )
    with answered(objects):
        shutil.rmtree(objects)


def _moving(source: Path, target: Path) -> str:
    """Return the command that moves all objects, also into a folder that has some of them."""
    one, other = shlex.quote(str(source)), shlex.quote(str(target))
    if not target.exists():
        return f"mv {one} {other}"
    return f"cp -an {one}/. {other}/ && rm -r {one}"

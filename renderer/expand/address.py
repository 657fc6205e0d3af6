"""Addresses: the stable names of tasks, `scene/shot@axis=value,axis=value`, and of their files."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

from renderer.expand.values import canonical
from renderer.json_types import Scalar

_LONGEST_VALUE = 48
_LONGEST_FILE = 120  # a take's number, its format and a temporary name fit into 255 with it
_UNSAFE = re.compile(r"[^A-Za-z0-9_.:+-]")
_DIGITS = 12  # 48 bits: two of 10,000 cells look alike by accident once in five million projects
_FORMER_DIGITS = 4  # until 0.1.0


def address(scene: str, shot: str, cell: Mapping[str, Scalar]) -> str:
    """Name a task; axes are in alphabetical order, so that their order in a file is free."""
    return _named(f"{scene}/{shot}", cell, _DIGITS)


def former_addresses(task_address: str, cell: Mapping[str, Scalar]) -> tuple[str, ...]:
    """Return what older versions called this task, if they called it otherwise."""
    if "~" not in task_address:
        return ()
    return (_named(task_address.partition("@")[0], cell, _FORMER_DIGITS),)


def _named(shot: str, cell: Mapping[str, Scalar], digits: int) -> str:
    if not cell:  # most shots
        return shot
    axes = ",".join(f"{axis}={_written(cell[axis], digits)}" for axis in sorted(cell))
    return f"{shot}@{axes}"


def _written(value: Scalar, digits: int) -> str:
    """Write an axis value with the characters that file names and shells leave alone.

    A value that had to be bent carries digits of its digest, so that no two look alike.
    """
    text = unicodedata.normalize("NFC", value) if isinstance(value, str) else canonical(value)
    plain = _UNSAFE.sub("-", text)[:_LONGEST_VALUE]
    return plain if plain == text else f"{plain}~{_digest(text, digits)}"


def file_names(addresses: Iterable[str]) -> dict[str, str]:
    """Return for each address a file name below its scene's folder: `shot@seed=1`.

    No two of a scene are the same on any disk, also where capital letters count for nothing:
    what would be carries more and more of the address's digest.
    """
    names = {one: _file_name(one, 0) for one in addresses}
    for digits in (_DIGITS, 64):
        taken = Counter(_folded(one, name) for one, name in names.items())
        for one, name in names.items():
            if taken[_folded(one, name)] > 1:
                names[one] = _file_name(one, digits)
    return names


def _folded(task_address: str, name: str) -> tuple[str, str]:
    return task_address.partition("/")[0], name.lower()


def _file_name(task_address: str, digits: int) -> str:
    name = task_address.partition("/")[2].replace(":", ".")
    if len(name) > _LONGEST_FILE:
        digits = max(digits, _DIGITS)
    if not digits:
        return name
    return f"{name[: _LONGEST_FILE - digits - 1]}~{_digest(task_address, digits)}"


def _digest(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]

"""Addresses: the stable names of tasks, `scene/shot@axis=value,axis=value`."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping

from renderer.expand.values import Scalar, canonical

_LONGEST = 48
_UNSAFE = re.compile(r"[^A-Za-z0-9_.:+-]")


def address(scene: str, shot: str, cell: Mapping[str, Scalar]) -> str:
    """Name a task; axes stand in alphabetical order, so that their order in a file is free."""
    axes = ",".join(f"{axis}={written(cell[axis])}" for axis in sorted(cell))
    return f"{scene}/{shot}@{axes}" if axes else f"{scene}/{shot}"


def written(value: Scalar) -> str:
    """Write an axis value with the characters that file names and shells leave alone.

    A value that had to be bent carries four digits of its digest, so that no two look alike.
    """
    text = unicodedata.normalize("NFC", value) if isinstance(value, str) else canonical(value)
    plain = _UNSAFE.sub("-", text)[:_LONGEST]
    return plain if plain == text else f"{plain}~{_digits(text)}"


def file_name(task_address: str) -> str:
    """Turn an address into a portable file name without its scene: `shot@seed=1`."""
    shot = task_address.partition("/")[2]
    name = shot.replace(":", ".")
    if len(name) > 120:
        name = f"{name[:110]}~{_digits(name)}"
    return name


def _digits(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:4]

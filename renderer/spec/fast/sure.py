"""What quick readers have in common that may give up: `spec/model.py` is the truth then."""

from collections.abc import Callable
from typing import TypeVar

from renderer.json_types import Json
from renderer.spec.faults import SlipError
from renderer.spec.values import MAX_ITEMS

_Made = TypeVar("_Made")


class NotSureError(ValueError):
    """This may be right or wrong."""


def surely(read: Callable[[], _Made]) -> _Made | None:
    """Return what is read, or None if it may be right or wrong."""
    try:
        return read()
    # What an object of a wrong shape, an unknown key or a missing one raises on the way.
    except (NotSureError, SlipError, KeyError, TypeError, AttributeError):
        return None


def sure(known: object) -> None:
    """Raise NotSureError unless it is true."""
    if not known:
        raise NotSureError


def as_text(value: Json) -> str:
    """Return a text, as it is."""
    sure(type(value) is str)
    return str(value)


def as_mapping(value: Json) -> dict[str, Json]:
    """Return a mapping, as it is."""
    if type(value) is dict:
        return value
    raise NotSureError


def as_items(value: Json) -> list[Json]:
    """Return a list that is not too long."""
    if type(value) is list and len(value) <= MAX_ITEMS:
        return value
    raise NotSureError

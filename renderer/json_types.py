"""The one type of JSON data, and how to look into what came from outside."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias, TypeGuard

Scalar: TypeAlias = str | int | float | bool | None
if TYPE_CHECKING:
    # list and dict beside what they are kinds of: isinstance() then knows what is in them
    Json: TypeAlias = (
        Scalar | list["Json"] | tuple["Json", ...] | dict[str, "Json"] | Mapping[str, "Json"]
    )
else:
    Json = object  # what reads types at run time would follow this one into itself for ever
JsonObject: TypeAlias = Mapping[str, Json]
_TEXT = frozenset({str})
_NUMBERS = frozenset({int, float})


def text(value: object) -> str | None:
    """Return a text, or None for anything else."""
    return value if isinstance(value, str) else None


def mapping(value: object) -> JsonObject | None:
    """Return an object, or None for anything else."""
    if isinstance(value, dict):  # asking an abstract class costs ten times as much
        return value
    return value if isinstance(value, Mapping) else None


def sequence(value: object) -> Sequence[Json] | None:
    """Return a list, or None for anything else, a text too."""
    return value if isinstance(value, list | tuple) else None


def are_texts(values: list[Json]) -> TypeGuard[list[str]]:
    """Whether a list holds nothing but texts."""
    return _TEXT.issuperset(map(type, values))


def whole(value: object) -> int:
    """Return a whole number, or 0 for anything else."""
    if type(value) is int:
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else 0


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether the value is a JSON number; true and false are none."""
    return (
        type(value) in _NUMBERS
    )  # asked several times for each task: isinstance() takes twice as long

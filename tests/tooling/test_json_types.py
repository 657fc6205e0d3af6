"""JSON has one type, and a value of it is looked into in one way."""

import math
import re
from pathlib import Path

import pytest

import renderer
from renderer.json_types import Json, are_texts, is_number, mapping, sequence, text, whole

ROOM = Path(renderer.__file__).parent


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("", "text"),
        ("5", "text"),
        ({}, "mapping"),
        ({"a": 1}, "mapping"),
        ([], "sequence"),
        ((1, 2), "sequence"),
        (0, "number"),
        (2.5, "number"),
        (True, ""),
        (False, ""),
        (None, ""),
    ],
)
def test_a_value_is_of_one_kind(value: Json, kind: str) -> None:
    kinds = {
        "text": text(value) is not None,
        "mapping": mapping(value) is not None,
        "sequence": sequence(value) is not None,
        "number": is_number(value),
    }

    assert [name for name, is_it in kinds.items() if is_it] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("value", "found"),
    [
        *((8, 8), (8.0, 8), (-3, -3), (0, 0), (2**70, 2**70)),
        *((8.5, 0), (math.inf, 0), (math.nan, 0), (True, 0), ("8", 0), (None, 0), ([8], 0)),
    ],
)
def test_a_number_is_whole_however_it_is_written(value: Json, found: int) -> None:
    assert whole(value) == found
    assert type(whole(value)) is int


def test_a_list_of_texts_holds_nothing_else() -> None:
    assert are_texts([])
    assert are_texts(["a", ""])
    others: list[Json] = [1, None, True, ["b"], {"b": "c"}]
    assert not any(are_texts(["a", other]) for other in others)


def test_json_is_defined_once_and_another_name_for_any_type_says_what_it_is() -> None:
    lines = [
        (path.relative_to(ROOM).as_posix(), line)
        for path in ROOM.rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
    ]

    defined = {name for name, line in lines if re.match(r"\s*Json\b[^=]*=", line)}
    assert defined == {"json_types.py"}
    assert [one for one in lines if re.match(r"\w+(: \w+)? = Any\s*$", one[1])] == []

"""Any text is read or answered: no other exception, no long wait, no place outside the file."""

import json

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from renderer.errors import InputError, Place
from renderer.spec.builder import build
from renderer.spec.check import parse_project, parse_scene
from renderer.spec.faults import FORBIDDEN, Faults
from renderer.spec.reader import Document, read

SCENE = """\
version: 1
scene: pier
settings: &s {model: m, duration: 8}
matrix: {seed: [1, 2], exclude: [{seed: 2}]}
shots:
  - id: gulls
    prompt: |
      {{ look }}. "Gulls" rise: one.
    settings: {<<: *s, seed: 7} # fine
  - id: horn
    prompt: 'A fog horn'
    frames: {first: assets/a.png}
"""

PIECES = [
    *[
        ":",
        "-",
        "?",
        ",",
        "[",
        "]",
        "{",
        "}",
        "&",
        "*",
        "!",
        "|",
        ">",
        "'",
        '"',
        "%",
        "@",
        "`",
        "#",
        "~",
        "<",
        "=",
        ".",
        "0",
        "1",
        "x",
        "\n",
        "\t",
    ],
    *["\n", "\n  ", "\n    ", ": ", "- ", " #", "<<: ", "*a", "&a ", "{{ x }}", "!!str ", "---\n"],
    *[
        "id: a",
        "shots:",
        "yes",
        "0x1",
        "1:30",
        "\\u202e",
        "é",
        "😀",
        '"',
        "'",
        "|\n",
        "version: 1\n",
    ],
    "...\n",
]
text_of_pieces = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
readable = st.text(
    st.characters(codec="utf-8").filter(lambda char: not FORBIDDEN.search(char)), max_size=20
)
scalars = (
    readable
    | st.integers(-(10**18), 10**18)
    | st.booleans()
    | st.none()
    | st.decimals(-1000, 1000, places=3).map(float)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(readable.filter(bool), inner, max_size=4)
    ),
    max_leaves=12,
)


def answer(text: str | bytes) -> Document | InputError:
    try:
        return read(text, "s.yaml")
    except InputError as error:
        return error


def check(text: str | bytes) -> None:
    given_answer = answer(text)
    if isinstance(given_answer, Document):
        json.dumps(given_answer.value, allow_nan=False)
        for parse in (parse_scene, parse_project):
            try:
                parse(given_answer)
            except InputError as error:
                inside(error, text)
    else:
        inside(given_answer, text)


def inside(error: InputError, text: str | bytes) -> None:
    raw = text if isinstance(text, str) else text.decode("utf-8", "replace")
    lines = raw.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert error.problems
    for problem in error.problems:
        place = problem.place
        assert isinstance(place, Place)
        assert problem.todo
        assert "\n" not in str(problem)
        if place.line:
            assert place.line <= len(lines)
            assert 1 <= place.column <= len(lines[place.line - 1]) + 1


@given(st.text(max_size=300) | text_of_pieces)
@example("&0:: *0")  # a value that repeats a key
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_or_answered(text: str) -> None:
    check(text)


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_answered(data: bytes) -> None:
    check(data)


@given(st.integers(0, len(SCENE)), text_of_pieces, st.integers(0, 12))
@settings(max_examples=400, deadline=None)
def test_a_scene_with_an_accident_in_it_is_read_or_answered(
    at: int, piece: str, lost: int
) -> None:
    check(SCENE[:at] + piece + SCENE[at + lost :])


def test_a_scene_cut_at_every_place_is_read_or_answered() -> None:
    for at in range(len(SCENE)):
        check(SCENE[:at])
        check(SCENE.encode()[:at])


@given(st.dictionaries(readable.filter(bool), values, min_size=1, max_size=5))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_value_written_in_quotes_comes_back_as_it_was(value: dict[str, object]) -> None:
    text = yaml.dump(value, Dumper=_Quoting, allow_unicode=True)
    assert read(text, "s.yaml").value == value


class _Quoting(yaml.SafeDumper):
    """Writes texts in double quotes, and all else plain."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


_Quoting.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)


@given(text_of_pieces)
@settings(max_examples=300, deadline=None)
def test_what_is_accepted_has_the_value_that_pyyaml_gives(text: str) -> None:
    found = answer(text)
    if not isinstance(found, Document) or found.value is None:
        return
    try:
        expected = yaml.load(text, Loader=_TextKeys)  # noqa: S506 - a safe loader, below
    except yaml.YAMLError:
        return
    assert found.value == expected


class _TextKeys(yaml.CSafeLoader):
    """PyYAML's own reading, with keys as text."""


def _text_keys(loader: yaml.CSafeLoader, node: yaml.MappingNode) -> dict[str, object]:
    loader.flatten_mapping(node)
    return {key.value: loader.construct_object(inner, deep=True) for key, inner in node.value}


_TextKeys.add_constructor("tag:yaml.org,2002:map", _text_keys)


@given(text_of_pieces)
@settings(max_examples=200, deadline=None)
def test_the_pure_parser_reads_the_same_values(text: str) -> None:
    found = answer(text)
    if not isinstance(found, Document):
        return
    faults = Faults("s.yaml")
    value = build(text, faults, loader=yaml.SafeLoader)
    if not faults.problems:
        assert value == found.value


@pytest.mark.campaign
@pytest.mark.timeout(3600)
@given(st.text(max_size=2000) | st.lists(st.sampled_from(PIECES), max_size=400).map("".join))
@settings(max_examples=20_000, deadline=None)
def test_long_hostile_texts_are_read_or_answered(text: str) -> None:
    check(text)

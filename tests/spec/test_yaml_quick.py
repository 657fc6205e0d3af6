"""A YAML text that is read quickly is one that the builder reads alike, without a complaint."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renderer.errors import InputError
from renderer.spec.builder import build
from renderer.spec.fast.read import quick
from renderer.spec.faults import Faults
from renderer.spec.source import clean
from tests.harness import grammar


def same_value(text: str) -> None:
    """Compare both readers of YAML over a text that is clean."""
    found = quick(text)
    if found is not None:
        faults = Faults("s.yaml")
        assert repr(build(text, faults)) == repr(found)
        assert faults.problems == []


PIECES = (
    *("a", "b: ", "c:", "- ", "? ", ": ", ", ", "[", "]", "{", "}", "&a ", "*a", "!t ", "<<: *a"),
    *("'q'", '"d"', '"\\u202e"', '"\\u00e9"', "|\n  x\n", ">\n  y\n", "yes", "true", "1", "0x1"),
    *("1:30", "~", "null", "1.50", "a #b", " # c", "\n", "\n  ", "\n    ", "---\n", "...\n"),
    *("%YAML 1.1\n", "é", "2001-01-01", "aaaaaaa", ".5", "+7", "=", "'<<': 1", "''"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join) | grammar.specs)
@settings(max_examples=800, suppress_health_check=list(HealthCheck))
def test_a_text_that_is_read_quickly_is_read_alike_event_by_event(text: str) -> None:
    try:
        cleaned = clean(text, Faults("s.yaml"))
    except InputError:
        return
    same_value(cleaned)


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 63 + "]" * 63,
        "a: " + "[" * 64 + "]" * 64,
        "{" + ",".join(f"k{at}: {at}" for at in range(50_000)) + "}",
        "[" + "1," * 60_000 + "]",
        "a: [" + "1," * 99_991 + "]",
        "a: " + "x" * 65_537,
        "a: 1\na: 2",
        "a: &x 1\nb: *x",
        "a: !t 1",
        "? [a]\n: 1",
        "a: 1\n---\nb: 2",
        "",
        "# only words",
        "null",
        "- a",
        "a: b #c",
    ],
    ids=lambda text: text[:20],
)
def test_what_a_rule_or_a_budget_is_about_is_left_to_the_builder(text: str) -> None:
    same_value(text)


def test_honest_scenes_of_many_shots_are_read_quickly() -> None:
    rows = "".join(f"- id: s{at}\n  prompt: |\n    A 'b' c: {at}\n" for at in range(500))
    assert quick(f"version: 1\nscene: pier\nshots:\n{rows}") is not None

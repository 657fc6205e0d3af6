"""The written YAML: pleasant to read, and the same data when read back."""

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from renderer.app.importing.positioned_json import JsonText
from renderer.app.importing.scene_yaml import scene_text
from renderer.spec.faults import FORBIDDEN
from renderer.spec.reader import read

_TEXT = st.one_of(
    st.text(alphabet=" ab{}[]:#-'\"\\,|>&*!%@`\t\néß💡", max_size=40),
    st.text(max_size=30),
    st.sampled_from(
        ["yes", "~", "0x1F", "1:30", "2024-01-01", ".inf", "- a", "? b", "a: b", "x #y"]
    ),
    st.lists(st.sampled_from(["moon", "a", "#1", "-", "lamp:", "  ", "\n"]), max_size=60).map(
        " ".join
    ),
).filter(
    lambda text: not FORBIDDEN.search(text) and "<<<<<<<" not in text and ">>>>>>>" not in text
)
_SCALAR = st.one_of(
    _TEXT, st.booleans(), st.integers(-(10**17), 10**17), st.sampled_from([0.5, 8.0, 1e-7, -2.25])
)
_DATA = st.recursive(
    _SCALAR,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["seed", "settings", "no", "a b", "frames"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@example({"vars": "- \n0"})
@given(st.dictionaries(st.sampled_from(["prompt", "vars", "shots", "1"]), _DATA, min_size=1))
def test_what_is_written_reads_back_as_the_same_data(data: dict[str, Any]) -> None:
    assert read(scene_text(data), "made.yaml").value == data


def test_long_prose_is_folded_and_its_paragraphs_stay() -> None:
    prompt = "word " * 40 + "end.\n\nSecond.\nThird."
    text = scene_text({"prompt": prompt})
    assert "prompt: >-" in text
    assert max(map(len, text.splitlines())) <= 96
    assert read(text, "made.yaml").value == {"prompt": prompt}


def test_short_lines_stay_as_they_are() -> None:
    assert "prompt: |-\n  One.\n  Two." in scene_text({"prompt": "One.\nTwo."})


def test_the_place_of_a_json_value_is_found_at_every_depth() -> None:
    value = {"a": [1, {"b\n": "x,]}", "c": [[], {}, 2.5]}], "d": None}
    source = JsonText(json.dumps(value, indent=1), "in.json")
    assert str(source.place(("a", 1, "c", 2))) == "in.json:9:5"
    assert str(source.place(("d",))) == "in.json:13:7"
    assert str(source.place(("a", 1, "gone", 3))) == "in.json:4:3"
    assert str(source.place(())) == "in.json:1:1"

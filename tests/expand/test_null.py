"""null takes away what a farther layer says, wherever it stands; else it is refused."""

from collections.abc import Mapping
from typing import Any

import pytest

from renderer.errors import InputError
from tests.harness.boards import MODEL, expanded, requests

PROJECT = (
    f"aspect: '1:1'\nsettings: {{model: '{MODEL}', duration: 4, resolution: 480p, seed: 7, "
    "providerSettings: {bytedance: {audio: false}}}\n"
    "vars: {look: wet, hero: {coat: red, hat: blue}}\nkeyframes: {dusk: a.png}\n"
    "matrix: {weather: [mist, rain], include: [{weather: mist, duration: 5}]}\n"
)
PROMPT = "'{{ weather|default(0) }} {{ look|default(0) }} {{ hero.coat|default(0) }}'"


def shot(words: str, prompt: str = PROMPT) -> str:
    return f"shots:\n  - {{id: a, prompt: {prompt}, {words}}}\n"


def values(request: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in request.items() if name not in ("model", "taskType")}


@pytest.mark.parametrize(
    ("own", "gone"),
    [
        ("settings: {seed: null}", "seed"),
        ("settings: {providerSettings: {bytedance: {audio: null}}}", "providerSettings"),
        ("settings: {providerSettings: {bytedance: null}}", "providerSettings"),
        ("settings: {providerSettings: null}", "providerSettings"),
    ],
)
def test_a_setting_that_is_null_is_not_sent(own: str, gone: str) -> None:
    before, after = requests(shot("skip: false"), PROJECT)[1], requests(shot(own), PROJECT)[1]
    assert set(before) - set(after) == {gone}


@pytest.mark.parametrize(
    ("own", "prompt"),
    [
        ("vars: {look: null}", "rain 0 red"),
        ("vars: {hero: {coat: null}}", "rain wet 0"),
        ("vars: {hero: {coat: null}, look: dry}", "rain dry 0"),
        ("matrix: {weather: null}", "0 wet red"),
        ("matrix: null", "0 wet red"),
    ],
)
def test_a_variable_or_an_axis_that_is_null_is_not_there(own: str, prompt: str) -> None:
    assert requests(shot(own), PROJECT)[-1]["positivePrompt"] == prompt


def test_all_variables_are_taken_away_by_vars_null() -> None:
    prompt = "'{{ look|default(0) }}{{ hero|default(0) }} {{ weather }}'"
    assert requests(shot("vars: null", prompt), PROJECT)[1]["positivePrompt"] == "00 rain"


def test_settings_that_are_null_leave_no_model() -> None:
    (problem,) = expanded(shot("settings: null"), PROJECT).problems
    assert "has no video model" in problem.what


def test_an_axis_that_is_null_takes_what_include_says_of_it_along() -> None:
    assert [one["duration"] for one in requests(shot("matrix: {duration: null}"), PROJECT)] == [
        4,
        4,
    ]


@pytest.mark.parametrize("empty", ["null", "[]"])
def test_a_list_of_includes_can_be_emptied(empty: str) -> None:
    found = requests(shot(f"matrix: {{include: {empty}}}"), PROJECT)
    assert [one["duration"] for one in found] == [4, 4]


def test_a_keyframe_that_is_null_is_not_known_in_the_scene() -> None:
    own = shot("frames: {first: {keyframe: dusk}}")
    assert len(requests(own, PROJECT)) == 2
    assert expanded("keyframes: {dusk: null}\n" + own, PROJECT).problems
    assert expanded("keyframes: null\n" + own, PROJECT).problems


def test_an_aspect_that_is_null_leaves_the_resolution() -> None:
    request = requests(shot("aspect: null"), PROJECT)[0]
    assert (request["resolution"], request.get("width")) == ("480p", None)


@pytest.mark.parametrize(
    ("own", "column"),
    [
        ("matrix: {seed: [1, null]}", "null]"),
        ("matrix: {model: [null]}", "null]"),
        ("matrix: {providerSettings.bytedance.audio: [true, null]}", "null]"),
        ("matrix: {include: [{seed: null}]}", "null}]"),
    ],
)
def test_null_is_no_value_of_an_axis_that_is_a_setting(own: str, column: str) -> None:
    text = shot(own)
    found = expanded(text, PROJECT).problems
    line = text.split("\n")[1]
    places = [one.place for one in found if one.place and "null" in one.what]
    assert [(one.line, one.column) for one in places] == [(4, line.index(column) + 1)]


def test_null_is_a_value_of_an_axis_that_is_a_variable() -> None:
    own = shot("matrix: {look: [null, dry], weather: null}", "'{{ look or 10 }}'")
    found = expanded(own, PROJECT).sound()
    assert [(task.address, task.request["positivePrompt"]) for task in found] == [
        ("pier/a@look=null", "10"),
        ("pier/a@look=dry", "dry"),
    ]


@pytest.mark.parametrize(
    "own",
    ["id: null", "prompt: null", "skip: null", "matrix: {aspect: [null]}", "matrix: {draft: [null]}",
     "vars: {look: [null]}", "frames: {}"],
)  # fmt: skip
def test_where_there_is_nothing_to_take_away_null_is_refused_at_its_line(own: str) -> None:
    words = {"id": "a", "prompt": "x"} | {own.partition(":")[0]: own.partition(": ")[2]}
    text = "shots:\n  - {" + ", ".join(f"{key}: {value}" for key, value in words.items()) + "}\n"
    with pytest.raises(InputError) as caught:
        expanded(text, PROJECT)
    assert [one.place and one.place.line for one in caught.value.problems] == [4]


def test_an_axis_that_nobody_gives_cannot_be_taken_away_without_a_word() -> None:
    (warning,) = expanded(shot("matrix: {wether: null}"), PROJECT).warnings
    assert warning.place
    assert warning.place.line == 4


def test_a_misspelled_setting_that_is_null_is_told() -> None:
    (problem,) = expanded(shot("settings: {sed: null}"), PROJECT).problems
    assert "seed" in problem.todo

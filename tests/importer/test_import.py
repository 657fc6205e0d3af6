"""Importing Runware requests: the scene asks for the same pictures."""

import json
from typing import Any

import pytest

from renderer.adapters.disk.resources import model_texts
from renderer.app.importing.scene_from_requests import Imported, import_requests, verbatim
from renderer.catalog.catalog import Catalog
from renderer.catalog.load import load_model
from renderer.errors import InputError
from renderer.spec.check import parse_scene
from renderer.spec.reader import read
from renderer.spec.values import Scene

CATALOG = Catalog.of(load_model(text, name) for name, text in model_texts().items())
REQUEST: dict[str, Any] = {
    "taskType": "videoInference",
    "taskUUID": "f81d4fae-7dec-41d0-a765-00a0c91e6bf6",
    "model": "bytedance:seedance@1.5-pro",
    "positivePrompt": "A kettle sings on a cold stove.",
    "width": 1280,
    "height": 720,
    "duration": 5,
    "seed": 7,
}
URL = "https://example.com/first.jpg"


def imported(value: Any, name: str = "kettle.json") -> Imported:
    return import_requests(json.dumps(value), name, CATALOG)


def scene(value: Any, name: str = "kettle.json") -> Scene:
    made = imported(value, name)
    return parse_scene(read(made.text, made.path))


def problems(value: Any) -> list[str]:
    text = value if isinstance(value, str) else json.dumps(value)
    with pytest.raises(InputError) as caught:
        import_requests(text, "kettle.json", CATALOG)
    return [str(problem) for problem in caught.value.problems]


def test_the_task_type_and_the_id_are_left_behind_and_the_rest_is_kept() -> None:
    made = scene(REQUEST)
    names = ("model", "width", "height", "duration", "seed")
    assert made.settings == {name: REQUEST[name] for name in names}
    assert made.shots[0].prompt == REQUEST["positivePrompt"]
    assert made.shots[0].settings == {}


def test_a_request_needs_neither_task_type_nor_id() -> None:
    bare = {k: v for k, v in REQUEST.items() if not k.startswith("task")}
    assert imported(bare) == imported(REQUEST)


def test_a_title_names_the_scene_and_else_the_file_does() -> None:
    titled = {"title": "The Kettle, Once Môre", "request": REQUEST, "response": {}}
    assert imported(titled).scene == "the-kettle-once-more"
    assert imported(titled).path == "specs/the-kettle-once-more.yaml"
    assert scene(titled).title == "The Kettle, Once Môre"
    assert imported(REQUEST, "in/My Kettle.v2.json").scene == "my-kettle-v2"
    assert imported(REQUEST, "鍋.json").scene == "imported"
    assert imported(REQUEST, "con.json").scene == "con-1"


def test_what_all_requests_of_a_list_share_stands_once() -> None:
    other = {**REQUEST, "seed": 8, "positivePrompt": "The stove is lit."}
    made = scene([REQUEST, other])
    assert "seed" not in made.settings
    assert made.settings["duration"] == 5
    assert [shot.settings for shot in made.shots] == [{"seed": 7}, {"seed": 8}]
    assert [shot.id for shot in made.shots] == ["shot-1", "shot-2"]


def test_true_and_one_are_not_shared() -> None:
    sound = {"providerSettings": {"bytedance": {"audio": True}}}
    silent = {"providerSettings": {"bytedance": {"audio": False}}}
    made = scene([{**REQUEST, **sound}, {**REQUEST, **silent}])
    assert "providerSettings" not in made.settings
    assert made.shots[1].settings == silent


def test_titles_of_a_list_name_the_shots_and_never_two_alike() -> None:
    rows = [{"title": "Boil", "request": REQUEST} for _ in range(3)]
    made = scene(rows, "stove.json")
    assert made.scene == "stove"
    assert [shot.id for shot in made.shots] == ["boil", "boil-2", "boil-3"]
    assert made.shots[0].title == "Boil"


def test_labelled_frames_become_our_frames() -> None:
    images = [{"image": URL, "frame": "first"}, {"image": URL, "frame": "last"}]
    shot = scene({**REQUEST, "inputs": {"frameImages": images}}).shots[0]
    assert shot.frames is not None
    assert (shot.frames.first, shot.frames.last) == (URL, URL)
    assert shot.settings == {}


@pytest.mark.parametrize(
    "images",
    [
        [URL],
        [URL, {"image": URL, "frame": "last"}],
        [{"image": URL, "frame": 0}],
        [{"image": URL}],
        [{"image": URL, "frame": "last"}, {"image": URL, "frame": "first"}],
        ["A" * 128],
    ],
)
def test_frames_that_ours_would_not_say_exactly_stay_settings(images: list[Any]) -> None:
    shot = scene({**REQUEST, "inputs": {"frameImages": images}}).shots[0]
    assert shot.frames is None
    assert shot.settings == {"inputs": {"frameImages": images}}


def test_a_draft_id_stays_beside_our_frames() -> None:
    inputs = {"frameImages": [{"image": URL, "frame": "first"}], "draftId": "cgt-1"}
    shot = scene({**REQUEST, "inputs": inputs}).shots[0]
    assert shot.frames is not None
    assert shot.settings == {"inputs": {"draftId": "cgt-1"}}


def test_a_prompt_that_expansion_would_trim_is_told() -> None:
    made = imported({**REQUEST, "positivePrompt": "A kettle. \nIt sings.\n"})
    (note,) = made.notes
    assert note.startswith("shot 'shot-1': its prompt was tidied")
    assert imported(REQUEST).notes == ()


def test_a_prompt_without_template_marks_is_left_alone() -> None:
    assert verbatim("100% { steam } #1 }}") == "100% { steam } #1 }}"
    assert verbatim("{{ x }}") == "{% raw %}{{ x }}{% endraw %}"


def test_an_unknown_key_is_answered_where_it_stands_with_a_suggestion() -> None:
    text = json.dumps({**REQUEST, "durration": 5}, indent=2)
    (told,) = problems(text)
    assert told.startswith("kettle.json:10:16: ")
    assert "durration" in told
    assert "did you mean 'duration'?" in told


def test_all_problems_of_all_requests_are_told_at_once() -> None:
    told = problems([{**REQUEST, "fps": 24}, {**REQUEST, "seed": -1}, 5])
    assert len(told) == 3
    assert all(line.startswith("kettle.json:1:") for line in told)


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ({**REQUEST, "taskType": "imageInference"}, "only videoInference can be imported"),
        ([{"taskType": "authentication", "apiKey": "sk-canary"}], "RUNWARE_API_KEY"),
        ({**REQUEST, "model": "bytedance:seedance@1.5-prp"}, "did you mean"),
        ({k: v for k, v in REQUEST.items() if k != "model"}, "has no `model`"),
        (
            {k: v for k, v in REQUEST.items() if k != "positivePrompt"},
            "`positivePrompt` is missing",
        ),
        ({**REQUEST, "positivePrompt": " \n "}, "the prompt is empty"),
        ({**REQUEST, "positivePrompt": "A\u202eB"}, "\\u202e"),
        ({"title": "T", "request": REQUEST, "cost": 1}, "unknown key 'cost' beside `request`"),
        ({"title": 5, "request": REQUEST}, "a title is text"),
        ({"title": "T", "request": []}, "this is not a request"),
        ([], "the list is empty"),
        ("{", "this is not JSON"),
        (" ", "the file is empty"),
        ('{"seed": 1, "seed": 2}', "'seed' is given twice"),
        ('{"seed": NaN}', "NaN is not a number"),
        ("[" * 100_000, "nested too deep"),
        (
            {**REQUEST, "inputs": {"frameImages": ["data:image/png;base64," + "A" * 70_000]}},
            "too long for a spec",
        ),
    ],
)
def test_what_is_no_video_request_is_answered(value: Any, word: str) -> None:
    told = "\n".join(problems(value))
    assert word in told
    assert "sk-canary" not in told

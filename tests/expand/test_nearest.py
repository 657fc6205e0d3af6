"""The nearest layer has its way, also where two words or settings say the same thing."""

from typing import Any

import pytest

from renderer.catalog.video_model import at
from renderer.expand.provenance import layers_of, origins
from renderer.expand.tasks import expand
from tests.harness.boards import MODEL, board, expanded, requests

BASE = f"settings: {{model: '{MODEL}', duration: 4}}\n"
SHOT = "shots:\n  - {id: a, prompt: Gulls rise.}\n"


def with_settings(more: str, words: str = "") -> str:
    return f"{words}settings: {{model: '{MODEL}', duration: 4, {more}}}\n"


def shot(words: str) -> str:
    return f"shots:\n  - {{id: a, prompt: Gulls rise., {words}}}\n"


def size(request: Any) -> tuple[Any, ...]:
    return (request.get("width"), request.get("height"), request.get("resolution"))


SHAPE = with_settings("resolution: 480p", "aspect: '1:1'\n")
PIXELS = with_settings("width: 1280, height: 720")
PROJECTS = {
    "nothing": (BASE, (None, None, None)),
    "shape": (SHAPE, (640, 640, None)),
    "pixels": (PIXELS, (1280, 720, None)),
    "resolution": (with_settings("resolution: 480p"), (None, None, "480p")),
}


@pytest.mark.parametrize("project", PROJECTS)
@pytest.mark.parametrize(
    ("own", "sent"),
    [
        ("settings: {width: 720, height: 1280}", (720, 1280, None)),
        ("aspect: '16:9', settings: {resolution: 720p}", (1280, 720, None)),
        ("settings: {resolution: 1080p}, aspect: '1:1'", (1440, 1440, None)),
    ],
)
def test_a_shot_with_a_size_of_its_own_displaces_any_other(
    project: str, own: str, sent: tuple[Any, ...]
) -> None:
    (request,) = requests(shot(own), PROJECTS[project][0])
    assert size(request) == sent


@pytest.mark.parametrize("project", [name for name in PROJECTS if name != "nothing"])
def test_a_shot_without_a_size_inherits_it(project: str) -> None:
    (request,) = requests(SHOT, PROJECTS[project][0])
    assert size(request) == PROJECTS[project][1]


def test_a_resolution_survives_where_only_width_and_height_are_displaced() -> None:
    scene = "settings: {width: 1280, height: 720}\n" + shot("aspect: '1:1'")
    (request,) = requests(scene, with_settings("resolution: 480p"))
    assert size(request) == (640, 640, None)


def test_one_side_of_a_farther_pair_can_be_given_alone() -> None:
    (request,) = requests(shot("settings: {width: 1280}"), with_settings("width: 9, height: 720"))
    assert size(request) == (1280, 720, None)


@pytest.mark.parametrize(
    ("project", "own", "sent"),
    [
        (SHAPE, "matrix: {aspect: ['16:9']}", (864, 496, None)),
        (with_settings("width: 640, height: 640"), "matrix: {resolution: [480p]}", None),
        (SHAPE, "matrix: {width: [1280], height: [720]}", (1280, 720, None)),
    ],
)
def test_the_cell_is_nearest(project: str, own: str, sent: tuple[Any, ...] | None) -> None:
    (request,) = requests(shot(own), project)
    assert size(request) == (sent or (None, None, "480p"))


IMAGE = "{inputs: {frameImages: [{image: 'https://h.example/b.png', frame: first}]}}"


@pytest.mark.parametrize(
    ("scene", "own", "sent"),
    [
        ("frames: {first: a.png}\n", f"settings: {IMAGE}", ["https://h.example/b.png"]),
        (f"settings: {IMAGE}\n", "frames: {last: a.png}", ["sha256:" + "a" * 64]),
        ("frames: {first: a.png}\n", "frames: {last: b.png}", ["sha256:" + one * 64 for one in "ab"]),
        ("frames: {first: a.png}\n", "frames: null", []),
        (f"settings: {IMAGE}\n", "frames: null", []),
        ("frames: {first: a.png}\n", "settings: {inputs: {frameImages: null}}", []),
        ("frames: {first: a.png, last: b.png}\n", "frames: {first: null}", ["sha256:" + "b" * 64]),
        ("frames: {first: a.png}\n", "frames: {first: null}", []),
        ("frames: {first: a.png}\n", f"frames: null, settings: {IMAGE}", ["https://h.example/b.png"]),
    ],
)  # fmt: skip
def test_frames_and_the_images_of_the_request_displace_each_other(
    scene: str, own: str, sent: list[str]
) -> None:
    (request,) = requests(scene + shot(own), SHAPE)
    images: Any = at(request, ("inputs", "frameImages")) or []
    assert [one["image"] for one in images] == sent


DRAFT = "providerSettings: {bytedance: {draft: %s}}"


@pytest.mark.parametrize(
    ("scene", "own", "sent"),
    [
        ("draft: true\n", f"settings: {{{DRAFT % 'false'}}}", False),
        (f"settings: {{{DRAFT % 'true'}}}\n", "draft: false", False),
        ("draft: true\n", "draft: null", None),
        (f"settings: {{{DRAFT % 'true'}}}\n", "draft: null", None),
        ("draft: true\n", f"settings: {{{DRAFT % 'null'}}}", None),
        (f"settings: {{{DRAFT % 'true'}}}\n", "matrix: {draft: [false]}", False),
    ],
)
def test_draft_and_its_setting_displace_each_other(scene: str, own: str, sent: Any) -> None:
    (request,) = requests(scene + shot(own), SHAPE)
    assert at(request, ("providerSettings", "bytedance", "draft")) is sent


BOTH = [
    (with_settings("width: 1280, height: 720", "aspect: '1:1'\n"), SHOT, "renderer.yaml:3:"),
    (SHAPE, shot("aspect: '1:1', settings: {width: 1280, height: 720}"), "specs/pier.yaml:4:"),
    (SHAPE, shot("settings: {resolution: 480p, width: 1280, height: 720}"), "specs/pier.yaml:4:"),
    (SHAPE, shot(f"frames: {{first: a.png}}, settings: {IMAGE}"), "specs/pier.yaml:4:"),
    (SHAPE, shot(f"draft: true, settings: {{{DRAFT % 'true'}}}"), "specs/pier.yaml:4:"),
    (SHAPE, shot("settings: {width: 1280, height: 720}, matrix: {aspect: ['1:1']}"), "specs/pier.yaml:4:"),
]  # fmt: skip


@pytest.mark.parametrize(("project", "scene", "place"), BOTH)
def test_both_ways_in_one_layer_is_an_error_at_its_line(
    project: str, scene: str, place: str
) -> None:
    (problem,) = expanded(scene, project).problems
    assert str(problem.place).startswith(place)
    assert problem.todo == "keep one of them"


def test_both_ways_in_one_layer_is_an_error_also_under_a_nearer_one() -> None:
    made = expanded(shot("settings: {width: 1280, height: 720}"), BOTH[0][0])
    assert [str(one.place)[:15] for one in made.problems] == ["renderer.yaml:3"]


AXIS = "matrix: {aspect: ['1:1', '16:9']}\n"


def test_what_an_inherited_axis_gives_otherwise_is_an_error_whose_advice_works() -> None:
    own = "settings: {width: 1280, height: 720}"
    (problem,) = expanded(AXIS + shot(own), SHAPE).problems
    assert str(problem.place).startswith("specs/pier.yaml:5:")
    assert "`matrix: {aspect: null}`" in problem.todo
    (request,) = requests(AXIS + shot(f"{own}, matrix: {{aspect: null}}"), SHAPE)
    assert size(request) == (1280, 720, None)


def test_axes_of_both_ways_are_an_error_that_names_the_farther_one() -> None:
    axes = "matrix: {width: [1280], height: [720]"
    (problem,) = expanded(AXIS + shot(f"{axes}}}"), SHAPE).problems
    assert "`matrix: {aspect: null}`" in problem.todo
    assert len(requests(AXIS + shot(f"{axes}, aspect: null}}"), SHAPE)) == 1


@pytest.mark.parametrize(
    ("axis", "own"),
    [
        ("seed: [1, 2]", "settings: {seed: 9}"),
        ("seed: [1, 2]", "settings: {seed: null}"),
        ("aspect: ['1:1', '16:9']", "aspect: '3:4'"),
        ("weather: [mist, rain]", "vars: {weather: sun}"),
    ],
)
def test_a_shot_that_writes_what_an_inherited_axis_gives_is_warned(axis: str, own: str) -> None:
    name = axis.partition(":")[0]
    scene = f"matrix: {{{axis}}}\n" + shot(own).replace(
        "Gulls rise.", "'Gulls {{ weather|default(1) }}'"
    )
    made = expanded(scene, SHAPE)
    assert len(made.sound()) == 2
    (warning,) = made.warnings
    assert (warning.severity, warning.place and warning.place.line) == ("warning", 5)
    assert f"matrix: {{{name}: null}}" in warning.todo


def test_a_value_that_one_cell_uses_is_no_warning() -> None:
    axes = "matrix: {seed: [1], look: [dry], include: [{look: wet}]}\n"
    scene = axes + shot("settings: {seed: 9}").replace("Gulls rise.", "'{{ look }}'")
    made = expanded(scene, SHAPE)
    assert [task.request["seed"] for task in made.sound()] == [1, 9]
    assert made.warnings == ()


def test_a_farther_value_is_checked_before_a_nearer_one_displaces_it() -> None:
    project = with_settings("resolution: [480p]", "aspect: '1:1'\n")
    (problem,) = expanded(shot("settings: {width: 1280, height: 720}"), project).problems
    assert str(problem.place).startswith("renderer.yaml:3:")


@pytest.mark.parametrize(
    ("scene", "own", "fields"),
    [
        ("", "settings: {width: 1280, height: 720}", {"width": ("shot", ""), "height": ("shot", "")}),
        ("settings: {width: 9, height: 9}\n", "aspect: '1:1'", {"width": ("shot", "aspect")}),
        ("settings: {width: 9, height: 9}\n", "matrix: {aspect: ['1:1']}", {"width": ("matrix", "aspect")}),
        (f"settings: {IMAGE}\n", "frames: {first: a.png}", {"inputs.frameImages": ("shot", "frames")}),
        ("draft: true\n", f"settings: {{{DRAFT % 'false'}}}", {"providerSettings.bytedance.draft": ("shot", "")}),
    ],
)  # fmt: skip
def test_each_value_is_said_to_come_from_the_layer_that_had_its_way(
    scene: str, own: str, fields: dict[str, tuple[str, str]]
) -> None:
    made = board(scene + shot(own), SHAPE)
    (task,) = expand(made).sound()
    found = {
        one.field: (one.layer, one.word) for one in origins(made, layers_of(made, task), task)
    }
    assert {name: found[name] for name in fields} == fields

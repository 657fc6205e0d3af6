import copy
from typing import Any

import pytest
from jsonschema import Draft7Validator

from renderer.errors import InputError
from renderer.spec.check import parse_project, parse_scene
from renderer.spec.model import Layer, Scene, Shot
from renderer.spec.project_model import Project
from renderer.spec.reader import read
from renderer.spec.schema import project_schema, scene_schema
from tests.harness.inside import inside

REQUEST: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["model", "positivePrompt"],
    "allOf": [{"required": ["width"]}],
    "properties": {
        "taskType": {"const": "videoInference"},
        "taskUUID": {"type": "string"},
        "positivePrompt": {"type": "string"},
        "model": {"type": "string", "description": "Which video model.", "title": "Model"},
        "seed": {"type": "integer", "minimum": 0, "default": 3},
        "numberResults": {"type": "integer"},
        "width": {"type": "integer"},
        "inputs": {"type": "object", "properties": {"frameImages": {"$ref": "#/$defs/images"}}},
        "providerSettings": {
            "type": "object",
            "properties": {
                "bytedance": {"type": "object", "properties": {"audio": {"type": "boolean"}}}
            },
        },
    },
    "$defs": {"images": {"type": "array", "items": {"type": "string"}}},
}
SCENE: dict[str, Any] = {
    "version": 1,
    "scene": "pier",
    "title": "Fog",
    "aspect": "16:9",
    "settings": {"model": "m", "seed": 1, "inputs": {"frameImages": ["a"]}},
    "vars": {"look": "grey", "n": [1, {"a": True}]},
    "matrix": {
        "seed": [1, 2],
        "providerSettings.bytedance.audio": [True],
        "look": ["a", "b"],
        "exclude": [{"seed": 1}],
    },
    "shots": [
        {"id": "gulls", "prompt": "x", "frames": {"first": "a.png"}, "skip": True},
        {"id": "horn", "prompt": {"file": "horn.j2"}, "draft": True},
    ],
}
WRONG: list[tuple[tuple[str | int, ...], Any]] = [
    (("version",), 2),
    (("scene",), "Pier"),
    (("scene",), None),
    (("shoots",), []),
    (("shots",), []),
    (("shots", 0, "id"), "a b"),
    (("shots", 0, "promptt"), "x"),
    (("shots", 0, "prompt"), 7),
    (("shots", 1, "prompt"), {"file": "../a.j2"}),
    (("shots", 1, "prompt"), {}),
    (("shots", 0, "skip"), "true"),
    (("shots", 0, "frames"), "a.png"),
    (("aspect",), "16x9"),
    (("vars", "a b"), 1),
    (("matrix", "seed"), 1),
    (("matrix", "look"), []),
    (("matrix", "look"), ["a", "a"]),
    (("matrix", "a b"), [1]),
    (("matrix", "exclude"), {"seed": 1}),
    (("settings",), [1]),
    (("settings", "positivePrompt"), "x"),
]


def as_written(value: dict[str, Any]) -> Any:
    import yaml

    return read(yaml.safe_dump(value, default_flow_style=True, width=10_000), "s.yaml")


def changed(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    scene = copy.deepcopy(SCENE)
    inner: Any = scene
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return scene


def test_the_schemas_are_schemas() -> None:
    Draft7Validator.check_schema(scene_schema(REQUEST))
    Draft7Validator.check_schema(project_schema(REQUEST))


def test_a_whole_scene_is_valid_by_schema_and_by_type() -> None:
    Draft7Validator(scene_schema(REQUEST)).validate(SCENE)
    parse_scene(as_written(SCENE))


@pytest.mark.parametrize(("path", "value"), WRONG)
def test_what_the_editor_marks_the_program_refuses_too(
    path: tuple[str | int, ...], value: Any
) -> None:
    scene = changed(path, value)
    assert not Draft7Validator(scene_schema(REQUEST)).is_valid(scene)
    with pytest.raises(InputError):
        parse_scene(as_written(scene))


@pytest.mark.parametrize(
    ("path", "value"),
    [(("settings", "sed"), 1), (("matrix", "seed"), ["x"]), (("settings", "seed"), -1)],
)
def test_the_editor_knows_the_parameters_of_the_request(
    path: tuple[str | int, ...], value: Any
) -> None:
    assert not Draft7Validator(scene_schema(REQUEST)).is_valid(changed(path, value))


NULLABLE: list[tuple[str | int, ...]] = [
    *((word,) for word in ("aspect", "settings", "vars", "matrix", "frames", "keyframes")),
    *(("shots", 0, word) for word in ("draft", "settings", "frames", "matrix")),
    *(("shots", 0, "frames", at) for at in ("first", "last")),
    *(("settings", "seed"), ("settings", "inputs"), ("settings", "inputs", "frameImages")),
    *(("vars", "look"), ("matrix", "seed"), ("matrix", "look"), ("matrix", "exclude")),
    ("keyframes", "dusk"),
]


@pytest.mark.parametrize("path", NULLABLE, ids=str)
def test_null_unsets_by_schema_and_by_type(path: tuple[str | int, ...]) -> None:
    scene = changed(path[:1], {}) if path[0] == "keyframes" else copy.deepcopy(SCENE)
    inner: Any = scene
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = None
    Draft7Validator(scene_schema(REQUEST)).validate(scene)
    parse_scene(as_written(scene))


def test_a_layer_needs_no_whole_request() -> None:
    validator = Draft7Validator(scene_schema(REQUEST))
    assert validator.is_valid(changed(("settings",), {}))


def test_references_inside_the_settings_still_point_at_something() -> None:
    assert not Draft7Validator(scene_schema(REQUEST)).is_valid(
        changed(("settings", "inputs"), {"frameImages": [1]})
    )


def test_a_project_is_valid_by_schema_and_by_type() -> None:
    project = {"version": 1, "provider": "local", "settings": {"model": "m"}, "vars": {"a": 1}}
    Draft7Validator(project_schema(REQUEST)).validate(project)
    parse_project(as_written(project))
    assert not Draft7Validator(project_schema(REQUEST)).is_valid({**project, "shots": []})


@pytest.mark.parametrize("kind", [Scene, Shot, Project])
def test_every_word_has_a_hover_text(kind: type[Layer]) -> None:
    schema: Any = scene_schema(REQUEST) if kind is not Project else project_schema(REQUEST)
    part = schema["definitions"]["Shot"] if kind is Shot else schema
    assert next(iter(part["properties"])) in {"version", "id", "title"}
    for name in kind.model_fields:
        found = part["properties"][name]
        if "$ref" in found:
            found = schema["definitions"][found["$ref"].rsplit("/", 1)[-1]]
        assert len(found["description"]) > 15, name


def test_no_part_is_open_and_none_refers_outside() -> None:
    def walk(part: Any) -> None:
        if isinstance(part, dict):
            assert str(part.get("$ref", "#/definitions/")).startswith("#/definitions/")
            for inner in part.values():
                walk(inner)
        elif isinstance(part, list):
            for inner in part:
                walk(inner)

    schema = scene_schema(REQUEST)
    walk(schema)
    assert schema["additionalProperties"] is False
    for name in ("Shot", "Frames", "PromptFile", "settings"):
        assert inside(schema, "definitions", name, "additionalProperties") is False

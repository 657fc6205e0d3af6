"""Defaults and pictures: two spellings of one picture are one picture."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from renderer.catalog.catalog import load_model
from renderer.catalog.defaults import DELIVERY, effective, picture
from renderer.catalog.parameter_schema import ParameterSchema
from renderer.catalog.settings_schema import settings_schema
from renderer.catalog.video_model import VideoModel
from tests.harness.inside import inside

FOLDER = Path(__file__).parents[2] / "schemas" / "models"


def model(version: str) -> VideoModel:
    file = FOLDER / f"bytedance-seedance-{version}-pro.json"
    return load_model(file.read_text(encoding="utf-8"), file.name)


PRO = model("1.5")
OLD = model("1.0")
BASE: dict[str, Any] = {"model": PRO.air, "positivePrompt": "rain", "width": 1280, "height": 720}


def test_defaults_are_filled_in_where_nothing_is_said() -> None:
    request = BASE | {"providerSettings": {"bytedance": {"audio": False}}}
    filled = effective(PRO, request)
    assert filled["duration"] == 5
    assert filled["outputFormat"] == "MP4"
    assert inside(filled, "providerSettings", "bytedance") == {
        "audio": False,
        "cameraFixed": False,
        "draft": False,
    }
    assert request == BASE | {"providerSettings": {"bytedance": {"audio": False}}}


def test_the_promotion_of_a_draft_keeps_what_it_inherits_open() -> None:
    filled = effective(PRO, BASE | {"inputs": {"draftId": "cgt-1"}})
    assert "duration" not in filled
    assert "providerSettings" not in filled
    assert filled["outputQuality"] == 95


@pytest.mark.parametrize(
    "spelling",
    [
        {"duration": 5},
        {"duration": 5.0, "width": 1280.0},
        {"providerSettings": {}},
        {"providerSettings": {"bytedance": {"audio": True}}},
        {"outputFormat": "MP4", "outputQuality": 95},
        {"numberResults": 3, "ttl": 60, "includeCost": True, "taskUUID": "x"},
        {"webhookURL": "https://a.example", "uploadEndpoint": "https://b.example"},
        {"safety": {"mode": "full"}, "deliveryMethod": "async", "outputType": "URL"},
    ],
    ids=str,
)
def test_a_default_that_is_spelled_out_and_delivery_change_no_picture(
    spelling: dict[str, Any],
) -> None:
    assert picture(PRO, BASE | spelling) == picture(PRO, BASE)
    assert json.dumps(picture(PRO, BASE | spelling)["width"]) == "1280"


@pytest.mark.parametrize(
    "change",
    [
        {"duration": 6},
        {"seed": 1},
        {"positivePrompt": "snow"},
        {"outputFormat": "MOV"},
        {"providerSettings": {"bytedance": {"audio": False}}},
        {"inputs": {"frameImages": ["a"]}},
    ],
    ids=str,
)
def test_what_is_seen_or_heard_changes_the_picture(change: dict[str, Any]) -> None:
    assert picture(PRO, BASE | change) != picture(PRO, BASE)


def test_frame_images_have_one_spelling() -> None:
    def framed(*frames: Any) -> Any:
        return picture(PRO, BASE | {"inputs": {"frameImages": list(frames)}})["inputs"]

    first = {"image": "a", "frame": "first"}
    last = {"image": "b", "frame": "last"}
    assert framed("a") == framed({"image": "a"}) == framed({"image": "a", "frame": 0})
    assert framed("a", "b") == framed(last, first) == framed("a", {"image": "b", "frame": -1})
    assert framed(last) != framed("b")


def test_the_settings_of_all_models_are_one_schema_without_what_the_tool_fills_in() -> None:
    schema = settings_schema([PRO, OLD])
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert not {"taskType", "taskUUID", "positivePrompt"} & schema["properties"].keys()
    assert "required" not in schema
    for good in (
        {},
        {"model": "bytedance:2@1", "duration": 2},
        {"model": PRO.air, "duration": "auto", "resolution": "720p"},
        {"providerSettings": {"bytedance": {"draft": True}}, "inputs": {"draftId": "x"}},
    ):
        assert validator.is_valid(good), good
    wrong: list[Any] = [{"duration": 13}, {"fps": 24}, {"model": "x"}, {"inputs": {"frames": []}}]
    for bad in wrong:
        assert not validator.is_valid(bad), bad


def test_the_settings_of_one_model_are_its_own_parameters() -> None:
    properties = settings_schema([PRO])["properties"]
    assert properties["duration"] == PRO.schema["properties"]["duration"]
    assert DELIVERY - {"taskType", "taskUUID"} <= properties.keys()


def test_models_that_differ_are_offered_side_by_side() -> None:
    def like(**changes: ParameterSchema) -> VideoModel:
        properties = {**PRO.schema["properties"], **changes}
        return replace(PRO, schema={**PRO.schema, "properties": properties})

    ratio: ParameterSchema = {"title": "Ratio", "description": "A ratio.", "type": "number"}
    other = like(
        duration={"title": "D", "description": "D.", "enum": [20], "default": 20},
        seed={"title": "S", "description": "S.", "type": "string"},
        ratio=ratio,
    )
    properties = settings_schema([PRO, other])["properties"]
    assert properties["duration"]["enum"] == [*range(4, 13), "auto", 20]
    assert "default" not in properties["duration"]
    assert [part["type"] for part in properties["seed"]["anyOf"]] == ["integer", "string"]
    assert properties["ratio"] == ratio
    third = like(seed={"title": "S", "description": "S.", "type": "boolean"})
    kinds = settings_schema([PRO, other, third])["properties"]["seed"]["anyOf"]
    assert [part["type"] for part in kinds] == ["integer", "string", "boolean"]


def test_a_request_of_a_wrong_shape_is_still_answered() -> None:
    assert effective(PRO, BASE | {"providerSettings": 5})["providerSettings"] == 5

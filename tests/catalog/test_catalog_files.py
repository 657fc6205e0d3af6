"""The catalog's files: each is read whole, and agrees with itself."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from renderer.catalog.catalog import Catalog, load_model
from renderer.catalog.parameter_schema import KEYWORDS
from renderer.catalog.video_model import SecondPrice, VideoModel
from renderer.errors import InputError

FOLDER = Path(__file__).parents[2] / "schemas" / "models"
FILES = sorted(FOLDER.glob("*.json"))


def model(name: str) -> VideoModel:
    file = FOLDER / f"{name}.json"
    return load_model(file.read_text(encoding="utf-8"), file.name)


def parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", [])]
    for part in [*inner, *([schema["items"]] if "items" in schema else [])]:
        yield from parts(part)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_file_is_a_model_whose_schema_is_a_json_schema(file: Path) -> None:
    entry = load_model(file.read_text(encoding="utf-8"), file.name)
    Draft202012Validator.check_schema(entry.schema)
    assert entry.fps == 24
    assert entry.durations
    assert set(entry.named.values()) == {
        (name, aspect) for name, row in entry.sizes.items() for aspect in row
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_setting_has_hover_text_and_no_object_takes_unknown_keys(file: Path) -> None:
    schema = json.loads(file.read_text(encoding="utf-8"))["parameters"]
    for part in parts(schema):
        assert part.keys() <= KEYWORDS
        assert part["title"]
        assert ("properties" in part) == (part.get("additionalProperties") is False)
        for setting in part.get("properties", {}).values():
            assert setting["description"]


def test_the_main_model_has_every_parameter_of_its_page() -> None:
    schema = model("bytedance-seedance-1.5-pro").schema
    assert set(schema["properties"]) == {
        *("taskType", "taskUUID", "outputType", "outputFormat", "outputQuality", "webhookURL"),
        *("deliveryMethod", "uploadEndpoint", "safety", "ttl", "includeCost", "numberResults"),
        *("inputs", "model", "positivePrompt", "width", "height", "resolution", "duration"),
        *("seed", "providerSettings"),
    }
    vendor = schema["properties"]["providerSettings"]["properties"]["bytedance"]
    assert set(vendor["properties"]) == {"audio", "cameraFixed", "draft"}
    assert set(schema["properties"]["inputs"]["properties"]) == {"frameImages", "draftId"}


def test_the_main_model_knows_its_sizes_draft_and_defaults() -> None:
    entry = model("bytedance-seedance-1.5-pro")
    assert entry.resolutions == ("480p", "720p", "1080p")
    assert entry.aspects == ("16:9", "4:3", "1:1", "3:4", "9:16", "21:9")
    assert entry.size("720p", "21:9") == (1470, 630)
    assert entry.size("720p", "2:1") is None
    assert entry.size("4k", "16:9") is None
    assert entry.name_of(2206, 946) == ("1080p", "21:9")
    assert entry.draft_size(834, 1112) == (560, 752)
    assert entry.draft_size(1, 1) is None
    assert entry.closest(1000, 1000) == (960, 960)
    assert entry.closest(1920, 1088) == (1920, 1080)
    assert entry.durations == tuple(range(4, 13))
    assert entry.defaults["duration"] == 5
    assert entry.defaults["providerSettings.bytedance.audio"] is True
    assert entry.draft is not None
    assert (entry.draft.resolution, entry.draft.days) == ("480p", 7)
    assert entry.images.min_ratio == Decimal("0.4")
    assert "vm.runware.ai" in entry.media_hosts


def test_the_second_model_marks_what_is_not_confirmed_and_has_no_draft() -> None:
    entry = model("bytedance-seedance-1.0-pro")
    assert entry.draft is None
    assert entry.audio is None
    assert isinstance(entry.price, SecondPrice)
    assert entry.price.per_second["480p"] is None
    unconfirmed = json.loads((FOLDER / "bytedance-seedance-1.0-pro.json").read_text())[
        "unconfirmed"
    ]
    assert any(line.startswith("price of 480p") for line in unconfirmed)
    assert entry.draft_size(1920, 1088) is None


def test_a_model_is_found_by_its_air_and_by_an_alias() -> None:
    entry = model("bytedance-seedance-1.0-pro")
    catalog = Catalog.of([entry, model("bytedance-seedance-1.5-pro")])
    assert catalog.get("bytedance:2@1") is entry
    assert catalog.get("bytedance:seedance@1.0-pro") is entry
    assert len(catalog.all()) == 2
    assert {"duration", "seed", "providerSettings", "inputs"} <= catalog.parameters
    assert not {"taskType", "taskUUID", "positivePrompt"} & catalog.parameters


def test_an_unknown_model_is_answered_with_the_nearest_name() -> None:
    catalog = Catalog.of([model("bytedance-seedance-1.5-pro")])
    with pytest.raises(InputError, match=r"did you mean 'bytedance:seedance@1\.5-pro'"):
        catalog.get("bytedance:seedance@1.5")
    with pytest.raises(InputError, match=r"the catalog has bytedance:seedance@1\.5-pro"):
        catalog.get("zzz")


def test_two_files_of_one_name_are_refused() -> None:
    name = "bytedance-seedance-1.5-pro"
    with pytest.raises(InputError, match="twice"):
        Catalog.of([model(name), model(name)])


def changed(*path: str, value: Any) -> str:
    data = json.loads((FOLDER / "bytedance-seedance-1.5-pro.json").read_text(encoding="utf-8"))
    target = data
    for key in path[:-1]:
        target = target[key]
    if value is None:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return json.dumps(data)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Expecting value"),
        ("[]", "not a video model"),
        (changed("version", value=2), "version 2 is not supported"),
        (changed("fps", value=None), "'fps' is missing"),
        (changed("air", value="other:x@1"), "does not name exactly the air"),
        (changed("sizes", "480p", value=None), "different resolutions"),
        (changed("price", "kind", value="moon"), "'moon' is not known"),
        (changed("price", "currency", value="EUR"), "prices are in USD"),
        (changed("price", "perMillion", "audio", value="0"), "a price is decimal text above 0"),
        (changed("price", "perMillion", "audio", value=2.4), "a price is decimal text above 0"),
        (changed("price", "perMillion", "audio", value="NaN"), "not a video model"),
        (changed("price", "perMillion", "audio", value="two"), "not a video model"),
        (
            changed("parameters", "properties", "seed", value={"pattern": "^(a+)+$"}),
            "a parameter schema may not say pattern",
        ),
        (
            changed("parameters", "properties", "seed", value={"$ref": "https://evil.example/"}),
            r"may not say \$ref",
        ),
    ],
)
def test_a_file_that_is_no_model_is_told_with_its_name(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        load_model(text, "new-model.json")
    assert str(caught.value).startswith("new-model.json: ")

"""An imported scene, expanded in a project, is the request that was imported."""

import json
from pathlib import Path
from typing import Any

import pytest

from renderer.adapters.disk.project import ProjectFiles
from renderer.adapters.disk.resources import model_texts
from renderer.app.importing.scene_from_requests import import_requests
from renderer.app.inspect.tasks import requests, tasks
from renderer.app.workspace import Workspace
from renderer.catalog.catalog import Catalog
from renderer.catalog.load import load_model

CATALOG = Catalog.of(load_model(text, name) for name, text in model_texts().items())
URL = "https://assets.example.com/inputs/47b7d5c1-de7c-425c-a30a-882ce04d3c78.jpg"
UUID = "aac49721-1964-481a-ae78-8a4e29b91402"
BASE: dict[str, Any] = {
    "taskType": "videoInference",
    "model": "bytedance:seedance@1.5-pro",
    "positivePrompt": "Rain.",
    "width": 1280,
    "height": 720,
}
ALL: dict[str, Any] = {
    **BASE,
    "outputType": "URL",
    "outputFormat": "WEBM",
    "outputQuality": 85,
    "deliveryMethod": "async",
    "safety": {"checkContent": True, "mode": "fast"},
    "ttl": 3600,
    "includeCost": False,
    "numberResults": 3,
    "duration": 12,
    "seed": 9223372036854775805,
    "providerSettings": {"bytedance": {"audio": False, "cameraFixed": True, "draft": False}},
}


def again(tmp_path: Path, given: Any) -> list[dict[str, Any]]:
    made = import_requests(json.dumps(given), "given.json", CATALOG)
    (tmp_path / "specs").mkdir()
    (tmp_path / made.path).write_text(made.text, "utf-8")
    files = ProjectFiles(root=tmp_path)
    return requests(files, tasks(Workspace.at(files.root, models=lambda: CATALOG)))


def same(sent: dict[str, Any], given: dict[str, Any]) -> None:
    """Every value that was given is sent; what is sent beyond that is a default of ours."""
    asked = {key: value for key, value in given.items() if key != "taskUUID"}
    assert json.dumps({key: sent[key] for key in asked}) == json.dumps(asked)
    assert set(sent) - set(asked) <= {"taskType", "deliveryMethod", "includeCost"}


@pytest.mark.parametrize(
    "request_",
    [
        BASE,
        ALL,
        {key: value for key, value in BASE.items() if key != "taskType"},
        {**BASE, "inputs": {"frameImages": [URL]}},
        {**BASE, "inputs": {"frameImages": [{"image": URL, "frame": "first"}]}},
        {**BASE, "inputs": {"frameImages": [{"image": UUID, "frame": "last"}]}},
        {**BASE, "inputs": {"frameImages": [URL, {"image": UUID, "frame": "last"}]}},
        {
            **BASE,
            "inputs": {"frameImages": [{"image": URL, "frame": 0}, {"image": URL, "frame": -1}]},
        },
        {**BASE, "inputs": {"draftId": "cgt-20260101000000-abcde"}},
        {**BASE, "duration": "auto"},
        {**BASE, "safety": {}},
    ],
    ids=lambda request: next(reversed(request)),
)
def test_every_parameter_comes_back_with_the_same_value(
    tmp_path: Path, request_: dict[str, Any]
) -> None:
    (sent,) = again(tmp_path, request_)
    same(sent, request_)


@pytest.mark.parametrize(
    "prompt",
    [
        "Plain words, 100 % of them: nothing else.",
        "Braces {{ like }} these, {% and %} {# those #}",
        "{% raw %}{{ x }}{% endraw %} and {%- endraw -%}",
        "{{{ {%% {##} }}}",
        "- a list? # no, a prompt: yes",
        "'quoted' \"twice\" \\n \\",
        "First line.\n  An indented one.\n\nA third, after a gap.",
        "word " * 300 + "end",
        "Two  spaces, three   spaces " + "and long enough to be folded " * 8 + "yes",
        ("A paragraph of some length that must be folded to be read. " * 4).strip()
        + "\n\n"
        + ("Another one, folded as well, with its gap kept as it was. " * 4).strip(),
        "Tab\there, emoji 🏮, ελληνικά, 日本語",
        "null",
        "12",
        "yes",
    ],
)
def test_every_prompt_comes_back_word_for_word(tmp_path: Path, prompt: str) -> None:
    (sent,) = again(tmp_path, {**BASE, "positivePrompt": prompt})
    assert sent["positivePrompt"] == prompt


def test_a_list_comes_back_in_its_order(tmp_path: Path) -> None:
    given = [
        {"title": "One", "request": {**ALL, "positivePrompt": "One."}},
        {**BASE, "positivePrompt": "Two.", "providerSettings": {"bytedance": {"audio": True}}},
        {"title": "One", "request": {**BASE, "positivePrompt": "Three."}},
    ]
    sent = again(tmp_path, given)
    assert [one["positivePrompt"] for one in sent] == ["One.", "Two.", "Three."]
    same(sent[0], ALL | {"positivePrompt": "One."})
    assert "safety" not in sent[1]
    assert "providerSettings" not in sent[2]

"""What is imported into a fresh project plans, whatever the project says of sizes and frames."""

import json
from pathlib import Path
from typing import Any

import pytest

from renderer.cli.main import run

BASE = {
    "taskType": "videoInference",
    "taskUUID": "1c1b1d0e-53a5-4a3c-9d7e-0a1b2c3d4e5f",
    "model": "bytedance:seedance@1.5-pro",
    "positivePrompt": "Gulls rise over the pier.",
    "duration": 5,
    "seed": 7,
}
FRAME = {"image": "https://assets.example.com/first.jpg", "frame": "first"}
REQUESTS: dict[str, dict[str, Any]] = {
    "pixels": {"width": 1920, "height": 1080},
    "a resolution": {"resolution": "1080p"},
    "pixels and frames": {"width": 864, "height": 496, "inputs": {"frameImages": [FRAME]}},
    "frames alone": {"inputs": {"frameImages": [FRAME["image"]]}},
    "a draft": {
        "width": 864,
        "height": 496,
        "providerSettings": {"bytedance": {"draft": True, "audio": True, "cameraFixed": False}},
    },
    "no draft": {"resolution": "480p", "providerSettings": {"bytedance": {"draft": False}}},
}


def planned(folder: Path, request: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> Any:
    file = folder.parent / "request.json"
    file.write_text(json.dumps([{**BASE, **request}]))
    assert run(["-C", str(folder), "import", str(file)]) == 0
    assert run(["-C", str(folder), "validate"]) == 0
    capsys.readouterr()
    assert run(["-C", str(folder), "tasks", "--only", "request", "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)["tasks"]


@pytest.mark.parametrize("name", REQUESTS)
def test_an_imported_request_plans_in_a_new_project_and_asks_for_its_own_size(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "film"
    assert run(["init", str(folder)]) == 0
    (task,) = planned(folder, REQUESTS[name], capsys)
    sizes = ("width", "height")
    given = {key: REQUESTS[name][key] for key in sizes if key in REQUESTS[name]}
    assert given.items() <= task["request"].items()


@pytest.mark.parametrize("word", ["aspect: '1:1'", "draft: true"])
@pytest.mark.parametrize("name", ["pixels", "a draft", "no draft"])
def test_an_imported_request_wins_over_what_the_project_says_in_other_words(
    word: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "film"
    folder.mkdir()
    (folder / "renderer.yaml").write_text(f"version: 1\n{word}\nsettings: {{resolution: 480p}}\n")
    (task,) = planned(folder, REQUESTS[name], capsys)
    asked = REQUESTS[name].get("providerSettings", {}).get("bytedance", {}).get("draft")
    draft = task["request"].get("providerSettings", {}).get("bytedance", {}).get("draft")
    assert draft is (asked if asked is not None else True if word == "draft: true" else None)

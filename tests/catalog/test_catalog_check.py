"""Requests against the catalog: every fault is told at its setting, with what to do."""

import sys
from copy import deepcopy
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from renderer.catalog.catalog import load_model
from renderer.catalog.check import check
from renderer.catalog.fast.fits import compiled
from renderer.catalog.schema_messages import dotted
from renderer.catalog.video_model import VideoModel

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "schemas" / "models"


def model(version: str) -> VideoModel:
    file = FOLDER / f"bytedance-seedance-{version}-pro.json"
    return load_model(file.read_text(encoding="utf-8"), file.name)


PRO = model("1.5")
OLD = model("1.0")
UUID = "aac49721-1964-481a-ae78-8a4e29b91402"
GOOD: dict[str, Any] = {
    "model": "bytedance:seedance@1.5-pro",
    "positivePrompt": "A lantern sways in the rain.",
    "width": 1280,
    "height": 720,
    "duration": 8,
    "seed": 7,
    "providerSettings": {"bytedance": {"audio": True, "cameraFixed": False}},
}


def told(**changes: Any) -> list[tuple[str, str, str]]:
    request = deepcopy(GOOD) | changes
    request = {key: value for key, value in request.items() if value is not ...}
    return [(dotted(fault.path), fault.what, fault.todo) for fault in check(PRO, request)]


def frames(*images: Any) -> dict[str, Any]:
    return {"frameImages": list(images)}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"taskType": "videoInference", "taskUUID": UUID},
        {"width": ..., "height": ..., "resolution": "1080p"},
        {"width": ..., "height": ..., "inputs": frames(UUID)},
        {"inputs": frames(UUID, {"image": UUID, "frame": "last"})},
        {"inputs": frames({"image": UUID, "frame": -1}, {"image": UUID, "frame": 0})},
        {"inputs": frames("https://assets.example/a.png?sig=1", "data:image/png;base64,iVBORw0=")},
        {"inputs": frames("sha256:" + "0f" * 32)},
        {"inputs": frames("iVBORw0KGgo" + "A" * 60)},
        {"width": ..., "height": ..., "inputs": {"draftId": "cgt-20260327025345-g766z"}},
        {"duration": "auto", "seed": 2**63 - 1},
        {"duration": 8.0, "width": 1280.0, "height": 720.0},
        {"width": 864, "height": 496, "providerSettings": {"bytedance": {"draft": True}}},
        {"outputFormat": "WEBM", "outputQuality": 20, "ttl": 60, "includeCost": True},
        {"safety": {"checkContent": True, "mode": "full"}, "numberResults": 4},
        {"webhookURL": "https://hooks.example/x?key=1", "uploadEndpoint": "http://127.0.0.1:9/u"},
    ],
    ids=str,
)
def test_a_request_of_the_page_has_no_fault(changes: dict[str, Any]) -> None:
    assert told(**changes) == []


@pytest.mark.parametrize(
    ("changes", "where", "what", "todo"),
    [
        ({"durration": 8}, "durration", "unknown setting 'durration'", "did you mean 'duration'?"),
        (
            {"audio": True},
            "audio",
            "unknown",
            "write it as `providerSettings: {bytedance: {audio: …}}`",
        ),
        ({"frameImages": []}, "frameImages", "unknown", "write it as `inputs: {frameImages: …}`"),
        ({"zzzz": 1}, "zzzz", "unknown setting 'zzzz'", "known here: outputType"),
        ({"DURATION": 1}, "DURATION", "unknown", "did you mean 'duration'?"),
        (
            {"providerSettings": {"bytedance": {"camerafixed": True}}},
            "providerSettings.bytedance.camerafixed",
            "unknown",
            "did you mean 'cameraFixed'?",
        ),
        ({"providerSettings": {"kling": {}}}, "providerSettings.kling", "unknown", "bytedance"),
        ({"duration": 13}, "duration", "cannot be 13", "allowed: 4, 5, 6, 7, 8, 9, 10, 11, 12"),
        ({"duration": -5}, "duration", "cannot be -5", "4, 5"),
        ({"duration": True}, "duration", "cannot be true", "4, 5"),
        ({"duration": 7.5}, "duration", "cannot be 7.5", "auto"),
        ({"duration": "Auto"}, "duration", "cannot be 'Auto'", "did you mean 'auto'?"),
        ({"duration": None}, "duration", "cannot be null", "4, 5"),
        ({"duration": float("inf")}, "duration", "cannot be inf", "4, 5"),
        ({"seed": 2**63}, "seed", "out of range", "from 0 to 9223372036854775807"),
        ({"seed": -1}, "seed", "out of range", "from 0 to"),
        ({"seed": 10**400}, "seed", "more than 24 digits", "from 0"),
        ({"seed": "7"}, "seed", "must be a whole number, found '7'", "write a whole number"),
        ({"positivePrompt": "x"}, "positivePrompt", "has 1 character", "2 to 3000"),
        ({"positivePrompt": "x" * 3001}, "positivePrompt", "has 3001 characters", "2 to 3000"),
        ({"positivePrompt": ...}, "", "`positivePrompt` is missing", "add `positivePrompt`"),
        ({"outputFormat": "mp4"}, "outputFormat", "cannot be 'mp4'", "did you mean 'MP4'?"),
        ({"outputType": ["URL"]}, "outputType", "cannot be a list", "allowed: URL"),
        ({"outputQuality": 100}, "outputQuality", "is 100", "from 20 to 99"),
        ({"ttl": 59}, "ttl", "is 59, out of range", "write 60 or more"),
        ({"numberResults": 5}, "numberResults", "is 5", "from 1 to 4"),
        ({"safety": True}, "safety", "must be a mapping, found true", "a mapping"),
        ({"safety": {"mode": "fastest"}}, "safety.mode", "cannot be", "did you mean 'fast'?"),
        ({"taskType": "imageInference"}, "taskType", "cannot be", "allowed: videoInference"),
        ({"model": "a" * 100}, "model", "a…'", "allowed: bytedance:seedance@1.5-pro"),
        ({"webhookURL": "ftp://x"}, "webhookURL", "is not a valid URL", "https://"),
        ({"webhookURL": "https://h:99999/"}, "webhookURL", "is not a valid URL", "https://"),
        ({"webhookURL": "https://a b/"}, "webhookURL", "is not a valid URL", "https://"),
        ({"uploadEndpoint": 5}, "uploadEndpoint", "must be text, found 5", "write text"),
        ({"width": ...}, "height", "`height` requires `width`", "add `width`"),
        ({"height": ...}, "width", "`width` requires `height`", "add `height`"),
        ({"width": 1920, "height": 1088}, "width", "1920x1088 is not a size", "1920x1080"),
        ({"width": 0}, "width", "is 0, out of range", "that of a size of the model"),
        ({"resolution": "720p"}, "resolution", "cannot be combined", "keep one"),
        ({"resolution": "4k"}, "resolution", "cannot be '4k'", "480p, 720p, 1080p"),
        ({"width": ..., "height": ...}, "", "no size", "`resolution` (480p, 720p, 1080p)"),
        ({"inputs": frames()}, "inputs.frameImages", "has 0 entries", "1 to 2"),
        ({"inputs": frames(UUID, UUID, UUID)}, "inputs.frameImages", "has 3 entries", "1 to 2"),
        ({"inputs": frames(5)}, "inputs.frameImages[0]", "is 5", "write text or a mapping"),
        (
            {"inputs": frames({"image": UUID, "frame": "middle"})},
            "inputs.frameImages[0].frame",
            "cannot be 'middle'",
            "allowed: first, last, 0, -1",
        ),
        ({"inputs": frames({"frame": "last"})}, "inputs.frameImages[0]", "`image` is", "`image`"),
        (
            {"inputs": frames({"image": UUID, "framme": "last"})},
            "inputs.frameImages[0].framme",
            "unknown",
            "did you mean 'frame'?",
        ),
        (
            {"inputs": frames("hero.png")},
            "inputs.frameImages[0]",
            "does not accept the image 'hero.png'",
            "for a file of the project use `frames`",
        ),
        (
            {"inputs": frames({"image": "http://x.example/a.png"})},
            "inputs.frameImages[0].image",
            "does not accept the image",
            "https URL",
        ),
        (
            {"inputs": frames(UUID, {"image": UUID, "frame": 0})},
            "inputs.frameImages[1]",
            "both frame images are the first frame",
            "label one `first`",
        ),
        (
            {"inputs": frames({"image": UUID, "frame": "last"}, UUID)},
            "inputs.frameImages[1]",
            "both frame images are the last frame",
            "label one",
        ),
        (
            {"providerSettings": {"bytedance": {"draft": True}}},
            "width",
            "a draft is made in 480p only, found 720p",
            "width 864 and height 496",
        ),
        (
            {
                "width": ...,
                "height": ...,
                "resolution": "1080p",
                "providerSettings": {"bytedance": {"draft": True}},
            },
            "resolution",
            "a draft is made in 480p only, found 1080p",
            "use `480p`, or remove `providerSettings.bytedance.draft`",
        ),
        (
            {
                "width": 864,
                "height": 496,
                "inputs": {"draftId": "cgt-1"},
                "providerSettings": {"bytedance": {"draft": True}},
            },
            "inputs.draftId",
            "cannot be combined",
            "remove one",
        ),
    ],
    ids=str,
)
def test_a_fault_is_told_at_its_setting_with_what_to_do(
    changes: dict[str, Any], where: str, what: str, todo: str
) -> None:
    found = told(**changes)
    assert len(found) == 1, found
    assert found[0][0] == where
    assert what in found[0][1]
    assert todo in found[0][2]


def test_all_faults_are_told_at_once() -> None:
    found = told(duration=99, seed=-1, fps=24, width=1, height=1)
    assert [path for path, _, _ in found] == ["duration", "fps", "seed", "width"]


def test_a_request_that_is_nothing_lacks_its_model_its_prompt_and_its_size() -> None:
    assert [fault.what for fault in check(PRO, {})] == [
        "`model` is missing",
        "`positivePrompt` is missing",
        "the request has no size",
    ]


def test_the_second_model_refuses_what_only_the_first_one_has() -> None:
    request = deepcopy(GOOD) | {"model": "bytedance:2@1", "width": 1920, "height": 1088}
    assert [dotted(f.path) for f in check(OLD, request)] == ["providerSettings.bytedance.audio"]
    request["providerSettings"] = {"bytedance": {"cameraFixed": True}}
    assert check(OLD, request) == ()
    assert check(OLD, request | {"duration": 2}) == ()
    assert check(OLD, request | {"inputs": {"draftId": "x"}}) != ()


def test_a_valid_request_is_checked_without_importing_jsonschema() -> None:
    code = (
        "import sys, json\n"
        "from pathlib import Path\n"
        "from renderer.catalog.check import check\n"
        "from renderer.catalog.load import load_model\n"
        "file = Path('schemas/models/bytedance-seedance-1.5-pro.json')\n"
        "model = load_model(file.read_text(encoding='utf-8'), file.name)\n"
        "request = {'model': model.air, 'positivePrompt': 'rain', 'resolution': '720p'}\n"
        "assert check(model, request) == ()\n"
        "assert 'jsonschema' not in sys.modules and 'pydantic' not in sys.modules\n"
        "assert check(model, request | {'seed': -1})\n"
        "assert 'jsonschema' in sys.modules\n"
    )
    assert run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-2, 20),
    st.floats(),
    st.sampled_from([8.0, 1280.0, "auto", "first", "720p", "MP4", UUID]),
    st.text(max_size=5),
)
KEYS = st.sampled_from(
    [
        *PRO.schema["properties"],
        *("frameImages", "draftId", "image", "frame", "bytedance", "audio", "draft", "mode"),
        "zzz",
    ]
)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4)
)


@given(ANYTHING, st.dictionaries(KEYS, ANYTHING, max_size=5), KEYS)
def test_the_quick_answer_and_jsonschema_agree(
    value: Any, changes: dict[str, Any], key: str
) -> None:
    validator = Draft202012Validator(PRO.schema)
    fits = compiled(PRO.schema)
    for request in (value, changes, GOOD | changes, GOOD | {key: value}):
        assert fits(request) == validator.is_valid(request)


@given(st.dictionaries(KEYS, ANYTHING, max_size=5))
def test_any_request_is_answered_with_faults_that_have_words(changes: dict[str, Any]) -> None:
    for fault in check(PRO, GOOD | changes):
        assert fault.what
        assert fault.todo

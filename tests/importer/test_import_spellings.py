"""What the API takes or took, and what people have at hand, is imported; secrets are not."""

import json
from pathlib import Path
from typing import Any

import pytest

from renderer.app.importing.scene_from_requests import import_requests
from renderer.cli.main import run
from tests.importer.test_import import CATALOG, REQUEST, URL, imported, problems, scene

Out = pytest.CaptureFixture[str]
CANARY = "CANARY-TOKEN"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"outputFormat": "mp4"}, {"outputFormat": "MP4"}),
        (
            {"outputFormat": "WebM", "outputType": "url"},
            {"outputFormat": "WEBM", "outputType": "URL"},
        ),
        ({"seed": None}, {}),
        (
            {"providerSettings": {"bytedance": {"audio": None}}},
            {"providerSettings": {"bytedance": {}}},
        ),
        ({"safety": None, "inputs": None}, {}),
        ({"numberResults": "2"}, {"numberResults": 2}),
        ({"seed": "94219"}, {"seed": 94219}),
        ({"includeCost": "true"}, {"includeCost": True}),
        (
            {"providerSettings": {"bytedance": {"audio": "False"}}},
            {"providerSettings": {"bytedance": {"audio": False}}},
        ),
    ],
)
def test_a_spelling_that_the_api_takes_is_rewritten_with_a_note(
    given: dict[str, Any], wanted: dict[str, Any]
) -> None:
    base = {key: value for key, value in REQUEST.items() if key != "seed"}
    made = scene({**base, **given})

    bare = scene({**base, **wanted}) if wanted else scene(base)
    assert made.settings == bare.settings
    notes = imported({**base, **given}).notes
    assert len(notes) == len(given)
    assert all(note.startswith("shot 'shot-1': `") for note in notes)


def test_frame_images_of_older_requests_are_put_where_they_are_now() -> None:
    old = {
        **REQUEST,
        "frameImages": [
            {"inputImage": URL, "frame": "first"},
            {"inputImages": URL, "frame": "last"},
        ],
    }

    shot = scene(old).shots[0]

    assert shot.frames is not None
    assert (shot.frames.first, shot.frames.last) == (URL, URL)
    assert len(imported(old).notes) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"outputFormat": "avi"},
        {"seed": "7a"},
        {"duration": "long"},
        {"includeCost": "yes"},
        {"model": None},
    ],
)
def test_what_has_no_other_reading_is_still_wrong(wrong: dict[str, Any]) -> None:
    assert problems({**REQUEST, **wrong})


SIGNED = f"https://b.s3.amazonaws.com/k.png?X-Amz-Signature={CANARY}"
NAMED = f"https://user:{CANARY}@example.com/k.png"


@pytest.mark.parametrize(
    ("given", "notes"),
    [
        ({"webhookURL": f"https://hook.example/in?token={CANARY}"}, 1),
        ({"webhookURL": f"https://hook.example/{CANARY}"}, 1),
        ({"uploadEndpoint": SIGNED, "webhookURL": NAMED}, 2),
        ({"inputs": {"frameImages": [SIGNED]}}, 1),
        ({"inputs": {"frameImages": [{"image": NAMED, "frame": "first"}, URL]}}, 1),
        ({"frameImages": [{"inputImage": SIGNED, "frame": "last"}]}, 3),
    ],
)
def test_an_address_that_may_hold_credentials_is_left_out_and_said(
    given: dict[str, Any], notes: int
) -> None:
    made = imported({**REQUEST, **given})

    assert CANARY not in made.text + " ".join(made.notes)
    assert len(made.notes) == notes


def test_the_frame_that_is_left_keeps_its_place() -> None:
    shot = scene({**REQUEST, "inputs": {"frameImages": [SIGNED, URL]}}).shots[0]

    assert shot.frames is not None
    assert (shot.frames.first, shot.frames.last) == (None, URL)


SEVERAL = [json.dumps({**REQUEST, "positivePrompt": f"Kettle {n}."}, indent=n) for n in (0, 1, 2)]


@pytest.mark.parametrize("between", ["\n", "", ",\n", " , ", "\r\n\r\n"])
@pytest.mark.parametrize("wrap", ["{}", "[{}]"])
def test_requests_one_after_another_are_a_list(between: str, wrap: str) -> None:
    text = between.join(wrap.replace("{}", one) for one in SEVERAL)

    made = import_requests(text + "\n", "kettle.json", CATALOG)

    together = imported([json.loads(one) for one in SEVERAL])
    assert made.text == together.text


def test_a_problem_in_one_of_several_is_at_its_line() -> None:
    wrong = SEVERAL[2].replace('"seed": 7', '"seed": -7')
    (told,) = problems(f"{SEVERAL[0]}\n{wrong}")
    line = next(
        at
        for at, text in enumerate(f"{SEVERAL[0]}\n{wrong}".split("\n"), 1)
        if '"seed": -7' in text
    )
    assert told.startswith(f"kettle.json:{line}:")

    (told,) = problems(SEVERAL[0] + '\n{"seed": 1, "seed": 2}')
    assert "'seed' is given twice" in told


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("curl https://api.runware.ai/v1 -d '[]'", "shell command"),
        ("<!doctype html><p>", "HTML"),
        ("# mine\nversion: 1\nscene: a\n", "YAML"),
        ("import runware\n", "program text"),
        ("{'model': 'x'}", "double quotes"),
        ("{model: 'x'}", "double quotes"),
        ('{"data": [{"taskType": "videoInference"}]}', "a response of the API"),
        ('{"errors": [{"code": "x"}]}', "an error response"),
        (
            '[{"taskType": "videoInference", "videoUUID": "x", "videoURL": "y"}]',
            "the result of a task",
        ),
        ('{"version": 1, "lineage": "x", "tasks": {}}', "lockfile"),
        ('{"version": 1, "provider": "local", "summary": {}, "tasks": []}', "a plan"),
        ('{"version": 1, "tasks": []}', "list of tasks"),
        ('{"3": {"class_type": "KSampler", "inputs": {}}}', "ComfyUI"),
        ('{"nodes": [], "links": []}', "ComfyUI"),
        ('{"model": "seedance", "content": [{"type": "text", "text": "x"}]}', "vendor"),
        ('{"model": "m", "prompt": "x"}', "another API"),
        ("{}", "empty object"),
        ('"text"', "a text"),
        ("7", "a number"),
        ("null", "null"),
        ("[[]]", "a list"),
    ],
)
def test_what_is_no_request_is_called_what_it_is(text: str, named: str) -> None:
    (told,) = problems(text)

    assert named in told
    assert told.startswith("kettle.json:")


def test_nothing_secret_reaches_the_specs_or_the_screen(tmp_path: Path, capsys: Out) -> None:
    (tmp_path / "renderer.yaml").write_text("version: 1\n")
    given = {**REQUEST, "webhookURL": f"https://h.example/?t={CANARY}", "uploadEndpoint": SIGNED}
    (tmp_path / "hook.json").write_text(json.dumps(given))

    assert run(["-C", str(tmp_path), "import", str(tmp_path / "hook.json")]) == 0

    said = capsys.readouterr()
    assert CANARY not in said.out + said.err + (tmp_path / "specs" / "hook.yaml").read_text()
    assert said.err.count("left out") == 2
    assert run(["-C", str(tmp_path), "validate"]) == 0


FOREIGN: list[dict[str, Any]] = [
    {"prompt": "A gull", "image_url": "https://x.example/a.png", "duration": "5"},
    {"input": {"prompt": "A gull", "num_frames": 81}},
    {"version": "abc", "input": {"prompt": "A gull"}},
    {"promptText": "A gull", "ratio": "1280:720"},
    {"tasks": [REQUEST]},
    {"requests": [REQUEST]},
    {"body": REQUEST},
]


@pytest.mark.parametrize("body", FOREIGN, ids=",".join)
def test_what_is_no_request_is_called_by_its_name_and_never_sent_round_in_a_circle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: dict[str, Any]
) -> None:
    said = []
    for more in ({}, {"model": "bytedance:seedance@1.5-pro"}):  # the same with and without
        (tmp_path / "body.json").write_text(json.dumps({**body, **more}))
        (tmp_path / "specs").mkdir(exist_ok=True)
        (tmp_path / "renderer.yaml").write_text("version: 1\n")
        assert run(["-C", str(tmp_path), "import", str(tmp_path / "body.json"), "--stdout"]) == 2
        said.append(capsys.readouterr().err)
    assert said[0] == said[1]
    assert "model" not in said[0].partition(";")[2].replace("positivePrompt", "")

"""Every value that schema and documents allow goes through validate, plan and render alike.

What validate takes, a render makes; what a render would refuse, validate refuses.
"""

import hashlib
import io
import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from renderer.adapters.disk.resources import model_texts
from renderer.animatic.spec import AnimaticSpec
from renderer.cli.main import run
from tests.harness.clip import clip, variant
from tests.harness.served import Served, environment, served

MODEL = "bytedance:seedance@1.5-pro"
BASE: dict[str, Any] = {"model": MODEL, "duration": 4, "seed": 7}
SOURCE = {
    "id": "source",
    "prompt": "A bell tolls.",
    "aspect": "16:9",
    "settings": {"resolution": "480p"},
}
MOMENTS: dict[Any, bool] = {
    "first": True,
    "last": True,
    0: True,
    0.5: True,
    "1.5s": True,
    3.99: True,
    "0f": True,
    "36f": True,
    "95f": True,
    "96f": False,
    4: False,
    99: False,
    "4000f": False,
    "86400": False,
}
# Filled by the tool, an address of somebody else's, or only good with what the provider has.
ELSEWHERE = {"taskType", "taskUUID", "webhookURL", "uploadEndpoint", "inputs", "model"}
Shot = dict[str, Any]


def long(brief: AnimaticSpec, path: Path, progress: Callable[[int], None]) -> None:
    """Make a video of four seconds, of other bytes for each brief."""
    progress(50)
    content = clip(width=480, height=320, frames=96)
    path.write_bytes(variant(content, hashlib.sha256(repr(brief).encode()).hexdigest()))


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (640, 360), "teal").save(file, "PNG")
    return file.getvalue()


def values(schema: dict[str, Any]) -> list[Any]:
    """Return the ends and the middle of what a part of a schema allows."""
    if "enum" in schema:
        return list(schema["enum"])
    if schema.get("type") == "boolean":
        return [True, False]
    if schema.get("type") == "integer":
        least, most = schema.get("minimum", 0), schema.get("maximum", 100_000)
        return [least, (least + most) // 2, most]
    return ["plain words"] if schema.get("type") == "string" else []


def settings(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield settings of one value each, nested as the schema nests them."""
    for name, inner in schema["properties"].items():
        if name in ELSEWHERE:
            continue
        one_of = inner | next(iter(inner.get("anyOf", ())), {})
        if one_of.get("type") == "object":
            yield from ({name: one} for one in settings(one_of))
        else:
            yield from ({name: value} for value in values(one_of))


def shots() -> Iterator[tuple[Shot, bool | None]]:
    """Yield shots, and whether each is to be taken, None where either answer is right."""
    schema = json.loads(next(text for text in model_texts().values() if MODEL in text))
    for one in settings(schema["parameters"]):
        yield {"aspect": "16:9", "settings": {"resolution": "480p"} | one}, None
    for resolution, row in schema["sizes"].items():
        for aspect, (width, height) in row.items():
            yield {"aspect": aspect, "settings": {"resolution": resolution}}, True
            yield {"settings": {"width": width, "height": height}}, True
    yield from frames()
    wide = {"aspect": "16:9", "settings": {"resolution": "720p"}}
    for ours in ({"draft": True}, {"draft": False}, {"title": "T"}, {"notes": "N"}):
        yield wide | ours, True
    yield wide | {"vars": {"a": [1, {"b": True}]}, "prompt": "Number {{ a[0] }}."}, True
    yield wide | {"matrix": {"draft": [True, False], "seed": [1, 2]}}, True


def frames() -> Iterator[tuple[Shot, bool]]:
    small = {"aspect": "16:9", "settings": {"resolution": "480p"}}
    data = "data:image/png;base64," + b64encode(picture()).decode()
    for at in ("first", "last"):
        for image in ("assets/one.png", data, {"keyframe": "still"}, {"keyframe": "tolled"}):
            given = {at: image} if at == "first" else {"first": "assets/one.png", at: image}
            yield small | {"frames": given}, True
    for moment, good in MOMENTS.items():
        for mode in ("chain", "pin"):
            frame = {"shot": "source", "frame": moment, "mode": mode}
            yield small | {"frames": {"first": frame}}, good


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("engine")
    with served(folder, make=long) as one, environment(**one.environment()):
        yield one


def test_what_validate_takes_is_made_and_all_else_is_refused_there(
    tmp_path: Path, engine: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "one.png").write_bytes(picture())
    spec = tmp_path / "specs" / "all.yaml"

    def call(*argv: str) -> int:
        return run(["-C", str(tmp_path), *argv])

    def write(*made: Shot) -> None:
        scene = {
            "version": 1,
            "scene": "all",
            "settings": BASE,
            "keyframes": {"still": "assets/one.png", "tolled": {"shot": "source", "frame": 1}},
            "shots": [SOURCE, *made],
        }
        spec.write_text(json.dumps(scene))

    taken: list[Shot] = []
    for number, (shot, good) in enumerate(shots()):
        one = {"prompt": f"A tower, {number}."} | shot | {"id": f"s{number}"}
        write(one)
        code = call("validate")
        assert code in ((0, 2) if good is None else (0,) if good else (2,)), one
        if code == 0:
            taken.append(one)
    write(*taken)
    assert len(taken) > 100
    assert call("plan", "--provider", "runware") == 0
    assert call("render", "--provider", "runware", "--yes", "--max-cost", "500") == 0
    assert call("plan", "--provider", "runware", "--exit-code") == 0
    assert "Nothing to do" in capsys.readouterr().out
    lock = json.loads((tmp_path / "renderer.lock").read_text())
    recorded = [take for task in lock["tasks"].values() for take in task["takes"].values()]
    assert len(engine.store.billing.charged) == len(recorded)

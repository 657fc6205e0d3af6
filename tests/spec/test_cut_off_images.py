"""Half of an image: refused at its place before anything is asked for, and by the engine at once."""

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from renderer.catalog.whole import is_cut_off
from renderer.cli.main import run

KINDS = [("PNG", {}), ("JPEG", {}), ("JPEG", {"progressive": True}), ("WEBP", {"lossless": True})]
SCENE = """\
version: 1
scene: pier
aspect: "1:1"
settings: {model: bytedance:seedance@1.5-pro, resolution: 480p, duration: 4}
shots:
  - id: gulls
    prompt: Gulls over a pier.
    frames: {first: assets/gull.img}
"""


def image(kind: str, more: dict[str, Any], noise: Image.Image | None = None) -> bytes:
    file = io.BytesIO()
    noise = noise or Image.effect_noise((400, 400), 90).convert("RGB")
    thumb = io.BytesIO()
    noise.resize((32, 32)).save(thumb, "JPEG")
    if kind == "JPEG":  # a preview in a segment, with an end mark of its own
        more = {**more, "exif": b"Exif\0\0" + thumb.getvalue()}
    noise.save(file, kind, **more)
    return file.getvalue()


@pytest.mark.parametrize(("kind", "more"), KINDS)
def test_an_image_is_whole_or_cut_off(kind: str, more: dict[str, Any]) -> None:
    whole = image(kind, more)
    assert not is_cut_off(whole)
    assert not is_cut_off(whole + b"what a camera adds")
    for part in (2, 3, 4, 10):
        assert is_cut_off(whole[: len(whole) * (part - 1) // part])
    assert is_cut_off(whole[:-3])


@pytest.mark.parametrize(("kind", "more"), KINDS)
def test_half_a_file_is_refused_at_its_place(
    write: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    more: dict[str, Any],
) -> None:
    suffix = kind.lower()
    write("specs/pier.yaml", SCENE.replace("gull.img", f"gull.{suffix}"))
    whole = image(kind, more)
    write(f"assets/gull.{suffix}", whole[: len(whole) // 2])
    for command in ("validate", "plan", "render"):
        assert run(["-C", str(tmp_path), command]) == 2
        told = capsys.readouterr()
        assert f"specs/pier.yaml:8:21: assets/gull.{suffix} is truncated" in told.out + told.err
    write(f"assets/gull.{suffix}", whole)
    assert run(["-C", str(tmp_path), "validate"]) == 0


def test_only_what_has_begun_can_be_cut_off() -> None:
    assert not is_cut_off(b"")
    assert not is_cut_off(b"GIF89a")
    assert not is_cut_off(b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR")


WAYS = {
    "frames": "    frames: {first: IMAGE}\n",
    "keyframe": "    frames: {first: {keyframe: gull}}\n",
    "frameImages": "    settings: {inputs: {frameImages: [IMAGE]}}\n",
    "labelled": "    settings: {inputs: {frameImages: [{image: IMAGE, frame: last}]}}\n",
}
FORMS: dict[str, Callable[[str, str], str]] = {
    "data": lambda kind, text: f"data:image/{kind};base64,{text}",
    "wrapped": lambda kind, text: f"data:image/{kind};base64,{text[:70]} {text[70:]}",
    "bare": lambda _, text: text,
}


def small(kind: str, more: dict[str, Any]) -> bytes:
    """Return an image that a spec can hold."""
    return image(kind, more, Image.linear_gradient("L").resize((320, 320)).convert("RGB"))


def inline(way: str, kind: str, form: str, content: bytes) -> str:
    """Return a scene that holds its image itself."""
    text = json.dumps(FORMS[form](kind.lower(), base64.b64encode(content).decode()))
    shared = f"keyframes: {{gull: {text}}}\n" if way == "keyframe" else ""
    head, _, _ = SCENE.rpartition("    frames:")
    return f"{shared}{head}{WAYS[way].replace('IMAGE', text)}"


@pytest.mark.parametrize("image_kind", KINDS)
@pytest.mark.parametrize(
    "written",
    [
        ("frames", "data"),
        ("frames", "wrapped"),
        ("keyframe", "data"),
        ("frameImages", "data"),
        ("frameImages", "bare"),
        ("labelled", "data"),
    ],
)
def test_half_an_image_in_the_spec_itself_is_refused_at_its_place(
    write: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    image_kind: tuple[str, dict[str, Any]],
    written: tuple[str, str],
) -> None:
    kind, (way, form) = image_kind[0], written
    whole = small(*image_kind)
    write("specs/pier.yaml", inline(way, kind, form, whole[: len(whole) // 2]))
    assert run(["-C", str(tmp_path), "validate", "--format", "json"]) == 2
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    line = 9 if way == "keyframe" else 8
    assert (problem["file"], problem["line"]) == ("specs/pier.yaml", line)
    assert "truncated" in problem["message"]
    assert run(["-C", str(tmp_path), "render"]) == 2

    write("specs/pier.yaml", inline(way, kind, form, whole))
    assert run(["-C", str(tmp_path), "validate"]) == 0


def test_a_matrix_of_one_image_says_once_that_it_is_cut_off(
    write: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = small("PNG", {})
    text = inline("frames", "png", "data", whole[: len(whole) // 2])
    write("specs/pier.yaml", text + "    matrix: {seed: [1, 2, 3, 4]}\n")
    assert run(["-C", str(tmp_path), "validate", "--format", "json"]) == 2
    assert len(json.loads(capsys.readouterr().out)["problems"]) == 1


@pytest.mark.parametrize("form", ["data", "wrapped"])
def test_an_image_in_the_spec_itself_is_sent_whole(
    write: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    whole = small("PNG", {})
    write("specs/pier.yaml", inline("frames", "png", form, whole))
    assert run(["-C", str(tmp_path), "tasks", "--format", "requests"]) == 0
    (request,) = json.loads(capsys.readouterr().out)
    (sent,) = request["inputs"]["frameImages"]
    assert base64.b64decode(sent["image"].partition(",")[2], validate=True) == whole
    assert run(["-C", str(tmp_path), "render"]) == 0


@pytest.mark.parametrize("length", [12, 14, 16, 18, 20, 24, 33])
@pytest.mark.parametrize("image_kind", KINDS)
def test_an_image_in_the_spec_of_a_few_bytes_is_cut_off_too(
    write: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    image_kind: tuple[str, dict[str, Any]],
    length: int,
) -> None:
    whole = small(*image_kind)
    write("specs/pier.yaml", inline("frames", image_kind[0], "data", whole[:length]))

    for command in ("validate", "plan"):
        assert run(["-C", str(tmp_path), command, "--format", "json"]) == 2
        (problem,) = json.loads(capsys.readouterr().out)["problems"]
        assert (problem["file"], problem["line"]) == ("specs/pier.yaml", 8)

"""Half of an image: refused at its place before anything is asked for, and by the engine at once."""

import io
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


def image(kind: str, more: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    noise = Image.effect_noise((400, 400), 90).convert("RGB")
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
        assert f"specs/pier.yaml:8:21: assets/gull.{suffix} is cut off" in told.out + told.err
    write(f"assets/gull.{suffix}", whole)
    assert run(["-C", str(tmp_path), "validate"]) == 0


def test_only_what_has_begun_can_be_cut_off() -> None:
    assert not is_cut_off(b"")
    assert not is_cut_off(b"GIF89a")
    assert not is_cut_off(b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR")

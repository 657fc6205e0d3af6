"""Images in Git LFS: a pointer is the picture that it stands for, until the picture is sent."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from renderer.cli.main import run
from tests.harness.repo import Repo

Out = pytest.CaptureFixture[str]
SPEC = """\
version: 1
scene: a
aspect: "16:9"
settings: {model: "bytedance:seedance@1.5-pro", resolution: 480p, duration: 4}
shots:
  - id: pier
    prompt: A pier.
    frames: {first: assets/pier.png}
  - id: boat
    prompt: A boat.
"""


def picture(shade: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (864, 496), (shade, 80, 120)).save(file, "PNG")
    return file.getvalue()


OLD, NEW = picture(40), picture(90)


def pointer(content: bytes, *, end: str = "\n", size: int | None = None) -> bytes:
    sha = hashlib.sha256(content).hexdigest()
    rows = ("version https://git-lfs.github.com/spec/v1", f"oid sha256:{sha}")
    return (end.join((*rows, f"size {size or len(content)}")) + end).encode()


@pytest.fixture
def film(tmp_path: Path) -> Repo:
    """A project with an image, made and recorded while the image was here."""
    repo = Repo.start(tmp_path / "film")
    (repo.root / "specs").mkdir()
    (repo.root / "specs" / "a.yaml").write_text(SPEC)
    (repo.root / ".gitignore").write_text(".renderer/\n")
    put(repo, OLD)
    repo.render()
    return repo


def put(repo: Repo, content: bytes) -> None:
    (repo.root / "assets").mkdir(exist_ok=True)
    (repo.root / "assets" / "pier.png").write_bytes(content)


def call(repo: Repo, *argv: str) -> int:
    return run(["-C", str(repo.root), *argv])


def compared(repo: Repo, out: Out) -> dict[str, Any]:
    assert call(repo, "plan", "--base", "main", "--provider", "runware", "--format", "json") == 0
    found: dict[str, Any] = json.loads(out.readouterr().out)
    return found


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_everything_is_planned_and_checked_on_pointers(film: Repo, out: Out, end: str) -> None:
    put(film, pointer(OLD, end=end))

    assert call(film, "validate") == 0
    assert call(film, "lock", "check", "--provider", "runware") == 0
    assert call(film, "plan", "--provider", "runware") == 0
    assert "Nothing to do" in out.readouterr().out


@pytest.mark.parametrize("base", [OLD, pointer(OLD)], ids=["image", "pointer"])
@pytest.mark.parametrize("now", [OLD, pointer(OLD)], ids=["image", "pointer"])
def test_a_pointer_and_its_image_are_the_same_picture(
    film: Repo, out: Out, base: bytes, now: bytes
) -> None:
    put(film, base)
    film.commit()
    put(film, now)

    assert compared(film, out)["tasks"] == []


@pytest.mark.parametrize("base", [OLD, pointer(OLD)], ids=["image", "pointer"])
@pytest.mark.parametrize("now", [NEW, pointer(NEW)], ids=["image", "pointer"])
def test_a_replaced_image_is_a_change_of_its_shots_only(
    film: Repo, out: Out, base: bytes, now: bytes
) -> None:
    put(film, base)
    film.commit()
    put(film, now)

    found = compared(film, out)

    (one,) = found["tasks"]
    assert (one["address"], one["change"], one["takes"]) == ("a/pier", "changed", 1)
    assert [(r["field"], r["cause"]) for r in one["reasons"]] == [
        ("inputs.frameImages", "assets/pier.png")
    ]
    assert found["summary"]["branch"]["cost"]["low"] == "0.09743"


@pytest.mark.parametrize("argv", [(), ("--dry-run",), ("--only", "a/pier")])
def test_a_render_says_how_to_get_the_picture_and_sends_nothing(
    film: Repo, out: Out, argv: tuple[str, ...]
) -> None:
    put(film, pointer(NEW))

    assert call(film, "render", "--provider", "local", *argv) == 2

    told = out.readouterr().err
    assert "assets/pier.png is a Git LFS pointer" in told
    assert "git lfs pull" in told
    assert not (film.root / "renders").exists()
    put(film, NEW)  # what `git lfs pull` does
    assert call(film, "render", "--provider", "local", *argv) == 0


def test_what_needs_no_picture_is_rendered(film: Repo, out: Out) -> None:
    put(film, pointer(NEW))

    assert call(film, "render", "--provider", "local", "--only", "a/boat") == 0
    assert "a/boat#1" in out.readouterr().err


def test_a_pointer_to_more_than_is_taken_is_refused_at_its_place(film: Repo, out: Out) -> None:
    put(film, pointer(NEW, size=40_000_000))

    assert call(film, "validate") == 2
    assert "specs/a.yaml:8:" in out.readouterr().out


@pytest.mark.parametrize(
    "damaged",
    [
        pointer(OLD)[:80],
        pointer(OLD).replace(b"oid", b"ext-0-x sha256:0\noid"),
        pointer(OLD) + b"and more\n",
    ],
)
def test_a_pointer_that_says_something_else_is_no_picture(
    film: Repo, out: Out, damaged: bytes
) -> None:
    put(film, damaged)

    assert call(film, "plan") == 2
    assert "Git LFS" in out.readouterr().err

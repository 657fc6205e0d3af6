"""Frame images are held against the model's limits and the take's shape before anything is paid."""

import base64
import io
import json
from pathlib import Path

import pytest
from PIL import Image

from renderer.cli.main import run
from tests.conftest import Write

PROJECT = """\
version: 1
aspect: "16:9"
settings: {model: "bytedance:seedance@1.5-pro", resolution: 480p, duration: 4}
"""
SCENE = """\
version: 1
scene: a
shots:
  - id: icon
    prompt: A small boat.
    frames: {first: %s}
"""
Out = pytest.CaptureFixture[str]


def picture(width: int, height: int, form: str = "PNG", turned: int = 1) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = turned
    Image.new("RGB", (width, height), (40, 80, 120)).save(out, form, exif=exif)
    return out.getvalue()


def found(root: Path, capsys: Out) -> tuple[int, list[str], list[str]]:
    """Validate; return the exit code, and the lines and columns of problems and of warnings."""
    code = run(["-C", str(root), "validate", "--format", "json"])
    data = json.loads(capsys.readouterr().out)
    rows = (
        [f"{one['line']}:{one['col']}" for one in data[kind]] for kind in ("problems", "warnings")
    )
    problems, warnings = rows
    return code, problems, warnings


def lay(write: Write, image: bytes, name: str = "assets/icon.png") -> None:
    write("renderer.yaml", PROJECT)
    write("specs/a.yaml", SCENE % name)
    write(name, image)


WRONG = {
    "too small": picture(10, 10),
    "one side too small": picture(299, 400),
    "too large": picture(6001, 4000),
    "too wide": picture(1000, 399),
    "too narrow": picture(399, 1000),
    "too many bytes": picture(1280, 720) + b"\0" * 10_000_001,
}


@pytest.mark.parametrize("name", WRONG)
def test_an_image_over_a_limit_is_refused_at_its_place(
    name: str, tmp_path: Path, write: Write, capsys: Out
) -> None:
    lay(write, WRONG[name])
    assert found(tmp_path, capsys) == (2, ["6:21"], [])


@pytest.mark.parametrize(
    ("own", "place"),
    [
        ("frames: {first: URI}", "6:21"),
        ("settings: {inputs: {frameImages: [URI]}}", "6:38"),
        ("settings: {inputs: {frameImages: [{image: URI, frame: last}]}}", "6:38"),
    ],
)
def test_a_data_uri_has_the_same_limits(
    own: str, place: str, tmp_path: Path, write: Write, capsys: Out
) -> None:
    uri = "data:image/png;base64," + base64.b64encode(picture(10, 10)).decode()
    lay(write, b"", "assets/unused.png")
    scene = SCENE.replace("frames: {first: %s}", own.replace("URI", f'"{uri}"'))
    write("specs/a.yaml", scene)
    assert found(tmp_path, capsys) == (2, [place], [])


@pytest.mark.parametrize("size", [(300, 300), (6000, 2400), (2400, 6000), (1280, 720)])
def test_an_image_at_a_limit_is_taken(
    size: tuple[int, int], tmp_path: Path, write: Write, capsys: Out
) -> None:
    lay(write, picture(*size))
    assert found(tmp_path, capsys)[:2] == (0, [])


@pytest.mark.parametrize(
    ("image", "places"),
    [
        (picture(1280, 720), []),
        (picture(864, 496), []),
        (picture(720, 1280), ["6:21"]),
        (picture(1200, 900), ["6:21"]),
        (picture(720, 1280, "JPEG"), ["6:21"]),
        (picture(720, 1280, "JPEG", turned=6), []),
        (picture(1280, 720, "JPEG", turned=8), ["6:21"]),
    ],
)
def test_an_image_of_another_shape_than_the_take_is_a_warning(
    image: bytes, places: list[str], tmp_path: Path, write: Write, capsys: Out
) -> None:
    lay(write, image, "assets/icon.jpg" if image[:1] == b"\xff" else "assets/icon.png")
    assert found(tmp_path, capsys) == (0, [], places)


def test_both_shapes_are_named_in_every_format_and_before_a_plan(
    tmp_path: Path, write: Write, capsys: Out
) -> None:
    lay(write, picture(720, 1280))
    for argv, at in ((["validate"], 0), (["validate", "--format", "github"], 0), (["plan"], 1)):
        assert run(["-C", str(tmp_path), *argv]) == 0
        said = capsys.readouterr()[at]
        assert "9:16" in said
        assert "16:9" in said
        assert "warning" in said


def test_a_plan_that_recalls_a_scene_recalls_its_warnings(
    tmp_path: Path, write: Write, capsys: Out
) -> None:
    lay(write, picture(720, 1280))
    said = []
    for _ in range(2):
        assert run(["-C", str(tmp_path), "plan"]) == 0
        said.append(capsys.readouterr())
    assert said[0] == said[1]


def test_first_and_last_frames_of_two_shapes_are_a_warning(
    tmp_path: Path, write: Write, capsys: Out
) -> None:
    lay(write, picture(1280, 720))
    write("assets/last.png", picture(720, 1280))
    write("renderer.yaml", PROJECT.replace('aspect: "16:9"\n', ""))
    write("specs/a.yaml", (SCENE % "assets/icon.png").replace("}", ", last: assets/last.png}"))
    assert found(tmp_path, capsys) == (0, [], ["6:44"])


def test_a_header_that_begins_far_inside_the_file_is_found(
    tmp_path: Path, write: Write, capsys: Out
) -> None:
    out = io.BytesIO()
    Image.new("RGB", (10, 10)).save(out, "JPEG", icc_profile=b"x" * 200_000)
    lay(write, out.getvalue(), "assets/icon.jpg")
    assert found(tmp_path, capsys)[:2] == (2, ["6:21"])

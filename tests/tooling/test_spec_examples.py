"""Every example of docs/specs.md is a scene, or a part of one, that validates without a word."""

import json
import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from renderer.cli.main import run
from tests.harness.boards import MODEL
from tests.tooling.pretend import REPOSITORY

Write = Callable[..., Path]
Out = pytest.CaptureFixture[str]
PAGE = (REPOSITORY / "docs" / "specs.md").read_text()
# Each example as it is on the page, with the title of the section that it is in.
EXAMPLES = [
    (section.partition("\n")[0], block)
    for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
    for block in re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
]
HEAD = f"""\
version: 1
scene: ad
aspect: "16:9"
settings: {{model: "{MODEL}", resolution: 480p, duration: 5}}
"""
LEFT_OUT = 'aspect: "16:9"\n'  # where the example has an axis of it


def spoken(block: str) -> str:
    """Return a scene whose shot has these lines."""
    shot = "shots:\n  - id: pier\n    matrix: {locale: [en, de]}\n    prompt: '{{ lines }}'\n"
    return HEAD + shot + textwrap.indent(block, "    ")


def weathered(block: str) -> str:
    """Return a scene that has this matrix."""
    prompt = "'{{ weather }}{% if gutters is defined %}, {{ gutters }} gutters{% endif %}'"
    return f"{HEAD}{block}shots: [{{id: street, prompt: {prompt}}}]\n"


def whole(block: str) -> str:
    return HEAD + block


def formats(block: str) -> str:
    """Return a scene with formats of its own."""
    return HEAD.replace(LEFT_OUT, "") + block


def delivered(_: str) -> str:
    """Return a scene for these films."""
    matrix = 'matrix: {locale: [en, de], aspect: ["16:9", "9:16"]}\n'
    return f"{HEAD.replace(LEFT_OUT, '')}{matrix}shots: [{{id: door, prompt: A door.}}]\n"


SCENES: dict[tuple[str, int], Callable[[str], str]] = {
    ("Shots from data", 0): whole,
    ("The matrix", 0): weathered,
    ("Deliverables", 0): delivered,
    ("Deliverables", 1): formats,
    ("Shots that continue from each other", 0): whole,
    ("Lines", 0): spoken,
}


def numbered() -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for title, block in EXAMPLES:
        at = sum(1 for known, _ in found if known == title)
        found[title, at] = block
    return found


@pytest.fixture
def lay(write: Write, tmp_path: Path) -> Callable[[tuple[str, int]], Path]:
    """Return a function that makes a project of an example."""

    def put(name: tuple[str, int]) -> Path:
        block = numbered()[name]
        write("specs/ad.yaml", SCENES[name](block))
        if "shots:" not in block and "deliver:" in block:
            write("renderer.yaml", f"version: 1\n{block}")
        write("data/products.csv", "sku,name,price,seconds\na17,Lamp,4 EUR,5\nb2,Chair,9 EUR,6\n")
        (tmp_path / "assets").mkdir()
        for image in ("a17", "b2", "dusk"):
            Image.new("RGB", (864, 496)).save(tmp_path / "assets" / f"{image}.png")
        return tmp_path

    return put


def test_each_example_is_tried() -> None:
    assert numbered().keys() == SCENES.keys()


@pytest.mark.parametrize("name", SCENES, ids=str)
def test_an_example_is_valid_and_warns_of_nothing(
    lay: Callable[[tuple[str, int]], Path], capsys: Out, name: tuple[str, int]
) -> None:
    root = lay(name)
    assert run(["-C", str(root), "validate", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["problems"] == found["warnings"] == []


def test_the_tasks_and_pictures_of_the_example_are_as_it_says(
    lay: Callable[[tuple[str, int]], Path], capsys: Out
) -> None:
    name = ("Deliverables", 1)
    root = lay(name)
    said = dict(re.findall(r"id: (\w+) +# (\d+ tasks, \d+ pictures)", numbered()[name]))
    assert said.keys() == {"door", "toast"}
    for shot, counts in said.items():
        assert run(["-C", str(root), "plan", "--only", shot, "--format", "json"]) == 0
        found = json.loads(capsys.readouterr().out)
        pictures = found["summary"]["pictures"]
        assert counts == f"{len(found['tasks'])} tasks, {pictures} pictures"


def test_a_film_whose_value_has_a_comma_is_named_as_the_page_says(
    write: Write, tmp_path: Path
) -> None:
    (named,) = re.findall(r"`'(locale=\"[^`]+)'`", PAGE)
    scene = delivered("").replace("[en, de]", '[en, "de, formal"]')
    write("specs/ad.yaml", scene.replace("A door.", "'\"{{ locale }}\"'"))
    assert run(["-C", str(tmp_path), "plan", "--deliverable", named]) == 0

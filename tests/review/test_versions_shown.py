"""A shot's takes as one stack of versions, the same wherever they are listed."""

import json
from pathlib import Path
from typing import Any

import pytest

from renderer import Project
from renderer.catalog.catalog import Catalog
from renderer.cli.main import run
from tests.review.conftest import Look, Studio, ready

DRAFT = """\
version: 1
scene: harbour
aspect: "16:9"
settings:
  model: bytedance:seedance@1.5-pro
  resolution: 480p
  duration: 4
  seed: 7
  numberResults: 2
  providerSettings: {bytedance: {audio: false}}
shots:
  - id: crane
    title: The crane turns
    prompt: A crane turns over the water.
    draft: true
"""
FINAL = DRAFT.replace("    draft: true\n", "")
LARGE = FINAL.replace("480p", "720p")
OTHER = LARGE.replace("the water", "the ice")
STACK = [(4, "final"), (1, "draft"), (2, "draft"), (3, "other size")]


@pytest.fixture(scope="module")
def promoted(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> Studio:
    """Return a shot of two drafts, of which one became a final of two sizes."""
    made = Studio(root=tmp_path_factory.mktemp("crane"), catalog=catalog)
    (made.root / "renderer.yaml").write_text("version: 1\n")
    for spec in (DRAFT, FINAL, LARGE):
        made.spec(spec)
        assert run(["-C", str(made.root), "render", "--yes"]) == 0
        if spec is DRAFT:
            made.pick("harbour/crane#2", why="slow")
    return made


def document(root: Path, capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert run(["-C", str(root), *words, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_takes_show_and_python_list_one_stack(
    promoted: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    found = document(promoted.root, capsys, "takes", "harbour/crane")
    (shot,) = found["shots"]
    rows = shot["takes"]
    assert [(row["number"], row["kind"]) for row in rows] == STACK
    assert [row["version"] for row in rows] == [1, 2, 3, 4]
    assert [row["current"] for row in rows] == [True, True, True, False]
    assert [row["picked"] for row in rows] == [1, None, None, None]

    shown = document(promoted.root, capsys, "show", "harbour/crane")
    assert [row["take"] for row in shown["versions"]] == [row["name"] for row in rows]
    assert [row["number"] for row in shown["made"]] == [4]

    takes = Project.open(promoted.root).takes("harbour/crane")
    assert [(take.number, take.kind, take.version) for take in takes] == [
        (number, kind, place) for place, (number, kind) in enumerate(STACK, start=1)
    ]
    assert run(["-C", str(promoted.root), "takes", "harbour/crane"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if "#" in line]
    assert [line[-1] for line in lines[-4:]] == ["final", "draft", "draft", "480p"]


def test_the_page_shows_the_same_stack_with_what_each_is(promoted: Studio, look: Look) -> None:
    window = look(promoted.page())
    page = ready(window)

    tiles = page.locator("#shot-1 .take")
    assert [tiles.nth(at).get_attribute("data-kind") for at in range(4)] == [
        kind for _, kind in STACK
    ]
    assert page.locator("#shot-1 .kind").all_inner_texts() == ["final", "draft", "draft", "480p"]
    assert page.locator("#shot-1 .take[data-picked=yes]").get_attribute("data-name").endswith("#4")
    assert tiles.nth(3).get_by_role("button", name="Pick").count() == 0
    tiles.nth(0).locator(".frame").click()
    thumbs = page.locator("#viewer .thumb")
    labels = [thumbs.nth(at).get_attribute("aria-label") for at in range(4)]
    assert labels == ["Take 4 final", "Take 1 draft", "Take 2 draft", "Take 3 480p"]
    assert "480p" not in page.locator("#viewer figcaption").inner_text()
    page.keyboard.press("3")
    assert "480p" in page.locator("#viewer figcaption").inner_text()
    assert page.locator("#viewer .act.strong").is_disabled()
    assert window.wrong == []


def test_going_back_puts_the_former_size_on_top_and_a_new_prompt_leaves_nothing_valid(
    promoted: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    def kinds() -> list[tuple[int, str]]:
        found = document(promoted.root, capsys, "takes", "harbour/crane")
        (shot,) = found["shots"]
        return [(row["number"], row["kind"]) for row in shot["takes"]]

    promoted.spec(FINAL)
    assert kinds() == [(3, "final"), (1, "draft"), (2, "draft"), (4, "other size")]
    promoted.spec(OTHER)
    assert kinds() == [(number, "older picture") for number in (4, 3, 2, 1)]
    promoted.spec(LARGE)
    assert kinds() == STACK

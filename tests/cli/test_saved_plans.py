"""Saved plans are carried out exactly or refused; plans as comments obey no prompt."""

import json
import re
from pathlib import Path

import pytest

from renderer.cli.main import run
from renderer.plan.markdown import MARKER, Section, markdown

Out = pytest.CaptureFixture[str]


def call(project: Path, *argv: str) -> int:
    return run(["-C", str(project), *argv])


def test_a_saved_plan_is_carried_out(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"

    assert call(project, "plan", "--only", "harbour/lamp", "--out", str(file)) == 0
    assert call(project, "render", "--only", "harbour/lamp", "--plan", str(file)) == 0
    assert (project / "renders" / "harbour" / "lamp.take1.mp4").is_file()


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (("specs/harbour.yaml", "A ferry", "A tug"), "harbour/quay: fingerprint"),
        (("specs/harbour.yaml", "duration: 4", "duration: 5"), r"cost \$0.0"),
        (("specs/harbour.yaml", "seed: 7\n", "seed: 7\n  numberResults: 2\n"), "takes 1 → 2"),
        (("specs/harbour.yaml", "- id: quay", "- id: pier"), "harbour/pier .* is not in the plan"),
    ],
)
def test_a_saved_plan_is_refused_when_anything_moved(
    project: Path, tmp_path: Path, edit: tuple[str, str, str], said: str, capsys: Out
) -> None:
    file = tmp_path / "plan.json"
    assert call(project, "plan", "--provider", "runware", "--out", str(file)) == 0
    name, old, new = edit
    (project / name).write_text((project / name).read_text().replace(old, new))

    assert call(project, "render", "--provider", "runware", "--plan", str(file)) == 4
    told = capsys.readouterr().err
    assert "the saved plan is stale" in told
    assert re.search(said, told)


def test_a_price_edited_by_hand_is_refused(project: Path, tmp_path: Path, capsys: Out) -> None:
    file = tmp_path / "plan.json"
    assert call(project, "plan", "--provider", "runware", "--out", str(file)) == 0
    file.write_text(file.read_text().replace("0.09743", "0.00001"))

    assert call(project, "render", "--provider", "runware", "--plan", str(file)) == 4
    assert "cost $0.00001 → $0.09743" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"tasks": 1}', "[" * 9000, "\0"])
def test_what_is_no_plan_is_answered(
    project: Path, tmp_path: Path, text: str, capsys: Out
) -> None:
    file = tmp_path / "plan.json"
    file.write_text(text)

    assert call(project, "render", "--plan", str(file)) in (2, 4)
    assert "no plan" in capsys.readouterr().err


def test_a_plan_as_a_comment_has_its_totals_first_and_each_scene_to_unfold(
    project: Path, capsys: Out
) -> None:
    assert call(project, "plan", "--provider", "runware", "--format", "markdown") == 0
    comment = capsys.readouterr().out

    assert comment.startswith(MARKER)
    assert "**Plan**: `2 to create.`" in comment
    assert "**Cost**: `$0.14614 for 2 takes (runware)`" in comment
    assert comment.count("<details") == comment.count("</details>") == 1
    assert "+ quay  create  1 take" in comment


@pytest.mark.parametrize(
    "hostile",
    [
        "``` ````\n</details> @everyone ![x](https://evil.example/p.png)",
        "<!-- renderer-plan --> <img src=x onerror=alert(1)>",
        "`````````` # heading",
    ],
)
def test_nothing_in_a_prompt_is_obeyed_by_a_comment(hostile: str) -> None:
    text = markdown("t", [("Plan", hostile)], [Section(name="a", note="b", text=hostile)])

    opened = re.search(r"\n(`{3,})text\n", text)
    assert opened
    inside = text.partition(opened.group(0))[2].partition(f"\n{opened.group(1)}\n")[0]
    assert inside == hostile
    outside = text.replace(inside, "").replace(f"{MARKER}\n", "", 1)
    spans = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", outside)
    assert "@everyone" not in spans
    assert "<img" not in spans
    assert "![" not in spans


def test_a_comment_that_grows_too_long_is_cut_at_a_scene_and_says_so() -> None:
    sections = [Section(name=f"scene-{at}", note="", text="x" * 5000) for at in range(40)]

    text = markdown("t", [("Plan", "p")], sections)

    assert len(text) <= 60_000
    assert "29 scenes are not shown here, for length" in text
    assert text.count("<details") == text.count("</details>")


def test_a_saved_plan_says_which_lockfile_it_was_made_from(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    call(project, "plan", "--out", str(file))

    assert json.loads(file.read_text())["lock"] == ""

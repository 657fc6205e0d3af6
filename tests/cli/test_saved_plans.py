"""Saved plans are carried out exactly or refused; plans as comments obey no prompt."""

import json
import re
from pathlib import Path

import pytest

from renderer.cli.main import run
from renderer.plan.output.markdown import MARKER, ListEntry, Section, markdown

Out = pytest.CaptureFixture[str]


def call(project: Path, *argv: str) -> int:
    return run(["-C", str(project), *argv])


def test_a_saved_plan_is_carried_out(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"

    assert call(project, "plan", "--only", "harbour/lamp", "--out", str(file)) == 0
    assert call(project, "render", "--only", "harbour/lamp", "--plan", str(file)) == 0
    assert (project / "renders" / "harbour" / "lamp.take1.mp4").is_file()


@pytest.mark.parametrize("only", [("harbour/lamp",), ("harbour/l*", "harbour/lamp"), ()])
def test_a_saved_plan_knows_its_provider_and_its_selection(
    project: Path, tmp_path: Path, only: tuple[str, ...]
) -> None:
    file = tmp_path / "plan.json"
    (project / "renderer.yaml").write_text("version: 1\nprovider: runware\n")
    named = [word for one in only for word in ("--only", one)]

    assert call(project, "plan", "--provider", "local", *named, "--out", str(file)) == 0
    assert call(project, "render", "--plan", str(file)) == 0

    made = {path.name for path in (project / "renders" / "harbour").glob("*.mp4")}
    assert made == {"lamp.take1.mp4"} | (set() if only else {"quay.take1.mp4"})


def older(file: Path) -> None:
    """Make a plan file what the program wrote before it kept selection and delivery."""
    plan = json.loads(file.read_text())
    tasks = [{key: task[key] for key in task if key != "delivery"} for task in plan["tasks"]]
    del plan["only"]
    file.write_text(json.dumps({**plan, "version": 1, "tasks": tasks}))


def test_an_older_plan_is_still_carried_out(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    assert call(project, "plan", "--only", "harbour/lamp", "--out", str(file)) == 0
    older(file)

    assert call(project, "render", "--only", "harbour/lamp", "--plan", str(file)) == 0


def test_an_older_plan_vouches_for_no_address(project: Path, tmp_path: Path, capsys: Out) -> None:
    spec = project / "specs" / "harbour.yaml"
    spec.write_text(
        spec.read_text().replace(
            "  seed: 7\n", "  seed: 7\n  webhookURL: https://a.example/{take}\n"
        )
    )
    file = tmp_path / "plan.json"
    assert call(project, "plan", "--out", str(file)) == 0
    older(file)

    assert call(project, "render", "--plan", str(file)) == 4
    assert "webhookURL (none) → (an address at a.example)" in capsys.readouterr().err


def test_a_plan_of_a_newer_program_is_refused_by_name(
    project: Path, tmp_path: Path, capsys: Out
) -> None:
    file = tmp_path / "plan.json"
    assert call(project, "plan", "--out", str(file)) == 0
    file.write_text(json.dumps({**json.loads(file.read_text()), "version": 3}))

    assert call(project, "render", "--plan", str(file)) == 4
    assert "it has version 3, this program 2" in capsys.readouterr().err


def test_a_provider_that_a_plan_file_makes_up_is_refused(
    project: Path, tmp_path: Path, capsys: Out
) -> None:
    file = tmp_path / "plan.json"
    assert call(project, "plan", "--out", str(file)) == 0
    file.write_text(json.dumps({**json.loads(file.read_text()), "provider": "evil\x1b"}))

    assert call(project, "render", "--plan", str(file)) == 2
    assert "evil^[" in capsys.readouterr().err


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
    assert "not a saved plan" in capsys.readouterr().err


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
    text = markdown(
        "t",
        [("Plan", hostile)],
        [Section(name="a", entries=[ListEntry(text=lambda: hostile, brief="")])],
    )

    opened = re.search(r"\n(`{3,})text\n", text)
    assert opened
    inside = text.partition(opened.group(0))[2].partition(f"\n{opened.group(1)}\n")[0]
    assert inside == hostile
    outside = text.replace(inside, "").replace(f"{MARKER}\n", "", 1)
    spans = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", outside)
    assert "@everyone" not in spans
    assert "<img" not in spans
    assert "![" not in spans


def long_section(name: str, shots: int, words: int = 500) -> Section:
    return Section(name=name, entries=[long_entry(at, words) for at in range(shots)])


def long_entry(at: int, words: int) -> ListEntry:
    return ListEntry(text=lambda: f"  ~ s{at}\n{'x' * words}", brief=f"  ~ s{at}")


def test_a_prompt_of_backticks_still_fits() -> None:
    entries = [ListEntry(text=lambda: "`" * 29_000, brief="  ~ s")] * 3

    assert len(markdown("t", [], [Section(name="n", entries=entries)])) <= 60_000


@pytest.mark.parametrize(
    ("scenes", "shots"),
    [(1, 1), (1, 40), (1, 400), (1, 20_000), (2, 3), (2, 400), (7, 40), (7, 400), (60, 40)],
)
def test_a_long_comment_shows_part_of_every_scene_and_counts_the_rest(
    scenes: int, shots: int
) -> None:
    text = markdown("t", [("Plan", "p")], [long_section(f"n{at}", shots) for at in range(scenes)])

    assert len(text) <= 60_000
    assert text.count("<details") == text.count("</details>") == scenes
    for part in text.split("<details")[1:]:
        shown = part.count("  ~ s")
        assert shown
        assert f"</b> {shots} task" in part
        assert shown == shots or f"… and {shots - shown} more" in part


def test_a_small_scene_is_whole_beside_a_large_one() -> None:
    text = markdown("t", [], [long_section("large", 4000), long_section("small", 3)])

    assert len(text) > 55_000
    assert text.partition("<b>small</b>")[2].count("x" * 500) == 3


def test_more_scenes_than_a_comment_holds_are_counted() -> None:
    text = markdown("t", [("Plan", "p")], [long_section(f"n{at}", 9) for at in range(1000)])

    assert len(text) <= 60_000
    shown = text.count("<details")
    assert shown > 100
    assert f"{1000 - shown} scenes are not shown here" in text


def test_a_saved_plan_says_which_lockfile_it_was_made_from(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    call(project, "plan", "--out", str(file))

    assert json.loads(file.read_text())["lock"] == ""


@pytest.mark.parametrize(
    "name", ["renderer.lock", "picks.yaml", "specs/harbour.yaml", "other.json", "specs", "gone/p"]
)
def test_a_plan_is_saved_over_a_plan_only(project: Path, capsys: Out, name: str) -> None:
    (project / "renderer.lock").write_text('{"version": 1, "lineage": "a", "tasks": {}}\n')
    (project / "picks.yaml").write_text("version: 1\npicks: {}\n")
    (project / "other.json").write_text('{"tasks": []}')
    path = project / name
    before = path.read_bytes() if path.is_file() else None
    capsys.readouterr()

    assert call(project, "plan", "--out", str(path)) == 2
    assert capsys.readouterr().out == ""  # what is refused plans nothing
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_saved_plan_may_be_saved_anew(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    assert call(project, "plan", "--out", str(file)) == 0
    assert call(project, "plan", "--out", str(file)) == 0

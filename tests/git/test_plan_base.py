"""The plan against a revision: what a branch changes, through what, and what it costs."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from renderer.cli.main import run
from tests.conftest import CAST, LAMP, SCENE
from tests.harness.repo import Repo

Out = pytest.CaptureFixture[str]
SPEC = "specs/harbour.yaml"


@pytest.fixture
def film(tmp_path: Path) -> Repo:
    """The small project of the other tests, rendered and committed on main."""
    repo = Repo.start(tmp_path / "small")
    for name, text in {
        SPEC: SCENE,
        "templates/lamp.j2": LAMP,
        "templates/cast.j2": CAST,
        ".gitignore": ".renderer/\n",
    }.items():
        (repo.root / name).parent.mkdir(exist_ok=True)
        (repo.root / name).write_text(text)
    repo.render()
    repo.commit()
    return repo


def edit(repo: Repo, old: str, new: str, name: str = SPEC) -> None:
    path = repo.project / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def call(repo: Repo, *argv: str) -> int:
    return run(["-C", str(repo.project), *argv])


def compared(repo: Repo, out: Out, *argv: str, base: str = "main") -> dict[str, Any]:
    wanted = ("plan", "--base", base, "--provider", "runware", "--format", "json", *argv)
    assert call(repo, *wanted) == 0
    found: dict[str, Any] = json.loads(out.readouterr().out)
    return found


def by_address(found: dict[str, Any]) -> dict[str, Any]:
    return {one["address"]: one for one in found["tasks"]}


def test_nothing_changed_is_no_difference(film: Repo, out: Out) -> None:
    found = compared(film, out)

    assert found["tasks"] == []
    assert found["summary"]["same"] == 2
    assert found["summary"]["difference"]["low"] == "0.00000"
    assert call(film, "plan", "--base", "main", "--exit-code") == 0


def test_recasting_a_character_lists_the_shots_that_use_it_via_its_macro(
    film: Repo, out: Out
) -> None:
    edit(film, "yellow coat", "red coat", "templates/cast.j2")

    (one,) = compared(film, out)["tasks"]

    assert (one["address"], one["change"]) == ("harbour/lamp", "changed")
    (reason,) = one["reasons"]
    assert reason["field"] == "positivePrompt"
    assert reason["cause"] == "templates/cast.j2:keeper"
    assert reason["old"].endswith("The keeper in a yellow coat lights a lamp.")
    assert reason["new"].endswith("The keeper in a red coat lights a lamp.")


def test_touching_a_macro_that_nobody_uses_lists_nothing(film: Repo, out: Out) -> None:
    path = film.project / "templates" / "cast.j2"
    path.write_text(path.read_text() + "{% macro sailor() %}A sailor{% endmacro %}\n")

    assert compared(film, out)["tasks"] == []


def test_added_changed_moved_and_removed_are_told_apart(film: Repo, out: Out) -> None:
    edit(film, "- id: lamp", "- id: light")
    edit(film, "shots:\n", "shots:\n  - id: crane\n    prompt: A crane turns.\n")
    edit(film, "duration: 4", "duration: 4\n  outputQuality: 90")
    found = by_address(compared(film, out))
    assert found["harbour/crane"]["change"] == "added"
    assert found["harbour/quay"]["change"] == "changed"
    assert [r["field"] for r in found["harbour/quay"]["reasons"]] == ["outputQuality"]
    assert found["harbour/light"]["change"] == "added"
    assert found["harbour/lamp"]["change"] == "removed"

    edit(film, "\n  outputQuality: 90", "")
    found = by_address(compared(film, out))
    assert found["harbour/light"]["change"] == "moved"
    assert found["harbour/light"]["moved_from"] == "harbour/lamp"
    assert found["harbour/light"]["takes"] == 0


def test_the_price_difference_is_right_to_the_fifth_decimal(film: Repo, out: Out) -> None:
    before = Decimal(compared(film, out)["summary"]["after"]["low"])
    edit(film, "duration: 4", "duration: 8")

    summary = compared(film, out)["summary"]

    assert Decimal(summary["before"]["low"]) == before
    assert Decimal(summary["difference"]["low"]) == Decimal(summary["after"]["low"]) - before
    assert summary["difference"]["low"] == "0.14463"  # 193 frames instead of 97, twice
    call(film, "plan", "--provider", "runware", "--format", "json")
    plan = json.loads(out.readouterr().out)
    assert summary["cost"] == plan["summary"]["cost"]
    assert summary["takes"] == plan["summary"]["takes"] == 2


def test_more_wanted_takes_are_a_change_of_price_only(film: Repo, out: Out) -> None:
    edit(film, "duration: 4", "duration: 4\n  numberResults: 3")

    found = compared(film, out)

    assert {
        (r["field"], r["old"], r["new"]) for one in found["tasks"] for r in one["reasons"]
    } == {("numberResults", 1, 3)}
    assert {one["takes"] for one in found["tasks"]} == {2}
    assert found["summary"]["difference"]["low"] == "0.29228"
    assert found["summary"]["cost"]["low"] == "0.29228"


def test_what_the_branch_rendered_already_costs_nothing_more(film: Repo, out: Out) -> None:
    film.branch("work")
    edit(film, "A ferry", "A tug")
    film.render("work")
    film.commit()

    found = compared(film, out)

    assert [one["change"] for one in found["tasks"]] == ["changed"]
    assert found["summary"]["takes"] == 0
    call(film, "plan", "--base", "main", "--provider", "runware")
    told = out.readouterr().out
    assert "made already" in told
    assert "[-ferry-]{+tug+}" in told


def test_only_narrows_both_sides(film: Repo, out: Out) -> None:
    edit(film, "duration: 4", "duration: 5")

    found = compared(film, out, "--only", "harbour/quay")

    assert [one["address"] for one in found["tasks"]] == ["harbour/quay"]
    assert found["summary"]["before"]["low"] == "0.09743"


def test_an_image_that_changed_is_named(film: Repo, out: Out) -> None:
    from tests.tooling.pretend import REPOSITORY  # the example's images are real ones

    images = sorted((REPOSITORY / "assets").rglob("*.jpg"))
    (film.project / "assets").mkdir()
    (film.project / "assets" / "a.jpg").write_bytes(images[0].read_bytes())
    edit(film, "  - id: quay\n", "  - id: quay\n    frames: {first: assets/a.jpg}\n")
    film.commit()
    call(film, "plan", "--provider", "runware")
    (film.project / "assets" / "a.jpg").write_bytes(images[1].read_bytes())
    out.readouterr()

    (one,) = compared(film, out)["tasks"]

    assert [(r["field"], r["cause"]) for r in one["reasons"]] == [
        ("inputs.frameImages", "assets/a.jpg")
    ]


def test_a_base_without_a_project_makes_everything_new(film: Repo, out: Out) -> None:
    film.git("checkout", "-q", "--orphan", "empty")
    film.git("rm", "-rq", "--cached", ".")
    film.git("commit", "-q", "--allow-empty", "-m", "empty")
    film.git("checkout", "-qf", "main")

    found = compared(film, out, base="empty")

    assert {one["change"] for one in found["tasks"]} == {"added"}
    call(film, "plan", "--base", "empty")
    assert "which has no project yet" in out.readouterr().out


def test_specs_that_are_not_sound_at_the_base_are_told_with_their_place(
    film: Repo, out: Out
) -> None:
    edit(film, "duration: 4", "duration: 3")
    film.commit()
    edit(film, "duration: 3", "duration: 4")

    assert call(film, "plan", "--base", "HEAD") == 2

    told = out.readouterr().err
    assert "the specs at HEAD have errors" in told
    assert "HEAD:specs/harbour.yaml:9:13: " in told


def test_a_comment_says_the_same_and_obeys_no_prompt(film: Repo, out: Out) -> None:
    hostile = "```\\n</details> @everyone ![x](https://evil.example/x.png) <!-- renderer-plan -->"
    edit(film, "A ferry", hostile)

    assert call(film, "plan", "--base", "main", "--format", "markdown") == 0

    comment = out.readouterr().out
    assert comment.startswith("<!-- renderer-plan -->\n")
    assert "**Branch**: `1 changed, 1 unchanged`" in comment
    inside = comment.partition("````text\n")[2].partition("\n````\n")[0]
    assert "@everyone" in inside
    assert "@everyone" not in comment.replace(inside, "")


def test_a_comparison_makes_no_scene_of_the_base_look_like_one_of_now(
    film: Repo, out: Out
) -> None:
    edit(film, "A ferry", "A tug")
    for _ in range(2):
        found = compared(film, out)
        assert [one["address"] for one in found["tasks"]] == ["harbour/quay"]
    call(film, "tasks", "--format", "requests")
    assert "A tug" in out.readouterr().out


def test_a_revision_that_is_not_there_is_answered(film: Repo, out: Out) -> None:
    assert call(film, "plan", "--base", "mian") == 2
    assert "did you mean 'main'?" in out.readouterr().err


def test_what_goes_on_from_a_changed_shot_is_a_change_and_so_it_is_in_the_plan(
    film: Repo, out: Out
) -> None:
    edit(film, "  - id: lamp\n", "  - id: lamp\n    frames: {first: {shot: quay}}\n")
    film.render()
    film.commit()
    edit(film, "A ferry", "A tug")

    found = compared(film, out)

    tasks = by_address(found)
    assert list(tasks) == ["harbour/quay", "harbour/lamp"]
    assert tasks["harbour/lamp"]["reasons"] == [
        {
            "field": "frames.first",
            "old": "last frame of harbour/quay",
            "new": "last frame of harbour/quay, made anew",
            "cause": "harbour/quay",
        }
    ]
    assert call(film, "plan", "--format", "json") == 0
    planned = json.loads(out.readouterr().out)
    assert [one["address"] for one in planned["tasks"] if one["takes"]] == list(tasks)


def test_a_pinned_frame_is_no_change_of_the_branch(film: Repo, out: Out) -> None:
    pinned = "  - id: lamp\n    frames: {first: {shot: quay, mode: pin}}\n"
    edit(film, "  - id: lamp\n", pinned)
    film.commit()
    edit(film, "A ferry", "A tug")

    assert list(by_address(compared(film, out))) == ["harbour/quay"]

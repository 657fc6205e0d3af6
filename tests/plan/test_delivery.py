"""Where paid videos are sent: shown when it changes, and part of what a saved plan promises."""

import json
from pathlib import Path
from typing import Any

import pytest

from renderer.cli.main import run
from tests.conftest import SCENE, lay_project
from tests.harness.repo import Repo

Out = pytest.CaptureFixture[str]
SPEC = "specs/harbour.yaml"
CANARY = "CANARY-PUT"
# What is written, and what it is changed into: the same law for each field and each way to differ.
EDITS = {
    "another host": (
        f"uploadEndpoint: https://a.example/{{address}}/{{take}}?k={CANARY}",
        f"uploadEndpoint: https://u:{CANARY}@evil.example/{{address}}/{{take}}",
    ),
    "another path at one host": (
        f"uploadEndpoint: https://a.example/{{address}}/{{take}}?k={CANARY}",
        f"uploadEndpoint: https://a.example/{{address}}/{{take}}?k={CANARY}2",
    ),
    "an address that is new": ("", "webhookURL: https://evil.example/{take}"),
    "an address that is gone": ("webhookURL: https://a.example/{take}", ""),
    "no check of the content": ("safety: {mode: full}", "safety: {mode: none}"),
    "one key of several": ("safety: {checkContent: true, mode: fast}", "safety: {mode: fast}"),
    "a shorter life": ("ttl: 3600", "ttl: 60"),
}
each_edit = pytest.mark.parametrize(("old", "new"), EDITS.values(), ids=EDITS.keys())


def written(root: Path, setting: str, name: str = SPEC) -> None:
    line = f"  {setting}\n" if setting else ""
    (root / name).write_text(SCENE.replace("  seed: 7\n", f"  seed: 7\n{line}"))


def branch(root: Path, old: str, new: str) -> Repo:
    """A branch of one edit, of a project that is made and recorded."""
    repo = Repo.start(lay_project(root))
    (root / ".gitignore").write_text(".renderer/\n")
    written(root, old)
    repo.render()
    repo.commit()
    written(root, new)
    return repo


def answer(repo: Path, out: Out, *argv: str, code: int = 0) -> str:
    assert run(["-C", str(repo), *argv]) == code
    told = out.readouterr()
    assert CANARY not in told.out + told.err
    return told.out


def compared(root: Path, out: Out) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        answer(root, out, "plan", "--base", "main", "--provider", "runware", "--format", "json")
    )
    return found


@each_edit
def test_a_branch_that_sends_videos_elsewhere_is_a_change_without_a_price(
    tmp_path: Path, capsys: Out, old: str, new: str
) -> None:
    branch(tmp_path, old, new)

    found = compared(tmp_path, capsys)

    field = (new or old).partition(":")[0]
    assert [one["change"] for one in found["tasks"]] == ["changed", "changed"]
    for one in found["tasks"]:
        assert one["before"] == one["after"]
        assert one["takes"] == 0
        (reason,) = one["reasons"]
        assert reason["field"].partition(".")[0] == field
        assert reason["old"] != reason["new"]
        assert reason["new"] is None or reason["cause"].startswith("scene settings.")
    assert found["summary"]["difference"]["low"] == "0.00000"
    for form in ("text", "markdown"):
        told = answer(tmp_path, capsys, "plan", "--base", "main", "--format", form)
        assert field in told
        assert "?k=" not in told
    assert run(["-C", str(tmp_path), "plan", "--base", "main", "--exit-code"]) == 3


@each_edit
def test_it_re_renders_nothing(tmp_path: Path, capsys: Out, old: str, new: str) -> None:
    branch(tmp_path, old, new)

    assert "Nothing to do" in answer(tmp_path, capsys, "plan", "--provider", "runware")
    assert b"example" not in (tmp_path / "renderer.lock").read_bytes()


def test_a_scene_that_is_recalled_says_the_same(tmp_path: Path, capsys: Out) -> None:
    branch(tmp_path, *EDITS["another host"])

    first = compared(tmp_path, capsys)

    assert first["tasks"]
    assert compared(tmp_path, capsys) == first


def test_a_new_shot_says_where_it_is_sent(tmp_path: Path, capsys: Out) -> None:
    repo = branch(tmp_path, "", "")
    text = (repo.root / SPEC).read_text()
    shot = "  - id: crane\n    prompt: A crane.\n    settings: {webhookURL: 'https://evil.example/{take}'}\n"
    (repo.root / SPEC).write_text(text + shot)

    (one,) = compared(tmp_path, capsys)["tasks"]

    assert one["change"] == "added"
    assert [(r["field"], r["old"], r["new"]) for r in one["reasons"]] == [
        ("webhookURL", None, "(an address at evil.example)")
    ]


def test_a_plan_says_where_what_it_makes_is_sent(project: Path, capsys: Out) -> None:
    written(project, f"uploadEndpoint: https://u:{CANARY}@files.example/{{address}}/{{take}}")

    assert "files.example" in answer(project, capsys, "plan", "--provider", "runware")
    data = json.loads(answer(project, capsys, "plan", "--provider", "runware", "--format", "json"))
    assert {one["delivery"][0]["value"] for one in data["tasks"]} == {
        "(an address at files.example)"
    }


@each_edit
def test_a_saved_plan_is_stale_after_such_an_edit(
    project: Path, tmp_path: Path, capsys: Out, old: str, new: str
) -> None:
    file = tmp_path / "plan.json"
    written(project, old)
    answer(project, capsys, "plan", "--provider", "runware", "--out", str(file))
    assert CANARY not in file.read_text()
    written(project, new)

    assert run(["-C", str(project), "render", "--plan", str(file)]) == 4

    told = capsys.readouterr().err
    assert "the saved plan is stale" in told
    assert (new or old).partition(":")[0] in told
    assert "None" not in told
    assert "{'" not in told
    assert CANARY not in told

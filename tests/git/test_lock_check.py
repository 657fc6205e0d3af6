"""`renderer lock check`: the proof for CI, with no media, no key, no network."""

import json

import pytest

from renderer.cli.main import run
from tests.git.test_stock_merge import drop, more_takes, word
from tests.harness.repo import Repo

Out = pytest.CaptureFixture[str]


def check(repo: Repo, *argv: str) -> int:
    return run(["-C", str(repo.project), "lock", "check", "--provider", "runware", *argv])


def test_a_project_that_is_all_made_passes_and_nothing_is_written(repo: Repo, out: Out) -> None:
    assert check(repo) == 0
    assert out.readouterr().out == "OK: all 5 tasks are made and recorded in renderer.lock\n"
    assert repo.git("status", "--porcelain") == ""


def test_what_is_not_made_is_listed_with_the_reason(repo: Repo, out: Out) -> None:
    word("crane")(repo)
    more_takes("lamp")(repo)

    assert check(repo) == 4

    told = out.readouterr().out
    assert "harbour/crane: 1 take is not made; the request changed since" in told
    assert "harbour/lamp: 2 takes are not made (1 of 3 there)" in told
    assert (
        "2 of 5 tasks not in sync; run `renderer render --provider runware`, then commit renderer.lock"
        in told
    )


def test_what_only_wants_tidying_is_said_and_passes(repo: Repo, out: Out) -> None:
    drop("crane")(repo)
    path = repo.project / "specs" / "harbour.yaml"
    path.write_text(path.read_text().replace("- id: lamp", "- id: lantern"))

    assert check(repo) == 0

    told = out.readouterr().out
    assert "harbour/crane: in the lockfile, but no longer in a spec" in told
    assert "harbour/lantern: recorded under its old name harbour/lamp" in told


def test_json_and_annotations_say_the_same(repo: Repo, out: Out) -> None:
    word("crane")(repo)

    assert check(repo, "--format", "json") == 4
    found = json.loads(out.readouterr().out)
    assert (found["in_sync"], found["tasks"]) == (False, 5)
    assert [one["address"] for one in found["missing"]] == ["harbour/crane"]

    assert check(repo, "--format", "github") == 4
    lines = out.readouterr().out.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("::error file=renderer.lock::harbour/crane: 1 take is not made")


def test_a_checkout_without_its_lockfile_is_told_so(repo: Repo, out: Out) -> None:
    repo.lock_path.unlink()

    assert check(repo) == 4
    assert "there is no renderer.lock here" in out.readouterr().out
    assert run(["-C", str(repo.project), "lock", "check", "--provider", "local"]) == 4
    assert "name --provider runware" in out.readouterr().out


def test_a_damaged_lockfile_is_refused(repo: Repo, out: Out) -> None:
    repo.lock_path.write_text("")

    assert check(repo) == 2
    assert "it is empty" in out.readouterr().err

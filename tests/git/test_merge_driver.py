"""What stock git cannot join, the merge driver joins; and a conflict that is there is solved."""

import os
from pathlib import Path

import pytest

from renderer.cli.main import run
from renderer.lock.codec import decode, encode
from renderer.lock.merge import identity
from renderer.lock.model import Lock
from tests.git.test_stock_merge import grow, insert, word
from tests.harness.program import on_path
from tests.harness.repo import Repo
from tests.lock.test_doubled import doubled
from tests.lock.test_merge import entry, numbers, take
from tests.lock.test_merge import lock as lock_of

Out = pytest.CaptureFixture[str]


def call(repo: Repo, *argv: str) -> int:
    return run(["-C", str(repo.project), *argv])


def videos(lock: Lock) -> set[str]:
    return {identity(take) for _, take in lock.takes()}


@pytest.fixture
def path(tmp_path: Path) -> str:
    return on_path(tmp_path / "bin")


def conflict(repo: Repo) -> set[str]:
    """Render one shot on two branches, and another one at the same place on each."""
    grow(repo, "ours", (word("crane", "tall"), insert("dock", "ferry")))
    ours = videos(repo.lock())
    grow(repo, "theirs", (word("crane", "rusty"), insert("dolphin", "ferry")))
    theirs = videos(repo.lock())
    repo.git("checkout", "-q", "ours")
    return ours | theirs


def solve_specs(repo: Repo) -> None:
    """Take ours of the scene, as a person would who decides."""
    repo.git("checkout", "--ours", "specs/harbour.yaml", wanted=None)
    repo.git("add", "specs/harbour.yaml")


def test_the_driver_joins_what_stock_git_cannot(repo: Repo, path: str, out: Out) -> None:
    assert call(repo, "git", "install") == 0
    repo.commit("attributes")
    both = conflict(repo)

    told = repo.git("merge", "-q", "--no-edit", "theirs", wanted=1, path=path)

    assert "renderer.lock: merged" in told
    assert "harbour/crane#2 of theirs is #3 now" in told
    assert "UU renderer.lock" not in repo.git("status", "--porcelain")
    assert videos(repo.lock()) == both
    solve_specs(repo)
    assert call(repo, "lock", "check", "--provider", "runware") == 0
    assert "all 6 tasks are made" in out.readouterr().out


def test_without_the_driver_a_conflict_is_solved_from_gits_index(repo: Repo, out: Out) -> None:
    both = conflict(repo)
    repo.git("merge", "-q", "--no-edit", "theirs", wanted=1)
    solve_specs(repo)
    assert call(repo, "plan", "--provider", "runware") == 2
    assert "renderer lock merge" in out.readouterr().err

    assert call(repo, "lock", "merge") == 0

    captured = out.readouterr()
    assert "git add renderer.lock" in captured.out
    assert "harbour/crane#2 of theirs is #3 now" in captured.err
    assert videos(repo.lock()) == both
    assert call(repo, "plan", "--provider", "runware", "--exit-code") == 3  # dolphin is in no spec
    assert call(repo, "lock", "check", "--provider", "runware") == 0


def test_lockfiles_begun_on_two_branches_are_joined(tmp_path: Path, path: str) -> None:
    repo = Repo.start(tmp_path / "film")
    (repo.root / "specs").mkdir()
    (repo.root / "specs" / "harbour.yaml").write_text("version: 1\nscene: harbour\n")
    call(repo, "git", "install")
    repo.commit()
    for name in ("ours", "theirs"):
        repo.branch(name)
        text = f'{{"version": 1, "lineage": "{name}", "tasks": {{}}}}\n'
        repo.lock_path.write_text(text)
        repo.commit()
    repo.git("checkout", "-q", "ours")

    told = repo.git("merge", "--no-edit", "theirs", path=path)

    assert "both branches had begun a lockfile" in told
    assert repo.lock().lineage == "ours"


def test_lockfiles_of_two_projects_stay_a_conflict_and_ours_is_untouched(
    tmp_path: Path, out: Out
) -> None:
    names = ("base", "ours", "theirs")
    for name in names:
        lineage = "b" if name == "theirs" else "a"
        text = f'{{"version": 1, "lineage": "{lineage}", "tasks": {{}}}}\n'
        (tmp_path / name).write_text(text)
    before = (tmp_path / "ours").read_bytes()

    assert run(["lock", "merge", *(str(tmp_path / name) for name in names), "renderer.lock"]) == 1

    assert "lineage differs" in out.readouterr().err
    assert (tmp_path / "ours").read_bytes() == before


@pytest.mark.parametrize("damage", [b"", b"\0" * 40, b'{"version": 99}', b"\xff\xfe"])
def test_a_damaged_side_is_never_read_as_empty(tmp_path: Path, damage: bytes, out: Out) -> None:
    for name in ("base", "ours"):
        (tmp_path / name).write_text('{"version": 1, "lineage": "a", "tasks": {}}\n')
    (tmp_path / "theirs").write_bytes(damage)

    assert run(["lock", "merge", *(str(tmp_path / n) for n in ("base", "ours", "theirs"))]) == 1

    assert "(theirs)" in out.readouterr().err


def test_markers_that_were_committed_are_explained(repo: Repo, out: Out) -> None:
    repo.lock_path.write_text(f"<<<<<<< ours\n{repo.lock_path.read_text()}")
    repo.commit("oh no")

    assert call(repo, "lock", "merge") == 2

    told = out.readouterr().err
    assert "renderer.lock:1:1: an unresolved merge conflict" in told
    assert "git checkout HEAD -- renderer.lock" in told


def test_what_git_left_twice_is_joined_by_the_advice_that_is_given(repo: Repo, out: Out) -> None:
    """Both branches add the same shot; git sees an edit far away and merges without a conflict."""
    twice = repo.lock_path.read_text()
    start = twice.index('    "harbour/crane"')
    row = twice[start : twice.index('    "harbour/ferry"')]
    other = row.replace('"videoUUID": "main', '"videoUUID": "other')
    end = twice.index('    "harbour/lamp"')
    repo.lock_path.write_text(twice[:end] + other + twice[end:])
    repo.commit("merged by git")
    assert call(repo, "plan", "--provider", "runware") == 2
    told = out.readouterr().err
    assert "git left harbour/crane there twice" in told
    assert "`renderer lock merge`" in told

    assert call(repo, "lock", "merge") == 0

    assert numbers(repo.lock(), "harbour/crane").keys() == {1, 2}
    assert call(repo, "plan", "--provider", "runware", "--exit-code") == 0
    assert call(repo, "lock", "check", "--provider", "runware") == 0
    assert call(repo, "lock", "merge") == 0
    assert "nothing to do" in out.readouterr().out


def test_a_side_in_which_git_left_a_key_twice_is_joined_too(tmp_path: Path) -> None:
    one, two = (lock_of({"bar/x": entry(take(1, name))}) for name in ("one", "two"))
    other = lock_of({"bar/y": entry(take(1, "three"))})
    texts = {"base": encode(lock_of()), "ours": doubled(one, two), "theirs": encode(other)}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)

    assert run(["lock", "merge", *(str(tmp_path / name) for name in texts)]) == 0

    made = decode((tmp_path / "ours").read_text(), "ours")
    assert videos(made) == {"one", "two", "three"}


def test_a_lockfile_that_one_branch_removed_is_a_decision(repo: Repo, out: Out) -> None:
    repo.branch("theirs")
    repo.git("rm", "-q", "renderer.lock")
    repo.commit()
    repo.git("checkout", "-q", "main")
    word("bell")(repo)
    repo.render("ours")
    repo.commit()
    repo.git("merge", "-q", "--no-edit", "theirs", wanted=1)

    assert call(repo, "lock", "merge") == 2
    assert "git rm renderer.lock" in out.readouterr().err


def test_nothing_to_join_is_said(repo: Repo, out: Out) -> None:
    assert call(repo, "lock", "merge") == 0
    assert "nothing to do" in out.readouterr().out
    assert call(repo, "lock", "merge", "one", "two") == 2


def test_install_says_what_it_did_and_a_second_time_does_nothing(repo: Repo, out: Out) -> None:
    (repo.root / ".gitattributes").write_text("*.png binary")
    assert call(repo, "git", "install") == 0
    told = out.readouterr().out
    assert "set merge.renderer.driver" in told
    assert "added 'renderer.lock merge=renderer diff=renderer' to .gitattributes" in told
    assert (repo.root / ".gitattributes").read_text().startswith("*.png binary\nrenderer.lock ")
    before = (repo.root / ".git" / "config").read_bytes()

    assert call(repo, "git", "install") == 0

    assert "nothing to do" in out.readouterr().out
    assert (repo.root / ".git" / "config").read_bytes() == before


def test_uninstall_leaves_no_trace(repo: Repo, out: Out) -> None:
    before = (repo.root / ".git" / "config").read_bytes()
    call(repo, "git", "install")

    assert call(repo, "git", "uninstall") == 0

    assert "removed" in out.readouterr().out
    assert (repo.root / ".git" / "config").read_bytes() == before
    assert not (repo.root / ".gitattributes").exists()
    assert call(repo, "git", "uninstall") == 0
    assert "nothing to do" in out.readouterr().out


def test_a_diff_shows_one_line_a_task(repo: Repo, path: str) -> None:
    call(repo, "git", "install")
    word("crane")(repo)
    repo.render("again")

    shown = repo.git("diff", "renderer.lock", path=path)

    old, new = (
        [line for line in shown.splitlines() if line.startswith(sign * 1) and sign * 3 not in line]
        for sign in "-+"
    )
    assert len(old) == len(new) == 1
    assert old[0].startswith("-harbour/crane  v1-")
    assert "#1 seed 7 $0.09743" in old[0]
    assert new[0].endswith("and 1 of other pictures")


def test_a_damaged_lockfile_is_shown_in_a_diff_as_it_is(tmp_path: Path, out: Out) -> None:
    (tmp_path / "lock").write_text('{"version": 1,\n\x1b[31m')

    assert run(["lock", "textconv", str(tmp_path / "lock")]) == 0
    assert out.readouterr().out == '{"version": 1,\n^[[31m'
    assert run(["lock", "textconv", os.fspath(tmp_path / "none")]) == 2

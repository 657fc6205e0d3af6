"""Clones of one project, with one lineage or with two that were joined: nothing is paid twice."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from renderer.adapters.disk.disk import Disk
from renderer.app.project.lockfile import LockFile
from renderer.cli.main import run
from renderer.lock.codec import decode
from tests.conftest import SCENE, lay_project
from tests.harness.repo import ALONE, Repo
from tests.harness.served import Served
from tests.money.test_killed import ended, start

Out = pytest.CaptureFixture[str]
BUY = ("--provider", "runware", "--yes", "--max-cost", "5")
MORE = "  - id: rope\n    prompt: A rope is coiled.\n"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ALONE.items():
        monkeypatch.setenv(name, value)


def bought(engine: Served) -> int:
    return sum(engine.paid.values())


def render(root: Path, *more: str) -> int:
    return run(["-C", str(root), "render", *BUY, *more])


def clone(repo: Repo, target: Path) -> Repo:
    repo.git("clone", "-q", str(repo.root), str(target))
    return Repo(root=target, project=target)


def files(root: Path) -> set[str]:
    """Return what is there, less what SQLite keeps beside a database while it is read."""
    found = {str(path.relative_to(root)) for path in root.rglob("*")}
    return {name for name in found if not name.endswith(("-shm", "-wal"))}


def ignoring(root: Path) -> None:
    (root / ".gitignore").write_text(".renderer/\nrenders/\nrenderer.local.lock\n")


def two_with_a_lockfile_each(tmp_path: Path) -> tuple[Repo, Repo]:
    """Return two clones of a project that was committed without a lockfile, each rendered."""
    root = tmp_path / "one"
    root.mkdir()
    one = Repo.start(root, lay_project(root))
    ignoring(root)
    one.commit()
    two = clone(one, tmp_path / "two")
    assert render(one.root, "--only", "harbour/quay") == 0
    assert render(two.root, "--only", "harbour/lamp") == 0
    one.commit("ours")
    two.commit("theirs")
    return one, two


def joined(tmp_path: Path) -> tuple[Repo, Repo]:
    """Return both clones after the second one's branch was merged into the first one's."""
    one, two = two_with_a_lockfile_each(tmp_path)
    one.git("fetch", "-q", str(two.root), "main")
    one.git("merge", "-q", "--no-edit", "FETCH_HEAD", wanted=1)
    assert run(["-C", str(one.root), "lock", "merge"]) == 0
    one.git("add", "renderer.lock")
    one.commit("joined")
    two.git("pull", "-q", "origin", "main")
    return one, two


def test_two_people_with_a_new_project_pay_once(tmp_path: Path, engine: Served) -> None:
    root = tmp_path / "film"
    assert run(["init", str(root)]) == 0
    one = Repo.start(root)
    one.commit()
    assert "renderer.lock" in one.git("ls-files")
    two = clone(one, tmp_path / "two")

    assert render(one.root) == 0
    assert render(two.root) == 0

    assert set(engine.paid.values()) == {1}
    assert one.lock() == two.lock()


def test_a_lockfile_is_committed_although_a_repository_ignores_locks(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.lock\n")
    assert run(["init", str(tmp_path)]) == 0
    repo = Repo.start(tmp_path)
    (tmp_path / "renderer.local.lock").write_text("")
    repo.commit()

    assert "renderer.lock" in repo.git("ls-files")
    assert "renderer.local.lock" not in repo.git("ls-files")


def test_a_lockfile_that_is_there_survives_init(tmp_path: Path) -> None:
    text = '{\n  "version": 1,\n  "lineage": "mine",\n  "tasks": {}\n}\n'
    (tmp_path / "renderer.lock").write_text(text)

    assert run(["init", str(tmp_path)]) == 0

    assert (tmp_path / "renderer.lock").read_text() == text


def test_two_lockfiles_that_were_joined_lock_no_clone_out(tmp_path: Path, engine: Served) -> None:
    one, two = joined(tmp_path)
    lineages = one.lock().lineages
    assert len(lineages) == 2
    assert bought(engine) == 2

    for clone_ in (one, two):  # the second finds what the first bought, by the same id
        path = clone_.root / "specs/harbour.yaml"
        path.write_text(SCENE + MORE)
        assert render(clone_.root) == 0
        assert run(["-C", str(clone_.root), "lock", "check", "--provider", "runware"]) == 0

    assert bought(engine) == 3
    assert set(engine.paid.values()) == {1}
    assert one.lock() == two.lock()
    assert one.lock().lineages == lineages


def test_after_joining_a_clone_works_on_a_branch_that_has_only_the_other_lineage(
    tmp_path: Path, engine: Served
) -> None:
    one, two = joined(tmp_path)
    assert render(two.root) == 0
    two.git("checkout", "-q", one.git("log", "--format=%H", "--grep=ours").strip())

    assert render(two.root) == 0

    assert two.lock().lineages != one.lock().lineages
    assert set(engine.paid.values()) == {1}


def test_what_ran_when_lockfiles_were_joined_is_collected_under_its_own_id(
    tmp_path: Path, engine: Served
) -> None:
    one, two = two_with_a_lockfile_each(tmp_path)
    engine.store.options = replace(engine.store.options, delay=1.0)
    (two.root / "specs/harbour.yaml").write_text(SCENE + MORE)
    ended(start(two.root, engine.environment(), "--only", "harbour/rope"), 1.5)
    (tmp_path / "base").write_text("")
    names = [str(tmp_path / "base"), str(two.lock_path), str(one.lock_path)]
    assert run(["lock", "merge", *names]) == 0

    assert render(two.root) == 0

    assert len(two.lock().lineages) == 2
    assert bought(engine) == 3
    assert set(engine.paid.values()) == {1}


def test_a_branch_without_a_lockfile_goes_on_with_the_known_lineage(
    project: Path, engine: Served
) -> None:
    assert render(project) == 0
    before = (project / "renderer.lock").read_bytes()
    (project / "renderer.lock").unlink()

    assert render(project) == 0

    assert bought(engine) == 2
    assert (project / "renderer.lock").read_bytes() == before


def test_a_wholly_foreign_lockfile_is_refused_and_left_alone(
    project: Path, engine: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    assert render(project) == 0
    foreign = '{\n  "version": 1,\n  "lineage": "foreign",\n  "tasks": {}\n}\n'
    (project / "renderer.lock").write_text(foreign)

    assert render(project) == 2

    assert "another project or lockfile" in capsys.readouterr().err
    assert (project / "renderer.lock").read_text() == foreign
    assert bought(engine) == 2


@pytest.mark.parametrize(
    "refused",
    [
        ("--yes",),
        ("--yes", "--max-cost", "0.01"),
        ("--yes", "--max-cost", "0"),
        ("--plan", "none.json"),
        ("--only", "nothing/here"),
    ],
)
def test_a_render_that_is_refused_leaves_no_file_behind(
    project: Path, engine: Served, refused: tuple[str, ...]
) -> None:
    before = files(project)

    assert run(["-C", str(project), "render", "--provider", "runware", *refused]) != 0

    assert files(project) == before
    assert not engine.calls


def test_a_render_without_a_key_leaves_no_file_behind(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNWARE_API_KEY", "")
    before = files(project)

    assert render(project) != 0

    assert files(project) == before


def test_a_refusal_over_what_earlier_runs_spent_writes_no_lockfile(
    project: Path, engine: Served
) -> None:
    options, account = engine.store.options, engine.store.options.credit
    engine.store.options = replace(options, credit=Decimal("0.1"))
    assert render(project) == 5  # the second take is not paid for
    engine.store.options = replace(options, credit=account)
    (project / "renderer.lock").unlink()
    run(["-C", str(project), "plan", "--provider", "runware"])
    before = files(project)

    assert run(["-C", str(project), "render", "--provider", "runware", "--yes",
                "--max-cost", "0.1"]) == 4  # fmt: skip

    assert files(project) == before
    assert bought(engine) == 1


def test_a_lockfile_of_several_lineages_is_read_and_written_by_the_program(
    tmp_path: Path,
) -> None:
    lock_file = LockFile(path=tmp_path / "renderer.lock", lineage="")
    lock = lock_file.read().of_lineages(["b", "a"])
    lock_file.write(lock, Disk())

    text = (tmp_path / "renderer.lock").read_text()
    assert decode(text, "renderer.lock") == lock
    assert (lock.lineage, lock.lineages) == ("a", ("a", "b"))

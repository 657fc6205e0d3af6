"""A film's store on another disk: only the objects go there, and nobody loses sight of them."""

import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from renderer.adapters.disk.disk import Disk
from renderer.adapters.disk.store import Store
from renderer.cli.main import run
from renderer.errors import MachineError
from tests.harness.repo import Repo
from tests.harness.served import environment

Out = pytest.CaptureFixture[str]
ONE = ("--only", "harbour/lamp")


@pytest.fixture
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder on another disk, where this machine has one."""
    memory = Path("/dev/shm")  # noqa: S108 - the one other disk that most machines have
    here = tmp_path_factory.getbasetemp()
    if memory.is_dir() and memory.stat().st_dev != here.stat().st_dev:
        with tempfile.TemporaryDirectory(dir=memory) as folder:
            yield Path(folder)
    else:
        yield tmp_path_factory.mktemp("disk")


def call(project: Path, *argv: str, store: Path | str = "") -> int:
    with environment(RENDERER_STORE=str(store)):
        return run(["-C", str(project), *argv])


def objects(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("sha256/*/*") if path.is_file())


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_only_objects_go_to_the_other_disk_and_are_found_without_the_variable_too(
    project: Path, disk: Path, capsys: Out
) -> None:
    assert call(project, "render", *ONE, store=disk) == 0
    (home,) = disk.iterdir()
    assert home.name.startswith(f"{project.name}-")
    assert names(home) == {"sha256", "tmp"}
    assert len(objects(home)) == 1
    assert list((home / "tmp").iterdir()) == []
    kept = project / ".renderer"
    assert {path.name for path in kept.iterdir() if path.is_symlink()} == {"objects"}
    assert {"renders.json", "requests", "mutex"} <= names(kept)

    assert call(project, "verify") == 0
    assert call(project, "render") == 0  # the rest, and the link is enough
    assert len(objects(home)) == 2
    assert "warning" not in capsys.readouterr().err
    assert call(project, "plan", "--exit-code", store=disk) == 0


def test_each_project_has_a_folder_of_its_own_and_takes_it_along(
    project: Path, disk: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    away = tmp_path_factory.mktemp("away")
    other = shutil.copytree(project, away / project.name)
    for root in (project, other):
        assert call(root, "render", *ONE, store=disk) == 0
    assert len(names(disk)) == 2

    moved = other.rename(away / "moved")
    assert call(moved, "verify", store=disk) == 0
    assert call(moved, "render", store=disk) == 0
    assert len(names(disk)) == 2
    assert len(objects(disk)) == 3


def followed(said: str) -> None:
    """Do what the advice says: the commands between the backquotes."""
    command = said.split("`")[1]
    subprocess.run(["sh", "-c", command], check=True)


@pytest.mark.parametrize("there", [False, True], ids=["new", "in part there"])
def test_objects_that_are_here_already_are_taken_along_as_the_advice_says(
    project: Path, disk: Path, capsys: Out, *, there: bool
) -> None:
    if there:
        assert call(project, "render", *ONE, store=disk) == 0
        (project / ".renderer" / "objects").unlink()
    assert call(project, "render") == 0
    for command in ("plan", "status", "render", "verify"):
        assert call(project, command, store=disk) == 2
    followed(capsys.readouterr().err.splitlines()[-1])
    assert call(project, "verify", store=disk) == 0
    assert len(objects(disk)) == 2
    assert (project / ".renderer" / "objects").is_symlink()


def test_another_disk_than_before_is_refused_until_the_objects_are_there(
    project: Path, disk: Path, tmp_path: Path, capsys: Out
) -> None:
    first = tmp_path / "first disk"
    first.mkdir()
    assert call(project, "render", *ONE, store=first) == 0
    assert call(project, "plan", store=disk) == 2
    said = capsys.readouterr().err
    assert f"RENDERER_STORE={shlex.quote(str(first))}" in said
    followed(said)
    assert call(project, "verify", store=disk) == 0
    assert len(objects(disk)) == 1


def test_a_disk_that_is_not_attached_is_said_and_nothing_is_made(
    project: Path, tmp_path: Path, capsys: Out
) -> None:
    away = tmp_path / "away"
    assert call(project, "render", store=away) == 2
    assert call(project, "render", store="relative/path") == 2
    assert not (project / ".renderer").exists()
    away.mkdir()
    assert call(project, "render", *ONE, store=away) == 0
    away.rename(tmp_path / "detached")
    capsys.readouterr()
    assert call(project, "render") == 1
    assert "attach that disk" in capsys.readouterr().err
    assert call(project, "plan") == 0
    (tmp_path / "detached").rename(away)
    assert call(project, "render") == 0


def test_a_link_that_a_branch_brings_leads_nowhere(project: Path, disk: Path, capsys: Out) -> None:
    (project / ".renderer").mkdir()
    (project / ".renderer" / "objects").symlink_to(disk)
    repo = Repo.start(project)
    repo.git("add", "-f", ".renderer")
    assert call(project, "render") == 2
    assert ".renderer/objects" in capsys.readouterr().err
    assert list(disk.iterdir()) == []


def test_a_damaged_object_is_put_aside_on_its_own_disk(project: Path, disk: Path) -> None:
    assert call(project, "render", *ONE, store=disk) == 0
    (broken,) = objects(disk)
    broken.chmod(0o644)
    broken.write_bytes(b"x" * broken.stat().st_size)
    with pytest.raises(MachineError, match="damaged"):
        Store(project / ".renderer", Disk()).read(broken.name, broken.stat().st_size)
    (home,) = disk.iterdir()
    assert (home / "quarantine" / broken.name).is_file()
    assert objects(disk) == []

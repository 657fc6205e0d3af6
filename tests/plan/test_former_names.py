"""What an older version recorded under a shorter digest is found, and moved for nothing."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from renderer.adapters.disk.disk import Disk
from renderer.app.project.lockfile import LockFile
from renderer.catalog.catalog import Catalog
from renderer.cli.main import run
from renderer.expand.address import former_addresses
from renderer.lock.model import Entry, Lock
from renderer.plan.upgrade import upgraded
from tests.expand.test_addresses import CATALOG, alike
from tests.review.conftest import Studio

Out = pytest.CaptureFixture[str]
ONE, OTHER = alike(4)
SCENE = f"""\
version: 1
scene: harbour
aspect: "16:9"
settings: {{model: "bytedance:seedance@1.5-pro", resolution: 480p, duration: 4}}
shots:
  - id: quay
    prompt: "A ferry {{{{ look }}}}."
    matrix: {{look: ["{ONE}", "{OTHER}", "wet, dark"]}}
    settings: {{numberResults: 2}}
"""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return CATALOG


@pytest.fixture
def studio(tmp_path: Path, catalog: Catalog) -> Studio:
    """A project whose lockfile is as the version before wrote it."""
    made = Studio(root=tmp_path, catalog=catalog)
    made.spec(SCENE)
    made.render(b"one", b"two")
    as_before(made)
    return made


def as_before(studio: Studio) -> None:
    lock_file = LockFile.of(studio.root, "local")
    lock = lock_file.read()
    entries: dict[str, Entry] = {}
    for task in studio.tasks():
        (old,) = former_addresses(task.address, task.cell)
        entry = lock.entries[task.address]
        before = entries.get(old)
        if before:
            later = tuple(replace(take, number=take.number + 2) for take in entry.takes)
            entry = replace(entry, takes=(*before.takes, *later))
        entries[old] = entry
    lock_file.write(replace(lock, entries=entries), Disk())


def call(studio: Studio, *argv: str) -> int:
    return run(["-C", str(studio.root), *argv])


def addresses(studio: Studio) -> set[str]:
    return set(LockFile.of(studio.root, "local").read().entries)


def test_nothing_is_made_again_and_the_next_render_moves_what_there_is(
    studio: Studio,
) -> None:
    before = addresses(studio)

    assert call(studio, "plan", "--exit-code") == 0
    assert call(studio, "lock", "check", "--provider", "local") == 0
    assert call(studio, "render") == 0

    tasks = studio.tasks()
    assert addresses(studio) == {task.address for task in tasks}
    assert not before & addresses(studio)
    after = LockFile.of(studio.root, "local").read()
    assert all(len(after.entries[one.address].of(one.fingerprint)) == 2 for one in tasks)
    assert len(list(after.takes())) == 6
    assert len(list((studio.root / "renders" / "harbour").iterdir())) == 6


def test_a_former_address_still_names_its_task(studio: Studio, capsys: Out) -> None:
    last = studio.tasks()[2]
    (old,) = former_addresses(last.address, last.cell)
    capsys.readouterr()

    assert call(studio, "show", old, "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["address"] == last.address
    assert call(studio, "plan", "--only", old) == 0
    assert call(studio, "takes", old, "--no-check") == 0
    assert last.address in capsys.readouterr().out


def test_a_pick_under_a_former_address_holds(studio: Studio, capsys: Out) -> None:
    last = studio.tasks()[2]
    (old,) = former_addresses(last.address, last.cell)
    assert call(studio, "pick", f"{old}#2", "--why", "dark") == 0
    picks = studio.root / "picks.yaml"
    assert f"{last.address}#2" in picks.read_text()
    picks.write_text(picks.read_text().replace(last.address, old))
    capsys.readouterr()

    assert call(studio, "picks", "--format", "json") == 0
    (row,) = json.loads(capsys.readouterr().out)["shots"]
    assert row["state"] == "picked"
    assert call(studio, "takes", "harbour/quay", "--no-check") == 0
    assert "✓ #2" in capsys.readouterr().out


def test_a_plan_saved_under_former_addresses_is_carried_out(
    studio: Studio, tmp_path: Path, capsys: Out
) -> None:
    file = tmp_path / "plan.json"
    studio.spec(SCENE.replace("A ferry", "A tug"))
    assert call(studio, "plan", "--out", str(file)) == 0
    text = file.read_text()
    for task in studio.tasks():
        (old,) = former_addresses(task.address, task.cell)
        text = text.replace(f'"{task.address}"', f'"{old}"')
    file.write_text(text)
    capsys.readouterr()

    assert call(studio, "plan", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["summary"]["takes"] == 6
    from renderer.app.planning.plan import plan
    from renderer.app.planning.saved_plan import read_plan
    from renderer.plan.former_names import plan_readdressed
    from renderer.plan.output.saved_plan import moved

    planned = plan(studio.workspace)
    then = plan_readdressed(read_plan(file), planned.everything)
    assert list(moved(then, planned.plan, planned.lock_digest)) == []


def test_pins_move_with_their_entry(studio: Studio) -> None:
    last = studio.tasks()[2]
    (old,) = former_addresses(last.address, last.cell)
    lock = LockFile.of(studio.root, "local").read()

    after = upgraded(lock, studio.tasks())

    assert after.entries[last.address] == lock.entries[old]
    assert upgraded(after, studio.tasks()) is after


def test_takes_under_both_names_are_joined_and_each_keeps_a_number(studio: Studio) -> None:
    last = studio.tasks()[2]
    (old,) = former_addresses(last.address, last.cell)
    lock = LockFile.of(studio.root, "local").read()
    entry = lock.entries[old]
    newer = replace(entry.takes[0], video_uuid="f" * 32, sha256="f" * 64)
    both = Lock(
        lineage="l",
        entries={**lock.entries, last.address: replace(entry, takes=(entry.takes[1], newer))},
    )

    takes = upgraded(both, [last]).entries[last.address].takes

    assert {take.video_uuid for take in takes} == {
        entry.takes[0].video_uuid,
        entry.takes[1].video_uuid,
        "f" * 32,
    }
    assert len({take.number for take in takes}) == 3

"""Files that are looked at again and again: what counts as one change, and when it is told."""

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from renderer.adapters.disk.project import ProjectFiles
from renderer.adapters.watcher import STEP, Sight, changes
from renderer.app.project import watched_files
from tests.conftest import Write
from tests.harness.virtual import VirtualClock, run_virtual

Act = Callable[[], object]


def seen(look: Callable[[], Sight], *acts: tuple[float, Act], count: int) -> list[set[str]]:
    """Do each act at its virtual second; return so many change sets after the first, empty one."""

    async def watch() -> list[set[str]]:
        found = changes(look, VirtualClock())
        assert await anext(found) == set()
        for second, act in acts:
            asyncio.get_running_loop().call_later(second, act)
        return [set(await anext(found)) for _ in range(count)]

    return run_virtual(watch())


def look_at(root: Path) -> Callable[[], Sight]:
    return watched_files.WatchedFiles(ProjectFiles(root=root)).look


def test_a_save_is_told_by_the_name_of_its_file(project: Path, write: Write) -> None:
    edit = (1.0, lambda: write("specs/harbour.yaml", "other"))
    assert seen(look_at(project), edit, count=1) == [{"specs/harbour.yaml"}]


def test_an_editor_that_writes_beside_and_renames_is_one_save(project: Path, write: Write) -> None:
    beside = write("templates/.lamp.j2.swp", "other")
    save = (1.0, lambda: os.replace(beside, project / "templates/lamp.j2"))  # noqa: PTH105
    assert seen(look_at(project), save, count=1) == [{"templates/lamp.j2"}]


def test_files_that_are_written_one_after_the_other_are_one_change(
    project: Path, write: Write
) -> None:
    acts = [
        (1.0, lambda: write("specs/harbour.yaml", "half")),
        (1.0 + STEP, lambda: write("specs/harbour.yaml", "whole, now")),
        (1.0 + 2 * STEP, lambda: write("templates/new.j2", "new")),
        (1.0 + 3 * STEP, lambda: write("picks.yaml", "version: 1\npicks: {}\n")),
    ]
    assert seen(look_at(project), *acts, count=1) == [
        {"specs/harbour.yaml", "templates/new.j2", "picks.yaml"}
    ]


def test_a_file_that_comes_and_goes_again_is_no_change(project: Path, write: Write) -> None:
    acts: list[tuple[float, Act]] = [
        (1.1, lambda: write("assets/4913", "")),
        (1.1 + STEP, (project / "assets/4913").unlink),
        (3.0, lambda: write("renderer.yaml", "version: 1")),
    ]
    assert seen(look_at(project), *acts, count=1) == [{"renderer.yaml"}]


def test_files_that_never_rest_are_told_all_the_same(project: Path, write: Write) -> None:
    acts = [
        (second * STEP, lambda second=second: write("assets/film.png", "x" * second))
        for second in range(1, 200)
    ]
    assert seen(look_at(project), *acts, count=2) == [{"assets/film.png"}] * 2


def test_a_change_that_came_while_nobody_asked_is_found(project: Path, write: Write) -> None:
    async def watch() -> frozenset[str]:
        found = changes(look_at(project), VirtualClock())
        await anext(found)
        write("specs/harbour.yaml", "other")
        await asyncio.sleep(60)
        return await anext(found)

    assert run_virtual(watch()) == {"specs/harbour.yaml"}


def test_a_folder_that_a_checkout_lays_anew_is_still_looked_at(
    project: Path, write: Write
) -> None:
    acts = [
        (1.0, lambda: shutil.rmtree(project / "specs")),
        (1.1, lambda: write("specs/harbour.yaml", "of another branch")),
        (5.0, lambda: write("specs/harbour.yaml", "edited there")),
        (9.0, lambda: write("specs/late/dusk.yaml", "new")),
    ]
    harbour, dusk = {"specs/harbour.yaml"}, {"specs/late/dusk.yaml"}
    assert seen(look_at(project), *acts, count=3) == [harbour, harbour, dusk]


def test_an_image_outside_of_assets_is_looked_at_when_a_task_names_it(
    project: Path, write: Write
) -> None:
    write("stills/first.png", "1")
    here = watched_files.WatchedFiles(
        ProjectFiles(root=project), images=frozenset({"stills/first.png"})
    )
    save = (1.0, lambda: write("stills/first.png", "22"))
    assert seen(here.look, save, count=1) == [{"stills/first.png"}]


def test_a_linked_folder_is_told_and_not_entered(project: Path, tmp_path: Path) -> None:
    link = (1.0, lambda: (project / "assets").symlink_to(tmp_path, target_is_directory=True))
    assert seen(look_at(project), link, count=1) == [{"assets"}]


def test_looking_that_takes_long_is_done_less_often() -> None:
    clock = VirtualClock()
    looks: list[float] = []

    class Slow(VirtualClock):
        def now(self) -> float:
            return clock.now() + len(looks) * 0.1  # each look takes a tenth of a second

    def look() -> Sight:
        looks.append(clock.now())
        return {"a": len(looks) // 4}

    async def watch() -> None:
        found = changes(look, Slow())
        await anext(found)
        await anext(found)

    run_virtual(watch())
    assert round(looks[1] - looks[0], 6) == 5.0

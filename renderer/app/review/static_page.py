"""Use case: the review page as one folder that opens from disk, with no server and no network."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path

from renderer.adapters.disk.disk import Disk, answered
from renderer.app.review.page_data import Reviewer
from renderer.errors import InputError
from renderer.review.html import index
from renderer.review.page_types import PageData

STYLES = ("tokens.css", "sheet.css", "viewer.css")
SCRIPTS = (
    *(
        "base.js",
        "state.js",
        "about.js",
        "sheet.js",
        "bar.js",
        "sync.js",
        "sequence.js",
        "deck.js",
    ),
    *("screening.js", "viewer.js", "cut.js", "choose.js", "keys.js", "live.js", "main.js"),
)
MARK = "renderer-review.txt"  # says that a folder is ours to change
_MARK_TEXT = "This folder was written by `renderer review`, and is rewritten each time.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticPage:
    """What was written: where, and how many shots and takes it shows."""

    page: Path
    shots: int
    takes: int


def review(reviewer: Reviewer, target: Path) -> StaticPage:
    """Write the page into a folder; what an earlier page left there and this one lacks goes."""
    refuse_if_not_ours(target)
    data = reviewer.data()
    disk = reviewer.workspace.disk
    disk.folder(target / "media")
    disk.write(target / MARK, _MARK_TEXT.encode(), sync=False)
    for name in (*STYLES, *SCRIPTS):
        disk.write(_below(disk, target, f"app/{name}"), web(name).encode(), sync=False)
    wanted = set(_media_names(data))
    for name in sorted(wanted):
        source = reviewer.media(name)
        if source is not None:
            _place(source, target / "media" / name)
    for left in sorted((target / "media").iterdir()):
        if left.name not in wanted:
            disk.remove(left)
    disk.write(target / "index.html", page(data).encode(), sync=False)
    shots = [shot for scene in data["scenes"] for shot in scene["shots"]]
    count = sum(len(task["takes"]) for shot in shots for task in shot["tasks"])
    names = {(shot["scene"], shot["id"]) for shot in shots}  # each is in several films
    return StaticPage(page=target / "index.html", shots=len(names), takes=count)


def page(data: Mapping[str, object]) -> str:
    """Return index.html of a page's data."""
    scripts, styles = ([f"app/{name}" for name in names] for names in (SCRIPTS, STYLES))
    return index(data, scripts, styles)


def web(name: str) -> str:
    """Return the text of a script or a style that ships with the program."""
    return (package_files("renderer.review") / "web" / name).read_text("utf-8")


def refuse_if_not_ours(target: Path) -> None:
    """Raise InputError for a folder with files that no page left there."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise InputError(f"{target} is not a folder", "name a folder with --out")
    if target.is_dir() and any(target.iterdir()) and not (target / MARK).is_file():
        raise InputError(
            f"{target} has files that `renderer review` did not write",
            "name an empty folder, or one that does not exist yet, with --out",
        )


def _media_names(data: PageData) -> Iterator[str]:
    for scene in data["scenes"]:
        for shot in scene["shots"]:
            for task in shot["tasks"]:
                for take in task["takes"]:
                    found = (take["video"], take["poster"], take["strip"])
                    yield from (name.removeprefix("media/") for name in found if name)


def _place(source: Path, target: Path) -> None:
    """Link a file into the page, or copy it where the two are on different disks."""
    with suppress(OSError):
        if target.stat().st_size == source.stat().st_size:
            return
    with answered(target):
        target.unlink(missing_ok=True)
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)


def _below(disk: Disk, target: Path, name: str) -> Path:
    path = target / name
    disk.folder(path.parent)
    return path

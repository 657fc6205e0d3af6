"""What a checkout brings along as our own state: believed in nothing, and led nowhere by it."""

import json
from pathlib import Path

import pytest

from renderer.adapters.disk.cache import Cache
from renderer.adapters.disk.disk import Disk
from renderer.adapters.disk.project import ProjectFiles, misspelt
from renderer.adapters.disk.store import Store
from renderer.app.planning.request_records import recorded
from renderer.app.planning.saved_plan import read_plan
from renderer.app.rendering.exported_files import ExportedFiles
from renderer.errors import InputError
from renderer.lock.model import Lock
from tests.harness.limits import answered
from tests.harness.repo import Repo


def shelf(root: Path, listed: object) -> ExportedFiles:
    (root / ".renderer").mkdir(exist_ok=True)
    (root / ".renderer" / "renders.json").write_text(json.dumps(listed))
    return ExportedFiles(root=root, store=Store(root / ".renderer", Disk()), disk=Disk())


def test_a_forged_list_of_renders_removes_nothing_outside(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "project"
    outside.mkdir()
    (root / "renders").mkdir(parents=True)
    (outside / "keep.mp4").write_bytes(b"x")
    (root / "keep.mp4").write_bytes(b"x")
    (root / "renders" / "a").symlink_to(outside)
    (root / "renders" / "b.mp4").symlink_to(outside / "keep.mp4")
    names = [
        "renders/a/keep.mp4",
        "renders/b.mp4",
        "renders/../keep.mp4",
        str(outside / "keep.mp4"),
        "keep.mp4",
        "",
    ]
    shelf(root, dict.fromkeys(names, "0" * 64)).lay_out((), Lock(lineage=""))

    assert (outside / "keep.mp4").exists()
    assert (root / "keep.mp4").exists()


@pytest.mark.parametrize("listed", [[], {"a": 1}, {"renders/a": []}, "x", None])
def test_a_list_of_renders_that_is_none_is_an_empty_one(listed: object, tmp_path: Path) -> None:
    assert shelf(tmp_path, listed).lay_out((), Lock(lineage="")) in (0, 1)


@pytest.mark.parametrize(
    "text", ["", "[", "[" * 100_000, '{"request": 1}', '{"a": 1, "a": 2}', "\ud800", '"x"']
)
def test_a_record_that_is_none_is_an_empty_one(text: str, tmp_path: Path) -> None:
    store = Store(tmp_path, Disk())
    (tmp_path / "requests").mkdir()
    (tmp_path / "requests" / "v1-0.json").write_bytes(text.encode("utf-8", "surrogatepass"))

    assert recorded(store, "v1-0").request == {}


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"tasks": []} x', '{"a": 1, "a": 1}', "NaN", '"\\ud800"', "\x00", "9" * 9999],
)
def test_a_plan_file_that_is_no_plan_is_answered(text: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(text)

    with pytest.raises(InputError, match=r"plan\.json.*this is not a saved plan"):
        read_plan(path)


def test_a_memo_that_git_tracks_or_behind_a_link_is_not_used(tmp_path: Path) -> None:
    state = tmp_path / ".renderer"
    memo = Cache(state)
    memo.put("a", "k", 1)
    assert Cache(state).get("a", "k") == 1

    repo = Repo.start(tmp_path)
    assert Cache(state).get("a", "k") == 1
    repo.git("add", "-f", ".renderer")
    assert Cache(state).get("a", "k") is None
    repo.git("rm", "-q", "-r", "--cached", ".renderer")
    assert Cache(state).get("a", "k") == 1
    (state / "memo-1").rename(tmp_path / "away")
    (state / "memo-1").symlink_to(tmp_path / "away")
    assert Cache(state).get("a", "k") is None


def test_capitals_that_only_some_disks_forgive_are_told_everywhere() -> None:
    assert misspelt("Img.PNG", ["img.png", "b.png"]) == "img.png"
    assert misspelt("img.png", ["img.png", "IMG.PNG"]) == ""
    assert misspelt("cafe\u0301.png", ["caf\u00e9.png"]) == ""


def test_a_file_that_grows_while_it_is_read_ends_at_the_limit(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("/proc/self")
    with pytest.raises(InputError, match="link"):
        ProjectFiles(root=tmp_path).read("a/status", limit=10)
    if Path("/proc/self/status").exists():  # a file that says it has no bytes, and has some
        with pytest.raises(InputError, match="grew while it was read"):
            ProjectFiles(root=Path("/proc/self")).read("status", limit=10)


def test_too_many_files_are_answered(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    for at in range(10_001):
        (tmp_path / "specs" / f"s{at}.yaml").touch()
    code, said = answered(tmp_path, "validate")

    assert code == 2
    assert "specs holds more than 10000 files" in said

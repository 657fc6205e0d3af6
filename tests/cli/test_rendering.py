"""From specs to films and back to nothing to do, through the command line."""

import json
import re
import shutil
from fractions import Fraction
from pathlib import Path

import av
import pytest

from renderer.cli.main import run
from tests.conftest import CAST, LAMP, SCENE
from tests.harness.repo import Repo

Out = pytest.CaptureFixture[str]


@pytest.fixture(scope="session")
def first_render(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Render the small project once for all tests of this file; each works on a copy."""
    root = tmp_path_factory.mktemp("rendered")
    for name, text in {
        "specs/harbour.yaml": SCENE,
        "templates/lamp.j2": LAMP,
        "templates/cast.j2": CAST,
    }.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    assert run(["-C", str(root), "render"]) == 0
    return root


@pytest.fixture
def made(first_render: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first_render, tmp_path / "project", symlinks=True))


def call(project: Path, *argv: str) -> int:
    return run(["-C", str(project), *argv])


def edit(project: Path, old: str, new: str, name: str = "specs/harbour.yaml") -> None:
    path = project / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def snapshot(project: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(project)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(project.rglob("*"))
        if path.is_file() and path.parent.name != "memo-1"
    }


def requests_kept(project: Path) -> set[str]:
    return {path.name for path in (project / ".renderer" / "requests").iterdir()}


def test_every_film_has_the_size_the_frames_and_the_sound_that_were_asked(made: Path) -> None:
    for name, sound in (("quay", 1), ("lamp", 0)):
        with av.open(made / "renders" / "harbour" / f"{name}.take1.mp4") as film:
            picture = film.streams.video[0]
            frames = sum(1 for _ in film.decode(picture))
            assert (picture.width, picture.height) == (864, 496)
            assert picture.average_rate == Fraction(24)
            assert frames == 4 * 24 + 1
            assert len(film.streams.audio) == sound


def test_a_second_render_makes_no_request_and_no_write(made: Path, capsys: Out) -> None:
    before = snapshot(made)

    assert call(made, "render") == 0

    assert "Nothing to do: all 2 tasks are made." in capsys.readouterr().out
    assert snapshot(made) == before


def test_one_changed_word_is_one_change_and_one_new_take(made: Path, capsys: Out) -> None:
    edit(made, "A ferry", "A tug")

    assert call(made, "plan") == 0
    told = capsys.readouterr().out
    assert re.search(r"~ quay +change +1 take", told)
    assert "positivePrompt" in told
    assert "[-ferry-]{+tug+}" in told
    assert "1 to change, 1 unchanged" in told

    before = requests_kept(made)
    assert call(made, "render") == 0
    assert len(requests_kept(made) - before) == 1
    takes = sorted(path.name for path in (made / "renders" / "harbour").iterdir())
    assert takes == ["lamp.take1.mp4", "quay.take2.mp4"]


def test_a_revert_finds_the_old_take_and_asks_for_nothing(made: Path, capsys: Out) -> None:
    edit(made, "A ferry", "A tug")
    assert call(made, "render") == 0
    edit(made, "A tug", "A ferry")
    before = requests_kept(made)

    assert call(made, "render") == 0

    assert requests_kept(made) == before
    assert (made / "renders" / "harbour" / "quay.take1.mp4").is_file()
    assert call(made, "plan", "--exit-code") == 0
    assert "Nothing to do" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Harbour at Dusk", "title: Harbour by Night  # said better"),
        ("  resolution: 480p\n  duration: 4\n", "  duration: 4\n  resolution: 480p\n"),
        ("vars:\n", "vars:\n  unused: [1, 2]\n"),
        ("      {{ look }}. A ferry", "      {# a remark #}{{ look }}.\n      A ferry"),
    ],
)
def test_edits_that_change_no_picture_cost_nothing(
    made: Path, old: str, new: str, capsys: Out
) -> None:
    edit(made, old, new)

    assert call(made, "plan", "--exit-code") == 0
    assert "Nothing to do" in capsys.readouterr().out


def test_a_renamed_scene_file_costs_nothing(made: Path) -> None:
    (made / "specs" / "harbour.yaml").rename(made / "specs" / "quays.yml")

    assert call(made, "plan", "--exit-code") == 0


def test_a_renamed_shot_keeps_its_take_and_its_file_moves(made: Path, capsys: Out) -> None:
    edit(made, "- id: quay", "- id: pier")
    before = requests_kept(made)

    assert call(made, "plan", "--format", "json") == 0
    (step,) = [
        one for one in json.loads(capsys.readouterr().out)["tasks"] if one["action"] == "move"
    ]
    assert (step["address"], step["moved_from"]) == ("harbour/pier", "harbour/quay")

    assert call(made, "render") == 0
    assert requests_kept(made) == before
    names = {path.name for path in (made / "renders" / "harbour").iterdir()}
    assert names == {"pier.take1.mp4", "lamp.take1.mp4"}
    assert call(made, "plan", "--exit-code") == 0


def test_more_takes_are_added_to_those_that_are_there(made: Path, capsys: Out) -> None:
    edit(made, "  seed: 7\n", "  seed: 7\n  numberResults: 2\n")

    assert call(made, "render", "--only", "harbour/lamp") == 0

    capsys.readouterr()
    assert call(made, "show", "harbour/lamp", "--format", "json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert [(take["number"], take["seed"]) for take in shown["made"]] == [(1, 7), (2, 8)]


def test_a_shot_that_left_comes_back_for_nothing(made: Path, capsys: Out) -> None:
    edit(made, "  - id: lamp\n", "  - id: lamp\n    skip: true\n")
    assert call(made, "render") == 0
    assert call(made, "plan", "--exit-code") == 0
    edit(made, "    skip: true\n", "")

    capsys.readouterr()
    assert call(made, "render") == 0
    assert "made " not in capsys.readouterr().err
    assert (made / "renders" / "harbour" / "lamp.take1.mp4").is_file()


def test_two_projects_with_the_same_specs_make_the_same_bytes(made: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    for folder in ("specs", "templates"):
        shutil.copytree(made / folder, other / folder)

    assert call(other, "render") == 0

    for name in ("renderer.local.lock", "renders/harbour/quay.take1.mp4"):
        assert (other / name).read_bytes() == (made / name).read_bytes()


def test_verify_finds_a_take_that_is_not_whole(made: Path, capsys: Out) -> None:
    assert call(made, "verify") == 0
    (found,) = [
        path
        for path in (made / ".renderer" / "objects").rglob("*")
        if path.is_file()
        and path.read_bytes() == (made / "renders/harbour/quay.take1.mp4").read_bytes()
    ]
    found.chmod(0o644)
    found.write_bytes(found.read_bytes()[:-1])

    assert call(made, "verify") == 1
    assert "harbour/quay#1: damaged" in capsys.readouterr().out


def test_status_counts_what_is_made_and_names_what_is_wanted(made: Path, capsys: Out) -> None:
    edit(made, "A ferry", "A tug")

    assert call(made, "status") == 0

    told = capsys.readouterr().out
    assert "1 of 2 tasks are made" in told
    assert "harbour/quay" in told


def test_a_damaged_lockfile_stops_everything_before_a_request(made: Path, capsys: Out) -> None:
    (made / "renderer.local.lock").write_text("")
    before = snapshot(made)

    for command in ("plan", "render", "status", "verify"):
        assert call(made, command) == 2
        assert "the lockfile is damaged" in capsys.readouterr().err
    assert snapshot(made) == before


def test_a_paid_render_without_a_key_says_how_to_give_one(made: Path, capsys: Out) -> None:
    assert call(made, "render", "--provider", "runware") == 2
    assert "RUNWARE_API_KEY" in capsys.readouterr().err
    assert not (made / "renderer.lock").exists()


def test_a_draft_is_promoted_to_its_final_by_one_request(project: Path, capsys: Out) -> None:
    edit(project, "settings:\n  model", "draft: true\nsettings:\n  model")
    edit(project, "resolution: 480p", "resolution: 720p")
    assert call(project, "render", "--only", "harbour/lamp") == 0
    edit(project, "draft: true", "draft: false")

    capsys.readouterr()
    assert call(project, "plan", "--only", "harbour/lamp", "--format", "json") == 0
    (step,) = json.loads(capsys.readouterr().out)["tasks"]
    assert (step["action"], step["takes"], step["draft"]["take"]) == ("promote", 1, 1)

    assert call(project, "render", "--only", "harbour/lamp") == 0
    with av.open(project / "renders" / "harbour" / "lamp.take2.mp4") as film:
        assert (film.streams.video[0].width, film.streams.video[0].height) == (1280, 720)
    assert call(project, "plan", "--only", "harbour/lamp", "--exit-code") == 0


def test_a_state_folder_that_is_a_link_is_followed_unless_git_tracks_it(
    project: Path, tmp_path_factory: pytest.TempPathFactory, capsys: Out
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (project / ".renderer").symlink_to(elsewhere)
    repo = Repo.start(project)
    repo.git("add", ".renderer")

    assert call(project, "render", "--only", "harbour/lamp") == 2
    assert ".renderer is a link that git tracks" in capsys.readouterr().err
    assert not list(elsewhere.iterdir())

    repo.git("rm", "-q", "--cached", ".renderer")
    assert call(project, "render", "--only", "harbour/lamp") == 0
    assert list(elsewhere.glob("objects/sha256/*/*"))

    shutil.rmtree(elsewhere)
    assert call(project, "render") == 2
    assert "is a link to a folder that does not exist" in capsys.readouterr().err

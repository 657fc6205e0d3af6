"""`takes`, `pick` and `picks` from the command line."""

import json
from pathlib import Path

import pytest

from renderer.catalog.catalog import Catalog
from renderer.cli.main import run
from tests.review.conftest import SCENE, Studio

Out = pytest.CaptureFixture[str]


@pytest.fixture
def studio(tmp_path: Path, catalog: Catalog) -> Studio:
    made = Studio(root=tmp_path, catalog=catalog)
    made.spec()
    made.render(b"one", b"two")
    return made


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    from renderer.adapters.disk.resources import model_texts
    from renderer.catalog.load import load_model

    return Catalog.of(load_model(text, name) for name, text in model_texts().items())


def call(studio: Studio, *argv: str) -> int:
    return run(["-C", str(studio.root), *argv])


def states(studio: Studio, capsys: Out) -> dict[str, str]:
    capsys.readouterr()
    assert call(studio, "picks", "--format", "json") == 0
    return {row["shot"]: row["state"] for row in json.loads(capsys.readouterr().out)["shots"]}


def test_a_pick_is_made_listed_and_taken_back(studio: Studio, capsys: Out) -> None:
    assert call(studio, "pick", "harbour/lamp#1", "--why", "warm") == 0
    assert "✓ harbour/lamp: harbour/lamp#1  warm" in capsys.readouterr().out
    assert call(studio, "takes", "harbour/lamp", "--no-check") == 0
    told = capsys.readouterr().out
    assert "pick: harbour/lamp#1  warm" in told
    assert "✓ #1" in told
    assert states(studio, capsys)["harbour/lamp"] == "picked"

    assert call(studio, "pick", "--undo", "harbour/lamp") == 0
    assert states(studio, capsys)["harbour/lamp"] == "to review"
    assert call(studio, "pick", "--undo", "harbour/lamp") == 2


def test_a_pick_lapses_with_an_edit_and_holds_again_after_its_revert(
    studio: Studio, capsys: Out
) -> None:
    call(studio, "pick", "harbour/quay#2", "--why", "the rope")

    studio.spec(SCENE.replace("cold", "frost"))
    assert states(studio, capsys)["harbour/quay"] == "lapsed"
    assert call(studio, "pick", "harbour/quay#1", "--why", "still") == 4
    assert "older picture" in capsys.readouterr().err
    studio.spec(SCENE.replace("title: The ferry ties up", "title: At the quay # better"))
    assert states(studio, capsys)["harbour/quay"] == "picked"


def test_a_release_wants_a_pick_that_holds_for_every_shot(studio: Studio, capsys: Out) -> None:
    assert call(studio, "picks", "--check") == 4
    assert "3 shots have no valid pick" in capsys.readouterr().err
    for take in ("harbour/quay#1", "harbour/lamp#1", "harbour/gull@seed=8#1"):
        assert call(studio, "pick", take, "--why", "good") == 0
    assert call(studio, "picks", "--check") == 0

    studio.spec(SCENE.replace("yellow coat", "green coat"))
    capsys.readouterr()
    assert call(studio, "picks", "--check") == 4
    assert "1 shot has no valid pick: harbour/lamp" in capsys.readouterr().err


def test_one_shot_of_two_takes_is_described_by_picks_alone(studio: Studio, capsys: Out) -> None:
    takes = ["harbour/quay#1:-36f", "harbour/quay#2:0.5-"]
    assert call(studio, "pick", *takes, "--why", "the start of one, the end of the other") == 0
    capsys.readouterr()
    assert call(studio, "takes", "harbour/quay", "--no-check", "--format", "json") == 0

    (shot,) = json.loads(capsys.readouterr().out)["shots"]
    cuts = [(part["take"], part["in"], part["out"]) for part in shot["pick"]["parts"]]
    assert cuts == [("harbour/quay#1", None, "36f"), ("harbour/quay#2", "0.5", None)]
    assert [row["picked"] for row in shot["takes"]] == [1, 2, None, None]


def test_a_file_of_choices_is_applied_whole_or_not_at_all(studio: Studio, capsys: Out) -> None:
    call(studio, "pick", "harbour/quay#1", "--why", "a")
    call(studio, "pick", "harbour/lamp#1", "--why", "b")
    text = (studio.root / "picks.yaml").read_text()
    path = studio.root / "choices.yaml"
    (studio.root / "picks.yaml").unlink()

    path.write_text(text.replace("harbour/lamp#1", "harbour/lamp#9"))
    assert call(studio, "pick", "--from", str(path)) == 2
    assert "choices.yaml:4:3: there is no take harbour/lamp#9" in capsys.readouterr().err
    assert not (studio.root / "picks.yaml").exists()
    path.write_text(text)
    assert call(studio, "pick", "--from", str(path)) == 0
    assert (studio.root / "picks.yaml").read_text() == text


def test_a_renamed_shot_keeps_its_pick_and_the_next_pick_writes_it_down(
    studio: Studio, capsys: Out
) -> None:
    call(studio, "pick", "harbour/lamp#1", "--why", "warm")
    studio.spec(SCENE.replace("id: lamp", "id: lantern"))
    assert states(studio, capsys)["harbour/lantern"] == "picked"

    assert call(studio, "pick", "harbour/quay#1", "--why", "x") == 0
    assert "harbour/lantern:" in (studio.root / "picks.yaml").read_text()
    assert "harbour/lamp:" not in (studio.root / "picks.yaml").read_text()


@pytest.mark.parametrize(
    "argv",
    [
        ["pick"],
        ["pick", "harbour/lamp#1", "--undo", "harbour/lamp", "--why", "x"],
        ["pick", "--from", "nowhere.json"],
        ["takes", "harbour/lmap"],
    ],
)
def test_what_cannot_be_meant_is_answered_with_what_to_do(
    studio: Studio, argv: list[str], capsys: Out
) -> None:
    assert call(studio, *argv) == 2
    assert "error" in capsys.readouterr().err


def test_a_damaged_file_of_picks_is_told_with_its_places(studio: Studio, capsys: Out) -> None:
    (studio.root / "picks.yaml").write_text("version: 1\npicks:\n  harbour/lamp:\n    tke: x\n")

    assert call(studio, "picks") == 2
    told = capsys.readouterr().err
    assert "picks.yaml:4:5: unknown key 'tke'; did you mean 'take'?" in told
    assert "picks.yaml:3:3: 'sha256' is missing" in told

"""A pick says why if somebody wants to, or if the project requires it."""

import json
from pathlib import Path
from typing import Any

import pytest

from renderer.app.review.live_page import LivePage
from renderer.app.review.page_data import Reviewer
from renderer.catalog.catalog import Catalog
from renderer.cli.main import run
from renderer.errors import InputError
from renderer.film.read import decode
from renderer.film.write import encode
from tests.review.conftest import Studio, catalog

__all__ = ["catalog"]
Out = pytest.CaptureFixture[str]
SHOT = "harbour/lamp"


@pytest.fixture
def studio(tmp_path: Path, catalog: Catalog) -> Studio:
    made = Studio(root=tmp_path, catalog=catalog)
    made.spec()
    made.render(b"one", b"two")
    return made


def call(studio: Studio, *argv: str) -> int:
    return run(["-C", str(studio.root), *argv])


def required(studio: Studio, value: str = "true") -> None:
    path = studio.root / "renderer.yaml"
    before = path.read_text() if path.exists() else "version: 1\n"
    path.write_text(f"{before}require_why: {value}\n")


def picks(studio: Studio) -> str:
    return (studio.root / "picks.yaml").read_text()


def a_pick(studio: Studio) -> dict[str, Any]:
    """Return a pick as the page sends it: of the first take of a shot."""
    data = Reviewer(workspace=studio.workspace).data()
    shots = {shot["shot"]: shot for scene in data["scenes"] for shot in scene["shots"]}
    take = shots[SHOT]["tasks"][0]["takes"][0]
    part = {key: take[key] for key in ("sha256", "fingerprint")} | {"take": take["name"]}
    return {"shot": SHOT, "why": "", "parts": [part], "seen": shots[SHOT]["pick"]}


def test_a_pick_without_a_reason_is_written_read_listed_and_taken_back(
    studio: Studio, capsys: Out
) -> None:
    assert call(studio, "pick", f"{SHOT}#1") == 0
    assert "why" not in picks(studio).partition("picks:")[2]
    assert encode(decode(picks(studio), "picks.yaml")) == picks(studio)
    capsys.readouterr()
    assert call(studio, "picks", "--format", "json") == 0
    (row,) = [one for one in json.loads(capsys.readouterr().out)["shots"] if one["pick"]]
    assert (row["state"], row["pick"]["why"]) == ("picked", "")
    assert call(studio, "pick", "--undo", SHOT) == 0


@pytest.mark.parametrize("line", ["", "    why:\n", "    why: null\n", "    why: ''\n"])
def test_a_reason_may_be_left_out_of_the_file(studio: Studio, line: str) -> None:
    call(studio, "pick", f"{SHOT}#1", "--why", "warm")
    text = picks(studio).replace('    why: "warm"\n', line)
    (studio.root / "picks.yaml").write_text(text)

    assert decode(text, "picks.yaml").by_slot[SHOT].why == ""
    assert call(studio, "picks") == 0


def test_the_page_picks_with_and_without_a_reason(studio: Studio) -> None:
    desk = LivePage(Reviewer(workspace=studio.workspace, live=True))
    desk.pick(a_pick(studio))
    assert decode(picks(studio), "picks.yaml").by_slot[SHOT].why == ""


def test_a_project_that_requires_it_takes_no_pick_without_a_reason(
    studio: Studio, capsys: Out
) -> None:
    required(studio)
    choice = a_pick(studio)

    assert call(studio, "pick", f"{SHOT}#1") == 2
    assert "--why" in capsys.readouterr().err
    assert call(studio, "pick", f"{SHOT}#1", "--why", "  ") == 2
    desk = LivePage(Reviewer(workspace=studio.workspace, live=True))
    with pytest.raises(InputError):
        desk.pick(choice)
    saved = {"version": 1, "picks": {SHOT: {"parts": choice["parts"]}}}
    (studio.root / "choices.json").write_text(json.dumps(saved))
    assert call(studio, "pick", "--from", str(studio.root / "choices.json")) == 2
    assert not (studio.root / "picks.yaml").exists()

    assert call(studio, "pick", f"{SHOT}#1", "--why", "warm") == 0
    assert desk.data()["requireWhy"] is True


def test_a_project_that_requires_it_names_the_line_of_each_pick_without_a_reason(
    studio: Studio, capsys: Out
) -> None:
    call(studio, "pick", f"{SHOT}#1")
    required(studio)
    capsys.readouterr()

    assert call(studio, "picks", "--format", "json") == 2
    told = json.loads(capsys.readouterr().out)
    assert [(one["file"], one["line"]) for one in told["problems"]] == [("picks.yaml", 4)]
    # What mends it works, and looking is free.
    assert call(studio, "takes", SHOT) == 0
    assert call(studio, "pick", f"{SHOT}#1", "--why", "warm") == 0
    assert call(studio, "picks") == 0


@pytest.mark.parametrize("value", ["false", "yes please", "null"])
def test_only_a_true_requirement_requires(studio: Studio, value: str) -> None:
    required(studio, value)
    assert call(studio, "pick", f"{SHOT}#1") == (0 if value == "false" else 2)

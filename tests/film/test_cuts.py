"""In and out points behind the end of a take: told wherever picks are read or made."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from renderer.cli.main import run
from renderer.film.cut_bounds import CutBounds, misfits
from renderer.film.picks import Part, Pick
from renderer.film.timecode import point
from tests.harness.clip import clip
from tests.review.conftest import Studio, catalog

Out = pytest.CaptureFixture[str]
__all__ = ["catalog"]
LENGTH = CutBounds(frames=97, fps=Fraction(24))


def wrong(start: str | None, end: str | None, length: CutBounds | None = LENGTH) -> list[str]:
    part = Part(
        take="harbour/quay#2",
        sha256="0" * 64,
        fingerprint="v1",
        start=point(start) if start else None,
        end=point(end) if end else None,
    )
    pick = Pick(slot="harbour/quay", why="so", parts=(part,))
    return [str(one) for one in misfits(pick, lambda _: length, lambda _, __: None)]


@pytest.mark.parametrize(
    ("start", "end"), [("0", "97f"), (None, "4.05"), ("96f", None), ("4", "4.04"), (None, None)]
)
def test_points_within_a_take_fit(start: str | None, end: str | None) -> None:
    assert wrong(start, end) == []


def test_a_point_behind_the_end_is_told_with_the_length_of_the_take() -> None:
    assert wrong("1", "98f") == [
        (
            "out (98f) is after the end of harbour/quay#2, which has 97 frames, 4.04 s; "
            "give an out of at most 97f, or none for all of it"
        )
    ]
    assert wrong(None, "4.1")[0].startswith("out (4.1) is after the end")
    assert wrong("97f", None) == [
        (
            "in (97f) is after the end of harbour/quay#2, which has 97 frames, 4.04 s; "
            "give an in before 97f"
        )
    ]
    assert len(wrong("5", "6")) == 2


def test_of_a_take_whose_length_nobody_knows_nothing_is_said() -> None:
    assert wrong("500", "600", None) == []


@pytest.fixture
def studio(tmp_path: Path, catalog: object) -> Studio:
    made = Studio(root=tmp_path, catalog=catalog)  # type: ignore[arg-type]
    made.spec()
    made.render(clip())  # of 25 frames
    return made


def call(studio: Studio, *argv: str) -> int:
    return run(["-C", str(studio.root), *argv])


def test_a_pick_with_an_out_behind_the_end_is_not_written(studio: Studio, capsys: Out) -> None:
    assert call(studio, "pick", "harbour/quay#1:0.5-26f", "--why", "late") == 2
    told = capsys.readouterr().err
    assert "out (26f) is after the end of harbour/quay#1, which has 25 frames, 1.04 s" in told
    assert not (studio.root / "picks.yaml").exists()
    assert call(studio, "pick", "harbour/quay#1:0.5-25f", "--why", "in time") == 0


def test_picks_that_were_edited_by_hand_are_told_with_their_line(
    studio: Studio, capsys: Out
) -> None:
    picks = studio.root / "picks.yaml"
    call(studio, "pick", "harbour/quay#1:0-1", "--why", "short")
    call(studio, "pick", "harbour/lamp#1:-8f", "harbour/lamp#1:12f-24f", "--why", "two")
    text = picks.read_text().replace("out: 1\n", "out: 5\n").replace("out: 24f", "out: 240f")
    picks.write_text(text)
    places = [
        f"picks.yaml:{number}:{line.index(': ') + 3}"
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() in ("out: 5", "out: 240f")
    ]
    capsys.readouterr()

    for argv in (("picks",), ("picks", "--check"), ("review",)):
        assert call(studio, *argv) == 2
        told = capsys.readouterr().err
        assert f"{places[0]}: out (240f) is after the end of harbour/lamp#1" in told
        assert f"{places[1]}: out (5) is after the end of harbour/quay#1" in told


def test_a_file_of_choices_with_an_out_behind_the_end_is_applied_not_at_all(
    studio: Studio, capsys: Out
) -> None:
    call(studio, "pick", "harbour/quay#1:0-1", "--why", "short")
    saved = studio.root / "choices.json"
    capsys.readouterr()
    call(studio, "picks", "--format", "json")
    rows = json.loads(capsys.readouterr().out)["shots"]
    (row,) = [row["pick"] for row in rows if row["pick"]]
    part = {**row["parts"][0], "in": "0.5", "out": "26f"}
    saved.write_text(
        json.dumps({"version": 1, "picks": {"harbour/quay": {"parts": [part], "why": "late"}}})
    )
    before = (studio.root / "picks.yaml").read_text()

    assert call(studio, "pick", "--from", str(saved)) == 2
    assert "choices.json:1:" in capsys.readouterr().err
    assert (studio.root / "picks.yaml").read_text() == before

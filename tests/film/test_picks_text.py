"""`picks.yaml`: what is read, what is refused and where, what an edit leaves alone."""

import subprocess
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.errors import InputError
from renderer.film.picks import Part, Pick, Picks, Point
from renderer.film.read import decode
from renderer.film.write import edited, encode

SHA = "12e4" + "0" * 60
OTHER = "ab" * 32
PICTURE = "v1-" + "c" * 64


def part(take: str, sha256: str = SHA, **points: Point) -> Part:
    return Part(take=take, sha256=sha256, fingerprint=PICTURE, **points)


def pick(shot: str, *parts: Part, why: str = "the turn reads best") -> Pick:
    return Pick(slot=shot, why=why, parts=parts or (part(f"{shot}#1"),))


def problems(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        decode(text, "picks.yaml")
    return [str(problem) for problem in caught.value.problems]


ENTRY = f"""\
version: 1
picks:
  harbour/quay:
    take: "harbour/quay@seed=7#2"
    sha256: "{SHA}"
    fingerprint: {PICTURE}
    why: it holds
"""


def test_a_pick_is_read_as_it_was_written() -> None:
    whole = Picks().having(
        pick("harbour/quay", why='she says: "yes" — and \\ turns # away'),
        pick(
            "harbour/lamp",
            part("harbour/lamp#1", start=Point(seconds=Decimal("0.5")), end=Point(frames=36)),
            part("harbour/lamp#2", OTHER, start=Point(frames=0)),
        ),
    )
    text = encode(whole)

    assert decode(text, "picks.yaml") == whole
    assert encode(decode(text, "picks.yaml")) == text


def test_points_are_seconds_or_frames() -> None:
    assert Point(frames=36).at(24) == Fraction(3, 2)
    assert Point(seconds=Decimal("0.5")).at(24) == Fraction(1, 2)
    for written in ("in: 1.5", "in: 1.5s", 'in: "1.5"'):
        (read,) = decode(f"{ENTRY}    {written}\n", "p").by_slot["harbour/quay"].parts
        assert read.start == Point(seconds=Decimal("1.5"))


def test_a_file_without_picks_holds_none() -> None:
    assert decode("version: 1\npicks:\n", "p") == Picks()
    assert decode("version: 1\n", "p") == Picks()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("version: 1", "version: 3", "picks.yaml:1:10: written for a newer program"),
        ("version: 1", "version: true", "picks.yaml:1:10: 'version' must be the number 1"),
        ("picks:", "pick:", "picks.yaml:2:1: unknown key 'pick'; did you mean 'picks'?"),
        ("harbour/quay:\n", "quay:\n", "picks.yaml:3:3: 'quay' is not a shot"),
        ("#2", "", "picks.yaml:4:11: 'harbour/quay@seed=7' is not a take"),
        (SHA, "12", "picks.yaml:5:13: '12' is not a SHA-256"),
        (f"    fingerprint: {PICTURE}\n", "", "picks.yaml:3:3: 'fingerprint' is missing"),
        ("why: it holds", "wy: it holds", "picks.yaml:7:5: unknown key 'wy'; did you mean 'why'?"),
        ("why: it holds", "why: 3", "picks.yaml:7:10: 'why' is not text"),
        ("why: it holds", "why: [a]", "picks.yaml:7:10: 'why' is not text"),
        ("why: it holds", "why: a\n    in: 2m", "picks.yaml:8:9: 'in' '2m' is not a moment"),
        ("why: it holds", "why: a\n    in: -1", "picks.yaml:8:9: 'in' '-1' is not a moment"),
        ("why: it holds", "why: a\n    in: 2\n    out: 36f", "picks.yaml:9:10: out (36f) is not"),
        ("why: it holds", "why: a\n    parts: []", "'parts' is not a list of takes"),
        ("why: it holds", "why: a\n    why: b", "picks.yaml:8:5"),
        ("    why", "<<<<<<< ours\n    why", "picks.yaml:7:1"),
    ],
)
def test_each_slip_is_told_at_its_place(old: str, new: str, told: str) -> None:
    assert old in ENTRY
    assert any(told in problem for problem in problems(ENTRY.replace(old, new, 1)))


def test_all_slips_are_told_at_once() -> None:
    text = ENTRY.replace("version: 1", "version: 3").replace("why: it holds", "why: [a]")
    assert len(problems(text)) == 2


MINE = f"""\
# ours; ask Mira before you touch the quay
version: 1
picks:

  # the long one
  harbour/quay:
    take: harbour/quay#1   # after the third look
    sha256: "{SHA}"
    fingerprint: {PICTURE}
    why: it holds

  # this one is last
  tower/bell:
    take: tower/bell#1
    sha256: "{SHA}"
    fingerprint: {PICTURE}
    why: it rings
# the end
"""


def test_an_edit_leaves_the_rest_as_a_person_wrote_it() -> None:
    before = decode(MINE, "p")

    added = edited(MINE, before.having(pick("reef/gate")))
    assert [line for line in added.splitlines() if line not in encode(Picks())] != []
    assert set(MINE.splitlines()) <= set(added.splitlines())
    assert added.index("reef/gate:") < added.index("# this one is last")
    assert decode(added, "p") == before.having(pick("reef/gate"))

    assert edited(added, before) == MINE
    replaced = edited(MINE, before.having(pick("harbour/quay", part("harbour/quay#2", OTHER))))
    assert "# the long one\n  harbour/quay:\n" in replaced
    assert "# this one is last" in replaced


def test_a_file_in_another_style_is_written_anew() -> None:
    before = "{version: 1, picks: {}}"
    after = Picks().having(pick("harbour/quay"))

    assert edited(before, after) == encode(after)


SHOTS = st.sampled_from(["a/a", "a/b", "b/a", "c/z", "d/d1"])
CHOICES = st.dictionaries(SHOTS, st.integers(1, 3), max_size=5)


def made(numbers: dict[str, int]) -> Picks:
    return Picks().having(
        *(pick(shot, part(f"{shot}#{number}")) for shot, number in numbers.items())
    )


@given(before=CHOICES, after=CHOICES)
def test_an_edit_says_exactly_what_was_wanted(
    before: dict[str, int], after: dict[str, int]
) -> None:
    text = edited(encode(made(before)), made(after))

    assert decode(text, "p") == made(after)
    assert text.rstrip() == encode(made(after)).rstrip()


def git(folder: Path, *argv: str) -> int:
    author = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    done = subprocess.run(["git", *author, *argv], cwd=folder, capture_output=True, check=False)
    return done.returncode


def test_two_branches_that_pick_for_different_shots_merge_with_stock_git(tmp_path: Path) -> None:
    path = tmp_path / "picks.yaml"
    start = made({"a/b": 1, "b/a": 1, "c/z": 1})

    def commit(picks: Picks) -> None:
        path.write_text(edited(path.read_text() if path.exists() else None, picks))
        assert git(tmp_path, "add", ".") == 0
        assert git(tmp_path, "commit", "-qm", "picks") == 0

    assert git(tmp_path, "init", "-q", "-b", "main") == 0
    commit(start)
    assert git(tmp_path, "checkout", "-qb", "other") == 0
    commit(start.having(pick("b/a", part("b/a#2", OTHER)), pick("d/d1")))
    assert git(tmp_path, "checkout", "-q", "main") == 0
    commit(start.having(pick("a/a"), pick("a/b", part("a/b#3", OTHER))))

    assert git(tmp_path, "merge", "-q", "other") == 0
    merged = decode(path.read_text(), "picks.yaml")
    assert sorted(merged.by_slot) == ["a/a", "a/b", "b/a", "c/z", "d/d1"]
    assert merged.by_slot["b/a"].parts[0].number == 2
    assert merged.by_slot["a/b"].parts[0].number == 3

"""`reviews.yaml`: what is read, what is refused and where, what an edit leaves alone, how git merges it."""

import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.errors import InputError
from renderer.film.picks import Point
from renderer.film.reviews import Note, Reviews, Span, TakeVerdict, Verdict, note_id
from renderer.film.reviews_read import MAX_TEXT, decode
from renderer.film.reviews_write import edited, encode
from renderer.film.timecode import span

SHA = "12e4" + "0" * 60
WHEN = "2026-03-01T10:22:31Z"
ENTRY = f"""\
version: 1
reviews:
  "{SHA}":
    verdict: reject
    take: "harbour/quay@seed=7#2"
    who: Ann
    when: "{WHEN}"
  hand:
    take: "harbour/quay@seed=7#2"
    at: 1-2.5
    text: the hand
    who: Ann
    when: "{WHEN}"
    sha256: "{SHA}"
"""
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "{{ 7*7 }}",
    "${7*7}",
    "{% include '/etc/passwd' %}",
    "`id`",
    "$(id)",
    "; rm -rf /",
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "::error::x",
    "##[error]x",
    "!!python/object/apply:os.system [id]",
    "&a [*a]",
    "<<: *x",
    "# not a comment",
    "a: b",
    "- a",
    "'",
    '"',
    "\\",
    "\\u001b[31m",
    "%s%n",
    "../../../etc/passwd",
    "שלום \u200f עולם",
    "🎬 é ﷽ 漢字",
    "null",
    "<<<<<<< ours",
    "}",
)


def note(number: int, sha256: str = SHA, text: str = "", **more: object) -> Note:
    said = text or f"note {number}"
    who, at = str(more.get("who", "Ann")), more.get("at")
    assert at is None or isinstance(at, Span)
    return Note(
        id=note_id(sha256, at, who, WHEN, said),
        take=f"harbour/quay#{number + 1}",
        sha256=sha256,
        who=who,
        when=WHEN,
        text=said,
        at=at,
        resolved=more.get("resolved") is True,
    )


def verdict(number: int, said: Verdict = Verdict.REJECT, who: str = "Ann") -> TakeVerdict:
    take, sha256 = f"harbour/quay#{number + 1}", f"{number:064x}"
    return TakeVerdict(take=take, sha256=sha256, verdict=said, who=who, when=WHEN)


def problems(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        decode(text, "reviews.yaml")
    return [str(problem) for problem in caught.value.problems]


POINTS = st.one_of(
    st.integers(0, 10_000).map(lambda number: Point(frames=number)),
    st.decimals(0, 999, places=3).map(lambda number: Point(seconds=Decimal(f"{number:f}"))),
)
SPANS = st.one_of(st.none(), POINTS.map(lambda point: Span(start=point)))
TEXTS = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(min_codepoint=33, max_codepoint=126))
)
NOTES = st.builds(
    lambda number, text, at, who, resolved: note(
        number, f"{number:064x}", text, at=at, who=who, resolved=resolved
    ),
    st.integers(0, 5),
    TEXTS.filter(str.strip),
    SPANS,
    TEXTS.filter(lambda text: 0 < len(text) < 90),
    st.booleans(),
)
VERDICTS = st.builds(verdict, st.integers(0, 5), st.sampled_from(Verdict))
REVIEWS = st.lists(st.one_of(NOTES, VERDICTS), max_size=8).map(
    lambda all_: Reviews().having(*all_)
)


@given(found=REVIEWS)
def test_what_is_written_is_read_again_and_written_alike(found: Reviews) -> None:
    text = encode(found)

    assert decode(text, "r") == found
    assert encode(decode(text, "r")) == text


@given(before=REVIEWS, after=REVIEWS)
def test_an_edit_says_exactly_what_was_wanted(before: Reviews, after: Reviews) -> None:
    text = edited(encode(before), after)

    assert decode(text, "r") == after
    assert text.rstrip() == encode(after).rstrip()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_kept_as_it_is_in_every_field(text: str) -> None:
    found = Reviews().having(note(1, text=text, who=text), verdict(1, who=text))
    assert decode(encode(found), "r") == found


def test_an_entry_may_be_written_in_any_style() -> None:
    found = decode(ENTRY, "r")

    assert found.verdicts[SHA].verdict is Verdict.REJECT
    assert found.notes["hand"].at == span("1-2.5")
    assert not found.notes["hand"].resolved
    assert decode("version: 1\nreviews:\n", "r") == decode("version: 1\n", "r") == Reviews()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("version: 1", "version: 2", "reviews.yaml:1:10: written for a newer program"),
        ("version: 1", "version: true", "reviews.yaml:1:10: 'version' must be the number 1"),
        ("reviews:", "review:", "reviews.yaml:2:1: unknown key 'review'; did you mean"),
        (f'"{SHA}":\n', "12:\n", "reviews.yaml:3:3"),
        ("verdict: reject", "verdict: rejected", "4:14: 'rejected' is no verdict; use approve"),
        ("    verdict: reject\n", "", "reviews.yaml:3:3: 'verdict' is missing"),
        ("#2", "", "reviews.yaml:5:11: 'harbour/quay@seed=7' is not a take"),
        ("who: Ann", "who: ''", "reviews.yaml:6:10: 'who' is missing"),
        ("    who: Ann\n", "", "reviews.yaml:3:3: 'who' is missing"),
        ("who: Ann", "who: [Ann]", "reviews.yaml:6:10: 'who' is not text"),
        ("who: Ann", f"who: {'a' * 101}", "reviews.yaml:6:10: longer than 100 characters"),
        (WHEN, "yesterday", "reviews.yaml:7:11: 'yesterday' is not a time"),
        (WHEN, "2026-02-30T10:00:00Z", "reviews.yaml:7:11: '2026-02-30T10:00:00Z' is not a time"),
        ("  hand:", "  H:", "reviews.yaml:8:3: 'H' is neither the SHA-256"),
        ("  hand:", f'  "{SHA}":', "reviews.yaml:8:3"),
        ("at: 1-2.5", "at: 2-1", "reviews.yaml:10:9: 'at' ends at 1, not after its start 2"),
        ("at: 1-2.5", "at: 2m", "reviews.yaml:10:9: 'at'"),
        ("at: 1-2.5", "at: -1", "reviews.yaml:10:9: 'at'"),
        ("text: the hand", "text: 3", "reviews.yaml:11:11: 'text' is not text"),
        ("text: the hand", f"text: {'a' * (MAX_TEXT + 1)}", "11:11: longer than 2000 characters"),
        (
            "    sha256",
            "    resolved: 1\n    sha256",
            "14:15: 'resolved' is neither true nor false",
        ),
        ("    sha256", "<<<<<<< ours\n    sha256", "reviews.yaml:14:1: unresolved merge conflict"),
        ("text: the hand", "txt: the hand", "11:5: unknown key 'txt'; did you mean 'text'?"),
        ("text: the hand", "text: the hand\n    text: b", "reviews.yaml:12:5"),
    ],
)
def test_each_slip_is_reported_at_its_place(old: str, new: str, said: str) -> None:
    assert old in ENTRY
    assert any(said in problem for problem in problems(ENTRY.replace(old, new, 1)))


def test_all_slips_are_reported_at_once() -> None:
    text = ENTRY.replace("version: 1", "version: 3").replace("text: the hand", "text: [a]")
    assert len(problems(text)) == 2


def test_what_does_not_fit_the_file_is_refused_before_it_is_written() -> None:
    many = Reviews().having(
        *(note(number, text="x" * 1900 + str(number)) for number in range(600))
    )
    with pytest.raises(InputError, match="cannot hold 600 verdicts and notes"):
        encode(many)


def test_an_edit_leaves_the_rest_as_a_person_wrote_it() -> None:
    mine = f"# ours\n{ENTRY}# the end\n".replace("  hand:", "  # ask Mira\n  hand:")
    before = decode(mine, "r")
    new = note(3)

    added = edited(mine, before.having(new))
    assert set(mine.splitlines()) <= set(added.splitlines())
    assert decode(added, "r") == before.having(new)
    assert edited(mine, before) == mine
    judged = TakeVerdict(take="a/b#1", sha256=SHA, verdict=Verdict.APPROVE, who="Bo", when=WHEN)
    assert "  # ask Mira\n  hand:\n    take:" in edited(mine, before.having(judged))


def merged(tmp_path: Path, base: str, ours: str, theirs: str, *how: str) -> tuple[int, str]:
    names = ("ours", "base", "theirs")
    for name, text in zip(names, (ours, base, theirs), strict=True):
        (tmp_path / name).write_text(text)
    argv = ["git", "merge-file", "-p", *how, *names]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def between(sha256: str, low: Note, high: Note | None, taken: int = 0) -> Note:
    """Return a note on a take whose id falls between those of two others."""
    made = (note(number, sha256) for number in range(taken + 100, 10_000))
    return next(one for one in made if low.id < one.id and (high is None or one.id < high.id))


OLD = sorted((note(number) for number in range(6)), key=lambda one: one.id)
START = Reviews().having(*OLD, verdict(7))


@pytest.mark.parametrize("other", [SHA, "ab" * 32])
def test_notes_that_two_branches_add_merge_with_stock_git(tmp_path: Path, other: str) -> None:
    mine, yours = between(SHA, OLD[1], OLD[2]), between(other, OLD[3], OLD[4])
    text = encode(START)

    code, found = merged(
        tmp_path, text, edited(text, START.having(mine)), edited(text, START.having(yours))
    )
    assert code == 0
    assert decode(found, "r") == START.having(mine, yours)
    assert found == encode(START.having(mine, yours))


def resolved(one: Note) -> Note:
    return note(int(one.text[5:]), resolved=True)


@pytest.mark.parametrize("at", range(len(OLD)))
@pytest.mark.parametrize("after", [False, True])
def test_a_note_is_added_right_beside_one_that_another_branch_resolves(
    tmp_path: Path, at: int, *, after: bool
) -> None:
    new = sorted((note(number, "cd" * 32) for number in range(200)), key=lambda one: one.id)
    near = [one for one in new if (one.id > OLD[at].id) is after]
    text, added = encode(START), near[0 if after else -1]
    ours, theirs = START.having(resolved(OLD[at])), START.having(added)

    for how in ((), ("--union",)):
        code, found = merged(tmp_path, text, edited(text, ours), edited(text, theirs), *how)
        assert code == 0
        assert decode(found, "r") == ours.having(added)


ADDED = st.lists(NOTES, min_size=1, max_size=4, unique_by=lambda one: one.id)


@settings(max_examples=60)
@given(base=REVIEWS, ours=ADDED, theirs=ADDED, empty=st.booleans())
def test_git_that_keeps_both_loses_and_mixes_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    base: Reviews,
    ours: list[Note],
    theirs: list[Note],
    *,
    empty: bool,
) -> None:
    """As `.gitattributes` has it, also where the file is new in both branches."""
    start = Reviews() if empty else base
    new = {one.id: one for one in (*ours, *theirs) if one.id not in start.notes}
    mine = start.having(*(new[one.id] for one in ours if one.id in new))
    yours = start.having(*(new[one.id] for one in theirs if one.id in new))
    text = "" if empty else encode(start)
    folder = tmp_path_factory.mktemp("merge")

    code, found = merged(folder, text, edited(text, mine), edited(text, yours), "--union")
    assert code == 0
    assert decode(found, "r") == start.having(*new.values())


def test_two_verdicts_on_one_take_are_reported_where_git_kept_both(tmp_path: Path) -> None:
    text = encode(START)
    ours = START.having(verdict(7, Verdict.APPROVE))
    theirs = START.having(verdict(7, Verdict.CIRCLE))

    code, conflict = merged(tmp_path, text, edited(text, ours), edited(text, theirs))
    assert code == 1
    assert "unresolved merge conflict" in problems(conflict)[0]
    _, both = merged(tmp_path, text, edited(text, ours), edited(text, theirs), "--union")
    (found,) = problems(both)
    assert found.startswith("reviews.yaml:6:5: a second value: git kept the lines of both")

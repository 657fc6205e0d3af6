"""Word diffs of prompts."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.plan.output.match import blocks
from renderer.plan.output.word_diff import Piece, word_diff

WORDS = st.lists(
    st.sampled_from(["rain", "neon,", "wide.", "push-in", "the", "a", "courier's"]), max_size=30
)
PROMPTS = WORDS.map(" ".join)
MARKS = {"old": ("[-", "-]"), "new": ("{+", "+}"), "same": ("", ""), "gap": ("", "")}


def bracketed(pieces: tuple[Piece, ...]) -> str:
    """Write a diff as `[-old-]{+new+}`, and an ellipsis for a gap."""
    return "".join(f"{MARKS[one.kind][0]}{one.text}{MARKS[one.kind][1]}" for one in pieces)


def test_one_changed_word_is_shown_whole() -> None:
    assert (
        bracketed(word_diff("a slow push-in on the bell", "a slow pull-out on the bell"))
        == "a slow [-push-in-]{+pull-out+} on the bell"
    )


def test_words_that_came_or_went_are_shown() -> None:
    assert bracketed(word_diff("a red door", "a door")) == "a [-red -]door"
    assert bracketed(word_diff("a door", "a red door")) == "a {+red +}door"


def test_a_phrase_is_one_change() -> None:
    assert bracketed(word_diff("in the warm rain", "in the cold snow")) == (
        "in the [-warm rain-]{+cold snow+}"
    )


def test_far_away_words_are_left_out() -> None:
    long = " ".join(f"word{at}" for at in range(60))

    shown = bracketed(word_diff(long, long.replace("word30 ", "WORD ")))

    assert "[-word30-]{+WORD+}" in shown
    assert "…" in shown
    assert "word3 " not in shown
    assert "word28" in shown


@given(PROMPTS, PROMPTS)
def test_both_prompts_can_be_read_out_of_a_diff(old: str, new: str) -> None:
    pieces = word_diff(old, new, context=10_000)

    assert "".join(one.text for one in pieces if one.kind != "new") == " ".join(old.split())
    assert "".join(one.text for one in pieces if one.kind != "old") == " ".join(new.split())


@given(PROMPTS)
def test_equal_prompts_have_no_change(prompt: str) -> None:
    assert all(one.kind in ("same", "gap") for one in word_diff(prompt, prompt))


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_blocks_are_a_longest_common_sequence(old: list[str], new: list[str]) -> None:
    found = blocks(old, new)

    size = sum(one.size for one in found)
    assert [old[one.old + at] for one in found for at in range(one.size)] == [
        new[one.new + at] for one in found for at in range(one.size)
    ]
    assert all(one.old + one.size <= two.old for one, two in pairwise(found))
    assert all(one.new + one.size <= two.new for one, two in pairwise(found))
    assert size == _longest(old, new)


def _longest(old: list[str], new: list[str]) -> int:
    """Work it out in the plain way, to be compared with."""
    row = [0] * (len(new) + 1)
    for one in old:
        before = row
        row = [0]
        for at, other in enumerate(new):
            row.append(before[at] + 1 if one == other else max(before[at + 1], row[at]))
    return row[-1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("https://a.example/x?t=1", "https://a.example/x?t=2"),
        ("0:04.5", "0:05.5"),
        ("2026-11-27T10:00:00Z", "2026-11-28T10:00:00Z"),
        ("reef/polyps@seed=7,aspect=16x9#1", "reef/polyps@seed=8,aspect=16x9#1"),
        ("assets/pier-1.png", "assets/pier-2.png"),
        ("a.b@example.org", "a.c@example.org"),
        ("3.5s", "4.5s"),
        ("push-in", "push-out"),
    ],
)
def test_addresses_dates_and_times_are_one_word(old: str, new: str) -> None:
    text = "In the dark, at {}, a bell rings."

    shown = bracketed(word_diff(text.format(old), text.format(new)))

    assert shown == text.format(f"[-{old}-]{{+{new}+}}")


def test_a_prompt_without_an_end_takes_no_time_to_speak_of() -> None:
    old, new = "a b " * 20_000, "b a c " * 20_000

    assert bracketed(word_diff(old, new)).startswith("[-a b")

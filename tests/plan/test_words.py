"""Word diffs of prompts."""

from hypothesis import given
from hypothesis import strategies as st

from renderer.plan.words import bracketed, word_diff

WORDS = st.lists(
    st.sampled_from(["rain", "neon,", "wide.", "push-in", "the", "a", "courier's"]), max_size=30
)
PROMPTS = WORDS.map(" ".join)


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

"""The lockfile as text: what goes in comes out, and damage is never read as empty."""

import json
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.errors import LockfileError
from renderer.lock.codec import decode, encode
from renderer.lock.model import Entry, Frame, Lock, Take

HEX = st.text("0123456789abcdef", min_size=64, max_size=64)
FINGERPRINTS = HEX.map(lambda digits: f"v1-{digits}")
MONEY = st.none() | st.decimals(0, 99, places=5)
TAKES = st.builds(
    Take,
    number=st.integers(1, 99),
    fingerprint=FINGERPRINTS,
    sha256=HEX,
    size=st.integers(0, 2**40),
    format=st.sampled_from(["mp4", "webm", "mov"]),
    seed=st.none() | st.integers(0, 2**63),
    cost=MONEY,
    estimate=MONEY,
    task_uuid=st.uuids().map(str),
    video_uuid=st.uuids().map(str),
    draft_id=st.sampled_from(["", "cgt-20260327025345-g766z"]),
    draft=st.just("") | HEX,
)
FRAMES = st.builds(
    Frame,
    shot=st.from_regex(r"[a-z]{1,8}/[a-z]{1,8}", fullmatch=True),
    frame=st.sampled_from(["first", "last", "1.5", "36f"]),
    take=HEX,
    moment=st.sampled_from(["first", "last", "1.5", "before 36f"]),
)
ENTRIES = st.builds(
    Entry,
    fingerprint=FINGERPRINTS,
    fields=st.dictionaries(st.text("abc.", min_size=1), st.integers() | st.booleans(), max_size=3),
    frames=st.dictionaries(st.sampled_from(["first", "last"]), FRAMES),
    takes=st.lists(TAKES, max_size=3, unique_by=lambda take: take.number).map(
        lambda takes: tuple(sorted(takes, key=lambda take: take.number))
    ),
    retired=st.booleans(),
)
LOCKS = st.builds(
    lambda names, entries: Lock(lineage="", entries=entries).of_lineages(names),
    names=st.lists(st.uuids().map(str), min_size=1, max_size=3),
    entries=st.dictionaries(
        st.from_regex(r"[a-z]{1,8}/[a-z]{1,8}(@seed=[0-9])?", fullmatch=True), ENTRIES, max_size=4
    ),
)
ONE = Lock(
    lineage="l",
    entries={
        "bar/wide": Entry(
            fingerprint="v1-" + "a" * 64,
            fields={"duration": 8},
            takes=(
                Take(
                    number=1,
                    fingerprint="v1-" + "a" * 64,
                    sha256="b" * 64,
                    size=10,
                    format="mp4",
                    cost=Decimal("0.41688"),
                ),
            ),
        )
    },
)


@given(LOCKS)
def test_what_is_written_is_read_back(lock: Lock) -> None:
    assert decode(encode(lock), "renderer.lock") == lock


@given(LOCKS)
def test_equal_locks_are_equal_text_whatever_their_order(lock: Lock) -> None:
    entries = dict(reversed(list(lock.entries.items())))
    backwards = Lock(lineage="", entries=entries).of_lineages(reversed(lock.lineages))

    assert encode(backwards) == encode(lock)


def test_one_lineage_is_a_text_and_several_are_a_sorted_list_of_a_later_version() -> None:
    assert encode(Lock(lineage="l")) == '{\n  "version": 1,\n  "lineage": "l",\n  "tasks": {}\n}\n'
    assert encode(Lock(lineage="").of_lineages(["b", "a", "b"])) == (
        '{\n  "version": 2,\n  "lineage": [\n    "a",\n    "b"\n  ],\n  "tasks": {}\n}\n'
    )


@pytest.mark.parametrize(
    "head",
    [
        '"version": 1, "lineage": ["a", "b"]',
        '"version": 2, "lineage": "a"',
        '"version": 2, "lineage": ["a", ""]',
        '"version": 2, "lineage": ["a", 1]',
        '"version": 2, "lineage": ["https://x"]',
        '"version": 2, "lineage": [["a"], "b"]',
        '"version": 2, "lineage": {"a": 1}',
        '"version": 2',
        '"version": 1',
    ],
)
def test_a_lineage_that_this_program_did_not_write_is_refused(head: str) -> None:
    with pytest.raises(LockfileError, match="lineage: not as this program"):
        decode(f'{{{head}, "tasks": {{}}}}', "renderer.lock")


@given(st.integers(0, len(encode(ONE)) - 2))
def test_a_lock_cut_at_any_byte_is_refused(end: int) -> None:
    with pytest.raises(LockfileError):
        decode(encode(ONE)[:end], "renderer.lock")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("\0" * 500, "NUL"),
        ("[" * 100_000, "nested too deeply"),
        ('{"version": 99, "lineage": "l", "tasks": {}}', "newer program"),
        ('{"version": 1}', "missing"),
        ('{"version": 1, "version": 1, "lineage": "", "tasks": {}}', "twice"),
        ('{"version": NaN, "lineage": "", "tasks": {}}', "NaN"),
        (encode(ONE).replace("b" * 64, "zz"), "tasks.bar/wide.takes.#1.sha256"),
        (encode(ONE).replace('"mp4"', '"../../x"'), "format"),
        (encode(ONE).replace('"0.41688"', '"-1"'), "cost"),
        (encode(ONE).replace('"#1"', '"#0"'), "#1, #2"),
        ("[]", "not an object"),
    ],
)
def test_damage_is_named(text: str, said: str) -> None:
    with pytest.raises(LockfileError, match=said):
        decode(text, "renderer.lock")


def test_a_merge_conflict_is_recognised_at_its_line() -> None:
    text = encode(ONE).replace('  "tasks"', '<<<<<<< ours\n  "tasks"', 1)

    with pytest.raises(LockfileError, match=r"renderer\.lock:4:1: an unresolved merge conflict"):
        decode(text, "renderer.lock")


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        ({"shot": "https://x/y"}, "frames.first.shot"),
        ({"frame": "middle"}, "frames.first.frame"),
        ({"take": "b"}, "frames.first.take"),
        ({"moment": "after 3"}, "frames.first.moment"),
        ({"extra": "x"}, "frames.first"),
    ],
)
def test_a_frame_that_this_program_did_not_write_is_refused(
    slip: dict[str, str], told: str
) -> None:
    row = {"shot": "bar/wide", "frame": "last", "take": "b" * 64, "moment": "last"}
    text = encode(ONE).replace(
        '"takes"', f'"frames": {{"first": {json.dumps(row | slip)}}}, "takes"'
    )
    with pytest.raises(
        LockfileError, match=re.escape(f"tasks.bar/wide.{told}: not as this program")
    ):
        decode(text, "renderer.lock")

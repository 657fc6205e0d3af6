"""Takes that were bought in place of lost ones: what counts, what is kept, how it is written."""

from dataclasses import replace

import pytest

from renderer.errors import LockfileError
from renderer.lock.codec import decode, encode
from renderer.lock.index import Index
from renderer.lock.model import Entry, Lock, Take, without
from renderer.lock.takes import Takes

PICTURE = "v1-" + "0" * 64
AT = "harbour/quay"


def take(number: int, sha: str, *replaces: str) -> Take:
    return Take(
        number=number,
        fingerprint=PICTURE,
        sha256=sha * 64,
        size=1,
        format="mp4",
        task_uuid=f"t{number}",
        video_uuid=f"v{number}",
        replaces=tuple(one * 64 for one in replaces),
    )


def lock(*takes: Take) -> Lock:
    return Lock(lineage="one", entries={AT: Entry(fingerprint=PICTURE, takes=takes)})


CASES = {
    "none": ((take(1, "a"), take(2, "b")), [1, 2]),
    "one": ((take(1, "a"), take(2, "b", "a")), [2]),
    "lost twice": ((take(1, "a"), take(2, "b", "a"), take(3, "c", "b")), [3]),
    "the same bytes again": ((take(1, "a"), take(2, "a", "a")), [1, 2]),
    "two at once": ((take(1, "a"), take(2, "b"), take(3, "c", "a", "b")), [3]),
    "two with the same bytes": (
        (take(1, "a"), take(2, "b"), take(3, "b", "a", "b"), take(4, "a", "a", "b")),
        [1, 2, 3, 4],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_lost_take_counts_no_more_once_another_was_bought_in_its_place(name: str) -> None:
    takes, counted = CASES[name]
    one = lock(*takes)

    assert [it.number for it in one.entries[AT].of(PICTURE)] == counted
    assert [it.take.number for it in Takes(one).of(AT, PICTURE)] == counted
    known = Index.of(one).entries[AT]
    assert [number for number, _ in known.files(PICTURE)] == counted
    assert known.has(PICTURE) == len(counted)
    assert len(list(one.takes())) == len(takes)
    assert decode(encode(one), "renderer.lock") == one


def test_what_is_given_up_leaves_no_earlier_take_behind_it() -> None:
    one = lock(take(1, "a"), take(2, "b", "a"))
    assert without(one, {f"{AT}#2"}).entries[AT].takes == ()
    assert without(one, {f"{AT}#9"}).entries[AT].takes == (take(2, "b", "a"),)


@pytest.mark.parametrize("found", ['"a"', "[1]", '["a"]', "{}", '["https://user@host"]'])
def test_what_is_no_list_of_digests_is_refused(found: str) -> None:
    text = encode(lock(replace(take(2, "b"), unsafe=True)))
    with pytest.raises(LockfileError):
        decode(text.replace('"NSFWContent": true', f'"replaces": {found}'), "renderer.lock")

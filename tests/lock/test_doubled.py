"""What stock git makes of two lockfiles without a conflict is read, or joined; no take is lost."""

import json
import random
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from renderer.errors import LockfileError
from renderer.lock.codec import decode, encode
from renderer.lock.doubled import decode_joined
from renderer.lock.merge import Renumbered, identity
from renderer.lock.model import Lock
from tests.lock.test_merge import A, B, Branch, entry, lock, numbers, take, videos

PLACES = ["bar/door", "bar/wide", "bar/wide@seed=7", "bar/x", "bar/y"]
PICTURES = [A, B]
DEEDS = ("render", "render", "render", "revert", "retire")


def doubled(first: Lock, second: Lock) -> str:
    """Return the text in which each entry of both is there, as git leaves them."""
    one, two = encode(first), encode(second)
    head, _, rows = two.partition('"tasks": {')
    assert one.startswith(head)
    return one.removesuffix("\n  }\n}\n") + "," + rows


def grown(start: Lock, name: str, chance: random.Random) -> Lock:
    branch = Branch(start, name)
    for _ in range(chance.randint(1, 5)):
        deed = getattr(branch, chance.choice(DEEDS))
        deed(chance.choice(PLACES), chance.choice(PICTURES))
    return branch.lock


def merged_by_git(folder: Path, *locks: Lock) -> str | None:
    """Return what stock git makes of ours, base and theirs; None in a conflict."""
    names = [folder / name for name in ("ours", "base", "theirs")]
    for path, one in zip(names, locks, strict=True):
        path.write_text(encode(one))
    command = ["git", "merge-file", "-p", *map(str, names)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    return ran.stdout if ran.returncode == 0 else None


def is_strict(text: str) -> bool:
    try:
        decode(text, "renderer.lock")
    except LockfileError as error:
        assert "`renderer lock merge`" in str(error)  # noqa: PT017 - the advice is what counts
        return False
    return True


def clean_merges(folder: Path, seeds: range) -> tuple[int, int]:
    """Merge at random; return how many merges were clean, and how many left a key twice."""
    clean = twice = 0
    for seed in seeds:
        chance = random.Random(seed)  # noqa: S311 - the same merges each time
        base = grown(lock(), "base", chance)
        ours, theirs = grown(base, "ours", chance), grown(base, "theirs", chance)
        text = merged_by_git(folder, ours, base, theirs)
        if text is None:
            continue
        clean, twice = clean + 1, twice + (not is_strict(text))
        made = decode_joined(text, "renderer.lock").lock
        assert videos(made) == videos(ours, theirs)
        assert decode(encode(made), "renderer.lock") == made
    return clean, twice


def test_no_take_is_lost_in_what_git_merges_cleanly(tmp_path: Path) -> None:
    clean, twice = clean_merges(tmp_path, range(150))

    assert clean > 50
    assert twice > 3


@pytest.mark.campaign
@pytest.mark.timeout(3000)
def test_no_take_is_lost_in_thousands_of_clean_merges(tmp_path: Path) -> None:
    clean, twice = clean_merges(tmp_path, range(5000))

    assert clean > 2000
    assert twice > 100


def test_both_takes_of_an_entry_that_is_there_twice_are_kept() -> None:
    text = doubled(lock({"bar/x": entry(take(1, "one"))}), lock({"bar/x": entry(take(1, "two"))}))

    merged = decode_joined(text, "renderer.lock")

    assert numbers(merged.lock, "bar/x") == {1: "one", 2: "two"}
    assert merged.renumbered == (Renumbered(address="bar/x", old=1, new=2),)


def test_three_branches_that_were_merged_one_after_the_other_are_joined() -> None:
    one, two, three = (lock({"bar/x": entry(take(1, name))}) for name in ("a", "b", "c"))
    head, _, row = encode(three).partition('"tasks": {')
    text = doubled(one, two).removesuffix("\n  }\n}\n") + "," + row
    assert head

    assert videos(decode_joined(text, "renderer.lock").lock) == {"a", "b", "c"}


def test_a_take_number_that_is_there_twice_is_given_anew() -> None:
    text = encode(lock({"bar/x": entry(take(1, "one"), take(2, "two"))})).replace('"#2"', '"#1"')

    merged = decode_joined(text, "renderer.lock").lock

    assert numbers(merged, "bar/x") == {1: "one", 2: "two"}


def test_an_entry_that_is_there_twice_is_named_with_its_line_and_what_works() -> None:
    text = doubled(lock({"bar/x": entry(take(1, "one"))}), lock({"bar/x": entry(take(1, "two"))}))
    line = 1 + max(n for n, row in enumerate(text.splitlines()) if '"bar/x"' in row)

    with pytest.raises(
        LockfileError, match=rf"^renderer\.lock:{line}:1: git left bar/x there twice"
    ):
        decode(text, "renderer.lock")


def _retake(text: str, key: str) -> str:
    return re.sub(rf'( +)("{key}": [^\n]+[^,\n])(,?)\n', r"\1\2,\n\1\2\3\n", text, count=1)


SLIPS: dict[str, Callable[[str], str]] = {
    "a value of a take": lambda text: _retake(text, "sha256"),
    "the version": lambda text: text.replace('"version": 1', '"version": 1, "version": 1'),
    "the lineage": lambda text: text.replace('"lineage"', '"lineage": "x", "lineage"'),
    "more often than anybody merges": lambda text: doubled_often(text, 20),
    "no JSON": lambda text: text + "}",
}


def doubled_often(text: str, times: int) -> str:
    body = json.loads(text)
    (row,) = body["tasks"].values()
    rows = ",".join(f'"bar/x": {json.dumps(row)}' for _ in range(times))
    return f'{{"version": 1, "lineage": "l", "tasks": {{{rows}}}}}'


@pytest.mark.parametrize("slip", SLIPS)
def test_what_cannot_be_joined_is_damaged(slip: str) -> None:
    text = SLIPS[slip](encode(lock({"bar/x": entry(take(1, "one"))})))

    with pytest.raises(LockfileError):
        decode_joined(text, "renderer.lock")


def test_an_entry_there_twice_with_takes_there_twice_loses_none() -> None:
    one = lock({"bar/x": entry(take(1, "a"), take(2, "b"))})
    two = lock({"bar/x": entry(take(1, "c"), take(2, "d"))})
    text = doubled(one, two).replace('"#2"', '"#1"')

    try:
        found = {identity(one) for _, one in decode_joined(text, "renderer.lock").lock.takes()}
    except LockfileError:
        return  # refused: nothing is lost either
    assert found == {"a", "b", "c", "d"}

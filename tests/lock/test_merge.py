"""Two lockfiles of one origin become one: what each side made is there, whatever happened."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.errors import LockfileError
from renderer.lock.codec import decode, encode
from renderer.lock.merge import Merged, Renumbered, identity, merge
from renderer.lock.model import Entry, Lock, Take

PICTURES = ["v1-" + digit * 64 for digit in "abc"]
ADDRESSES = ["bar/door", "bar/wide", "bar/wide@seed=7"]
A, B = PICTURES[:2]


def take(number: int, video: str, picture: str = A) -> Take:
    return Take(
        number=number,
        fingerprint=picture,
        sha256=video.encode().hex().ljust(64, "0")[:64],
        size=10,
        format="mp4",
        video_uuid=video,
    )


def entry(*takes: Take, picture: str = A, retired: bool = False) -> Entry:
    return Entry(fingerprint=picture, fields={"seed": 7}, takes=takes, retired=retired)


def lock(entries: Mapping[str, Entry] | None = None, lineage: str = "l") -> Lock:
    return Lock(lineage=lineage, entries=entries or {})


def videos(*locks: Lock) -> set[str]:
    return {identity(take) for one in locks for _, take in one.takes()}


def numbers(one: Lock, address: str) -> dict[int, str]:
    return {take.number: take.video_uuid for take in one.entries[address].takes}


def test_two_takes_of_one_number_are_both_kept_and_theirs_is_renumbered() -> None:
    base = lock({"bar/wide": entry(take(1, "one"))})
    ours = lock({"bar/wide": entry(take(1, "one"), take(2, "mine"))})
    theirs = lock({"bar/wide": entry(take(1, "one"), take(2, "yours"), take(3, "more"))})

    merged = merge(base, ours, theirs)

    assert numbers(merged.lock, "bar/wide") == {1: "one", 2: "mine", 3: "more", 4: "yours"}
    assert merged.renumbered == (Renumbered(address="bar/wide", old=2, new=4),)


def test_the_picture_in_force_is_that_of_the_side_that_changed_it() -> None:
    base = lock({"bar/wide": entry(take(1, "one"))})
    more = lock({"bar/wide": entry(take(1, "one"), take(2, "more"))})
    changed = lock({"bar/wide": entry(take(1, "one"), take(2, "new", B), picture=B)})

    for merged in (merge(base, more, changed), merge(base, changed, more)):
        assert merged.lock.entries["bar/wide"].fingerprint == B
        assert videos(merged.lock) == {"one", "more", "new"}


def test_where_both_changed_the_picture_ours_is_in_force_and_all_takes_stay() -> None:
    base = lock({"bar/wide": entry(take(1, "one"))})
    ours = lock({"bar/wide": entry(take(1, "one"), take(2, "mine", B), picture=B)})
    theirs_picture = PICTURES[2]
    theirs = lock(
        {
            "bar/wide": entry(
                take(1, "one"), take(2, "yours", theirs_picture), picture=theirs_picture
            )
        }
    )

    merged = merge(base, ours, theirs).lock

    assert merged.entries["bar/wide"].fingerprint == B
    assert [one.fingerprint for one in merged.entries["bar/wide"].takes] == [A, B, theirs_picture]


def test_what_one_side_moved_away_is_gone_if_the_other_left_it_alone() -> None:
    base = lock({"bar/wide": entry(take(1, "one"))})
    moved = lock({"bar/tall": entry(take(1, "one"))})

    assert merge(base, moved, base).lock == moved
    assert merge(base, base, moved).lock == moved


def test_what_one_side_moved_away_stays_if_the_other_added_to_it() -> None:
    base = lock({"bar/wide": entry(take(1, "one"))})
    moved = lock({"bar/tall": entry(take(1, "one"))})
    added = lock({"bar/wide": entry(take(1, "one"), take(2, "more"))})

    merged = merge(base, moved, added).lock

    assert numbers(merged, "bar/wide") == {1: "one", 2: "more"}
    assert numbers(merged, "bar/tall") == {1: "one"}


def test_a_retired_entry_comes_back_if_the_other_side_used_it() -> None:
    base = lock({"bar/wide": entry(take(1, "one"))})
    retired = lock({"bar/wide": entry(take(1, "one"), retired=True)})
    added = lock({"bar/wide": entry(take(1, "one"), take(2, "more"))})

    assert merge(base, retired, base).lock == retired
    assert not merge(base, retired, added).lock.entries["bar/wide"].retired


def test_a_video_that_each_side_took_from_another_place_is_not_lost_between_them() -> None:
    base = lock({"bar/door": entry(take(1, "one")), "bar/wide": entry(take(1, "one"))})
    left = lock({"bar/door": entry(take(1, "one"))})
    right = lock({"bar/wide": entry(take(1, "one"))})

    assert videos(merge(base, left, right).lock) == {"one"}


@pytest.mark.parametrize(
    ("number", "kept"), [(1, {1: "other", 2: "one"}), (2, {1: "one", 2: "other"})]
)
def test_a_video_that_is_put_back_gets_a_number_that_is_free(
    number: int, kept: dict[int, str]
) -> None:
    base = lock({"bar/door": entry(take(1, "one")), "bar/wide": entry(take(1, "one"))})
    left = lock({"bar/door": entry(take(1, "one")), "bar/wide": entry(take(number, "other"))})
    right = lock({"bar/door": entry(take(number, "other")), "bar/wide": entry(take(1, "one"))})

    merged = merge(base, left, right).lock

    assert numbers(merged, "bar/door") == numbers(merged, "bar/wide") == kept
    for one in merged.entries.values():
        assert [take.number for take in one.takes] == [1, 2]


def test_what_is_merged_is_of_one_origin_unless_it_is_said() -> None:
    assert not Merged(lock=lock()).two_lineages


def test_a_take_that_one_side_completed_is_complete() -> None:
    known = replace(take(1, "one"), cost=Decimal("0.41688"))
    base = lock({"bar/wide": entry(take(1, "one"))})
    ours = lock({"bar/wide": entry(take(1, "one"), take(2, "more"))})
    theirs = lock({"bar/wide": entry(known)})

    assert merge(base, ours, theirs).lock.entries["bar/wide"].takes[0] == known


def test_lockfiles_of_two_projects_are_not_joined() -> None:
    with pytest.raises(LockfileError, match="lineage differs"):
        merge(lock(), lock(), lock(lineage="other"))


def test_lockfiles_begun_on_two_branches_are_joined_alike_in_both_orders() -> None:
    ours = lock({"bar/wide": entry(take(1, "one"))}, lineage="b")
    theirs = lock({"bar/door": entry(take(1, "two"))}, lineage="a")

    merged = merge(None, ours, theirs)

    assert merged.two_lineages
    assert merged.lock == merge(None, theirs, ours).lock
    assert merged.lock.lineage == "a"
    assert videos(merged.lock) == {"one", "two"}


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "kept"),
    [
        (["a"], ["a"], ["a", "b"], ("a", "b")),
        (["a"], ["a", "c"], ["a", "b"], ("a", "b", "c")),
        (["b"], ["b"], ["a", "b"], ("a", "b")),
        (["a", "b"], ["a", "b"], ["b"], ("a", "b")),
        (None, ["b", "c"], ["a", "c"], ("a", "b", "c")),
        (None, [], ["a"], ("a",)),
        (["a"], [], ["a"], ("a",)),
        (None, [], [], ()),
    ],
)
def test_every_lineage_of_either_side_is_kept(
    base: list[str] | None, ours: list[str], theirs: list[str], kept: tuple[str, ...]
) -> None:
    old = None if base is None else lock().of_lineages(base)

    merged = merge(old, lock().of_lineages(ours), lock().of_lineages(theirs))

    assert merged.lock.lineages == kept
    assert merged.lock.lineage == (kept[0] if kept else "")
    assert not merged.two_lineages
    assert merge(old, lock().of_lineages(theirs), lock().of_lineages(ours)).lock == merged.lock


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_a_side_without_any_lineage_of_the_base_is_of_another_project(side: str) -> None:
    sides = {"ours": lock().of_lineages("ab"), "theirs": lock().of_lineages("ab")}

    with pytest.raises(LockfileError, match="lineage differs"):
        merge(lock().of_lineages("ab"), **{**sides, side: lock().of_lineages("cd")})


class Branch:
    """What a branch can do to a lockfile; each video it makes is new in the world."""

    def __init__(self, start: Lock, name: str) -> None:
        self.entries = dict(start.entries)
        self.lineage = start.lineage
        self.name = name
        self.made = 0

    @property
    def lock(self) -> Lock:
        return Lock(lineage=self.lineage, entries=self.entries)

    def render(self, address: str, picture: str) -> None:
        old = self.entries.get(address, Entry(fingerprint=picture))
        self.made += 1
        new = take(old.next_number, f"{self.name}-{self.made}", picture)
        self.entries[address] = entry(*old.takes, new, picture=picture)

    def revert(self, address: str, picture: str) -> None:
        old = self.entries.get(address)
        if old is not None:
            self.entries[address] = replace(old, fingerprint=picture, retired=False)

    def retire(self, address: str, picture: str) -> None:
        del picture
        old = self.entries.get(address)
        if old is not None:
            self.entries[address] = replace(old, retired=True)

    def move(self, address: str, picture: str) -> None:
        target = ADDRESSES[(ADDRESSES.index(address) + PICTURES.index(picture) + 1) % 3]
        old, there = self.entries.get(address), self.entries.get(target)
        if old is None or there is not None:
            return
        moving = old.of(old.fingerprint)
        rest = tuple(one for one in old.takes if one not in moving)
        self.entries[target] = replace(old, takes=moving, retired=False)
        if rest:
            self.entries[address] = replace(old, takes=rest, retired=True)
        else:
            del self.entries[address]

    def share(self, address: str, picture: str) -> None:
        """Let another task show the same picture, with the very same takes."""
        target = ADDRESSES[(ADDRESSES.index(address) + PICTURES.index(picture) + 1) % 3]
        if address in self.entries and target not in self.entries:
            self.entries[target] = replace(self.entries[address], retired=False)


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["render", "render", "revert", "retire", "move", "share"]),
        st.sampled_from(ADDRESSES),
        st.sampled_from(PICTURES),
    ),
    min_size=1,
    max_size=8,
)


def grown(start: Lock, name: str, deeds: list[tuple[str, str, str]]) -> Lock:
    branch = Branch(start, name)
    for deed, address, picture in deeds:
        getattr(branch, deed)(address, picture)
    return branch.lock


@st.composite
def histories(draw: st.DrawFn) -> tuple[Lock, Lock, Lock]:
    base = grown(lock(), "base", draw(DEEDS))
    return base, grown(base, "ours", draw(DEEDS)), grown(base, "theirs", draw(DEEDS))


@given(histories())
def test_no_take_of_either_side_is_ever_lost(sides: tuple[Lock, Lock, Lock]) -> None:
    base, ours, theirs = sides

    assert videos(merge(base, ours, theirs).lock) == videos(ours, theirs)


@given(histories())
def test_a_number_names_one_take_and_ours_keep_theirs(sides: tuple[Lock, Lock, Lock]) -> None:
    base, ours, theirs = sides
    merged = merge(base, ours, theirs).lock

    for one in merged.entries.values():
        assert len({take.number for take in one.takes}) == len(one.takes)
        assert len({identity(take) for take in one.takes}) == len(one.takes)
    for address, old in ours.entries.items():
        if theirs.entries.get(address) not in (None, base.entries.get(address)):
            for mine in old.takes:
                assert mine in merged.entries[address].takes or base.entries.get(address) == old


@given(histories())
def test_a_side_that_did_nothing_gets_what_the_other_did(sides: tuple[Lock, Lock, Lock]) -> None:
    base, ours, _ = sides

    assert merge(base, base, ours).lock == ours
    assert merge(base, ours, base).lock == ours
    assert merge(base, ours, ours).lock == ours


@given(histories())
def test_both_orders_agree_but_for_numbers_and_who_is_ours(sides: tuple[Lock, Lock, Lock]) -> None:
    base, ours, theirs = sides
    one, two = merge(base, ours, theirs).lock, merge(base, theirs, ours).lock

    assert one.entries.keys() == two.entries.keys()
    for address, entry_ in one.entries.items():
        other = two.entries[address]
        assert {identity(t) for t in entry_.takes} == {identity(t) for t in other.takes}
        assert entry_.retired == other.retired
        before = base.entries.get(address)
        sides_ = (ours.entries.get(address), theirs.entries.get(address))
        changed = {one.fingerprint for one in sides_ if one and (not before or one != before)}
        assert entry_.fingerprint == other.fingerprint or len(changed) == 2


@given(histories())
def test_what_was_merged_can_be_written_and_read(sides: tuple[Lock, Lock, Lock]) -> None:
    merged = merge(*sides).lock

    assert decode(encode(merged), "renderer.lock") == merged

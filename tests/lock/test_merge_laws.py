"""The laws of joining two lockfiles, for every history of two branches."""

from collections import Counter
from collections.abc import Iterator

from hypothesis import example, given
from hypothesis import strategies as st

from renderer.lock.merge import Merged, identity, merge
from renderer.lock.model import Entry, Lock, Take
from tests.lock.test_merge import A, B, entry, histories, lock, take, videos

Sides = tuple[Lock, Lock, Lock]
PLACE = "bar/wide"


def takes_of(one: Lock, address: str) -> tuple[Take, ...]:
    return one.entries[address].takes if address in one.entries else ()


def both_changed(sides: Sides) -> Iterator[str]:
    """Yield the addresses that both sides have, each other than the base and than the other."""
    base, ours, theirs = (one.entries for one in sides)
    for address in ours.keys() & theirs.keys():
        old, mine, other = base.get(address), ours[address], theirs[address]
        if mine not in (old, other) and other != old:
            yield address


# Two branches that begin with what is usual: takes of one or two pictures at one address.
NUMBERS = st.sampled_from([(), (1,), (1, 2), (2,), (1, 3)])


@st.composite
def small(draw: st.DrawFn) -> Sides:
    def side(name: str, old: tuple[Take, ...]) -> Entry:
        start = max((one.number for one in old), default=0)
        new = [
            take(start + number, f"{name}{number}", draw(st.sampled_from([A, B])))
            for number in draw(NUMBERS)
        ]
        picture = draw(st.sampled_from([A, B]))
        return entry(*old, *new, picture=picture, retired=draw(st.booleans()))

    base = side("base", ())
    ours, theirs = side("ours", base.takes), side("theirs", base.takes)
    return (lock({PLACE: base}), lock({PLACE: ours}), lock({PLACE: theirs}))


SIDES = histories() | small()


def merged(sides: Sides) -> Merged:
    return merge(*sides)


@given(SIDES)
def test_no_number_and_no_video_is_there_twice_at_an_address(sides: Sides) -> None:
    for one in merged(sides).lock.entries.values():
        assert max(Counter(take.number for take in one.takes).values(), default=1) == 1
        assert max(Counter(map(identity, one.takes)).values(), default=1) == 1
        assert all(take.number >= 1 for take in one.takes)


@given(SIDES)
def test_addresses_and_numbers_are_sorted(sides: Sides) -> None:
    entries = merged(sides).lock.entries
    for one in entries.values():
        assert [take.number for take in one.takes] == sorted(take.number for take in one.takes)


@given(SIDES)
def test_nothing_is_lost_and_nothing_made_up(sides: Sides) -> None:
    _, ours, theirs = sides

    assert videos(merged(sides).lock) == videos(ours, theirs)


@given(SIDES)
def test_ours_keep_their_numbers_and_what_gave_way_is_told(sides: Sides) -> None:
    found = merged(sides)
    told = {(one.address, one.old): one.new for one in found.renumbered}
    for address in both_changed(sides):
        mine = {identity(take): take.number for take in takes_of(sides[1], address)}
        other = {identity(take): take.number for take in takes_of(sides[2], address)}
        for one in takes_of(found.lock, address):
            name = identity(one)
            if name in mine:
                assert one.number == mine[name]
            elif name in other and one.number != other[name]:
                assert told.pop((address, other[name])) == one.number
    assert not told


@given(SIDES)
def test_a_new_number_is_one_that_no_side_ever_used_there(sides: Sides) -> None:
    found = merged(sides)
    for one in found.renumbered:
        used = {take.number for side in sides for take in takes_of(side, one.address)}
        assert one.new not in used
        assert one.new > max(used)


@given(SIDES)
def test_it_is_commutative_up_to_numbers(sides: Sides) -> None:
    base, ours, theirs = sides
    one, two = merge(base, ours, theirs).lock, merge(base, theirs, ours).lock

    assert one.entries.keys() == two.entries.keys()
    for address in one.entries:
        names = [{identity(take) for take in takes_of(side, address)} for side in (one, two)]
        assert names[0] == names[1]
        assert one.entries[address].retired == two.entries[address].retired


@given(SIDES)
def test_it_is_idempotent(sides: Sides) -> None:
    base, ours, _ = sides
    made = merged(sides).lock

    assert merge(made, made, made).lock == made
    assert merge(ours, made, made).lock == made
    assert merge(base, ours, ours).lock == ours


@given(SIDES)
def test_merging_the_same_branch_once_more_changes_nothing(sides: Sides) -> None:
    made = merged(sides).lock

    again = merge(sides[2], made, sides[2])

    assert again.lock == made
    assert again.renumbered == ()


@given(SIDES)
@example((lock(), lock({PLACE: entry(retired=True)}), lock({PLACE: entry(take(1, "a"))})))
def test_an_entry_is_retired_only_where_both_sides_have_it_so(sides: Sides) -> None:
    for address in both_changed(sides):
        retired = [side.entries[address].retired for side in sides[1:]]
        assert merged(sides).lock.entries[address].retired == all(retired)


@given(SIDES)
def test_without_a_base_everything_of_both_is_there(sides: Sides) -> None:
    _, ours, theirs = sides
    made = merge(None, ours, theirs).lock

    assert made.entries.keys() == ours.entries.keys() | theirs.entries.keys()
    for address, one in made.entries.items():
        names = {identity(take) for side in (ours, theirs) for take in takes_of(side, address)}
        assert {identity(take) for take in one.takes} == names

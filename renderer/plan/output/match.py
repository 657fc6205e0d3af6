"""What two lists of words have in common, in order: a longest common sequence, in bounded time.

The table of a longest common sequence is kept as one number for each word of the newer list, a
bit for each word of the older one, so that a row is computed with a few operations on numbers
(Hyyrö's bit-parallel form). A comparison over the limit is one change from end to end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LIMIT = 16_000_000  # pairs of words: some 10 ms


@dataclass(frozen=True, slots=True)
class Block:
    """As many equal words from `old` on in the one list as from `new` on in the other."""

    old: int
    new: int
    size: int


def blocks(before: Sequence[str], after: Sequence[str]) -> list[Block]:
    """Return what both have in common, in the order of both; neighbours are one block."""
    head = _same(before, after)
    rest = _same(before[head:][::-1], after[head:][::-1])
    old, new = before[head : len(before) - rest], after[head : len(after) - rest]
    found = [Block(0, 0, head)]
    for one, other in _common(old, new):
        last = found[-1]
        if (last.old + last.size, last.new + last.size) == (head + one, head + other):
            found[-1] = Block(last.old, last.new, last.size + 1)
        else:
            found.append(Block(head + one, head + other, 1))
    found.append(Block(len(before) - rest, len(after) - rest, rest))
    return [one for one in found if one.size]


def _same(before: Sequence[str], after: Sequence[str]) -> int:
    """Return how many words are equal from the start."""
    pairs = zip(before, after, strict=False)
    differs = (at for at, (one, other) in enumerate(pairs) if one != other)
    return next(differs, min(len(before), len(after)))


def _common(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of a longest common sequence."""
    if not before or not after or len(before) * len(after) > _LIMIT:
        return []
    return list(_pairs(_rows(before, after), len(before)))[::-1]


def _rows(before: Sequence[str], after: Sequence[str]) -> list[int]:
    """Return for each word of `after` where the sequence does not grow: a bit for each of `before`."""
    places: dict[str, int] = {}
    for at, word in enumerate(before):
        places[word] = places.get(word, 0) | 1 << at
    whole = (1 << len(before)) - 1
    row, rows = whole, []
    for word in after:
        hit = row & places.get(word, 0)
        row = ((row + hit) | (row - hit)) & whole
        rows.append(row)
    return rows


def _pairs(rows: Sequence[int], width: int) -> Iterator[tuple[int, int]]:
    """Yield the pairs from the last to the first: a row grows where its bit, but not that above, is 0."""
    one, other = width, len(rows)
    while one and other:
        if rows[other - 1] >> (one - 1) & 1:
            one -= 1
            continue
        other -= 1
        if not other or rows[other - 1] >> (one - 1) & 1:
            one -= 1
            yield one, other

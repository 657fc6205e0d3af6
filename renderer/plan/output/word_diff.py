"""How one prompt became another: a word diff, cut to the places that differ."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from renderer.plan.output.match import blocks

# A word takes the space before it along, so that phrases stay whole. Addresses, paths, dates and
# times are one word each: half of one tells nobody anything.
_TOKENS = re.compile(
    r"""\s?(?:
        \w+://[^\s]*[\w/]                            # https://example.org/a?b=c
      | [\w.+-]+@[\w-]+(?:\.[\w-]+)+                 # a@example.org
      | [\w.-]+(?:/[\w.-]+)*/[\w.-]*\w(?:@[\w.=,:-]*\w)?(?:\#\d+)?  # reef/polyps@seed=7#1
      | \d\w*(?:[:.,-]\w*\d\w*)+                     # 0:04.5 or 2026-11-27T10:00
      | \w+(?:['’-]\w+)*                             # push-in
      | [^\w\s]
    )""",
    re.VERBOSE,
)
_CONTEXT = 6
_KEPT = 4096  # diffs: each is asked for when tasks are folded, and again when it is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text that is `same`, `old`, `new`, or a `gap` where words were left out."""

    kind: str
    text: str


@dataclass(slots=True)
class _Part:
    """What is equal, and after it what became what."""

    same: str
    old: str
    new: str


def word_diff(old: str, new: str, *, context: int = _CONTEXT) -> tuple[Piece, ...]:
    """Return the pieces from old to new; `context` words are kept around each difference."""
    return tuple(_trimmed(_pieces(old, new), context))


def changes(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Return what became what, without the words around it."""
    return tuple((old.strip(), new.strip()) for _, old, new in _parts(old, new) if old or new)


def _pieces(old: str, new: str) -> list[Piece]:
    found = []
    for same, before, after in _parts(old, new):
        kinds = (("same", same), ("old", before), ("new", after))
        found += [Piece(kind=kind, text=text) for kind, text in kinds if text]
    return found


@lru_cache(maxsize=_KEPT)
def _parts(old: str, new: str) -> tuple[tuple[str, str, str], ...]:
    before, after = _tokens(old), _tokens(new)
    parts = [_Part("", "", "")]
    at = to = 0
    for one in blocks(before, after):
        parts[-1].old, parts[-1].new = "".join(before[at : one.old]), "".join(after[to : one.new])
        at, to = one.old + one.size, one.new + one.size
        parts.append(_Part("".join(before[one.old : at]), "", ""))
    parts[-1].old, parts[-1].new = "".join(before[at:]), "".join(after[to:])
    return tuple((one.same, one.old, one.new) for one in _spaced(parts))


def _tokens(text: str) -> list[str]:
    return _TOKENS.findall(" " + " ".join(text.split()))


def _spaced(parts: list[_Part]) -> list[_Part]:
    """Put the spaces where one would: before a change of words, after what came or went."""
    for at, part in enumerate(parts):
        follows = parts[at + 1] if at + 1 < len(parts) else None
        if part.old[:1] == part.new[:1] == " ":
            part.same, part.old, part.new = f"{part.same} ", part.old[1:], part.new[1:]
        elif (
            follows and follows.same.startswith(" ") and {part.old[:1], part.new[:1]} == {"", " "}
        ):
            follows.same = follows.same[1:]
            part.same, part.old, part.new = f"{part.same} ", _turned(part.old), _turned(part.new)
    return _unpadded(parts)


def _turned(text: str) -> str:
    return f"{text[1:]} " if text else ""


def _unpadded(parts: list[_Part]) -> list[_Part]:
    """Take the space away that was put before the first word."""
    first = next((one for one in parts if one.same or one.old or one.new), parts[0])
    if first.same:
        first.same = first.same[1:]
    else:
        first.old, first.new = first.old[1:], first.new[1:]
    return parts


def _trimmed(pieces: Sequence[Piece], context: int) -> Iterator[Piece]:
    last = len(pieces) - 1
    for at, piece in enumerate(pieces):
        words = re.findall(r"\s*\S+\s*", piece.text)
        if piece.kind != "same" or len(words) <= 2 * context + 2:
            yield piece
            continue
        head = "".join(words[:context]) if at > 0 else ""
        tail = "".join(words[-context:]) if at < last else ""
        yield from (Piece(kind="same", text=head),) if head else ()
        yield Piece(kind="gap", text="… " if tail else "…")
        yield from (Piece(kind="same", text=tail),) if tail else ()

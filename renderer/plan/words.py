"""How one prompt became another: a word diff, cut to the places that differ."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_TOKENS = re.compile(r"\w+(?:['’-]\w+)*|\s+|[^\w\s]")
_CONTEXT = 6
Code = tuple[str, int, int, int, int]
_MOST = 6000


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text that is `same`, `old`, `new`, or a `gap` where words were left out."""

    kind: str
    text: str


def word_diff(old: str, new: str, *, context: int = _CONTEXT) -> tuple[Piece, ...]:
    """Return the pieces from old to new; `context` words are kept around each difference."""
    before, after = _tokens(old), _tokens(new)
    pieces = list(_pieces(before, after))
    return tuple(_trimmed(pieces, context))


def bracketed(pieces: tuple[Piece, ...]) -> str:
    """Write a diff without colour: `[-old-]{+new+}`, and an ellipsis for a gap."""
    marks = {"old": ("[-", "-]"), "new": ("{+", "+}"), "same": ("", ""), "gap": ("", "")}
    return "".join(f"{marks[one.kind][0]}{one.text}{marks[one.kind][1]}" for one in pieces)


def _tokens(text: str) -> list[str]:
    found = _TOKENS.findall(" ".join(text.split()))
    return found[:_MOST]


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, a, b, c, d in _joined(list(matcher.get_opcodes()), before):
        if tag == "equal":
            yield Piece(kind="same", text="".join(before[a:b]))
            continue
        if b > a:
            yield Piece(kind="old", text="".join(before[a:b]))
        if d > c:
            yield Piece(kind="new", text="".join(after[c:d]))


def _joined(codes: Sequence[Code], before: list[str]) -> list[Code]:
    """Join two changes that only white space keeps apart, so that phrases stay whole."""
    merged: list[Code] = []
    for code in codes:
        tag, a, b, c, d = code
        if tag == "equal" and "".join(before[a:b]).isspace() and merged and code != codes[-1]:
            merged.append(("replace", a, b, c, d))
        else:
            merged.append(code)
    joined: list[Code] = []
    for tag, a, b, c, d in merged:
        if joined and tag != "equal" and joined[-1][0] != "equal":
            _, first, _, third, _ = joined.pop()
            joined.append(("replace", first, b, third, d))
        else:
            joined.append((tag, a, b, c, d))
    return joined


def _trimmed(pieces: list[Piece], context: int) -> Iterator[Piece]:
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

"""Verdicts and notes to the text of `reviews.yaml`, in a form that stock git merges.

All entries are in one list, sorted by digests: what two branches add seldom falls between the same
two old ones. An entry has two lines that no other entry has, and a blank one before the next, so
that git never mixes two of them, even where it keeps the lines of both (`merge=union`): of longer
ones it would take lines that look alike for one. A key never changes, so that an entry can be put
in beside one that another branch edits; for that the last one has a blank line behind it, too.
"""

import json
from collections.abc import Iterator, Sequence

from renderer.errors import InputError, Problem
from renderer.film.entries import lines_of, with_entries
from renderer.film.reviews import Note, Reviews, TakeVerdict
from renderer.film.reviews_read import VERSION, decode
from renderer.paths import REVIEWS

_HEAD = f"""\
# Verdicts on takes, and notes on them. `renderer notes` writes here; so may you.
version: {VERSION}
reviews:
"""


def encode(reviews: Reviews) -> str:
    """Write reviews; equal ones give equal text. InputError if they could not be read again."""
    blocks = _blocks(reviews)
    text = _HEAD + "".join(f"{blocks[key]}\n" for key in sorted(blocks))
    try:
        decode(text, REVIEWS)
    except InputError as error:
        raise InputError(
            Problem(
                what=f"{REVIEWS} cannot hold {len(blocks)} verdicts and notes: {problem.what}",
                todo="remove resolved notes that are not needed any more",
            )
            for problem in error.problems
        ) from None
    return text


def edited(text: str | None, after: Reviews) -> str:
    """Return a file's text with its reviews made `after`; what did not change stays as written."""
    if text is None or not text.strip():
        return encode(after)
    attempt = _patched(text, decode(text, REVIEWS), after)
    try:
        return attempt if decode(attempt, REVIEWS) == after else encode(after)
    except InputError:
        return encode(after)


def _patched(text: str, before: Reviews, after: Reviews) -> str:
    old, new = _blocks(before), _blocks(after)
    changed = [key for key in old.keys() | new.keys() if old.get(key) != new.get(key)]
    blocks = {key: new.get(key, "") for key in changed}
    return "".join(with_entries(lines_of(text), blocks, tail="\n"))


def _blocks(reviews: Reviews) -> dict[str, str]:
    found = {key: f'  "{key}":\n    {_verdict(one)}\n' for key, one in reviews.verdicts.items()}
    return found | {key: f"  {key}:\n    {_note(one)}\n" for key, one in reviews.notes.items()}


def _verdict(one: TakeVerdict) -> str:
    pairs = (("take", one.take), ("who", one.who), ("when", one.when))
    return f"{{verdict: {one.verdict}, {', '.join(_quoted(pairs))}}}"


def _note(one: Note) -> str:
    pairs = [("take", one.take), *([("at", str(one.at))] if one.at else [])]
    pairs += [("text", one.text), ("who", one.who), ("when", one.when)]
    resolved = ["resolved: true"] if one.resolved else []
    digest = _quoted([("sha256", one.sha256)])  # in quotes, for some digests read as numbers
    return f"{{{', '.join([*_quoted(pairs), *resolved, *digest])}}}"


def _quoted(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    for name, value in pairs:
        yield f"{name}: {json.dumps(value, ensure_ascii=False)}"

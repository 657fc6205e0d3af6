"""Picks to the text of `picks.yaml`: sorted, several lines an entry, so that stock git merges it.

A person's file is edited, not rewritten: comments and the order of others' entries stay.
"""

import json
import re
from collections.abc import Iterator

from renderer.errors import InputError, Problem
from renderer.film.entries import lines_of, with_entries, with_keys
from renderer.film.picks import Part, Pick, Picks
from renderer.film.read import VERSION, decode
from renderer.paths import PICKS

_HEAD = """\
# The take chosen for each shot, and why. `renderer pick` writes here; so may you.
version: {version}
picks:
"""
_VERSION_LINE = re.compile(r"(version:\s*)[0-9]+(?=\s*(?:#.*)?$)")


def encode(picks: Picks) -> str:
    """Write picks; equal picks give equal text. InputError if they could not be read again."""
    text = _whole(picks)
    try:
        decode(text, PICKS)
    except InputError as error:
        raise InputError(
            Problem(
                what=f"{PICKS} cannot hold {len(picks.by_slot)} picks: {problem.what}",
                todo="remove picks that are not needed: `renderer pick --undo SHOT`",
            )
            for problem in error.problems
        ) from None
    return text


def _whole(picks: Picks) -> str:
    blocks = [_block(picks.by_slot[shot]) for shot in sorted(picks.by_slot)]
    return _HEAD.format(version=_version_of(picks)) + "\n".join(blocks)


def _version_of(picks: Picks) -> int:
    """Return the version of the file: the first, unless a pick is for one of several films."""
    return VERSION if any("@" in slot for slot in picks.by_slot) else 1


def edited(text: str | None, after: Picks) -> str:
    """Return a file's text with its picks made `after`; what did not change stays as written."""
    if text is None or not text.strip():
        return encode(after)
    attempt = _patched(text, decode(text, ""), after)
    try:
        return attempt if decode(attempt, "") == after else encode(after)
    except InputError:
        return encode(after)


def _block(pick: Pick) -> str:
    return "".join(f"{line}\n" for line in _entry(pick))


def _entry(pick: Pick) -> Iterator[str]:
    yield f"  {_named(pick.slot)}:"
    if len(pick.parts) == 1:
        yield from (f"    {line}" for line in _part(pick.parts[0]))
    else:
        yield "    parts:"
        for part in pick.parts:
            first, *rest = _part(part)
            yield f"      - {first}"
            yield from (f"        {line}" for line in rest)
    if pick.why:
        yield f"    why: {json.dumps(pick.why, ensure_ascii=False)}"


def _part(part: Part) -> list[str]:
    lines = [
        f'take: "{part.take}"',
        f'sha256: "{part.sha256}"',  # in quotes, for some digests read as numbers
        f"fingerprint: {part.fingerprint}",
    ]
    if part.start:
        lines.append(f"in: {part.start}")
    if part.end:
        lines.append(f"out: {part.end}")
    return lines


def _patched(text: str, before: Picks, after: Picks) -> str:
    lines = lines_of(text)
    if _version_of(after) != _version_of(before):
        number = rf"\g<1>{_version_of(after)}"
        lines = [_VERSION_LINE.sub(number, line) for line in lines]
    renamed = _renamed(before, after)
    lines = with_keys(lines, {old: _named(name) for old, name in renamed.items()})
    before = before.without(*renamed).having(*(after.by_slot[name] for name in renamed.values()))
    old, new = before.by_slot, after.by_slot
    changed = [slot for slot in old.keys() | new.keys() if old.get(slot) != new.get(slot)]
    blocks = {slot: _block(new[slot]) if slot in new else "" for slot in changed}
    return "".join(with_entries(lines, blocks))


def _renamed(before: Picks, after: Picks) -> dict[str, str]:
    """Return old to new name of picks that got another place and are the same otherwise.

    They stay where they are in the file, with what a person wrote at them.
    """
    new = {
        (pick.parts, pick.why): name
        for name, pick in after.by_slot.items()
        if name not in before.by_slot
    }
    gone = {name: pick for name, pick in before.by_slot.items() if name not in after.by_slot}
    found = {new.get((pick.parts, pick.why), ""): old for old, pick in gone.items()}
    return {old: name for name, old in found.items() if name}


def _named(slot: str) -> str:
    return f'"{slot}"' if "@" in slot else slot

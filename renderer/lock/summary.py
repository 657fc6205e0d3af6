"""The lockfile in one line a task, for people who read a diff of it."""

from collections.abc import Iterator

from renderer.lock.model import Entry, Lock, Take
from renderer.sanitize import visible

_DIGITS = 12


def lines(lock: Lock) -> Iterator[str]:
    """Yield a line for each entry: address, picture, takes with their seeds, and cost in USD."""
    for address, entry in sorted(lock.entries.items()):
        yield f"{visible(address)}  {_picture(entry)}  {_takes(entry)}"


def _picture(entry: Entry) -> str:
    rule, _, digits = entry.fingerprint.partition("-")
    return f"{rule}-{digits[:_DIGITS]}{'  retired' if entry.retired else ''}"


def _takes(entry: Entry) -> str:
    current = entry.of(entry.fingerprint)
    older = len(entry.takes) - len(current)
    rest = f"  and {older} of other pictures" if older else ""
    return "  ".join(map(_take, current)) + rest if current else f"no take{rest}"


def _take(take: Take) -> str:
    seed = "" if take.seed is None else f" seed {take.seed}"
    known = take.cost if take.cost is not None else take.estimate
    price = "" if known is None else f" {'' if take.cost is not None else '~'}${known:f}"
    return f"#{take.number}{seed}{price} {take.sha256[:_DIGITS]}"

"""A lockfile in which stock git left a key twice: both branches added it, at different lines.

Such a merge is clean for git, and the text is none that JSON gives one meaning. Each occurrence is
one side's, so the text is read once for each side, and the sides are joined as `merge` joins them.
"""

import json
from collections.abc import Iterable

from renderer import limits
from renderer.json_types import Json
from renderer.lock.codec import decode, is_joinable
from renderer.lock.merge import Merged, identity, merge
from renderer.strict_json import NotStrictError, Pairs, bounded

_MOST = 8  # sides: branches that were merged one after the other


def decode_joined(text: str, name: str) -> Merged:
    """Read a lockfile as `decode` does, but join what git left twice; LockfileError for all else."""
    first, *rest = _sides(text)
    merged = Merged(lock=decode(first, name))
    for side in (decode(one, name) for one in rest):
        joined = merge(None, merged.lock, side)
        merged = Merged(lock=joined.lock, renumbered=(*merged.renumbered, *joined.renumbered))
    if rest and _videos(text) != {identity(take) for _, take in merged.lock.takes()}:
        decode(text, name)  # keys that are there twice within others: it says which
    return merged


def _sides(text: str) -> Iterable[str]:
    """Return the text once for each side; as it is where no key is there twice."""
    try:
        checked = bounded(text, most=limits.LOCK, pieces=limits.LOCK_PIECES)
        most = _times(checked)
        views = [json.dumps(_view(checked, side)) for side in range(most)] if most > 1 else [text]
    except (ValueError, RecursionError, NotStrictError):
        return [text]  # `decode` says what is wrong with it
    return views


def _times(text: str) -> int:
    """Return how often the key is there that is there most often; 1 if it cannot be joined."""
    found = {1}

    def look(pairs: Pairs) -> None:
        names = [key for key, _ in pairs]
        for key in names if len(set(names)) < len(names) else ():
            times = names.count(key)
            found.add(times if times == 1 or is_joinable(key) else _MOST + 1)

    json.loads(text, object_pairs_hook=look)
    return max(found) if max(found) <= _MOST else 1


def _videos(text: str) -> set[Json]:
    """Return the names of all videos in a text, whatever is there twice."""
    found: set[Json] = set()

    def look(pairs: Pairs) -> dict[str, Json]:
        row = dict(pairs)
        if "sha256" in row:
            found.add(row.get("videoUUID") or row["sha256"])
        return row

    json.loads(text, object_pairs_hook=look)
    return found


def _view(text: str, side: int) -> Json:
    """Return the value in which each key that is there twice is that of one side, or the last."""

    def pick(pairs: Pairs) -> dict[str, Json]:
        kept: dict[str, list[Json]] = {}
        for key, value in pairs:
            kept.setdefault(key, []).append(value)
        return {key: values[min(side, len(values) - 1)] for key, values in kept.items()}

    value: Json = json.loads(text, object_pairs_hook=pick)
    return value

"""How deeply a text nests where its parser stopped: parsers read ahead, within limits of their own.

libyaml reads a whole line of brackets before it yields the first of them, and from 0.2.6 on
refuses a thousand. The limit that a person reads of is ours, whichever of the two comes first.
"""

import yaml

from renderer.spec.events import MAX_DEPTH


def too_deep_at(text: str, start: int, end: int, depth: int) -> int | None:
    """Return where `text[start:end]`, which begins inside `depth` levels, nests too deep."""
    ahead = text[start:end]
    if depth + ahead.count("[") + ahead.count("{") <= MAX_DEPTH:
        return None
    # A bracket in a quoted text or a comment opens nothing, and only a scanner can tell; the one
    # in Python has no limit. Behind a first bracket it reads block and flow text alike.
    scanner = yaml.SafeLoader("[" + ahead)
    try:
        while not scanner.done:
            scanner.fetch_more_tokens()
            if depth + scanner.flow_level > MAX_DEPTH + 1:
                return start + int(scanner.index) - 2
    except yaml.YAMLError:
        pass
    return None

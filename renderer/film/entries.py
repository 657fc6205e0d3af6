"""Entries of a YAML file that a person may have written: one is put in, replaced or taken out.

Comments, order and style of all others stay. An entry is a key that is indented by two, and what
stands below it, deeper; what it says is not known here.
"""

import re
from collections.abc import Mapping

_KEY = re.compile(r"""  (?:([^\s"'#:]+)|"([^\s"]+)"|'([^\s']+)')(:(?:\s.*)?)\Z""")


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, each with its end."""
    lines = text.replace("\r\n", "\n").splitlines(keepends=True)
    if not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    return lines


def with_entries(lines: list[str], blocks: Mapping[str, str], tail: str = "") -> list[str]:
    """Put texts in place of entries, or where they belong by their keys; an empty one removes.

    `tail` is what follows one that comes last.
    """
    for key in sorted(blocks):
        lines = _with(lines, key, blocks[key].splitlines(keepends=True), tail)
    return lines


def with_keys(lines: list[str], keys: Mapping[str, str]) -> list[str]:
    """Give entries other keys, as they are to be written; they stay where they are."""
    return [_rekeyed(line, keys[key]) if (key := _key(line)) in keys else line for line in lines]


def _rekeyed(line: str, key: str) -> str:
    found = _KEY.match(line.rstrip("\n"))
    return f"  {key}{found[4]}\n" if found else line


def _with(lines: list[str], key: str, block: list[str], tail: str) -> list[str]:
    starts = {name: at for at, line in enumerate(lines) if (name := _key(line))}
    if key in starts:
        first = starts[key]
        last = _end(lines, first)
        if not block and last < len(lines) and not lines[last].strip():
            last += 1
        return [*lines[:first], *block, *lines[last:]]
    later = [at for name, at in starts.items() if name > key]
    if later:
        at = _above(lines, min(later))
        return [*lines[:at], *block, "\n", *lines[at:]]
    gap = ["\n"] if starts and lines[-1].strip() else []
    return [*lines, *gap, *block, *([tail] if tail else [])]


def _key(line: str) -> str:
    found = _KEY.match(line.rstrip("\n"))
    return next(filter(None, found.groups()[:3]), "") if found else ""


def _end(lines: list[str], first: int) -> int:
    """Return the line after an entry: its own lines are indented deeper than its key."""
    last = first + 1
    for at in range(first + 1, len(lines)):
        if not lines[at].strip() or lines[at].lstrip().startswith("#"):
            continue
        if not lines[at].startswith("   "):
            break
        last = at + 1
    return last


def _above(lines: list[str], at: int) -> int:
    """Return the line where the comments right above an entry begin."""
    while at > 0 and lines[at - 1].lstrip().startswith("#") and lines[at - 1].startswith(" "):
        at -= 1
    return at

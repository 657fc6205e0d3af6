"""A plan as a Markdown comment: what it costs, the totals, and each scene to unfold.

Foreign text is only inside fences that are longer than any run of backticks in it: nothing in
a prompt is a link, a mention, an image or HTML there. Under the limit every scene gets its part:
what does not fit in words has one line, and what does not fit in lines is counted.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from renderer.sanitize import counted

MARKER = "<!-- renderer-plan -->"
LIMIT = 60_000
_TICKS = re.compile(r"`+")
_LEAST = 400  # characters that a scene needs to say anything
_SPARE = 200  # for what is said of the scenes that are not shown
_MORE = 40  # for "… and 310 more"
_AROUND = 120  # characters around the lines of a scene, without its name
_TRIES = 8  # entries too long for what is left, until only rows are written


@dataclass(frozen=True, kw_only=True)
class ListEntry:
    """What is said of some tasks: in one line, and in full, which is computed when asked for."""

    brief: str
    text: Callable[[], str]
    tasks: int = 1

    @cached_property
    def full(self) -> str:
        """All that is said of them."""
        return self.text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One scene: its id, and what is said of it."""

    name: str
    entries: Sequence[ListEntry]

    @property
    def tasks(self) -> int:
        """How many tasks it is about."""
        return sum(one.tasks for one in self.entries)


def markdown(
    title: str,
    totals: Iterable[tuple[str, str]],
    sections: Sequence[Section],
    *,
    limit: int = LIMIT,
) -> str:
    """Write a comment of at most `limit` characters; title and totals are never cut."""
    head = [MARKER, f"### {title}", ""]
    head += [f"- **{label}**: {code(words)}" for label, words in totals]
    body = "\n".join(head) + "\n"
    room = limit - len(body) - _SPARE
    shown = sections[: max(room // _LEAST, 0)]
    for section, most in zip(shown, _shares(shown, room), strict=True):
        body += _section(section, most, unfolded=len(sections) == 1)
    return body + (_cut(sections[len(shown) :]) if len(shown) < len(sections) else "")


def code(text: str) -> str:
    """Write text as a code span that it cannot end."""
    flat = " ".join(text.split())
    fence = "`" * (_longest(flat) + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{pad}{flat}{pad}{fence}" if flat else ""


def _shares(sections: Sequence[Section], room: int) -> list[int]:
    """Share the room out: what small scenes leave is for the large ones."""
    needs = [_need(one, room) for one in sections]
    shares = [0] * len(sections)
    left = len(sections)
    for at in sorted(range(len(sections)), key=needs.__getitem__):
        shares[at] = min(needs[at], room // left)
        room, left = room - shares[at], left - 1
    return shares


def _need(section: Section, room: int) -> int:
    """Return what a scene takes in full, its fence included; more than `room` is all one."""
    length = _length(section.entries, room)
    fence = len(_fence("\n".join(one.full for one in section.entries))) if length <= room else 0
    return _AROUND + len(_html(section.name)) + length + 2 * fence


def _length(entries: Iterable[ListEntry], most: int) -> int:
    """Return how long entries are in full; what is over `most` is not looked at."""
    length = 0
    for one in entries:
        length += len(one.full) + 1
        if length > most:
            break
    return length


def _section(section: Section, most: int, *, unfolded: bool) -> str:
    room = most - _AROUND - len(_html(section.name))
    lines = "\n".join(_fitting(section.entries, room))
    fence = _fence(lines)
    if (
        len(lines) + 2 * len(fence) > room + 1
    ):  # a prompt of backticks: fewer lines, no longer fence
        lines = "\n".join(_fitting(section.entries, room - 2 * len(fence)))
        fence = _fence(lines)
    opened = " open" if unfolded else ""
    note = counted(section.tasks, "task")
    summary = f"<summary><b>{_html(section.name)}</b> {note}</summary>"
    return f"\n<details{opened}>{summary}\n\n{fence}text\n{lines}\n{fence}\n\n</details>\n"


def _fence(text: str) -> str:
    return "`" * max(_longest(text) + 1, 3)


def _fitting(entries: Sequence[ListEntry], room: int) -> Iterator[str]:
    """Yield the first entries in full, the next in one line each, and the number of the rest."""
    if _length(entries, room) <= room:
        yield from (one.full for one in entries)
        return
    brief = sum(len(one.brief) + 1 for one in entries)
    lines = min(brief, (room - _MORE) // 2)
    words = room - _MORE - lines
    tasks, tries = sum(one.tasks for one in entries), _TRIES
    for one in entries:
        lines -= len(one.brief) + 1
        if lines < 0:
            break
        tasks -= one.tasks
        more = len(one.full) - len(one.brief) if tries else words + 1
        fits = more <= words
        words, tries = (words - more, tries) if fits else (words, max(tries - 1, 0))
        yield one.full if fits else one.brief
    if tasks:
        yield f"  … and {tasks} more"


def _cut(left: Sequence[Section]) -> str:
    names = ", ".join(section.name for section in left[:20])
    more = f" and {len(left) - 20} more" if len(left) > 20 else ""
    scenes = "1 scene is" if len(left) == 1 else f"{len(left)} scenes are"
    words = code(f"{names}{more}"[:100])
    return f"\n**{scenes} not shown here, for length**: {words}\n"


def _longest(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

"""A plan as a Markdown comment: a headline, the totals, and each scene to unfold.

Foreign text stands only inside fences that are longer than any run of backticks in it: nothing in
a prompt is a link, a mention, an image or HTML there. What does not fit under the limit is cut,
whole scenes at a time, and the cut is said.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MARKER = "<!-- renderer-plan -->"
LIMIT = 60_000
_TICKS = re.compile(r"`+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One scene: its id, a few words about it, and its lines as plain text."""

    name: str
    note: str
    text: str


def markdown(
    title: str,
    totals: Iterable[tuple[str, str]],
    sections: Sequence[Section],
    *,
    limit: int = LIMIT,
) -> str:
    """Write a comment of at most `limit` characters; totals come first and are never cut."""
    head = [MARKER, f"### {title}", ""]
    head += [f"- **{label}**: {code(words)}" for label, words in totals]
    body = "\n".join(head) + "\n"
    for at, section in enumerate(sections):
        piece = _section(section, unfolded=len(sections) == 1)
        if len(body) + len(piece) > limit - 200:
            return body + _cut(sections[at:])
        body += piece
    return body


def code(text: str) -> str:
    """Write text as a code span that it cannot end."""
    flat = " ".join(text.split())
    fence = "`" * (_longest(flat) + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{pad}{flat}{pad}{fence}" if flat else ""


def _section(section: Section, *, unfolded: bool) -> str:
    fence = "`" * max(_longest(section.text) + 1, 3)
    opened = " open" if unfolded else ""
    summary = f"<summary><b>{_html(section.name)}</b> {_html(section.note)}</summary>"
    lines = section.text.rstrip()
    return f"\n<details{opened}>{summary}\n\n{fence}text\n{lines}\n{fence}\n\n</details>\n"


def _cut(left: Sequence[Section]) -> str:
    names = ", ".join(section.name for section in left[:20])
    more = f" and {len(left) - 20} more" if len(left) > 20 else ""
    scenes = "1 scene is" if len(left) == 1 else f"{len(left)} scenes are"
    words = code(f"{names}{more}"[:400])
    return (
        f"\n**{scenes} not shown here, for length**: {words}. `renderer plan` shows all of it.\n"
    )


def _longest(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

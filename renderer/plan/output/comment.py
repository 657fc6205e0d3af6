"""The entries of a plan or a comparison as plain text, for a comment."""

from collections.abc import Iterable, Sequence

from renderer.plan.output import markdown
from renderer.plan.output.text import Entry, plain


def sections(scenes: Iterable[tuple[str, Sequence[Entry]]]) -> list[markdown.Section]:
    """Return each scene with its entries, in full and in one line."""
    return [
        markdown.Section(name=name, entries=[_entry(one) for one in entries])
        for name, entries in scenes
    ]


def _entry(entry: Entry) -> markdown.ListEntry:
    return markdown.ListEntry(
        brief=plain([entry.head]), text=lambda: plain(entry.lines), tasks=entry.tasks
    )

"""Values as a notebook shows them: text from specs is escaped, and nothing is loaded from afar."""

from collections.abc import Iterable, Sequence
from html import escape

from renderer.plan.output.text import Line, Span
from renderer.sanitize import visible

# Readable on white and on black: a notebook may be either.
_COLOURS = {
    "create": "#1a7f37",
    "new": "#1a7f37",
    "change": "#b35900",
    "more": "#b35900",
    "promote": "#8250df",
    "choose": "#b35900",
    "move": "#0969da",
    "remove": "#cf222e",
    "old": "#cf222e",
}
_BLOCK = "line-height:1.35;overflow-x:auto;white-space:pre-wrap"
_CELL = "text-align:left;padding:2px 12px 2px 0;white-space:nowrap"


def lines_block(rows: Iterable[Line]) -> str:
    """Return lines with their styles as one block of text."""
    text = "\n".join("".join(map(_span, row)) for row in rows)
    return f'<pre style="{_BLOCK}">{text}</pre>'


def _span(span: Span) -> str:
    text = escape(visible(span.text))
    if span.style == "bold":
        return f"<b>{text}</b>"
    if span.style == "dim":
        return f'<span style="opacity:.65">{text}</span>'
    colour = _COLOURS.get(span.style)
    return f'<span style="color:{colour}">{text}</span>' if colour else text


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return texts as a table."""
    body = "".join(_row(row, "td") for row in rows)
    return f"<table><thead>{_row(head, 'th')}</thead><tbody>{body}</tbody></table>"


def _row(cells: Sequence[str], tag: str) -> str:
    inner = (f'<{tag} style="{_CELL}">{escape(visible(one))}</{tag}>' for one in cells)
    return f"<tr>{''.join(inner)}</tr>"

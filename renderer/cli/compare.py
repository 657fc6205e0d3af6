"""`renderer plan --base REV`: what a branch changes, and the price of it."""

from typing import TYPE_CHECKING

import click

from renderer.cli.output import width, write_json, write_lines
from renderer.cli.wiring import Session

if TYPE_CHECKING:
    from renderer.plan.comparison import Comparison


def against(
    session: Session, provider: str | None, only: tuple[str, ...], revision: str, form: str
) -> bool:
    """Print the working tree's difference from a revision; return whether there is any."""
    from renderer.app.planning.compare import against
    from renderer.plan.output.comparison_json import base_data
    from renderer.plan.output.comparison_text import base_lines

    found = against(session.workspace(provider), revision, only)
    if form == "json":
        write_json(base_data(found))
    elif form == "markdown":
        click.echo(_comment(found), nl=False)
    else:
        write_lines(base_lines(found, width=width()))
    return bool(found.differences)


def _comment(found: "Comparison") -> str:
    from renderer.plan.output.comment import sections
    from renderer.plan.output.comparison_text import (
        base_entries,
        base_totals,
        base_words,
        branch_words,
    )
    from renderer.plan.output.markdown import markdown

    totals = (("Against", base_words(found)), *base_totals(found))
    return markdown(branch_words(found), totals, sections(base_entries(found)))

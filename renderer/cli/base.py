"""`renderer plan --base REV`: what a branch changes, and the price of it."""

from renderer.cli.output import width, write_json, write_lines
from renderer.cli.wiring import Session


def against(
    session: Session, provider: str, only: tuple[str, ...], revision: str, form: str
) -> bool:
    """Print the working tree's difference from a revision; tell whether there is any."""
    from renderer.app.base import against
    from renderer.plan.base_text import base_data, base_lines

    found = against(session.files, session.catalog, provider, revision, only)
    if form == "json":
        write_json(base_data(found))
    else:
        write_lines(base_lines(found, width=width()))
    return bool(found.differences)

"""What people type at a command line or on a page, as it may be kept in a file."""

from renderer.errors import InputError
from renderer.spec.faults import first_refused


def plain(text: str, most: int, what: str) -> str:
    """Return a text on one line; InputError for one that is too long, or holds what nobody sees."""
    line = " ".join(text.split())
    if len(line) > most or first_refused(line):
        raise InputError(
            f"the {what} is longer than {most} characters, or holds invisible ones",
            "shorten it, and use plain characters",
        )
    return line

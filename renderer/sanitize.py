"""Foreign text, shown and never interpreted: one writer for each medium."""

import re
import unicodedata
from urllib.parse import urlsplit

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_KEEP = frozenset("\n\t")
_PLAIN = re.compile(r"[ -~]*\Z")
# GitHub's runner interprets `##[name]` anywhere in a line, and `::name::` behind white space.
_BRACKET = "##["
_COMMAND = re.compile(r"(\s*)::")


def visible(text: str, *, lines: bool = False) -> str:
    """Show control, bidi and zero-width characters instead of sending them to the terminal.

    With `lines`, line breaks and tabs stay; otherwise they are shown too. No CI log finds a
    command in the middle of what is returned; `unheard` sees to the start of a line.
    """
    if _BRACKET in text:
        text = text.replace(_BRACKET, "##\\[")
    if _PLAIN.match(text):
        return text
    return "".join(one if lines and one in _KEEP else _shown(one) for one in text)


def _shown(character: str) -> str:
    code = ord(character)
    if code < 0x20 or code == 0x7F:
        return "^" + chr(code ^ 0x40)
    if unicodedata.category(character) in _HIDDEN:
        return f"<U+{code:04X}>"
    return character


def unheard(line: str) -> str:
    """Return a line that holds foreign text so that no CI log takes it for a command."""
    if "::" not in line and _BRACKET not in line:
        return line
    line = line.replace(_BRACKET, "##\\[")
    start = _COMMAND.match(line)
    return f"{start[1]}\\{line[start.end(1) :]}" if start else line


def one_line(text: str, width: int) -> str:
    """Show text on one line of at most `width` characters, cut with an ellipsis."""
    flat = visible(" ".join(text.split()))
    return flat if len(flat) <= width else flat[: max(width - 1, 0)] + "…"


def not_here(count: int, option: str = "") -> str:
    """Say that takes are made, and not on this machine; `option` names their provider."""
    takes = "1 take is" if count == 1 else f"{count} takes are"
    return (
        f"{takes} not on this machine; `renderer render{option}` fetches or makes them again, "
        "free."
    )


def nothing_to_do(count: int) -> str:
    """Say that all tasks are made."""
    return (
        f"Nothing to do: all {count} tasks are made."
        if count != 1
        else ("Nothing to do: the one task is made.")
    )


def host_of(url: str) -> str:
    """Return the host and port of an address, to be shown; never its user, path or query."""
    try:
        return visible(urlsplit(url).netloc.rpartition("@")[2]) or "an unknown host"
    except ValueError:
        return "an unknown host"


def counted(count: int, one: str, many: str = "") -> str:
    """Write a count with its noun: `1 scene`, `2 scenes`."""
    return f"{count} {one}" if count == 1 else f"{count} {many or one + 's'}"

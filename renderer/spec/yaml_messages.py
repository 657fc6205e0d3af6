"""A YAML parser's complaint in plain English, with what the author most likely meant."""

import re

from renderer.spec.faults import show

_TEMPLATE_START = re.compile(r"(?:^|[:\-,\[{]\s+|\[)\{[{%#]")
_OPENED = re.compile(r"""(?:[:\-?]\s+)(["'\[{])""")
_ODD_START = re.compile(r"[:\-]\s+([@`%*&!|>])")

TEMPLATE = ("a value that starts with {{ or {% must be text", "put the whole value in quotes")

# The words of libyaml and of the pure parser, by a piece that both share or that only one has.
_KNOWN = (
    ("unknown escape", "unknown \\ escape in a text in double quotes", "write \\\\, or use single quotes"),
    ("escape code", "this \\ escape is not a character", "write the character itself"),
    ("hexdecimal", "this \\ escape lacks digits", "write the character itself"),
    ("undefined tag", "tags are not allowed", "remove the '!'; text that starts with ! needs quotes"),
    ("incompatible YAML", "a YAML version other than 1.1 and 1.2", "remove the %YAML line"),
    ("directive", "a % line is not allowed here", "put text that starts with % in quotes"),
    ("alphabetic or numeric", "a name is required after & or *", "put text that starts with & or * in quotes"),
    ("comment or line break", "text is not allowed after | or >", "begin it on the next line, indented"),
    ("comment or a line break", "text is not allowed after | or >", "begin it on the next line, indented"),
    ("indentation indicator", "text is not allowed after | or >", "begin it on the next line, indented"),
    ("chomping", "text is not allowed after | or >", "begin it on the next line, indented"),
    ("entries are not allowed", "a list may not begin on the line of its key", "begin it on the next line"),
    ("document start", "this line does not belong to the lines above it", "align it with the lines above"),
    ("unexpected ':'", "a ':' is not expected here", "write a space after it, or put the text in quotes"),
    ("could not find expected ':'", "a key without its ':'", "write `key: value`"),
    ("'-' indicator", "this line does not belong to the list above", "align it: with the '-', or with the keys after it"),
)  # fmt: skip


def explain(problem: str, context: str, line: str, column: int, first: str) -> tuple[str, str]:
    """Say what is wrong and what to do.

    `line` is the line of the problem, `column` counts from 1, `first` is the line where the
    thing that was being read began.
    """
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "a tab may not indent", "use spaces"
    if _TEMPLATE_START.search(line) or _TEMPLATE_START.search(first):
        return TEMPLATE
    return _by_context(problem, context, line, column) or _by_words(problem, line, column)


def never_closed(problem: str, context: str) -> bool:
    """Say whether a quote was opened and the text ended without closing it."""
    ended = "end of stream" in problem or "document indicator" in problem
    return ended and "quoted scalar" in context


def _by_context(problem: str, context: str, line: str, column: int) -> tuple[str, str] | None:
    if never_closed(problem, context):
        return "a quote opens here and is never closed", "close it"
    if "mapping values" in problem:
        return _colon(line, column)
    if "flow" in context:
        return _unclosed(context)
    if "cannot start any token" in problem:
        char = show(line[column - 1 : column]) or "this character"
        return f"a value may not start with {char}", "put the value in quotes"
    return None


def _colon(line: str, column: int) -> tuple[str, str]:
    if re.search(r":\s", line[: column - 1]):
        return "a value that holds ': ' must be in quotes", "put the whole value in quotes"
    return (
        "a key is not expected here: the line above holds a value already, or is indented differently",
        "align the keys of one mapping; write `key: value` with a space after the ':'",
    )


def _unclosed(context: str) -> tuple[str, str]:
    shape, close = ("list", "]") if "sequence" in context else ("mapping", "}")
    return (
        f"the {shape} that opens here is not continued as YAML requires",
        f"close it with {close}, put ',' between entries; text that starts with [ or {{ needs quotes",
    )


def _by_words(problem: str, line: str, column: int) -> tuple[str, str]:
    opened = _OPENED.search(line[: max(column - 1, 0)])
    if ("expected key" in problem or "<block end>" in problem) and opened:
        if opened.group(1) in "[{":
            return "text after a closing bracket", "put the whole value in quotes"
        return (
            "text after a closing quote",
            "write a quote inside single quotes twice, or use the other kind around the value",
        )
    for words, what, todo in _KNOWN:
        if words in problem:
            return what, todo
    if "expected key" in problem or "<block end>" in problem:
        return (
            "this line does not fit the lines above it",
            "align the keys of one mapping, and put values with special characters in quotes",
        )
    return f"this is not YAML: {show(problem, 100)}", "fix the line, or put the value in quotes"

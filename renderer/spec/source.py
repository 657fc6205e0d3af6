"""The bytes of a spec or a data file to clean text: size, encoding, line ends, characters."""

import re
import unicodedata

from renderer import limits
from renderer.spec.faults import Faults, first_refused, refused

MAX_BYTES = limits.YAML
_WIDE = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_CONFLICT = re.compile(r"^<{7}(?: .*)?$", re.MULTILINE)
_HALF_CONFLICT = re.compile(r"^(?:>{7}|\|{7})(?: .*)?$", re.MULTILINE)
# A '#' that touches its word is more likely half a prompt than a comment.
LOST = re.compile(r"[ \t]#[^\s#]")


def clean(source: str | bytes, faults: Faults) -> str:
    """Return the text with LF line ends and no byte order mark; raise on what no parser may see."""
    data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    _check_size(len(data), faults)
    return _cleaned(source if isinstance(source, str) else _decode(source, faults), faults)


def clean_data(content: bytes, faults: Faults) -> str:
    """Return the text of a data file, as `clean` does; its size was looked at before."""
    return _cleaned(_decode(content, faults), faults)


def _cleaned(text: str, faults: Faults) -> str:
    text = _with_lf(text)
    _check_conflicts(text, faults)
    _check_characters(text, faults)
    return text


def _check_size(size: int, faults: Faults) -> None:
    if size > MAX_BYTES:
        what = f"the file has {size} bytes, the limit is {MAX_BYTES} (1 MiB)"
        faults.add((0, 0), what, "split it into several scenes")
        faults.raise_if_any()


def _decode(data: bytes, faults: Faults) -> str:
    for mark, name in _WIDE.items():
        if data.startswith(mark):
            what = f"the file is not UTF-8: it starts with the byte order mark of {name}"
            faults.add((1, 1), what, "save it as UTF-8")
            faults.raise_if_any()
    if data[:2].count(b"\0") == 1:  # a text of two bytes a character, without its mark
        faults.add((1, 1), "the file is not UTF-8: it looks like UTF-16", "save it as UTF-8")
        faults.raise_if_any()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = _with_lf(data[: error.start].decode("utf-8"))
        byte = data[error.start]
        what = f"the file is not UTF-8: byte {error.start} is 0x{byte:02X}{_as_latin(byte)}"
        faults.add(point(before, len(before)), what, "save it as UTF-8")
        faults.raise_if_any()
        raise


def _with_lf(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _as_latin(byte: int) -> str:
    # The bytes 0x80 to 0x9F are control characters in Latin-1 and curly quotes in Windows-1252.
    return f" (a Latin-1 '{chr(byte)}'?)" if byte >= 0xA1 else " (from Windows-1252?)"


def _check_conflicts(text: str, faults: Faults) -> None:
    marker = _CONFLICT if _CONFLICT.search(text) else _HALF_CONFLICT
    for hit in marker.finditer(text):
        if faults.full:
            break
        todo = "keep the lines of one side, and remove the marker lines"
        faults.add(point(text, hit.start()), "unresolved merge conflict", todo)
    faults.raise_if_any()


def _check_characters(text: str, faults: Faults) -> None:
    if first_refused(text) is None:
        return
    for hit in refused(text):
        what, todo = character(hit.group())
        faults.add(point(text, hit.start()), what, todo)
        if faults.full:
            break
    faults.raise_if_any()


def character(char: str) -> tuple[str, str]:
    """Say what is wrong with a forbidden character, and what to do."""
    code = ord(char)
    name = f"U+{code:04X}"
    if 0xD800 <= code <= 0xDFFF:
        return f"{name} is half a character (a lone surrogate)", "write the character itself"
    if code == 0:
        return f"control character {name} (NUL)", "remove it, or save the file as UTF-8"
    if unicodedata.category(char) == "Cc" or code in {0x2028, 0x2029}:
        return f"control character {name}", "remove it"
    if unicodedata.category(char) == "Cn":
        return f"{name} is not a character", "remove it"
    if code in range(0x2066, 0x206A):
        todo = "close each U+2066, U+2067 and U+2068 with a U+2069 on the same line"
        return f"invisible character {name} that is not balanced on its line", todo
    return f"invisible character {name}", "remove it: a reader could not see what it does"


def within(text: str, line: int, column: int) -> tuple[int, int]:
    """Return a mark that counts from 0 as line and column from 1, inside the text.

    A parser may point behind a last line that has no end.
    """
    last = text.count("\n")
    if line <= last:
        return line + 1, column + 1
    return last + 1, len(text) - text.rfind("\n")


def point(text: str, index: int) -> tuple[int, int]:
    """Return the line and the column, from 1, of the character at an index."""
    start = text.rfind("\n", 0, index) + 1
    return text.count("\n", 0, index) + 1, index - start + 1

"""Paths of a project's files as a person writes them: inside the project, on every system."""

import re
import unicodedata

from renderer.spec.faults import FORBIDDEN, SlipError, show
from renderer.spec.names import RESERVED

_UNPORTABLE = frozenset('<>:"|?*\n\t')
_MAX_PART = 255
_MAX_PATH = 1024
DATA = (".csv", ".tsv", ".json", ".yaml", ".yml")


def inside(text: str) -> str:
    """Return a path relative to the project's folder, in NFC; raise SlipError for any other."""
    path = unicodedata.normalize("NFC", text)
    if len(path) > _MAX_PATH:
        raise SlipError(f"is longer than {_MAX_PATH} characters", "shorten the path")
    if "\\" in path:
        raise SlipError("holds '\\'", "write '/' between folders, on every system")
    if path.startswith(("/", "~")) or re.match(r"[A-Za-z]:", path):
        raise SlipError("is not inside the project", "write a path from the project's folder")
    parts = path.split("/")
    if ".." in parts:
        raise SlipError("leaves the project", "copy the file into the project")
    for part in parts:
        _check_part(part)
    return path


def _check_part(part: str) -> None:
    if part in {"", "."}:
        raise SlipError("has an empty folder name or './'", "write it like assets/first.png")
    if len(part.encode()) > _MAX_PART:
        raise SlipError(f"has a name longer than {_MAX_PART} bytes", "shorten it")
    if part[-1] in ". " or part[0] == " " or _UNPORTABLE & set(part):
        raise SlipError(f"holds '{show(part)}', a name that not every system has", "rename it")
    if part.split(".", maxsplit=1)[0].rstrip().lower() in RESERVED:
        raise SlipError(f"holds '{show(part)}', a reserved name on Windows", "rename it")


def data_file(text: str) -> str:
    """Return the path of a data file of the project; raise SlipError for any other text."""
    if not text.strip() or text != text.strip() or FORBIDDEN.search(text):
        raise SlipError("is empty or has stray spaces", "write it like data/products.csv")
    path = inside(text)
    if any(part.startswith(".") for part in path.split("/")):
        raise SlipError("is hidden: a part of it starts with '.'", "use another folder, or name")
    if not path.endswith(DATA):
        raise SlipError(*_no_data(path))
    return path


def _no_data(path: str) -> tuple[str, str]:
    if path.lower().endswith(DATA):
        head, _, ending = path.rpartition(".")
        return "has an ending in capital letters", f"rename it to {head}.{ending.lower()}"
    if path.lower().endswith((".xlsx", ".xls", ".ods", ".numbers")):
        return "is a spreadsheet, which is not read", "save it as CSV (UTF-8)"
    return "is no data file", f"its name ends in one of {', '.join(DATA)}"

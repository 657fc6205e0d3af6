"""Paths of a project's files as a person writes them: inside the project, on every system."""

import re
import unicodedata

from renderer.paths import ASSETS
from renderer.spec.faults import FORBIDDEN, SlipError, show
from renderer.spec.names import RESERVED

_UNPORTABLE = frozenset('<>:"|?*\n\t')
_EXAMPLE = "data/products.csv"
_MAX_PART = 255
_MAX_PATH = 1024
DATA = (".csv", ".tsv", ".json", ".yaml", ".yml")


def inside(text: str, example: str = f"{ASSETS}/first.png") -> str:
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
        raise SlipError(*_upwards(parts))
    for part in parts:
        _check_part(part, example)
    return path


def _upwards(parts: list[str]) -> tuple[str, str]:
    """Say what a path with `..` leads to: a file of the project has one name."""
    left: list[str] = []
    for part in parts:
        if part == ".." and not left:
            return "leaves the project", "copy the file into the project"
        if part == "..":
            left.pop()
        elif part not in {"", "."}:
            left.append(part)
    return "holds '..'", f"write {'/'.join(left)}" if left else "write the path of a file"


def _check_part(part: str, example: str) -> None:
    if part in {"", "."}:
        raise SlipError("has an empty folder name or './'", f"write it like {example}")
    if len(part.encode()) > _MAX_PART:
        raise SlipError(f"has a name longer than {_MAX_PART} bytes", "shorten it")
    if part[-1] in ". " or part[0] == " " or _UNPORTABLE & set(part):
        raise SlipError(f"holds '{show(part)}', a name that not every system has", "rename it")
    if part.split(".", maxsplit=1)[0].rstrip().lower() in RESERVED:
        raise SlipError(f"holds '{show(part)}', a reserved name on Windows", "rename it")


def data_file(text: str) -> str:
    """Return the path of a data file of the project; raise SlipError for any other text."""
    if not text.strip() or text != text.strip() or FORBIDDEN.search(text):
        raise SlipError("is empty or has stray spaces", f"write it like {_EXAMPLE}")
    if "{{" in text or "{%" in text:
        what = "contains template marks: the name of a data file is written out"
        raise SlipError(what, f"write it like {_EXAMPLE}")
    path = inside(text, _EXAMPLE)
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

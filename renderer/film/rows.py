"""Strict reading of the rows of a person's YAML file: every problem with its line and column."""

import re
from collections.abc import Mapping, Sequence

from renderer.json_types import Json
from renderer.spec.faults import Faults, show
from renderer.spec.reader import Document
from renderer.spec.vocabulary import closest

Path = tuple[str | int, ...]
Rule = tuple[re.Pattern[str], str, str]  # what a word matches, what it is else, what to do

_COPY = "copy it from `renderer takes SHOT --format json`, or let the program write it"
_ID = r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_AXES = r"@[A-Za-z0-9_.:+~,=-]+"
SHOT = re.compile(rf"{_ID}/{_ID}\Z")
SLOT = re.compile(rf"{_ID}/{_ID}(?:{_AXES})?\Z")
TAKE = re.compile(rf"{_ID}/{_ID}(?:{_AXES})?#[1-9][0-9]{{0,8}}\Z")
SHA = re.compile(r"[0-9a-f]{64}\Z")
FINGERPRINT = re.compile(r"v[1-9][0-9]{0,3}-[0-9a-f]{64}\Z")
IS_TAKE: Rule = (TAKE, "is not a take", "write it as ADDRESS#NUMBER, such as harbour/quay#2")
IS_SHA: Rule = (SHA, "is not a SHA-256", _COPY)
IS_FINGERPRINT: Rule = (FINGERPRINT, "is not a fingerprint", _COPY)


class Rows:
    """Looks at the values of one document, and gathers what is wrong with them."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.faults = Faults(document.name)

    def add(self, path: Path, what: str, todo: str, *, key: bool = False) -> None:
        """Note a problem of the value at a path, or of its key."""
        self.faults.add(self.document.place(path, key=key), what, todo)

    def version(self, body: Mapping[str, Json], known: Sequence[int]) -> int | None:
        """Return the version of a file, None for one that is not known; a newer one is refused."""
        version, newest = body.get("version"), known[-1]
        if type(version) is int and version in known:
            return version
        if type(version) is int and version > newest:
            what = f"written for a newer program (version {version}, this one reads {newest})"
            self.add(("version",), what, "upgrade renderer")
        else:
            numbers = " or ".join(map(str, known))
            what = f"'version' must be the number {numbers}"
            self.add(("version",), what, f"write version: {known[0]}")
        return None

    def only(self, row: Mapping[str, Json], at: Path, known: Sequence[str]) -> None:
        """Note every key that is not known."""
        for key in row:
            if key not in known:
                near = closest(key, known)
                todo = f"did you mean '{near}'?" if near else f"the keys here: {', '.join(known)}"
                self.add((*at, key), f"unknown key '{show(key)}'", todo, key=True)

    def word(self, row: Mapping[str, Json], at: Path, name: str, rule: Rule) -> str | None:
        """Return a word that has to be there, None for one that is missing or wrong."""
        pattern, wrong, todo = rule
        value = row.get(name)
        if name not in row:
            self.add(at, f"'{name}' is missing", todo, key=isinstance(at[-1], str))
        elif isinstance(value, str) and pattern.match(value):
            return value
        else:
            self.add((*at, name), f"'{show(str(value))}' {wrong}", todo)
        return None

    def text(self, row: Mapping[str, Json], at: Path, name: str, most: int) -> str:
        """Return a text on one line, empty for one that is missing or wrong."""
        value = row.get(name) or ""
        if not isinstance(value, str):
            self.add((*at, name), f"'{name}' is not text", "write it in quotes")
            return ""
        if len(value) > most:
            self.add((*at, name), f"longer than {most} characters", "shorten it")
        return " ".join(value.split())

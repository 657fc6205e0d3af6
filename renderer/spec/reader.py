"""A strict reader of YAML: one document to plain values, every problem with its place."""

from collections.abc import Sequence
from functools import cached_property

from renderer.errors import InputError, Place
from renderer.fast_paths import FAST
from renderer.json_types import Json
from renderer.spec.fast.read import quick
from renderer.spec.faults import Faults
from renderer.spec.positions import Spot, find, spots
from renderer.spec.scalars import DECIMAL
from renderer.spec.source import clean, within


class Document:
    """The value of a file, and where each part of it is."""

    def __init__(self, name: str, text: str, value: Json) -> None:
        self.name = name
        self.value = value
        self._text = text

    def place(self, path: Sequence[str | int], *, key: bool = False) -> Place:
        """Return where the value at `path`, or its key, is; else its nearest ancestor."""
        if self._root is None:
            return Place(file=self.name)
        spot = find(self._root, path)
        mark = spot.key if key else spot.value
        line, column = within(self._text, mark.line, mark.column)
        return Place(file=self.name, line=line, column=column)

    def line_of(self, path: Sequence[str | int], line: int) -> Place:
        """Return where line `line` (from 1) of the text at `path` is in the file."""
        spot = find(self._root, path) if self._root else None
        if spot is None or spot.style != "|":
            return self.place(path)
        lines = self._text.split("\n")
        at = min(spot.value.line + max(line, 1), len(lines) - 1)
        column = len(lines[at]) - len(lines[at].lstrip(" ")) + 1
        return Place(file=self.name, line=at + 1, column=column)

    def written(self, path: Sequence[str | int], value: float) -> str:
        """Return how the file spells the number at `path`: 1.10, where the value is 1.1."""
        place = self.place(path)
        found = DECIMAL.match(self._text.split("\n")[place.line - 1], place.column - 1)
        return found[0] if found and float(found[0]) == value else str(value)

    def part(self, base: Sequence[str | int], value: Json) -> "Document":
        """Return a value in the place of what is at `base`, as a document of its own."""
        return _Part(self, base, value)

    @cached_property
    def _root(self) -> Spot | None:
        return spots(self._text)


class _Part(Document):
    """A value that was made of a part of a document: its places are those of that part."""

    def __init__(self, whole: Document, base: Sequence[str | int], value: Json) -> None:
        super().__init__(whole.name, "", value)
        self._whole = whole
        self._base = base

    def place(self, path: Sequence[str | int], *, key: bool = False) -> Place:
        return self._whole.place((*self._base, *path), key=key)

    def line_of(self, path: Sequence[str | int], line: int) -> Place:
        return self._whole.line_of((*self._base, *path), line)

    def written(self, path: Sequence[str | int], value: float) -> str:
        del path  # it is not as the document spells it
        return str(value)


def read(text: str | bytes, name: str) -> Document:
    """Read one YAML document; raise InputError with every problem of the text."""
    faults = Faults(name)
    cleaned = clean(text, faults)
    plainly = quick(cleaned) if FAST.on else None
    if plainly is not None:
        return Document(name, cleaned, plainly)
    return Document(name, cleaned, _built(cleaned, faults))


def read_rest(text: str | bytes, name: str) -> Document | None:
    """Return what a text with problems says all the same; None if unknown."""
    from renderer.spec.builder import build  # noqa: PLC0415 - few texts need it

    faults = Faults(name)
    try:
        cleaned = clean(text, faults)
    except InputError:
        return None
    value = build(cleaned, faults)
    return None if faults.fatal or value is None else Document(name, cleaned, value)


def _built(cleaned: str, faults: Faults) -> Json:
    from renderer.spec.builder import build  # noqa: PLC0415 - few texts need it

    value = build(cleaned, faults)
    faults.raise_if_any()
    if value is None and not _says_null(cleaned):
        faults.add((0, 0), "the file is empty", "write a scene, or delete the file")
        faults.raise_if_any()
    return value


def _says_null(text: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.split("\n"))

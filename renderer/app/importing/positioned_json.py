"""JSON that a person hands in: strictly read, with the place of every value for messages."""

import json
import re
from collections.abc import Sequence

from renderer.app.importing.file_kinds import kind_of_text
from renderer.errors import InputError, Place, Problem
from renderer.json_types import Json
from renderer.strict_json import NotStrictError, read

LIMIT = 32 * 1024 * 1024  # characters; a request may carry images as data URIs
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()
_MOST_VALUES = 10_000


class JsonText:
    """The value of a JSON text, and where each part of it is.

    Values one after another, each on lines of its own or with commas between, are a list: their
    offsets are `starts`.
    """

    def __init__(self, text: str, name: str) -> None:
        """Read the text; raise InputError if it is not unambiguous JSON."""
        self.name = name
        self._text = text.removeprefix("\ufeff")
        self.starts: tuple[int, ...] = ()
        self.value = self._read()

    def place(self, path: Sequence[str | int]) -> Place:
        """Return where the value at `path` begins, or its nearest ancestor that is there."""
        offset = self._skip(0)
        if self.starts and path:
            offset, path = self.starts[int(path[0])], path[1:]
        for step in path:
            inner = self._inside(offset, step)
            if inner is None:
                break
            offset = inner
        return self._point(offset)

    def _read(self) -> Json:
        if len(self._text) > LIMIT:
            raise self._fault(
                f"it is longer than {LIMIT >> 20} MiB", "import fewer requests at once"
            )
        if not self._text.strip():
            raise self._fault("the file is empty", "write a request, or a list of requests")
        try:
            return read(self._text, most=LIMIT)
        except NotStrictError as error:
            self.starts = self._sequence()
            if self.starts:
                return self._values()
            raise self._no_json(error) from None

    def _no_json(self, error: NotStrictError, above: int = 0) -> InputError:
        kind = kind_of_text(self._text)
        line = error.line + above if error.line else 0
        place = Place(file=self.name, line=line, column=error.column)
        what, todo = kind or (f"this is not JSON as the API takes it: {error.what}", "correct it")
        return InputError(Problem(what=what, todo=todo, place=place))

    def _sequence(self) -> tuple[int, ...]:
        """Return where each of several values begins; none if the text is not such a sequence."""
        starts: list[int] = []
        at = self._skip(0)
        while at < len(self._text):
            if self._text[at] not in "[{" or len(starts) >= _MOST_VALUES:
                return ()
            starts.append(at)
            try:
                at = self._skip(_DECODER.raw_decode(self._text, at)[1])
            except (ValueError, RecursionError):
                return ()
            at = self._skip(at + 1) if self._text[at : at + 1] == "," else at
        return tuple(starts) if len(starts) > 1 else ()

    def _values(self) -> list[Json]:
        found = []
        for start, end in zip(self.starts, (*self.starts[1:], len(self._text)), strict=True):
            text = self._text[start:end].rstrip(" \t\r\n,")
            try:
                found.append(read(text, most=LIMIT))
            except NotStrictError as error:
                raise self._no_json(error, self._text.count("\n", 0, start)) from None
        return found

    def _fault(self, what: str, todo: str) -> InputError:
        return InputError(Problem(what=what, todo=todo, place=Place(file=self.name)))

    def _inside(self, offset: int, step: str | int) -> int | None:
        """Return where the member `step` of the object or list at `offset` begins."""
        opening = self._text[offset]
        if opening not in "{[" or (opening == "{") != isinstance(step, str):
            return None
        at, count = self._skip(offset + 1), 0
        while self._text[at] not in "}]":
            key: str | int = count
            if opening == "{":
                key, at = _DECODER.raw_decode(self._text, at)
                at = self._skip(self._skip(at) + 1)
            if key == step:
                return at
            at = self._skip(_DECODER.raw_decode(self._text, at)[1])
            at, count = self._skip(at + 1) if self._text[at] == "," else at, count + 1
        return None

    def _skip(self, offset: int) -> int:
        return _SPACE.match(self._text, offset).end()  # type: ignore[union-attr]

    def _point(self, offset: int) -> Place:
        line = self._text.count("\n", 0, offset) + 1
        column = offset - self._text.rfind("\n", 0, offset)
        return Place(file=self.name, line=line, column=column)

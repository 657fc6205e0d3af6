"""A shot with `each` to one shot a row: its values are evaluated with `item`, and then judged.

A value is evaluated once, with nothing but its row; what comes out of it is never a template.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from renderer.errors import InputError, Problem
from renderer.expand.item import Item, Path, Source
from renderer.expand.row_problems import RowProblems
from renderer.expand.typed import typed
from renderer.fast_paths import FAST
from renderer.json_types import Json
from renderer.spec.data_files import Table
from renderer.spec.fast import build
from renderer.spec.names import is_template
from renderer.spec.reader import Document
from renderer.spec.values import Each, Shot
from renderer.templates.errors import NullTextError, PromptError
from renderer.templates.render import Templates
from renderer.templates.values import Missing, member, written

_Make = Callable[[Json], Json]
# What may be made of a row. A prompt that is text is rendered with the others, with `item` as one
# more of its variables.
_WORDS = frozenset({"id", "title", "prompt", "vars", "settings", "frames", "lines"})
MOST_TEXT = 32 << 20
_WHOLE = re.compile(r"\s*\{\{-?\s*item((?:\.[A-Za-z][A-Za-z0-9_]*)*)\s*-?\}\}\s*\Z")
_ONE = re.compile(r"\s*\{\{[-+]?((?:(?!\{\{|\}\}|\{%).)*?)[-+]?\}\}\s*\Z", re.DOTALL)
_TYPED = frozenset({"integer", "number", "boolean"})


@dataclass(slots=True)
class Budget:
    """How many characters all rows of a project may be made into: texts are kept until planned."""

    left: int = MOST_TEXT

    def took(self, text: str) -> str:
        """Return a text that was made."""
        self.left -= len(text)
        if self.left < 0:
            what = f"the rows of this project make more than {MOST_TEXT >> 20} MiB of text"
            raise PromptError(what, "shorten the texts around `{{ item.… }}`")
        return text


@dataclass(slots=True)
class Rows:
    """The shots of one source that could be made, and what is wrong with the others."""

    shots: list[tuple[Shot, Item]] = field(default_factory=list)
    faults: RowProblems = field(default_factory=RowProblems)


class _FaultError(ValueError):
    """A value cannot be made: at a path, for a reason of templates."""

    def __init__(self, path: Path, fault: PromptError) -> None:
        super().__init__(fault.what)
        self.path = path
        self.fault = fault


class Maker:
    """Makes the shots of one source; `wanted` are the types that a setting takes at its path."""

    def __init__(
        self, templates: Templates, wanted: Callable[[Path], frozenset[str]], budget: Budget
    ) -> None:
        self._templates = templates
        self._wanted = wanted
        self._budget = budget

    def rows(self, document: Document, at: int, each: Each, table: Table) -> Rows:
        """Return a shot for each row, until too many are wrong."""
        texts: dict[Path, str] = {}
        make = self._made(each.shot, (), texts)
        source = Source(
            document=document,
            at=at,
            table=table,
            id=str(each.shot["id"]),
            texts=texts,
            mixed=frozenset(path for path, text in texts.items() if self._is_mixed(path, text)),
        )
        found = Rows()
        for number, row in enumerate(table.rows):
            item = Item(source=source, number=number)
            try:
                value = make(row) if make else each.shot
                shot = (build.shot(value) if FAST.on else None) or _judged(source, value)
                found.shots.append((shot, item))
            except _FaultError as error:
                found.faults.add(item, "", [self._fault(item, error)], given=False)
            except InputError as error:
                found.faults.add(item, "", list(error.problems))
            if found.faults.full:
                break
        return found

    def _fault(self, item: Item, error: _FaultError) -> Problem:
        source, fault = item.source, error.fault
        place = source.document.line_of(("shots", source.at, *error.path), fault.line)
        return Problem(what=fault.what, todo=fault.todo, place=place)

    def _made(self, value: Json, path: Path, texts: dict[Path, str]) -> _Make | None:
        """Return what makes a value of a row, None for one that is as it is written."""
        if isinstance(value, str):
            if not is_template(value) or path == ("prompt",):
                return None
            texts[path] = value
            return _placed(path, self._text(value, path))
        if isinstance(value, dict):
            inner = value.items() if path else ((w, value[w]) for w in value if w in _WORDS)
            return _mapping(
                value, {key: self._made(one, (*path, key), texts) for key, one in inner}
            )
        if isinstance(value, list):
            return _list(
                value, [self._made(one, (*path, at), texts) for at, one in enumerate(value)]
            )
        return None

    def _text(self, text: str, path: Path) -> _Make:
        whole = _WHOLE.match(text)
        if whole:
            return self._whole(whole[1].split(".")[1:], path)
        one = _ONE.match(text)
        if one is None:
            return lambda item: self._value(text, item)
        wanted = self._wanted(path[1:]) if path[0] == "settings" else frozenset()

        def evaluated(item: Json) -> Json:
            try:
                return typed(self._value(text, item), wanted)
            except NullTextError:
                if self._value(f"{{{{ ({one[1]}) is none }}}}", item) != "true":
                    raise  # a null within a longer text
                return None

        return evaluated

    def _is_mixed(self, path: Path, text: str) -> bool:
        """Return whether a text is made where a number, or true or false, may be wanted."""
        setting = path[0] == "settings" and not _ONE.match(text)
        return setting and not _TYPED.isdisjoint(self._wanted(path[1:]))

    def _value(self, text: str, item: Json) -> str:
        return self._budget.took(self._templates.value(text, {"item": item}))

    def _whole(self, parts: list[str], path: Path) -> _Make:
        """Return what reads one value of the row, and gives it the type that its place wants."""
        if path[0] == "vars":
            return lambda item: _part(item, parts)
        if path[0] != "settings":
            return lambda item: _as_text(_part(item, parts))
        wanted = self._wanted(path[1:])

        def setting(item: Json) -> Json:
            found = _part(item, parts)
            return typed(found, wanted) if isinstance(found, str) else found

        return setting


def _judged(source: Source, value: Json) -> Shot:
    from renderer.spec import validate  # noqa: PLC0415 - few rows need it

    return validate.shot(source.document.part(("shots", source.at), value))


def _placed(path: Path, make: _Make) -> _Make:
    def placed(item: Json) -> Json:
        try:
            return make(item)
        except PromptError as fault:
            raise _FaultError(path, fault) from None

    return placed


def _mapping(value: Mapping[str, Json], inner: Mapping[str, _Make | None]) -> _Make | None:
    made = [(key, make) for key, make in inner.items() if make]
    if not made:
        return None
    return lambda item: {**value, **{key: make(item) for key, make in made}}


def _list(value: list[Json], inner: list[_Make | None]) -> _Make | None:
    if not any(inner):
        return None
    pairs = list(zip(value, inner, strict=True))
    return lambda item: [make(item) if make else one for one, make in pairs]


def _part(item: Json, parts: list[str]) -> Json:
    owner = "item"
    for part in parts:
        item = member(item, part, owner)
        if isinstance(item, Missing):
            raise item.fault()
        owner = f"{owner}.{part}"
    return item


def _as_text(value: Json) -> str | None:
    return None if value is None else written(value)

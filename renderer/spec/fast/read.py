"""A YAML text that is plainly right, to plain values, in half the time that judging one takes.

No anchors, no tags, no merge keys, nothing that any rule of `builder` is about: where there may
be one, this gives up. The truth is `spec/builder.py`, which then reads the text from its beginning.
What is read here the builder reads alike: a property test compares the two.
"""

from collections.abc import Callable
from typing import Any

import yaml

from renderer.json_types import Json
from renderer.spec.events import LOADER, MAX_DEPTH, MAX_EVENTS, MAX_SCALAR
from renderer.spec.faults import first_refused, isolates
from renderer.spec.scalars import LONGEST_WORD, NUMERIC, LookAlikeError, plain
from renderer.spec.source import LOST

_SCALAR, _MAPPING, _LIST = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent
_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


class _NotSureError(ValueError):
    """This may be right or wrong."""


def quick(text: str) -> dict[str, Json] | None:
    """Return the mapping that a clean text holds; None if the text is not surely right."""
    crowded = text.count(",") + text.count("\n") > MAX_EVENTS
    if crowded or ("#" in text and LOST.search(text)) or isolates(text):
        return None
    try:
        return _Reader(LOADER(text).get_event).document()
    except (_NotSureError, LookAlikeError, yaml.YAMLError):
        return None


class _Reader:
    """Reads one document by recursion, which `MAX_DEPTH` bounds; `left` is a budget of events."""

    def __init__(self, step: Callable[[], Any]) -> None:
        self.step = step
        self.left = MAX_EVENTS

    def document(self) -> dict[str, Json]:
        step = self.step
        opening = [type(step()), type(step())]
        event = step()
        if (
            opening != [yaml.StreamStartEvent, yaml.DocumentStartEvent]
            or type(event) is not _MAPPING
        ):
            raise _NotSureError
        found = self._mapping(event, 1)
        if [type(step()), type(step())] != [yaml.DocumentEndEvent, yaml.StreamEndEvent]:
            raise _NotSureError
        return found

    def _mapping(self, opened: Any, depth: int) -> dict[str, Json]:
        self._enter(opened, depth)
        step = self.step
        found: dict[str, Json] = {}
        while type(event := step()) is _SCALAR:
            name = _text(event)
            if not name or name == "<<" or name in found:
                raise _NotSureError
            inner = step()
            found[name] = (
                _value(inner) if type(inner) is _SCALAR else self._container(inner, depth + 1)
            )
        self._leave(event, 2 * len(found))
        return found

    def _list(self, opened: Any, depth: int) -> list[Json]:
        self._enter(opened, depth)
        step = self.step
        found = []
        while type(event := step()) not in _ENDS:
            found.append(
                _value(event) if type(event) is _SCALAR else self._container(event, depth + 1)
            )
        self._leave(event, len(found))
        return found

    def _container(self, opened: Any, depth: int) -> Json:
        kind = type(opened)
        if kind is _MAPPING:
            return self._mapping(opened, depth)
        if kind is _LIST:
            return self._list(opened, depth)
        raise _NotSureError

    def _enter(self, opened: Any, depth: int) -> None:
        if depth > MAX_DEPTH or opened.anchor is not None or opened.tag is not None:
            raise _NotSureError

    def _leave(self, event: Any, inside: int) -> None:
        """Count what was read, rather too much than too little; a mapping may end at a bad key."""
        self.left -= inside + 2
        if self.left < 0 or type(event) not in _ENDS:
            raise _NotSureError


def _text(event: Any) -> str:
    text: str = event.value
    if event.anchor is not None or event.tag is not None or len(text) > MAX_SCALAR:
        raise _NotSureError
    if event.style == '"' and first_refused(text):
        raise _NotSureError
    return text


def _value(event: Any) -> Json:
    text = _text(event)
    # A longer text that begins like no number has only one reading.
    if not event.implicit[0] or (len(text) > LONGEST_WORD and text[0] not in NUMERIC):
        return text
    return plain(text)

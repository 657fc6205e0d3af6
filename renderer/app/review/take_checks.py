"""Use case: what is wrong with each take, looked at once and kept by its bytes."""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypedDict

from renderer.adapters.disk.cache import Cache
from renderer.adapters.disk.store import Store
from renderer.adapters.media.container_check import NotMediaError
from renderer.adapters.media.previews import load_decoder
from renderer.app.workspace import Workspace
from renderer.catalog.catalog import VideoModel
from renderer.film.still import meant_still
from renderer.film.take_flags import MeasuredTake, Span, flags
from renderer.json_types import JsonObject
from renderer.lock.model import Take
from renderer.render.orders import expected
from renderer.render.outcome import Probed, not_as_asked

ABSENT = "missing: the store does not have this file"
_VERSION = "1"  # of how facts are written here


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a take's file is and holds; `fault` says why nothing is known."""

    probed: Probed | None = None
    seen: MeasuredTake | None = None
    fault: str = ""

    def flags(self, request: JsonObject, model: VideoModel) -> tuple[str, ...]:
        """Return what a person should look at, against what was asked for."""
        if self.probed is None or self.seen is None:
            return (self.fault,)
        wrong = not_as_asked(expected(request, model), self.probed)
        return (*wrong, *flags(self.seen, still=meant_still(request)))


@dataclass(slots=True)
class Checks:
    """Looks at takes in the store; what was seen is kept under `.renderer/`, safe to delete."""

    store: Store
    cache: Cache
    _facts: dict[str, Facts] = field(default_factory=dict)

    @classmethod
    def of(cls, workspace: Workspace) -> "Checks":
        """Return the checks of a workspace, with what was seen before."""
        return cls(store=workspace.store, cache=workspace.cache)

    def facts(self, takes: Iterable[Take], done: Callable[[], None] = lambda: None) -> None:
        """Look at takes that were never looked at, several at once; `done` after each."""
        fresh = {one.sha256: one for one in takes if one.sha256 not in self._facts}
        if fresh:
            load_decoder()
        with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="look") as pool:
            for take, found in zip(
                fresh.values(), pool.map(self._known, fresh.values()), strict=True
            ):
                self._facts[take.sha256] = found
                done()

    def of_take(self, take: Take) -> Facts:
        """Return what is known of a take; it is looked at if it never was."""
        if take.sha256 not in self._facts:
            self._facts[take.sha256] = self._known(take)
        return self._facts[take.sha256]

    def _known(self, take: Take) -> Facts:
        from renderer.adapters.media.detectors import VERSION

        if not self.store.has(take.sha256, take.size):
            return Facts(fault=ABSENT)
        name, key = f"look-{take.sha256}", f"{VERSION} {_VERSION}"
        kept = _read(self.cache.get(name, key))
        if kept is not None:
            return kept
        found = self._looked(take)
        if not found.fault:
            self.cache.put(name, key, _written(found))
        return found

    def _looked(self, take: Take) -> Facts:
        from renderer.adapters.media.detectors import look
        from renderer.adapters.media.probe import probe

        path = self.store.path(take.sha256)
        try:
            return Facts(probed=probe(path, take.format), seen=look(path, take.format))
        except NotMediaError as fault:
            return Facts(fault=f"unreadable: {fault}")


class _KeptFacts(TypedDict):
    probed: tuple[int, int, str, str | None, int, bool]
    seen: tuple[str, int, str | None, bool]
    spans: Sequence[Sequence[Sequence[str]]]
    sound: Sequence[str | None]


def _written(facts: Facts) -> _KeptFacts | None:
    probed, seen = facts.probed, facts.seen
    if probed is None or seen is None:
        return None
    return {
        "probed": (
            *(probed.width, probed.height, str(probed.duration)),
            *(_text(probed.fps), probed.frames, probed.audio),
        ),
        "seen": (str(seen.length), seen.frames, _text(seen.fps), seen.sound),
        "spans": [_pairs(spans) for spans in (seen.black, seen.frozen, seen.silent)],
        "sound": [_text(seen.loudness), _text(seen.peak)],
    }


def _read(kept: _KeptFacts | None) -> Facts | None:
    if kept is None:
        return None
    try:
        width, height, duration, rate, count, audio = kept["probed"]
        length, frames, fps, sound = kept["seen"]
        black, frozen, silent = (_spans(rows) for rows in kept["spans"])
        loudness, peak = (_decimal(text) for text in kept["sound"])
        probed = Probed(
            width=width,
            height=height,
            duration=Decimal(duration),
            fps=_decimal(rate),
            frames=count,
            audio=audio,
        )
        seen = MeasuredTake(
            length=Decimal(length),
            frames=frames,
            fps=_decimal(fps),
            black=black,
            frozen=frozen,
            silent=silent,
            sound=sound,
            loudness=loudness,
            peak=peak,
        )
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return None
    return Facts(probed=probed, seen=seen)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _pairs(spans: Sequence[Span]) -> list[list[str]]:
    return [[str(start), str(end)] for start, end in spans]


def _spans(rows: Sequence[Sequence[str]]) -> tuple[Span, ...]:
    return tuple((Decimal(start), Decimal(end)) for start, end in rows)

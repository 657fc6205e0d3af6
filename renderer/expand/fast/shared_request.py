"""What tasks that differ only in prompt and seed have in common, computed once.

The parts that differ are put into the canonical text where they belong, so that the fingerprint
is the one that `fingerprint()` gives for the whole picture. The truth is `expand/seen.py`: a test
compares the two.
"""

import hashlib
import json
from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass

from renderer.catalog import check as catalog_check
from renderer.catalog.check import Fault
from renderer.catalog.defaults import picture
from renderer.catalog.fast.fits import compiled
from renderer.catalog.price import estimate
from renderer.catalog.rules import fits_range
from renderer.catalog.video_model import VideoModel
from renderer.expand.delivery import delivery
from renderer.expand.fingerprint import RULE, condensed_value, fields, former, hides, shown_as
from renderer.expand.seen import Judge, Seen, longest
from renderer.expand.values import canonical
from renderer.json_types import Json, is_number

PERSONAL = ("positivePrompt", "seed")  # in the order of canonical JSON


class Skeletons(Judge):
    """A judge for whom requests that differ only in prompt and seed share the work."""

    def __init__(self) -> None:
        self._known: dict[str, _Skeleton] = {}
        self._last: tuple[Mapping[str, Json], str] = ({}, "")

    def faults(self, model: VideoModel, request: Mapping[str, Json]) -> tuple[Fault, ...]:
        """Return what the catalog finds wrong with a request."""
        key = self._key(model, request)
        known = self._known.get(key)
        if known is not None and known.fits(request):
            return ()
        faults = catalog_check.check(model, request)
        if not faults and known is None:
            self._known[key] = _Skeleton(model, request)
        return faults

    def seen(self, model: VideoModel, request: Mapping[str, Json]) -> Seen:
        """Return a request without faults as a picture."""
        key = self._key(model, request)
        if key not in self._known:
            self._known[key] = _Skeleton(model, request)
        return self._known[key].seen(request)

    def _key(self, model: VideoModel, request: Mapping[str, Json]) -> str:
        """Name what is shared; a request is judged and then looked at, so the last is kept."""
        if self._last[0] is not request:
            shared = {name: value for name, value in request.items() if name not in PERSONAL}
            self._last = (request, f"{model.air} {shared!r}")
        return self._last[1]


class _Skeleton:
    """One request less its prompt and seed."""

    def __init__(self, model: VideoModel, request: Mapping[str, Json]) -> None:
        self._model = model
        shared = {name: value for name, value in request.items() if name not in PERSONAL}
        whole = picture(model, shared)
        self._around = _Around.of(whole)
        self._fields = {
            name: value for name, value in fields(whole).items() if name not in PERSONAL
        }
        self._cost = estimate(model, request)
        self._delivery = delivery(request)
        self._seconds = longest(model, whole.get("duration"))
        known = model.schema["properties"]
        self._tests = [(name, compiled(known[name])) for name in PERSONAL if name in known]

    def fits(self, request: Mapping[str, Json]) -> bool:
        """Return whether prompt and seed are within the model's limits."""
        if not all(test(request[name]) for name, test in self._tests if name in request):
            return False
        return "seed" not in request or fits_range(self._model, request)

    def seen(self, request: Mapping[str, Json]) -> Seen:
        """Put prompt and seed in."""
        shown, texts = dict(self._fields), {}
        for name in PERSONAL:  # by hand: this is done for every task
            if name in request:
                value = condensed_value(name, request[name])
                texts[name] = canonical(value)
                shown[name] = shown_as(name, value, texts[name])
        seed = texts.get("seed")
        given = request.get("seed")
        fingerprint, seedless = self._around.names(texts.get("positivePrompt"), seed)
        older = RULE > 1 or hides(request.get("positivePrompt"))
        return Seen(
            fingerprint=fingerprint,
            former=former(picture(self._model, request)) if older else (),
            fields=shown,
            cost=self._cost,
            seconds=self._seconds,
            delivery=self._delivery,
            seed=int(given) if is_number(given) else None,
            seedless=seedless,
        )


@dataclass(frozen=True, slots=True)
class _Around:
    """The canonical text of a picture without prompt and seed, cut where these belong."""

    before: str
    between: str
    after: str

    @classmethod
    def of(cls, whole: Mapping[str, Json]) -> "_Around":
        names = sorted(whole)
        pieces = [_piece(name, whole[name]) for name in names]
        first, then = (bisect(names, name) for name in PERSONAL)
        return cls(
            before="".join(f"{piece}," for piece in pieces[:first]),
            between="".join(f"{piece}," for piece in pieces[first:then]),
            after="".join(f"{piece}," for piece in pieces[then:]),
        )

    def names(self, prompt: str | None, seed: str | None) -> tuple[str, str]:
        """Return the fingerprint with prompt and seed, and the one without the seed.

        Without a seed the second is empty. What both begin with is hashed once.
        """
        own = "" if prompt is None else f'"positivePrompt":{prompt},'
        head = f"{{{self.before}{own}{self.between}"
        if seed is None:
            return _name(hashlib.sha256(), head + self.after), ""
        if not self.after:  # the head's last comma goes as well
            whole = _name(hashlib.sha256(), f'{head}"seed":{seed}')
            return whole, _name(hashlib.sha256(), head)
        begun = hashlib.sha256(head.encode())
        whole = _name(begun.copy(), f'"seed":{seed},{self.after}')
        return whole, _name(begun, self.after)


def _name(begun: "hashlib._Hash", rest: str) -> str:
    begun.update(f"{rest.removesuffix(',')}}}".encode())
    return f"v{RULE}-{begun.hexdigest()}"


def _piece(name: str, value: Json) -> str:
    return f"{json.dumps(name, ensure_ascii=False)}:{canonical(value)}"

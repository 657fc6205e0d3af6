"""How a video is delivered and checked: no part of the picture, and never changed unseen.

Addresses may hold credentials, so of each only the host is shown, and a digest distinguishes two.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from renderer.catalog.defaults import DELIVERY
from renderer.expand.request import DEFAULTS
from renderer.expand.values import canonical, leaves
from renderer.json_types import Json
from renderer.sanitize import host_of

ADDRESSES = ("webhookURL", "uploadEndpoint")
WORDS = ("scene", "shot", "address", "take")  # that an address may say
_OURS = frozenset({"taskType", "taskUUID", "numberResults"})  # none of them is delivery to anybody
_SAID = DELIVERY - _OURS
_DIGITS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One setting of a delivery: its value as people may see it, and the digest of all of it.

    `words` are those that an address lets be filled in for each take.
    """

    shown: Json
    digest: str
    words: tuple[str, ...] = ()


def delivery(request: Mapping[str, Json]) -> dict[str, Sent]:
    """Return what a request says of its delivery by dotted name, less what every request says."""
    names = _SAID & request.keys()
    said = {name: request[name] for name in names if request[name] != DEFAULTS.get(name)}
    return {name: sent(name, value) for name, value in sorted(leaves(said))} if said else {}


def sent(name: str, value: Json) -> Sent:
    """Return one setting of a delivery as it may be shown."""
    if isinstance(value, str):
        return _sent(name, value)
    return Sent(shown=value, digest=_digest(value))


def is_delivery(field: str) -> bool:
    """Return whether a dotted field of a request is one that only concerns delivery."""
    return field.partition(".")[0] in _SAID


def differing(
    old: Mapping[str, Sent], new: Mapping[str, Sent]
) -> Iterator[tuple[str, Json, Json]]:
    """Yield each field in which two deliveries differ, with both values as they may be shown."""
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if before != after:
            one, other = (sent.shown if sent else None for sent in (before, after))
            yield name, one, _other(other) if one == other else other


def _other(shown: Json) -> Json:
    """Name an address that differs behind its host only."""
    return str(shown).replace("(an ", "(another ", 1)


@lru_cache(maxsize=1024)
def _sent(name: str, value: str) -> Sent:
    shown = f"(an address at {host_of(value)})" if name in ADDRESSES else value
    words = tuple(word for word in WORDS if "{" + word + "}" in value)
    return Sent(shown=shown, digest=_digest(value), words=words if name in ADDRESSES else ())


def _digest(value: Json) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()[:_DIGITS]


def filled_in(url: str, **words: str) -> str:
    """Return an address of delivery with its words filled in, quoted."""
    for name in WORDS:
        url = url.replace("{" + name + "}", quote(words[name], safe=""))
    return url

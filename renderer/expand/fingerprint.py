"""What makes two requests the same picture.

Rule 1: SHA-256 of the canonical JSON of the request with the catalog's defaults filled in, less
what only concerns delivery; images are replaced by the digests of their bytes with a position; white
space in the prompt counts as one space, so that re-wrapping a paragraph is free. Characters of
the prompt that are invisible are left out first: once they were not, and what such a prompt was
named then is one of its former names.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import TypeGuard

from renderer.expand.values import canonical, leaves
from renderer.json_types import Json

RULE = 1
_SHOWN = 40
_PRINTABLE = bytes(range(0x20, 0x7F))  # no white space among it but the space
# Unicode's Default_Ignorable_Code_Point: joiners, direction marks, variation selectors, fillers.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def fingerprint(picture: Mapping[str, Json]) -> str:
    """Return the version of the rule and 64 hex digits for the picture a request asks for."""
    return _RULES[RULE](_plain(picture))


def former(picture: Mapping[str, Json]) -> tuple[str, ...]:
    """Return what older rules said of this picture: a take they named is still its take."""
    older = [rule(picture) for version, rule in sorted(_RULES.items()) if version < RULE]
    return (*older, *([_rule_1(picture)] if hides(picture.get("positivePrompt")) else ()))


def hides(prompt: Json) -> TypeGuard[str]:
    """Return whether a prompt holds characters that are invisible."""
    return isinstance(prompt, str) and not prompt.isascii() and bool(_UNSEEN.search(prompt))


def _plain(picture: Mapping[str, Json]) -> Mapping[str, Json]:
    prompt = picture.get("positivePrompt")
    if not hides(prompt):
        return picture
    return {**picture, "positivePrompt": _UNSEEN.sub("", str(prompt))}


def _rule_1(picture: Mapping[str, Json]) -> str:
    return f"v1-{hashlib.sha256(canonical(rewrapped(picture)).encode()).hexdigest()}"


def continued(base: str, frames: Mapping[str, str]) -> str:
    """Return the fingerprint of a picture that depends on frames of takes, by position.

    `base` is that of its request, where marks stand for them; its rule's version stays in front.
    """
    text = canonical([base, dict(frames)])
    return f"{base.partition('-')[0]}-{hashlib.sha256(text.encode()).hexdigest()}"


# A rule that was ever released stays here for good, and is never edited: lockfiles carry it.
_RULES: Mapping[int, Callable[[Mapping[str, Json]], str]] = {1: _rule_1}


def rewrapped(picture: Mapping[str, Json]) -> dict[str, Json]:
    """Let white space in the prompt count as one space."""
    if "positivePrompt" not in picture:
        return dict(picture)
    return {**picture, "positivePrompt": single_spaced(str(picture["positivePrompt"]))}


def single_spaced(text: str) -> str:
    """Return `" ".join(text.split())`; of most prompts five times as quickly."""
    if text.isascii():
        flat = text.replace("\n", " ").strip(" ")
        if "  " not in flat and not flat.encode().translate(None, _PRINTABLE):
            return flat
    return " ".join(text.split())


def condensed_value(name: str, value: Json) -> Json:
    """Return one field of a picture without what makes no other picture."""
    if name != "positivePrompt":
        return value
    return single_spaced(_UNSEEN.sub("", value) if hides(value) else str(value))


def condensed(picture: Mapping[str, Json]) -> dict[str, Json]:
    """Leave out what makes no other picture: characters that nobody sees, white space."""
    return {name: condensed_value(name, value) for name, value in picture.items()}


def fields(picture: Mapping[str, Json]) -> dict[str, Json]:
    """Return each field as the lockfile shows it: short values as they are, the rest as digests.

    Prompts and images are never in the lockfile: a URL may hold a secret, a prompt is long.
    """
    found = leaves(condensed(picture))
    return {name: shown_as(name, value, canonical(value)) for name, value in found}


def digest(value: Json) -> str:
    """Return the first 16 hex digits of the SHA-256 of canonical JSON."""
    return _digits(canonical(value))


def shown_as(name: str, value: Json, text: str) -> Json:
    """Return one field as the lockfile shows it; `text` is its canonical JSON."""
    if isinstance(value, bool | int | float) or value is None:
        return value
    short = isinstance(value, str) and len(value) <= _SHOWN and "://" not in value
    return value if short and name != "positivePrompt" else f"sha256:{_digits(text)}"


def _digits(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]

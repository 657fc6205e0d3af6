"""A value of a request in the words of a spec: a plan shows no Python."""

import json
from collections.abc import Mapping

from renderer.json_types import Json

_DIGEST = 23  # of `sha256:` and hex digits, enough to distinguish two


def value_words(value: Json) -> str:
    """Return a value as one would write it in YAML on one line; what is not there is `(none)`."""
    if value is None:
        return "(none)"
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return ", ".join(map(value_words, value)) or "(none)"
    if isinstance(value, Mapping):
        return _mapping_words(value)
    return json.dumps(value, default=str)


def _mapping_words(value: Mapping[str, Json]) -> str:
    if value.keys() == {"image", "frame"}:
        return f"{value_words(value['frame'])} {_short_digest(value_words(value['image']))}"
    return "{" + ", ".join(f"{key}: {value_words(inner)}" for key, inner in value.items()) + "}"


def _short_digest(text: str) -> str:
    return f"{text[:_DIGEST]}…" if text.startswith("sha256:") else text

"""Addresses that a finished video is sent to: used in the call, kept nowhere.

They may hold credentials. So an order, which the journal keeps, only says that there is one;
the specs are asked for it when the order is sent.
"""

from collections.abc import Mapping

from renderer.expand.delivery import sent
from renderer.json_types import Json
from renderer.render.order import HIDDEN, TEMPLATED


def hidden(request: Mapping[str, Json]) -> dict[str, Json]:
    """Return a request in which marks stand for the addresses."""
    return {key: HIDDEN + key if key in TEMPLATED else value for key, value in request.items()}


def shown(request: Mapping[str, Json]) -> dict[str, Json]:
    """Return a request in which each address is its host only, for people."""
    return {key: seen(key, value) for key, value in request.items()}


def seen(field: str, value: Json) -> Json:
    """Return a value of a request as people may see it."""
    return sent(field, value).shown if field in TEMPLATED else value

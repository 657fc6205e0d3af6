"""The stream of YAML events, from libyaml where there is one."""

from collections.abc import Iterator
from typing import Any

import yaml

MAX_EVENTS = 100_000
MAX_DEPTH = 64
MAX_SCALAR = 64 * 1024
MAX_ALIASED = 1024 * 1024

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def events(text: str, loader: Any = LOADER) -> Iterator[Any]:
    """Yield the parser's events; nothing is composed, resolved or constructed."""
    return iter(yaml.parse(text, Loader=loader))

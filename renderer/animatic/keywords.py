"""What a prompt speaks of: themes found by their words, and numbers drawn from text."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache


def themes(prompt: str, table: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys of `table` whose words occur in the prompt, by their first place.

    Words are separated by spaces; `_` is a space or a hyphen, a last `*` is any ending. Of two
    that begin at one place the longer counts: `crane down` is no `crane`.
    """
    return tuple(dict.fromkeys(_found(prompt, table)))


def strongest(prompt: str, table: Mapping[str, str]) -> str:
    """Return the key whose words occur most often, the first of equals; empty if none does."""
    counts = Counter(_found(prompt, table))
    return max(counts, key=lambda key: counts[key], default="")


def _found(prompt: str, table: Mapping[str, str]) -> list[str]:
    pattern, keys = _pattern(tuple(table.items()))
    return [keys[hit.lastindex - 1] for hit in pattern.finditer(prompt) if hit.lastindex]


@lru_cache(maxsize=64)
def _pattern(table: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], tuple[str, ...]]:
    words = [(word, key) for key, text in table for word in text.split()]
    words.sort(key=lambda pair: -len(pair[0]))
    groups = (re.escape(word).replace("_", "[ -]").replace(r"\*", r"\w*") for word, _ in words)
    pattern = rf"\b(?:{'|'.join(f'({group})' for group in groups)})\b"
    return re.compile(pattern, re.IGNORECASE), tuple(key for _, key in words)


def number(*parts: object) -> int:
    """Return 128 bits drawn from the parts: equal parts, equal number, on every machine."""
    text = "\x1f".join(map(str, parts)).encode("utf-8", "replace")
    return int.from_bytes(hashlib.sha256(text).digest()[:16])

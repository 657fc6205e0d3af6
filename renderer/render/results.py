"""Results of a task as the provider reports them, and which of two reports are one result."""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

UNNAMED = "url-"  # before the key of a result without a videoUUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultState:
    """One video that a task yielded, as the provider reported it."""

    key: str  # its videoUUID; a digest of the path of its URL where the provider gave none
    url: str
    seed: int | None = None
    cost: Decimal | None = None
    draft_id: str = ""
    unsafe: bool = False

    @property
    def name(self) -> str:
        """Its videoUUID in one spelling; empty where the provider gave none."""
        return "" if self.key.startswith(UNNAMED) else self.key.casefold()

    @property
    def path(self) -> str:
        """The path of its URL: the query is a signature, new with each answer."""
        return urlsplit(self.url).path


def _same_name(one: ResultState, other: ResultState) -> bool:
    return bool(one.name) and one.name == other.name


def _same_path(one: ResultState, other: ResultState) -> bool:
    named = one.name and other.name
    seeds = one.seed is None or other.seed is None or one.seed == other.seed
    return not named and seeds and bool(one.path) and one.path == other.path


def _same_seed(one: ResultState, other: ResultState) -> bool:
    return not (one.name and other.name) and one.seed is not None and one.seed == other.seed


_SAME = (_same_name, _same_path, _same_seed)  # the surest first: a seed may only be echoed


def of_its_own(result: ResultState, among: Sequence[ResultState]) -> ResultState:
    """Return a result under a key that no other has: paths of unnamed ones may be alike."""
    keys = {one.key for one in among}
    if result.key not in keys:
        return result
    free = next(n for n in range(2, len(keys) + 3) if f"{result.key}-{n}" not in keys)
    return dataclasses.replace(result, key=f"{result.key}-{free}")


def not_among(known: Iterable[ResultState], found: Iterable[ResultState]) -> list[ResultState]:
    """Return what of a later answer is none of the results that are known, one for one.

    A provider may name a video late, sign its URL again, or leave the name out once.
    """
    left, rest = list(known), list(found)
    for same in _SAME:
        new = []
        for result in rest:
            match = next((one for one in left if same(one, result)), None)
            if match is None:
                new.append(result)
            else:
                left.remove(match)
        rest = new
    return rest

"""Which seeds are still to be asked for: of a range that belongs to one picture, and no others."""

from collections.abc import Iterable, Mapping, Sequence

Run = tuple[int, int]  # a seed, and how many results from it on


def start_of(request: Mapping[str, object]) -> int | None:
    """Return the seed that a request asks for; JSON may have it as 7.0."""
    seed = request.get("seed")
    whole = isinstance(seed, float) and seed.is_integer()
    return int(seed) if isinstance(seed, int | float) and (whole or type(seed) is int) else None


def free_runs(start: int, wanted: int, had: Iterable[int | None], most: int) -> tuple[Run, ...]:
    """Return up to `most` seeds of `wanted` from `start` on that no take has, as runs.

    Results take seed, seed+1, …, so one order can ask for one run. A take with an unknown seed
    counts for the lowest seed that is free: it is the likeliest.
    """
    taken = list(had)
    known = set(taken)
    free = [seed for seed in range(start, start + wanted) if seed not in known]
    return _runs(free[taken.count(None) :][:most])


def _runs(seeds: Sequence[int]) -> tuple[Run, ...]:
    runs: list[Run] = []
    for seed in seeds:
        if runs and sum(runs[-1]) == seed:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((seed, 1))
    return tuple(runs)

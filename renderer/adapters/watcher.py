"""What changed on disk, seen by looking again and again.

A look sees what a kernel's events leave out: files on a network disk, folders that a checkout
takes away and creates again. It follows no link, and needs no watch on folders that are not ours.
"""

from collections.abc import AsyncIterator, Callable, Mapping

from renderer.adapters.clock import Clock

STEP = 0.25  # seconds from one look to the next
_SHARE = 50  # looking takes at most one part in so many of the time
_PATIENCE = 20  # looks at files that do not come to rest
Sight = Mapping[str, object]


async def changes(look: Callable[[], Sight], clock: Clock) -> AsyncIterator[frozenset[str]]:
    """Yield the names of files that changed, once they rest; an empty set comes first, at once.

    A change that comes while nobody asks is found by the next look.
    """
    looks = _looks(look, clock)
    seen = await anext(looks)
    yield frozenset()
    async for now in looks:
        if now != seen:
            then = await _at_rest(now, looks)
            changed = _differing(seen, then)
            seen = then
            if changed:
                yield changed


async def _looks(look: Callable[[], Sight], clock: Clock) -> AsyncIterator[Sight]:
    while True:
        began = clock.now()
        sight = look()
        pause = max(STEP, (clock.now() - began) * _SHARE)
        yield sight
        await clock.sleep(pause)


async def _at_rest(now: Sight, looks: AsyncIterator[Sight]) -> Sight:
    """Look on while files are being written: an editor saves in steps, a checkout in many."""
    for _ in range(_PATIENCE):
        before, now = now, await anext(looks)
        if now == before:
            break
    return now


def _differing(seen: Sight, now: Sight) -> frozenset[str]:
    return frozenset(name for name in seen.keys() | now.keys() if seen.get(name) != now.get(name))

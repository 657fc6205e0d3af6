"""How takes that were not here are brought back."""

import asyncio
from collections.abc import Callable, Sequence

from renderer.app.rendering.fetch_missing import Fetched, home
from renderer.app.rendering.job import Job
from renderer.app.rendering.provider_sessions import ProviderSession
from renderer.lock.takes import Named


def bring_home(
    job: Job,
    opened: Callable[[], ProviderSession],
    missing: Sequence[Named],
    report: Callable[[Sequence[Fetched]], None],
) -> tuple[Fetched, ...]:
    """Fetch takes that are missing here, free, and report what became of each."""
    if not missing:
        return ()
    found = asyncio.run(home(job, opened, missing))
    report(found)
    return found

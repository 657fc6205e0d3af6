"""How takes that were not here are brought back, in words."""

import asyncio
from collections.abc import Callable, Sequence

import click

from renderer.app.rendering.fetch_missing import Fetched, home
from renderer.app.rendering.job import Job
from renderer.app.rendering.providers import ProviderSession
from renderer.lock.takes import Named
from renderer.sanitize import visible


def bring_home(
    job: Job, opened: Callable[[], ProviderSession], missing: Sequence[Named]
) -> tuple[Fetched, ...]:
    """Fetch takes that are not here, for nothing, and say what became of each."""
    if not missing:
        return ()
    found = asyncio.run(home(job, opened, missing))
    for one in found:
        words = f"here again, from {one.source}" if one.found else f"not here: {one.why}"
        click.echo(visible(f"{one.named.name}: {words}"), err=True)
    return found

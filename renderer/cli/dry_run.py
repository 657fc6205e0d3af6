"""`renderer render --dry-run`: what the provider says of each order, and asks for it."""

import asyncio
from decimal import Decimal

import click

from renderer.app.rendering.dry_run import Judged, check_total, dry_run, total_price
from renderer.app.rendering.job import Job
from renderer.app.rendering.providers import ProviderSession
from renderer.errors import ProviderError
from renderer.sanitize import visible


def judged(job: Job, studio: ProviderSession, limit: Decimal | None) -> int:
    """Ask, print beside our estimates, and return the exit code; nothing is bought."""
    if not job.orders:
        click.echo("Nothing would be asked for: every take is made.")
        return 0
    found = asyncio.run(_ask(job, studio))
    widest = max(len(visible(one.order.address)) for one in found)
    click.echo(f"{'task':<{widest}}  takes    estimate    provider")
    for one in found:
        click.echo(_line(one, widest))
        for error in one.errors:
            click.echo(visible(f"  refused: {error}, task {one.task_uuid}"))
    refusals = sum(bool(one.errors) for one in found)
    click.echo(f"Provider: ${total_price(found):f} for {len(found) - refusals} of {len(found)}.")
    click.echo("A dry run: nothing was bought.")
    check_total(found, limit)
    return ProviderError.exit_code if refusals else 0


async def _ask(job: Job, studio: ProviderSession) -> tuple[Judged, ...]:
    from renderer.adapters.chance import new_lineage

    async with studio.dry() as client:
        return await dry_run(job, client, new_lineage)


def _line(one: Judged, widest: int) -> str:
    estimate = "?" if one.estimate is None else f"{one.estimate.high:.5f}"
    price = "-" if one.price is None else f"{one.price:.5f}"
    note = "  dearer than expected" if one.dearer else ""
    name = f"{visible(one.order.address):<{widest}}"
    return f"{name}  {one.order.count:>5}  {estimate:>10}  {price:>10}{note}"

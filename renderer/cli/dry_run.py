"""`renderer render --dry-run`: what the provider says of each order, and asks for it."""

import asyncio
from decimal import Decimal

from renderer.app.rendering.dry_run import Judged, check_total, dry_run
from renderer.app.rendering.job import Job
from renderer.app.rendering.sessions import ProviderSession
from renderer.cli.report import Report
from renderer.errors import ProviderError


def judged(job: Job, session: ProviderSession, limit: Decimal | None, report: Report) -> int:
    """Ask, report it beside our estimates, and return the exit code; nothing is bought."""
    found = asyncio.run(_ask(job, session)) if job.orders else ()
    exit_code = ProviderError.exit_code if any(one.errors for one in found) else 0
    report.judged(found, exit_code)
    check_total(found, limit)
    return exit_code


async def _ask(job: Job, session: ProviderSession) -> tuple[Judged, ...]:
    from renderer.adapters.chance import new_lineage

    async with session.dry() as client:
        return await dry_run(job, client, new_lineage)

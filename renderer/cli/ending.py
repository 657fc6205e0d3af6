"""How a render ended, in words and as an exit code."""

from collections.abc import Iterator

import click

from renderer.render.outcome import Outcome, Pending
from renderer.safe import visible
from renderer.wire.codes import Kind

_OVER = "overBudget"


def told(outcome: Outcome, *, paid: bool) -> int:
    """Say how it ended and return the exit code; what goes on being billed is listed."""
    made = len(outcome.recorded)
    spent = f" for ${outcome.spent:f}" if paid else ""
    click.echo(f"Made {made} take{'' if made == 1 else 's'}{spent}; see renders/.")
    for line in _problems(outcome, paid=paid):
        click.echo(visible(line), err=True)
    return code(outcome)


def code(outcome: Outcome) -> int:
    """Return the exit code of an outcome."""
    if outcome.interrupted:
        return 130
    if outcome.stopped:
        return 5
    if any(failure.code == _OVER for failure in outcome.unsent):
        return 4
    if outcome.failed or outcome.unsent or outcome.waiting or outcome.unplaced:
        return 1
    return 4 if outcome.unknown or outcome.running else 0


def _problems(outcome: Outcome, *, paid: bool) -> Iterator[str]:
    for failure in outcome.failed:
        again = " (paid for: the next render fetches it again)" if failure.paid and paid else ""
        task = f", task {failure.task_uuid}" if paid and failure.task_uuid else ""
        yield f"failed: {failure.order.address}: {failure.text}{task}{again}"
    if paid:
        yield from _open("still running, and billed", outcome.running)
        yield from _open("unknown, and perhaps billed", outcome.unknown)
    for failure in () if outcome.stopped else outcome.unsent:
        yield f"not sent: {failure.order.address}: {failure.text}"
    if outcome.stopped:
        yield f"stopped: {outcome.stopped}"
    if outcome.stopped and outcome.stopped.kind is Kind.MONEY:
        yield "Nothing more was submitted; what ran was collected. Top the account up, go on then."
    for address in outcome.waiting:
        yield f"not made: {address}: it goes on from a shot that was not made"
    if outcome.unplaced:
        yield unplaced(outcome.unplaced)
    yield from _next(outcome)


def unplaced(count: int) -> str:
    """Say that takes are made, and could not be laid out."""
    takes = "1 take does" if count == 1 else f"{count} takes do"
    return (
        f"{takes} not lie in renders/: the files are not on this machine, or damaged. "
        "`renderer verify --repair` looks for whole ones; nothing is bought again unless you say "
        "`renderer render --again ADDRESS#N`."
    )


def _open(label: str, tasks: tuple[Pending, ...]) -> Iterator[str]:
    for one in tasks:
        risk = "" if one.risk is None else f" ${one.risk:f}"
        yield f"{label}:{risk} {one.order.address}: {one.text}, task {one.task_uuid}"


def _next(outcome: Outcome) -> Iterator[str]:
    if outcome.unknown and not outcome.interrupted:
        yield "Nothing unknown is bought again unless you say `renderer render --resubmit ID`."
    if outcome.running:
        yield "The next `renderer render` collects what runs; it costs nothing more."
    elif outcome.interrupted or outcome.unsent:
        yield "`renderer render` goes on from here."

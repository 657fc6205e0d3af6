"""How a render ended, printed for a person."""

import click

from renderer.app.rendering.outcome_words import code, problems
from renderer.plan.output.text import takes_words
from renderer.providers import Provider
from renderer.render.outcome import Outcome
from renderer.sanitize import visible


def report_outcome(outcome: Outcome, provider: Provider) -> int:
    """Say how it ended and return the exit code; what is still being billed is listed."""
    paid = provider.paid
    animatics = sum(one.take.engine for one in outcome.recorded) if paid else 0
    collected = outcome.collected if paid else 0
    made = len(outcome.recorded) - animatics - collected
    spent = f" for ${outcome.spent:f}" if paid else ""
    if collected:
        click.echo(
            f"Collected {takes_words(collected)} that had been ordered before, here or in another clone,"
            " and cost nothing more."
        )
    if made or not (animatics or collected):
        click.echo(f"Made {takes_words(made)}{spent}; see renders/.")
    if animatics:
        click.echo(
            f"Made {takes_words(animatics)} with an embedded engine: animatics, recorded in"
            " renderer.local.lock; nothing was paid."
        )
    for line in problems(outcome, provider):
        click.echo(visible(line), err=True)
    return code(outcome)

"""`renderer picks`: the state of every shot."""

from collections import Counter
from typing import TypedDict

import click

from renderer.cli.options import provider_option
from renderer.cli.output import write_json, write_lines
from renderer.cli.pick_output import MARKS, StandingData, pick_text, status_data
from renderer.cli.wiring import Session
from renderer.errors import RefusedError
from renderer.film.pick_status import ShotStatus
from renderer.plan.output.text import Line, Span
from renderer.sanitize import counted, visible


class PicksData(TypedDict):
    """The state of every shot, in the order of the specs."""

    version: int
    shots: list[StandingData]


@click.command("picks")
@click.option("--check", is_flag=True, help="Exit 4 unless every shot has a valid pick.")
@provider_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def command(session: Session, provider: str | None, form: str, *, check: bool) -> int:
    """List every shot with its pick: picked, lapsed, to review, or not made."""
    found = session.project.picks(provider=provider, check=not check)
    unsettled = [one for one in found if not one.settled]
    if form == "json":
        document: PicksData = {"version": 1, "shots": [status_data(one) for one in found]}
        write_json(document)
    else:
        write_lines(line for one in found for line in _lines(one))
        write_lines([(), (Span(text=_summary(found)),)])
    if check and unsettled:
        click.echo(_why_not(unsettled), err=True)
    return RefusedError.exit_code if check and unsettled else 0


def _lines(status: ShotStatus) -> list[Line]:
    state = status.state.value
    lines: list[Line] = [
        (
            Span(text=f"{MARKS[status.state]} "),
            Span(text=f"{visible(status.shot):<32} ", style="bold"),
            Span(text=f"{state:<10}"),
            Span(
                text=visible(pick_text(status.shown or status.pick))
                if status.pick
                else _default(status)
            ),
        )
    ]
    if status.was:
        lines.append((Span(text=f"  renamed from {visible(status.was)}", style="dim"),))
    lines += [(Span(text=f"    {visible(words)}", style="change"),) for words in status.against]
    return lines


def _default(status: ShotStatus) -> str:
    return f"default {visible(status.default.name)}" if status.default else ""


def _summary(found: tuple[ShotStatus, ...]) -> str:
    states = Counter(one.state for one in found)
    words = ", ".join(f"{count} {state.value}" for state, count in states.items())
    return f"{counted(len(found), 'shot')}: {words}." if words else "There are no shots."


def _why_not(unsettled: list[ShotStatus]) -> str:
    number = len(unsettled)
    first = ", ".join(visible(one.shot) for one in unsettled[:5])
    more = f" and {number - 5} more" if number > 5 else ""
    shots = "shot has" if number == 1 else "shots have"
    return f"error: {number} {shots} no valid pick: {first}{more}; see `renderer review`"

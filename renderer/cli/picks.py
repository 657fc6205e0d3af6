"""`renderer picks`: the state of every shot."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypedDict

import click

from renderer.cli.options import provider_option
from renderer.cli.output import write_json, write_lines
from renderer.cli.pick_output import MARKS, StandingData, pick_text, status_data
from renderer.cli.wiring import Session
from renderer.errors import RefusedError
from renderer.expand.deliverable import Deliverable, words
from renderer.film.films import Films, films_of
from renderer.film.pick_status import ShotStatus, State
from renderer.plan.output.text import Line, Span
from renderer.sanitize import counted, visible

_NAMED = 5  # in a line
# Of one film, and of several: where a shot has a pick for each.
_LACK = (
    ("shot has no valid pick", "shots have no valid pick"),
    ("pick is missing or not valid", "picks are missing or not valid"),
)


class LackingData(TypedDict):
    """A shot that is excluded from a deliverable."""

    shot: str
    deliverable: str


class PicksData(TypedDict):
    """The state of every shot in each deliverable, in the order of the specs.

    `deliverables` names the films. `lacking` are shots that a film has no task of.
    """

    version: int
    deliverables: list[str]
    shots: list[StandingData]
    lacking: list[LackingData]


@click.command("picks")
@click.option("--check", is_flag=True, help="Exit 4 unless every shot has a valid pick.")
@provider_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def command(session: Session, provider: str | None, form: str, *, check: bool) -> int:
    """List every shot with its pick: picked, lapsed, to review, or not made."""
    found = session.project.picks(provider=provider, check=not check)
    unsettled, films = [one for one in found if not one.settled], films_of(found)
    if form == "json":
        write_json(_data(found, films))
    else:
        write_lines(_all_lines(found, films))
        write_lines([(), (Span(text=_summary(found)),)])
    if not check or not (unsettled or films.lacking):
        return 0
    for line in _why_not(unsettled, films.lacking):
        click.echo(visible(line), err=True)
    return RefusedError.exit_code


def _data(found: Sequence[ShotStatus], films: Films) -> PicksData:
    return {
        "version": 1,
        "deliverables": [words(film) for film in films.films if film],
        "shots": [status_data(one) for one in found],
        "lacking": [{"shot": shot, "deliverable": words(film)} for shot, film in films.lacking],
    }


def _all_lines(found: Sequence[ShotStatus], films: Films) -> Iterator[Line]:
    """Yield a line a shot; of several films a table first, then what is wrong with a pick."""
    if len(films.films) < 2:
        yield from (line for one in found for line in _lines(one))
        return
    yield from _table(films)
    rest = [
        one for one in found if one.against or one.warnings or one.was
    ]  # the table shows all others
    if rest:
        yield ()
    yield from (line for one in rest for line in _lines(one))


def _table(films: Films) -> Iterator[Line]:
    """Yield shots by films: films have numbers, so that many of them fit a line."""
    widest = max(len(visible(shot)) for shot in films.shots)
    across = max(2, len(str(len(films.films))))
    head = " ".join(f"{number:>{across}}" for number in range(1, len(films.films) + 1))
    yield (Span(text=f"{'':<{widest}}  {head}", style="dim"),)
    for shot, row in films.shots.items():
        marks = " ".join(f"{MARKS[one.state] if one else '-':>{across}}" for one in row)
        yield (Span(text=f"{visible(shot):<{widest}}  ", style="bold"), Span(text=marks))
    yield ()
    for number, film in enumerate(films.films, start=1):
        there = [one for row in films.shots.values() if (one := row[number - 1])]
        done = sum(one.settled for one in there)
        absent = len(films.shots) - len(there)
        left_out = f", {counted(absent, 'shot')} not in it" if absent else ""
        text = f"{visible(words(film))}  {done} of {len(there)} picked{left_out}"
        yield (Span(text=f"{number:>{across}}  {text}", style="dim"),)


def _lines(status: ShotStatus) -> list[Line]:
    state = status.state.value
    lines: list[Line] = [
        (
            Span(text=f"{MARKS[status.state]} "),
            Span(text=f"{visible(status.slot):<32} ", style="bold"),
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
    notes = (*status.against, *(f"warning: {words}" for words in status.warnings))
    lines += [(Span(text=f"    {visible(words)}", style="change"),) for words in notes]
    return lines


def _default(status: ShotStatus) -> str:
    return f"default {visible(status.default.name)}" if status.default else ""


def _summary(found: Sequence[ShotStatus]) -> str:
    counts = Counter(one.state for one in found)
    states = ", ".join(f"{count} {state.value}" for state, count in counts.items())
    several = any(one.film for one in found)
    kind = "pick" if several else "shot"
    return f"{counted(len(found), kind)}: {states}." if states else "There are no shots."


def _why_not(
    unsettled: Sequence[ShotStatus], lacking: Sequence[tuple[str, Deliverable]]
) -> Iterator[str]:
    strays = [one for one in unsettled if one.state is State.STRAY]
    rest = [one for one in unsettled if one.state is not State.STRAY]
    if rest:
        lack = _LACK[any(one.film for one in rest)][len(rest) != 1]
        yield f"error: {len(rest)} {lack}: {_first(rest)}; see `renderer review`"
    if strays:
        lack = "pick is" if len(strays) == 1 else "picks are"
        yield (
            f"error: {len(strays)} {lack} of no shot or film any more: {_first(strays)}; take each "
            "back with `renderer pick --undo NAME`"
        )
    if lacking:
        first = "; ".join(f"{shot} in {words(film)}" for shot, film in lacking[:_NAMED])
        more = f"; and {len(lacking) - _NAMED} more" if len(lacking) > _NAMED else ""
        yield (
            f"error: excluded from a film that others are in: {first}{more}; include it in the "
            "matrix, or go without the axis in that shot (`matrix: {locale: null}`), which then "
            "serves all films"
        )


def _first(rows: Sequence[ShotStatus]) -> str:
    more = f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
    return ", ".join(one.slot for one in rows[:_NAMED]) + more

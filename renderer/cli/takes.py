"""`renderer takes`: all takes of a shot."""

from typing import TypedDict

import click

from renderer.app.review.take_files import TakeFiles
from renderer.app.review.takes import ShotTakes, TakeRow, takes
from renderer.cli.complete import names
from renderer.cli.notes_output import MARKS as MARKS_OF
from renderer.cli.options import provider_option
from renderer.cli.output import write_json, write_lines
from renderer.cli.pick_output import MARKS, StandingData, pick_text, status_data
from renderer.cli.take_data import TakeData, take_data
from renderer.cli.wiring import Session
from renderer.film.reviews import Verdict
from renderer.film.versions import Kind, Version, label
from renderer.plan.output.text import Line, Span
from renderer.sanitize import counted, visible


class ShownTakeData(TakeData):
    """One take; `picked` is its place in the pick from 1; `current`: it shows the present picture.

    `version` is its place in the stack of the shot from 1, the newest that is valid; `kind` says
    what it is. `verdict` is what a person said of it; `open_notes` counts those that are not resolved.
    """

    version: int
    kind: Kind
    current: bool
    picked: int | None
    default: bool
    flags: list[str]
    verdict: Verdict | None
    open_notes: int


class ShotTakesData(StandingData):
    """A shot in one deliverable with all its takes, the newest that is valid first."""

    takes: list[ShownTakeData]


class TakesData(TypedDict):
    """The takes of the shots that were named."""

    version: int
    shots: list[ShotTakesData]


@click.command("takes")
@click.argument("shot", shell_complete=names)
@provider_option
@click.option("--check/--no-check", "look", default=True, help="Look for black, frozen, silent.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def command(session: Session, shot: str, provider: str | None, form: str, *, look: bool) -> None:
    """Show all takes of SHOT (a shot, an address, a scene or a pattern) and which is picked."""
    found, files = takes(session.workspace(provider), shot, look=look)
    if form == "json":
        document: TakesData = {"version": 1, "shots": [_data(one, files) for one in found]}
        write_json(document)
        return
    for at, one in enumerate(found):
        write_lines([*([()] if at else []), *_lines(one, files)])


def _lines(shot: ShotTakes, files: TakeFiles) -> list[Line]:
    status = shot.status
    head = f"{status.slot}  {status.title}".rstrip()
    lines: list[Line] = [
        (
            Span(text=visible(head), style="bold"),
            Span(text=f"  {MARKS[status.state]} {status.state.value}"),
        )
    ]
    if status.pick:
        lines.append((Span(text=f"  pick: {visible(pick_text(status.shown or status.pick))}"),))
    lines += [(Span(text=f"  {visible(words)}", style="change"),) for words in status.against]
    address = ""
    for row in shot.rows:
        if row.named.address != address:
            address = row.named.address
            lines.append((Span(text=f"  {visible(address)}", style="dim"),))
        lines += _row(row, kind_words(row.version, files))
    if not shot.rows:
        lines.append((Span(text="  no take yet; `renderer render` makes them", style="dim"),))
    return lines


def kind_words(version: Version, files: TakeFiles) -> str:
    """Say what a version is: of another size its size; a take of the present picture is `current`."""
    if version.kind is Kind.TAKE:
        return "current"
    media = files.file(version.named).media if version.kind is Kind.OTHER_SIZE else None
    return label(version, media.width, media.height) if media else label(version)


def _row(row: TakeRow, kind: str) -> list[Line]:
    take = row.take
    money = take.cost if take.cost is not None else take.estimate
    words = [
        f"{'✓' if row.order else ' '} #{take.number:<3}",
        f"seed {take.seed if take.seed is not None else '?':<10}",
        f"{take.size / 1e6:7.1f} MB  {take.sha256[:12]}…",
        f"${money}" if money is not None else "",
        f"of {take.fingerprint[:11]}…",
        kind,
        "default" if row.default and not row.order else "",
        MARKS_OF[row.verdict] if row.verdict else "",
        counted(row.open_notes, "open note") if row.open_notes else "",
    ]
    line = "  ".join(word for word in words if word)
    flags = [(Span(text=f"         ! {visible(flag)}", style="change"),) for flag in row.flags]
    return [(Span(text=f"    {line}", style="" if row.current else "dim"),), *flags]


def _data(shot: ShotTakes, files: TakeFiles) -> ShotTakesData:
    rows = [_take(row, files) for row in shot.rows]
    return {**status_data(shot.status), "takes": rows}


def _take(row: TakeRow, files: TakeFiles) -> ShownTakeData:
    return {
        **take_data(row.named, files),
        "version": row.version.place,
        "kind": row.version.kind,
        "current": row.current,
        "picked": row.order or None,
        "default": row.default,
        "flags": list(row.flags),
        "verdict": row.verdict,
        "open_notes": row.open_notes,
    }

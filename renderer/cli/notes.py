"""`renderer notes`: verdicts on takes, and notes at a moment of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

import click
from click.core import ParameterSource

from renderer.cli import complete
from renderer.cli.notes_output import (
    MARKS,
    NoteData,
    TakeReviewData,
    VerdictData,
    csv_lines,
    lines,
    note_data,
    review_data,
    verdict_data,
)
from renderer.cli.options import json_option, provider_option
from renderer.cli.output import write_json, write_lines
from renderer.cli.wiring import Session
from renderer.film.reviews import Verdict
from renderer.paths import REVIEWS
from renderer.sanitize import visible

if TYPE_CHECKING:
    from renderer.film.reviews import Note

_who_option = click.option(
    "--who", metavar="NAME", default="", help="Who says this. Default: git's user.name."
)


class NotesData(TypedDict):
    """What was said of takes, by shot."""

    version: int
    takes: list[TakeReviewData]


class WrittenNote(NoteData):
    """A note as it is written in the file, with the take that it is on."""

    take: str
    sha256: str


class WrittenNotesData(TypedDict):
    """The notes that were added, resolved or opened again."""

    version: int
    file: str
    notes: list[WrittenNote]


class WrittenVerdictData(TypedDict):
    """The verdict that a take has now; null if it was taken back."""

    version: int
    file: str
    take: str
    verdict: VerdictData | None


@click.group("notes", invoke_without_command=True)
@click.option("--open", "open_only", is_flag=True, help="Only notes that are not resolved.")
@click.option("--take", metavar="TAKE", default="", shell_complete=complete.takes)
@click.option("--who", metavar="NAME", default="", help="Only what this person said.")
@provider_option
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text")
@click.pass_obj
def command(
    session: Session,
    take: str,
    who: str,
    provider: str | None,
    form: str,
    *,
    open_only: bool,
) -> None:
    """List verdicts and notes by shot; or write them: see the commands below."""
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is not None:
        _nothing_before(ctx, ctx.invoked_subcommand)
        return
    from renderer.app.review.notes import reviewed

    found = reviewed(session.workspace(provider), take, open_only=open_only, who=who)
    if form == "json":
        data: NotesData = {"version": 1, "takes": [review_data(one) for one in found]}
        write_json(data)
    elif form == "csv":
        for row in csv_lines(found):
            click.echo(row)
    else:
        write_lines(lines(found))


@command.command("add")
@click.argument("take", shell_complete=complete.takes)
@click.argument("text")
@click.option("--at", metavar="TIME", default="", help="A moment or a range: 2.4, 58f, 1-2.5.")
@_who_option
@provider_option
@json_option
@click.pass_obj
def add(  # noqa: PLR0913 - one argument for each option
    session: Session, take: str, text: str, at: str, who: str, provider: str | None, *, form: str
) -> None:
    """Write a note on TAKE (`ADDRESS#N`, or `SHOT#N`), at a moment or a range of it."""
    from renderer.app.review.notes import add

    note = add(session.workspace(provider), take, text, at=at, who=who)
    _write((note,), form, "added")


@command.command("resolve")
@click.argument("ids", nargs=-1, required=True, metavar="ID...", shell_complete=complete.notes)
@json_option
@click.pass_obj
def resolve(session: Session, ids: tuple[str, ...], form: str) -> None:
    """Mark notes as resolved. The first four characters of an ID will do, if no other has them."""
    from renderer.app.review.notes import settle

    _write(settle(session.workspace(), ids, resolved=True), form, "resolved")


@command.command("reopen")
@click.argument("ids", nargs=-1, required=True, metavar="ID...", shell_complete=complete.notes)
@json_option
@click.pass_obj
def reopen(session: Session, ids: tuple[str, ...], form: str) -> None:
    """Mark notes as open again."""
    from renderer.app.review.notes import settle

    _write(settle(session.workspace(), ids, resolved=False), form, "open again")


@command.command("verdict")
@click.argument("take", shell_complete=complete.takes)
@click.argument("verdict", type=click.Choice([*(one.value for one in Verdict), "none"]))
@_who_option
@provider_option
@json_option
@click.pass_obj
def verdict(
    session: Session, take: str, verdict: str, who: str, provider: str | None, form: str
) -> None:
    """Approve, reject or circle TAKE; none takes a verdict back.

    A rejected take is never a default: no shot follows it and no final is made of it, unless it
    is picked. Approving and circling change no plan.
    """
    from renderer.app.review.notes import judge

    said = None if verdict == "none" else Verdict(verdict)
    found = judge(session.workspace(provider), take, said, who=who)
    name = found.take if found else take
    if form == "json":
        now = verdict_data(found) if found and said else None
        data: WrittenVerdictData = {"version": 1, "file": REVIEWS, "take": name, "verdict": now}
        write_json(data)
    elif said is None:
        click.echo(visible(f"{name} no longer has a verdict" if found else f"{name} had none"))
    elif found:
        click.echo(visible(f"{name}  {MARKS[found.verdict]} by {found.who}"))
        click.echo(f"{REVIEWS} holds it; commit it.")


def _nothing_before(ctx: click.Context, name: str) -> None:
    """Refuse options of the list in front of another command, which does not see them."""
    for param in ctx.command.params:
        if ctx.get_parameter_source(param.name or "") is ParameterSource.COMMANDLINE:
            option = param.opts[0]
            raise click.UsageError(
                f"{option} is of the list: write it after `{name}`, or leave it"
            )


def _write(notes: "Sequence[Note]", form: str, word: str) -> None:
    if form == "json":
        rows: list[WrittenNote] = [
            {**note_data(one), "take": one.take, "sha256": one.sha256} for one in notes
        ]
        data: WrittenNotesData = {"version": 1, "file": REVIEWS, "notes": rows}
        write_json(data)
        return
    for one in notes:
        where = f" at {one.at}" if one.at else ""
        click.echo(visible(f"{one.id} {word}: {one.take}{where}: {one.text}"))
    click.echo(f"{REVIEWS} holds {'it' if len(notes) == 1 else 'them'}; commit it.")

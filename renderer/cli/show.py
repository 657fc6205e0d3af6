"""`renderer show`: one task and where each value came from."""

from typing import NotRequired, TypedDict

import click

from renderer.app.inspect.show import Shown, show
from renderer.app.inspect.tasks import TaskData, as_data
from renderer.app.review.take_files import TakeFiles
from renderer.app.review.takes import UNSAFE
from renderer.app.workspace import Workspace
from renderer.cli.complete import addresses
from renderer.cli.options import provider_option
from renderer.cli.output import width, write_json, write_lines
from renderer.cli.take_data import TakeData, take_data
from renderer.cli.takes import kind_words
from renderer.cli.wiring import Session
from renderer.expand.item import Item
from renderer.expand.provenance import Origin
from renderer.film.versions import Kind, Version
from renderer.json_types import Json
from renderer.plan.output.text import Line, Span, dollars
from renderer.sanitize import one_line, visible


class RowData(TypedDict):
    """A row of data: what it is known by, and where it is written."""

    key: str
    place: str


class OriginData(TypedDict):
    """One value of a request: the layer that gave it, and where it is written.

    `row` is the row of data that it is made of, if there is one.
    """

    value: Json
    layer: str
    place: str | None
    row: NotRequired[RowData]


class VersionData(TypedDict):
    """A take as a version of its shot: its place in the stack from 1, and what it is."""

    take: str
    version: int
    kind: Kind
    current: bool


class ShowData(TaskData):
    """One task with the origin of each value by its dotted name, and the takes that are made.

    `made` has those of the present picture, `versions` all: drafts, other sizes, older pictures.
    """

    version: int
    origins: dict[str, OriginData]
    made: list[TakeData]
    versions: list[VersionData]


@click.command("show")
@click.argument("address", shell_complete=addresses)
@provider_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def command(session: Session, address: str, provider: str | None, form: str) -> None:
    """Show the task at ADDRESS: rendered prompt, values with their layers, takes, price."""
    workspace = session.workspace(provider)
    shown = show(workspace, address)
    if form == "json":
        write_json(_data(shown, workspace))
    else:
        write_lines(_lines(shown, TakeFiles.of(workspace, shown.tasks, shown.lock)))


def _lines(shown: Shown, files: TakeFiles) -> list[Line]:
    task = shown.task
    lines: list[Line] = [
        (Span(text=visible(task.address), style="bold"), Span(text=f"  {visible(task.title)}")),
        (Span(text=f"  fingerprint {task.fingerprint}", style="dim"),),
        (Span(text=f"  price       {dollars(task.cost)} a take, {shown.wanted} wanted"),),
        (),
    ]
    lines += [(Span(text=f"  {part}"),) for part in _folded(str(task.request["positivePrompt"]))]
    lines.append(())
    widest = max(len(origin.field) for origin in shown.origins)
    for origin in shown.origins:
        where = f"  {origin.place}" if origin.place else ""
        where += f"  {_row(origin.row)}" if origin.row else ""
        name = Span(text=f"  {visible(origin.field):<{widest}}  ")
        value = Span(text=f"{one_line(_text(origin.value), 44):<20}  ")
        lines.append((name, value, Span(text=visible(f"{_layer(origin)}{where}"), style="dim")))
    for at, words in shown.frames.items():
        mode = next("pinned" if link.pinned else "chained" for link in task.links if link.at == at)
        name = Span(text=f"  {f'frames.{at}':<{widest}}  ")
        lines.append((name, Span(text=visible(words)), Span(text=f"  {mode}", style="dim")))
    lines += [(), *_takes(shown, files)]
    return lines


def _takes(shown: Shown, files: TakeFiles) -> list[Line]:
    if not shown.takes:
        return [(Span(text="  no take yet"),)]
    return [_take(version, kind_words(version, files)) for version in shown.takes]


def _take(version: Version, kind: str) -> Line:
    take = version.named.take
    return (
        Span(text=f"  take {take.number}", style="bold" if version.valid else "dim"),
        Span(text=f"  seed {take.seed}  {take.size} bytes  {take.sha256[:12]}…"),
        Span(text=f"  ${take.cost}" if take.cost is not None else ""),
        Span(text=f"  {kind}", style="dim"),
        Span(text=f"  {UNSAFE}" if take.unsafe else "", style="change"),
    )


def _layer(origin: Origin) -> str:
    return f"{origin.layer} ({origin.word})" if origin.word else origin.layer


def _row(row: Item) -> str:
    return f"row {row.key} ({row.place})"


def _text(value: Json) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _folded(prompt: str) -> list[str]:
    import textwrap

    lines = [
        part for line in prompt.split("\n") for part in textwrap.wrap(line, width() - 4) or [""]
    ]
    return [visible(line) for line in lines]


def _data(shown: Shown, workspace: Workspace) -> ShowData:
    files = TakeFiles.of(workspace, shown.tasks, shown.lock)
    mark = shown.task.fingerprint
    present = (one for one in shown.takes if one.valid and one.named.take.fingerprint == mark)
    return {
        "version": 1,
        **as_data(shown.task),
        "origins": {origin.field: _origin(origin) for origin in shown.origins},
        "made": [take_data(one.named, files) for one in present],
        "versions": [_version(one) for one in shown.takes],
    }


def _version(version: Version) -> VersionData:
    return {
        "take": version.named.name,
        "version": version.place,
        "kind": version.kind,
        "current": version.valid,
    }


def _origin(origin: Origin) -> OriginData:
    data: OriginData = {
        "value": origin.value,
        "layer": _layer(origin),
        "place": str(origin.place) if origin.place else None,
    }
    if origin.row:
        data["row"] = {"key": origin.row.key, "place": str(origin.row.place)}
    return data

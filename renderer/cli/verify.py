"""`renderer verify`: that every recorded take is whole."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

import click

from renderer.cli.options import provider_option
from renderer.cli.output import write_json
from renderer.cli.take_data import FileData, file_data
from renderer.cli.wiring import Session
from renderer.providers import option
from renderer.sanitize import counted, visible

if TYPE_CHECKING:
    from renderer.app.inspect.verify import VerifiedTake
    from renderer.app.rendering.sessions import ProviderSession
    from renderer.app.review.take_files import TakeFiles
    from renderer.app.workspace import Workspace

_TODO = "`renderer verify --repair{}` looks for an intact one, free"


class VerifiedData(FileData):
    """One take: `take` is its number; the state is whole, missing or damaged."""

    name: str
    address: str
    take: int
    state: str


class VerifyData(TypedDict):
    """Every take that the lockfile names."""

    version: int
    takes: list[VerifiedData]


@click.command("verify")
@provider_option
@click.option("--repair", is_flag=True, help="Restore intact files, free.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def command(session: Session, provider: str | None, form: str, *, repair: bool) -> int:
    """Read every take that the lockfile names and compare its bytes; exit 1 if one is not whole."""
    from renderer.app.inspect.verify import not_whole, verify

    workspace = session.workspace(provider)
    checked = verify(workspace)
    bad = list(not_whole(checked))
    if bad and repair:
        _repair(session, workspace, bad)
        checked = verify(workspace)
        bad = list(not_whole(checked))
    if form == "json":
        write_json(_data(workspace, checked))
        return 1 if bad else 0
    for one in bad:
        name = visible(f"{one.address}#{one.take.number}")
        click.echo(
            f"{name}: {one.state}"
            + ("" if repair else f"; {_TODO.format(option(workspace.provider))}")
        )
    whole = len(checked) - len(bad)
    verb = "is" if len(checked) == 1 else "are"
    click.echo(f"{whole} of {counted(len(checked), 'take')} {verb} whole")
    return 1 if bad else 0


def _data(workspace: "Workspace", checked: "Sequence[VerifiedTake]") -> VerifyData:
    from renderer.app.review.take_files import TakeFiles

    files = TakeFiles.in_store(workspace)  # what was checked lies there
    return {"version": 1, "takes": [_row(one, files) for one in checked]}


def _row(one: "VerifiedTake", files: "TakeFiles") -> VerifiedData:
    from renderer.app.review.take_files import TakeFile

    file = files.file(one.named) if one.state == "whole" else TakeFile()
    return {
        "name": one.named.name,
        "address": one.address,
        "take": one.take.number,
        "state": one.state,
        **file_data(file),
    }


def _repair(session: Session, workspace: "Workspace", bad: "Sequence[VerifiedTake]") -> None:
    from renderer.app.inspect.verify import put_aside
    from renderer.app.rendering.apply import bring_home
    from renderer.app.rendering.job import Job, RenderOptions
    from renderer.cli.report import TextReport

    def opened() -> "ProviderSession":
        return session.environment.provider_session(workspace)

    with workspace.mutex("verify"):
        job = Job.of(workspace, RenderOptions())
        put_aside(workspace, bad)
        wanted = list({one.take.sha256: one.named for one in bad}.values())
        bring_home(job, opened, wanted, TextReport().fetched)
        Job.of(workspace, RenderOptions()).lay_out()

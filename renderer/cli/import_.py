"""`renderer import`: Runware request JSON to a scene."""

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import click

from renderer import paths
from renderer.cli.options import apart, json_option
from renderer.cli.output import write_json
from renderer.cli.wiring import Session
from renderer.errors import InputError
from renderer.sanitize import visible

if TYPE_CHECKING:  # heavy: loaded when it is called
    from renderer.app.importing.scene_from_requests import Imported

_LIMIT = 32 << 20


class ImportData(TypedDict):
    """A scene made of requests: its YAML, the file it was written to, and what differs, in words."""

    version: int
    scene: str
    file: str | None
    text: str
    notes: list[str]


@click.command("import")
@click.argument("file", metavar="FILE.json", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Default: specs/SCENE.yaml.")
@click.option("--stdout", is_flag=True, help="Print the scene instead of writing it.")
@json_option
@click.pass_obj
def command(session: Session, file: Path, out: Path | None, form: str, *, stdout: bool) -> None:
    """Turn one request, or a list of them, into a scene that asks for the same pictures."""
    from renderer.app.importing.scene_from_requests import import_requests

    apart("--stdout", "--out", stdout, out)
    made = import_requests(_text(file), file.name, session.models())
    target = None if stdout else _written(session, made, out)
    if form == "json":
        write_json(_data(made, target))
        return
    for note in made.notes:
        click.echo(visible(f"note: {note}"), err=True)
    if target is None:
        click.echo(made.text, nl=False)
    else:
        click.echo(visible(f"wrote {target}"))


def _data(made: "Imported", target: Path | None) -> ImportData:
    return {
        "version": 1,
        "scene": made.scene,
        "file": str(target) if target else None,
        "text": made.text,
        "notes": list(made.notes),
    }


def _written(session: Session, made: "Imported", out: Path | None) -> Path:
    """Write the scene; return where."""
    target = out or Path(session.start or ".") / paths.SPECS / f"{made.scene}.yaml"
    if target.exists():
        raise InputError(f"{target} already exists", "remove it, or name another with --out")
    from renderer.adapters.disk.disk import Disk

    disk = Disk()
    disk.folder(target.parent)
    disk.write(target, made.text.encode())
    return target


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > _LIMIT:
            raise InputError(f"{file} is over {_LIMIT} bytes", "split it")
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{file} is not UTF-8 at byte {error.start}", "save it as UTF-8"
        ) from None
    except OSError as error:
        raise InputError(f"cannot read {file}: {error.strerror}", "check its name") from None

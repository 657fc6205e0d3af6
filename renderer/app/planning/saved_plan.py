"""Reads a saved plan: bounded and untrusted."""

import json
from pathlib import Path

from renderer import limits
from renderer.app.planning.plan import Planned
from renderer.errors import InputError, Place, Problem
from renderer.json_types import JsonObject, mapping
from renderer.plan.output.saved_plan import PlanFile, is_plan, saved
from renderer.strict_json import NotStrictError, bounded, read


def write_plan(planned: Planned, path: Path) -> None:
    """Save a plan to be carried out later; one that could not be read again is refused."""
    text = json.dumps(saved_of(planned), indent=1, default=dict)
    try:
        bounded(text, most=limits.PLAN, pieces=limits.PLAN_PIECES)
    except NotStrictError as error:
        todo = "save a part of it: name scenes or shots with --only"
        raise InputError(f"the plan is too large to be saved: {error.what}", todo) from None
    planned.inputs.workspace.disk.write(path.absolute(), text.encode())


def saved_of(planned: Planned) -> PlanFile:
    """Return what a plan file holds of a plan."""
    wishes = planned.inputs.wishes
    return saved(
        planned.plan,
        planned.lock_digest,
        wishes.only,
        wishes.deliverable,
        finals=wishes.all_finals,
    )


def check_target(path: Path) -> None:
    """Raise InputError if a plan must not be saved there: over anything that is no saved plan."""
    if not path.absolute().parent.is_dir():
        raise InputError(f"there is no folder {path.parent}", "make it, or name another file")
    if not path.exists() and not path.is_symlink():
        return
    try:
        replaceable = path.is_file() and "lock" in read_plan(path)
    except InputError:
        replaceable = False
    if not replaceable:
        todo = "name a new file, such as `--out plan.json`"
        raise InputError(f"{path} is not a saved plan, and is not overwritten", todo)


def read_plan(path: Path) -> JsonObject:
    """Return the JSON of a plan file; raise InputError if there is none that can be read."""
    todo = "make it with `renderer plan --out FILE`"
    try:
        with path.open("rb") as file:
            content = file.read(limits.PLAN + 1)
            found = read(content, most=limits.PLAN, pieces=limits.PLAN_PIECES)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}", todo) from None
    except NotStrictError as error:
        place = Place(file=str(path), line=error.line, column=error.column)
        what = f"this is not a saved plan: {error.what}"
        raise InputError(Problem(what=what, todo=todo, place=place)) from None
    kept = mapping(found)
    if kept is None or not is_plan(kept):
        raise InputError(
            Problem(what="this is not a saved plan", todo=todo, place=Place(file=str(path)))
        )
    return kept

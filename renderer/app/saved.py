"""Reading a saved plan: bounded, and believed in nothing."""

from pathlib import Path
from typing import Any

from renderer.errors import InputError, Place, Problem
from renderer.strict import NotStrictError, read

_LIMIT = 64 << 20


def read_plan(path: Path) -> Any:
    """Return the JSON of a plan file; raise InputError if there is none that can be read."""
    todo = "make it with `renderer plan --out FILE`"
    try:
        with path.open("rb") as file:
            return read(file.read(_LIMIT + 1), most=_LIMIT)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}", todo) from None
    except NotStrictError as error:
        place = Place(file=str(path), line=error.line, column=error.column)
        what = f"this is no plan: {error.what}"
        raise InputError(Problem(what=what, todo=todo, place=place)) from None

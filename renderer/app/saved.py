"""Reading a saved plan: bounded, and believed in nothing."""

import json
from pathlib import Path
from typing import Any

from renderer.errors import InputError

_LIMIT = 64 << 20


def read_plan(path: Path) -> Any:
    """Return the JSON of a plan file; raise InputError if there is none that can be read."""
    todo = "make it with `renderer plan --out FILE`"
    try:
        if path.stat().st_size > _LIMIT:
            raise InputError(f"{path} is over {_LIMIT} bytes", todo)
        return json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}", todo) from None
    except (ValueError, RecursionError):
        raise InputError(f"{path} is no plan: it is not JSON", todo) from None

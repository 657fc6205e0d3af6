"""What could have been meant by a name that names no task; never the name of another task."""

import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches

from renderer.expand.task import Task
from renderer.expand.values import canonical

_ALL = "see `renderer tasks` for all names"
_DIGITS = re.compile(r"[0-9]+")
_MOST = 8


def suggestion(tasks: Sequence[Task], name: str, is_known: Callable[[str], bool]) -> str:
    """Say what is wrong with a name: its shot, an axis, a value; or where all names are."""
    head, at, rest = name.partition("@")
    shots = {f"{task.scene}/{task.shot}": task.shot for task in tasks}
    known = [shot for shot, id_ in shots.items() if head in (shot, id_)]
    if at and len(known) == 1:
        of_shot = [task for task in tasks if f"{task.scene}/{task.shot}" == known[0]]
        return _axes(of_shot, known[0], rest)
    scenes = [task.scene for task in tasks]
    near = _typo(head, [*shots, *shots.values(), *scenes])
    meant = f"{near}{at}{rest}"
    return f"did you mean '{meant}'?" if near and meant != name and is_known(meant) else _ALL


def _typo(text: str, names: Sequence[str]) -> str:
    """Return the name that a slip made this text of. Another number is another thing, no slip."""
    close = get_close_matches(text.lower(), list(dict.fromkeys(names)), n=3, cutoff=0.6)
    return next((one for one in close if _DIGITS.findall(one) == _DIGITS.findall(text)), "")


def _axes(tasks: Sequence[Task], shot: str, rest: str) -> str:
    """Say which axis or value of a shot that is there was not found."""
    values: dict[str, dict[str, None]] = {}
    for task in tasks:
        for axis, value in task.cell.items():
            text = value if isinstance(value, str) else canonical(value)
            values.setdefault(axis, {})[text] = None
    if not values:
        return f"{shot} has no axes: write {shot}"
    for part in rest.split(","):
        axis, _, value = part.partition("=")
        if axis not in values:
            return f"the axes of {shot} are: {', '.join(sorted(values))}"
        if value not in values[axis]:
            listed = ", ".join(list(values[axis])[:_MOST])
            more = ", …" if len(values[axis]) > _MOST else ""
            return f"the values of '{axis}' in {shot} are: {listed}{more}"
    return f"{shot} has no such combination: see `renderer tasks --only {shot}`"

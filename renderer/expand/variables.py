"""What the templates of a shot see: its variables, its row, its lines, and who it is."""

from collections.abc import Iterator, Mapping

from renderer.catalog.video_model import VideoModel
from renderer.errors import Problem
from renderer.expand.layers import Layers, axis_place
from renderer.expand.matrix import Cross
from renderer.json_types import Json
from renderer.templates.values import NO_LINES

_TAKEN = {
    "item": "is the row of a shot with `each`",
    "lines": "are the lines of a shot that has some",
}


def variables_of(layers: Layers) -> dict[str, Json]:
    """Return what templates see of a shot before its axes: its vars, its row, and who it is."""
    scene, shot = layers.stack[-2].spec, layers.shot.spec
    about = {
        "scene": {"id": getattr(scene, "scene", ""), "title": scene.title or ""},
        "shot": {"id": getattr(shot, "id", ""), "title": shot.title or ""},
    }
    found = {**about, "lines": NO_LINES, **layers.mapping("vars")}
    return found if layers.shot.item is None else {**found, "item": layers.shot.item.value}


def with_lines(
    layers: Layers, variables: Mapping[str, Json], model: VideoModel | None
) -> Mapping[str, Json]:
    """Return variables with the dialogue of the shot in their locale."""
    lines = getattr(layers.shot.spec, "lines", ())
    if not lines:
        return variables
    from renderer.expand.lines import locale_of, spoken  # noqa: PLC0415 - few shots have lines

    fps = model.fps if model else 1  # without a model there is no task
    return {**variables, "lines": spoken(lines, locale_of(variables), fps)}


def taken_names(layers: Layers, cross: Cross) -> Iterator[Problem]:
    """Yield each variable and axis that has the name of what the shot itself gives its prompt."""
    shot = layers.shot
    names = ["item"] if shot.item is not None else []
    names += ["lines"] if getattr(shot.spec, "lines", ()) else []
    for name in names:
        if name in cross.axes or any(name in cell for cell in cross.include):
            place = axis_place(layers, name)
            yield Problem(what=f"'{name}' {_TAKEN[name]}", todo="rename the axis", place=place)
        elif name in layers.mapping("vars"):
            found = layers.place("vars", name)
            yield Problem(what=f"'{name}' {_TAKEN[name]}", todo="rename the variable", place=found)

"""One shot to its tasks, with every problem placed where the author can fix it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from renderer import paths
from renderer.catalog.price import unpriced
from renderer.catalog.video_model import VideoModel
from renderer.errors import InputError, Place, Problem
from renderer.expand import matrix
from renderer.expand.address import address
from renderer.expand.by_address import frames_by_address
from renderer.expand.cell_layers import CellLayers
from renderer.expand.checked import (
    above_faults,
    idle_exclude,
    idle_unsets,
    idle_values,
    of_axis,
    own_faults,
    twin_includes,
)
from renderer.expand.deliverable import axes_of
from renderer.expand.layers import Layers, axis_value_place, cell_place
from renderer.expand.link_graph import unknown_keyframes
from renderer.expand.matrix_cell import Parts, applied, parts
from renderer.expand.pictures import picture_problems
from renderer.expand.request import Built, Wish, build
from renderer.expand.same_picture import idle_axes, idle_problem, unspoken
from renderer.expand.storyboard import Sheet, Storyboard
from renderer.expand.task import Task
from renderer.expand.task_values import about_task
from renderer.expand.values import canonical
from renderer.expand.variables import taken_names, variables_of, with_lines
from renderer.json_types import Json, Scalar, whole
from renderer.templates.errors import PromptError, PromptUnreadError

if TYPE_CHECKING:
    from renderer.expand.lines import Lines

# Where a prompt cannot be rendered, the settings beside it are still checked.
_STAND_IN = "a prompt"


class ShotTasks:
    """The tasks of one shot, made one after the other; problems gather in `problems`."""

    def __init__(self, board: Storyboard, sheet: Sheet, at: int) -> None:
        self.board = board
        self.scene = sheet.scene
        self.shot = sheet.scene.shots[at]
        self.layers: Layers = board.layers(sheet, at)
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        # What cells share is computed once.
        self._cross = self.layers.cross()
        self._variables = variables_of(self.layers)
        self._prompts: dict[str, str | None] = {}
        text = self.shot.prompt if isinstance(self.shot.prompt, str) else None
        self._names_task = board.templates.mentions_task(text)
        self._shared: dict[tuple[str, ...], CellLayers] = {}
        self._models: set[str] = set()
        self._deliver = axes_of(board.project, sheet.scene)
        self._lines: Lines | None = None

    def tasks(self) -> list[Task]:
        """Return the tasks in the order of the cells."""
        made: list[Task] = []
        cross = self._cross
        if slips := [*taken_names(self.layers, cross), *twin_includes(self.layers, cross)]:
            self._note(slips)
            return made
        if cross.count() > matrix.LIMIT:
            self._add(
                self.layers.place("matrix"),
                f"the matrix of shot '{self.shot.id}' has {cross.count()} tasks, "
                f"the limit is {matrix.LIMIT}",
                "shorten its axes, or split the shot",
            )
            return made
        self._own_excludes()
        seen: dict[str, Task] = {}
        cells = matrix.cells(cross)
        if not cells:
            self._add(
                self.layers.place("matrix"),
                f"the matrix of shot '{self.shot.id}' has no cell left: its excludes match all",
                "correct them, or set `skip: true` to leave the shot out",
            )
        self._warn(cells)
        apart = self._named_apart(cells) if len(cells) > 1 else self._named(cells)
        for name, cell in apart:
            task = self._task(name, cell)
            if task is not None and self._is_new(task, seen):
                made.append(task)
        self.warnings += unspoken(self.layers, made)
        return made

    def _named(self, cells: Sequence[matrix.Expanded]) -> list[tuple[str, matrix.Expanded]]:
        return [(address(self.scene.scene, self.shot.id, cell.name), cell) for cell in cells]

    def _named_apart(
        self, cells: Sequence[matrix.Expanded]
    ) -> Iterator[tuple[str, matrix.Expanded]]:
        """Yield the cells that have an address of their own; a problem for each other one."""
        taken: dict[str, matrix.Cell] = {}
        for name, cell in self._named(cells):
            if name in taken:
                self._same_address(name, taken[name], cell.name)
            else:
                taken[name] = cell.name
                yield name, cell

    def _same_address(self, name: str, one: matrix.Cell, other: matrix.Cell) -> None:
        """Say that two cells cannot be distinguished: a take of one would be taken for the other's."""
        apart = [axis for axis in other if repr(one.get(axis)) != repr(other[axis])]
        if apart:
            axis = apart[0]
            values = " and ".join(_shown(cell[axis]) for cell in (one, other))
            what = f"{values} are written the same in an address: two cells are {name}"
            todo = f"write one value of '{axis}' in other words, or remove it"
        else:
            what, todo = f"the matrix has the cell {name} twice", "remove one of the two"
        self._add(cell_place(self.layers, other), what, todo)

    def _own_excludes(self) -> None:
        own = self.shot.matrix
        if own is None or not own.exclude:
            return
        for at in matrix.idle_excludes(self._cross):
            place = self.layers.shot.place("matrix", "exclude", at)
            self._note([idle_exclude(self._cross, own.exclude[at], place)])

    def _task(self, name: str, cell: matrix.Expanded) -> Task | None:
        sorted_ = parts(cell.values, self.board.parameters)
        shared = self._settled(cell)
        settings = applied(shared.settings, sorted_.settings)
        model = self._model(settings, sorted_)
        # What names the task is rendered when its size is known.
        prompt = None if self._names_task else self._prompt(sorted_.variables, model)
        self._check_parts(model or self.board.catalog.all()[0], shared)
        if model is None or shared.disputed or sorted_.unsettled:
            return None
        wish = Wish(
            settings=settings,
            prompt=_STAND_IN if prompt is None else prompt,
            aspect=sorted_.words.get("aspect", shared.aspect),  # type: ignore[arg-type]
            draft=sorted_.words.get("draft", shared.draft),  # type: ignore[arg-type]
            frames=shared.frames,
        )
        built = build(wish, model, self.board.digests)
        if self._names_task:
            prompt = self._prompt(sorted_.variables, model, built)
            if prompt is not None:
                built = replace(built, request={**built.request, "positivePrompt": prompt})
        faulty = self._faults(built, model, sorted_, shared.layers)
        if not faulty and "inputs" in built.request:
            faulty = self._sorted(picture_problems(self.board, shared.layers, built, model))
        if faulty or prompt is None:
            return None
        task = self._finished(name, cell, model, built)
        if task and self.shot.lines:
            self._look_at_lines(task, {**self._variables, **sorted_.variables}, model)
        return replace(task, links=shared.links) if task and shared.links else task

    def _look_at_lines(self, task: Task, variables: Mapping[str, Json], model: VideoModel) -> None:
        from renderer.expand.lines import Lines, locale_of  # noqa: PLC0415 - few shots have lines

        self._lines = self._lines or Lines(self.layers.shot, self.shot.lines)
        self._sorted(self._lines.look(locale_of(variables), task.seconds, model.fps))

    def _settled(self, cell: matrix.Expanded) -> CellLayers:
        """Return what all cells of the same axes share, with nothing said in two ways."""
        axes = tuple(cell.values)
        if axes not in self._shared:
            settled = self.board.settled(self.layers, axes)
            if settled.problems or settled.layers.frames():
                self._note((*settled.problems, *unknown_keyframes(settled.layers)))
            self._shared[axes] = CellLayers.of(settled, axes)
        return self._shared[axes]

    def _check_parts(self, model: VideoModel, shared: CellLayers) -> None:
        """Note what the layers and the axes say wrongly, whoever says it nearer."""
        if model.air in self._models:
            return
        self._models.add(model.air)
        if faults := above_faults(self.board, self.layers, model):
            self._note(faults)
        if not shared.plain:
            self._note(own_faults(self.board, self.layers, self._cross, model))

    def _warn(self, cells: Sequence[matrix.Expanded]) -> None:
        if self._cross.axes:
            every = {axis for axis in self._cross.axes if all(axis in one.values for one in cells)}
            self.warnings += idle_values(self.layers, self._cross, every)
        above = self.layers.above("matrix", lambda layer: bool(layer.spec.matrix))
        if self.shot.matrix or True in above:
            self.warnings += idle_unsets(self.layers)

    def _size_place(self, cell: matrix.Expanded) -> Place:
        """Find who chose the size: the resolution, else the width, else the aspect."""
        chosen, layers = parts(cell.values, self.board.parameters), self._settled(cell).layers
        named = "resolution" in chosen.settings or layers.place("settings", "resolution")
        return self._where(("resolution" if named else "width",), chosen, layers)

    def _finished(
        self, name: str, cell: matrix.Expanded, model: VideoModel, built: Built
    ) -> Task | None:
        seen = self.board.judge.seen(model, built.request)
        if seen.cost is None:
            self._add(self._size_place(cell), *unpriced(model, built.request))
            return None
        return Task(
            address=name,
            scene=self.scene.scene,
            shot=self.shot.id,
            title=self.shot.title or self.shot.id,
            cell=cell.name,
            model=model.air,
            request=built.request,
            files=built.files,
            wanted=whole(built.request.get("numberResults", 1)),
            fingerprint=seen.fingerprint,
            fields=seen.fields,
            cost=seen.cost,
            former=seen.former,
            seed=seen.seed,
            seedless=seen.seedless,
            delivery=seen.delivery,
            seconds=seen.seconds,
            by_address=tuple(frames_by_address(built.request)),
            deliver=self._deliver,
        )

    def _model(self, settings: Mapping[str, Json], cell: Parts) -> VideoModel | None:
        air = settings.get("model")
        if air is None:
            self._add(
                self.layers.shot.place(),
                f"shot '{self.shot.id}' has no video model",
                "add `model:` to settings in renderer.yaml or in the scene",
            )
            return None
        if not isinstance(air, str):
            return None  # reported with the other settings
        try:
            return self.board.catalog.get(air)
        except InputError as error:
            place = self._where(("model",), cell, self.layers)
            self._note(replace(problem, place=place) for problem in error.problems)
            return None

    def _prompt(
        self,
        variables: Mapping[str, Scalar],
        model: VideoModel | None,
        built: Built | None = None,
    ) -> str | None:
        about: Mapping[str, Json] = {}
        if self._names_task:
            if built is None or model is None or self._is_faulty(built, model):
                return None  # what is wrong there is said, and would be said twice
            about = {"task": about_task(model, built.request)}
        given = with_lines(self.layers, {**self._variables, **variables}, model)
        # 1 and true are equal, and are written differently.
        key = repr((variables, about, given["lines"]))
        if key not in self._prompts:
            self._prompts[key] = self._rendered({**about, **given})
        return self._prompts[key]

    def _is_faulty(self, built: Built, model: VideoModel) -> bool:
        return bool(built.misses or self.board.judge.faults(model, built.request))

    def _rendered(self, variables: Mapping[str, Json]) -> str | None:
        prompt = self.shot.prompt
        try:
            if isinstance(prompt, str):
                return self.board.templates.render_text(prompt, variables)
            return self.board.templates.render_file(prompt.file, variables)
        except PromptUnreadError:
            return None
        except PromptError as fault:
            for one in self._with_undefined(fault, variables):
                self._template_problem(one)
            return None

    def _with_undefined(
        self, fault: PromptError, variables: Mapping[str, Json]
    ) -> Iterable[PromptError]:
        """Return a fault of the prompt, and every name of it that is not there."""
        prompt = self.shot.prompt
        named = prompt if isinstance(prompt, str) else prompt.file
        file = not isinstance(prompt, str)
        names = self.board.templates.undefined(named, variables, file=file)
        return {(one.template, one.line, one.what): one for one in (fault, *names)}.values()

    def _template_problem(self, fault: PromptError) -> None:
        here = self.layers.shot.place("prompt")
        used = f"; used by shot {self.scene.scene}/{self.shot.id}"
        if fault.template:
            place = Place(file=f"{paths.TEMPLATES}/{fault.template}", line=fault.line, column=1)
            self._add(place, fault.what, f"{fault.todo}{used} ({here})")
            return
        place = self.layers.shot.document.line_of((*self.layers.shot.base, "prompt"), fault.line)
        self._add(place, fault.what, f"{fault.todo}{used}")

    def _faults(self, built: Built, model: VideoModel, cell: Parts, layers: Layers) -> bool:
        for miss in built.misses:
            name, *path = miss.path
            place = self._written(str(name), tuple(path), cell, layers)
            self._add(place or layers.shot.place(), miss.what, miss.todo)
        if built.misses:
            return True
        faults = self.board.judge.faults(model, built.request)
        for fault in faults:
            place, axis = self._where(fault.path, cell, layers), cell.axis_of(fault.path)
            problem = Problem(what=fault.what, todo=fault.todo, place=place)
            self._note([of_axis(layers, problem, axis) if axis else problem])
        return bool(faults)

    def _sorted(self, problems: Iterable[Problem]) -> bool:
        """Note errors and warnings, each where they belong; return whether there is an error."""
        found = list(problems)
        faults = [one for one in found if one.severity == "error"]
        self._note(faults)
        self.warnings += [one for one in found if one.severity == "warning"]
        return bool(faults)

    def _where(self, path: tuple[str | int, ...], cell: Parts, layers: Layers) -> Place:
        """Find who wrote the value of a request's field: an axis, a setting, or one of our words."""
        if axis := cell.axis_of(path):
            return axis_value_place(layers, axis, cell.settings[axis])
        tries: list[tuple[str, tuple[str | int, ...]]] = [
            ("settings", path[:length]) for length in range(len(path), 0, -1)
        ]
        tries += {
            "positivePrompt": [("prompt", ())],
            "width": [("aspect", ())],
            "height": [("aspect", ())],
            "inputs": [("frames", ())],
        }.get(str(path[0]) if path else "", [])
        found = (self._written(name, rest, cell, layers) for name, rest in tries)
        return next((place for place in found if place), layers.shot.place())

    def _written(
        self, name: str, rest: tuple[str | int, ...], cell: Parts, layers: Layers
    ) -> Place | None:
        if name in cell.words:
            return axis_value_place(layers, name, cell.words[name])
        return layers.place(name, *rest)

    def _is_new(self, task: Task, seen: dict[str, Task]) -> bool:
        """Note a task of a picture that another one has, unless they only differ in their films."""
        other = seen.setdefault(task.fingerprint, task)
        if other is task or not idle_axes(task, other):
            return True
        self._note([idle_problem(self.layers, task, other, self.board.parameters)])
        return False

    def _add(self, place: Place | None, what: str, todo: str) -> None:
        self._note([Problem(what=what, todo=todo, place=place)])

    def _note(self, problems: Iterable[Problem]) -> None:
        for one in problems:
            if one not in self.problems:
                self.problems.append(one)


def _shown(value: Scalar) -> str:
    text = canonical(value)
    return text if len(text) <= 60 else f"{text[:60]}…"

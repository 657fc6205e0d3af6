"""One shot to its tasks, with every problem placed where the author can mend it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches

from renderer.catalog.entry import VideoModel
from renderer.errors import InputError, Place, Problem
from renderer.expand import matrix
from renderer.expand.address import LONGEST, address
from renderer.expand.cell import Parts, applied, parts
from renderer.expand.layers import Layers, axis_place, cell_place
from renderer.expand.links import frames_of, unknown_keyframes
from renderer.expand.request import Built, Wish, build
from renderer.expand.storyboard import Sheet, Storyboard
from renderer.expand.task import Task
from renderer.expand.task_values import about_task
from renderer.expand.template_fault import TemplateFault, TemplateUnread
from renderer.expand.values import Json, Scalar, canonical

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
        # What all cells share is worked out once.
        self._settings = self.layers.mapping("settings")
        self._variables = variables_of(self.layers)
        self._aspect: str | None = self.layers.word("aspect")
        self._draft: bool | None = self.layers.word("draft")
        self._frames, self._links = frames_of(self.layers)
        self._prompts: dict[str, str | None] = {}
        text = self.shot.prompt if isinstance(self.shot.prompt, str) else None
        self._names_task = board.templates.mentions_task(text)

    def tasks(self) -> Iterator[Task]:
        """Yield the tasks in the order of the cells."""
        cross = self.layers.cross()
        if cross.count() > matrix.LIMIT:
            self._add(
                self.layers.place("matrix"),
                f"the matrix of shot '{self.shot.id}' has {cross.count()} tasks, "
                f"the limit is {matrix.LIMIT}",
                "shorten its axes, or split the shot",
            )
            return
        self._own_excludes()
        self.problems += unknown_keyframes(self.layers)
        seen: dict[str, str] = {}
        for name, cell in self._named_apart(cross):
            task = self._task(name, cell)
            if task is not None and self._is_new(task, seen):
                yield task

    def _named_apart(self, cross: matrix.Cross) -> Iterator[tuple[str, matrix.Expanded]]:
        """Yield the cells that have an address of their own; a problem for each other one."""
        taken: dict[str, matrix.Cell] = {}
        for cell in matrix.cells(cross):
            name = address(self.scene.scene, self.shot.id, cell.name)
            if name in taken:
                self._same_address(name, taken[name], cell.name)
            elif len(name) - len(name.partition("@")[0]) > LONGEST:
                what = f"the address {name[:80]}… has {len(name)} characters"
                self._add(self.layers.place("matrix"), what, "use fewer axes or shorter values")
            else:
                taken[name] = cell.name
                yield name, cell

    def _same_address(self, name: str, one: matrix.Cell, other: matrix.Cell) -> None:
        """Say that two cells cannot be told apart: a take of one would be taken for the other's."""
        apart = [axis for axis in other if repr(one.get(axis)) != repr(other[axis])]
        if apart:
            axis = apart[0]
            values = " and ".join(_shown(cell[axis]) for cell in (one, other))
            what = f"{values} are written alike in an address: two cells are {name}"
            todo = f"write one value of '{axis}' in other words, or remove it"
        else:
            what, todo = f"the matrix has the cell {name} twice", "remove one of the two"
        self._add(cell_place(self.layers, other), what, todo)

    def _own_excludes(self) -> None:
        own = self.shot.matrix
        if own is None or not own.exclude:
            return
        for at in matrix.idle_excludes(self.layers.cross()):
            self._add(
                self.layers.shot.place("matrix", "exclude", at),
                "this exclude matches no cell of the matrix",
                "correct its values, or remove it",
            )

    def _task(self, name: str, cell: matrix.Expanded) -> Task | None:
        sorted_ = parts(cell.values, self.board.parameters)
        settings = applied(self._settings, sorted_.settings)
        model = self._model(settings, sorted_)
        # What names the task is rendered when its size is known.
        prompt = None if self._names_task else self._prompt(sorted_.variables)
        if model is None:
            return None
        wish = Wish(
            settings=settings,
            prompt=_STAND_IN if prompt is None else prompt,
            aspect=sorted_.words.get("aspect", self._aspect),  # type: ignore[arg-type]
            draft=sorted_.words.get("draft", self._draft),  # type: ignore[arg-type]
            frames=self._frames,
        )
        built = build(wish, model, self.board.digests)
        if self._names_task:
            prompt = self._prompt(sorted_.variables, built, model)
            if prompt is not None:
                built = replace(built, request={**built.request, "positivePrompt": prompt})
        if self._faults(built, model, sorted_) or prompt is None:
            return None
        return self._finished(name, cell, model, built)

    def _finished(
        self, name: str, cell: matrix.Expanded, model: VideoModel, built: Built
    ) -> Task | None:
        seen = self.board.skeletons.seen(model, built.request)
        if seen.cost is None:
            self._add(
                self.layers.place("settings", "model"),
                f"the price of {model.air} is not known, so nothing can be promised about it",
                "add its price to the model's file in the catalog",
            )
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
            wanted=int(built.request.get("numberResults", 1)),
            fingerprint=seen.fingerprint,
            fields=seen.fields,
            cost=seen.cost,
            former=seen.former,
            seed=seen.seed,
            seedless=seen.seedless,
            links=self._links,
        )

    def _model(self, settings: Mapping[str, Json], cell: Parts) -> VideoModel | None:
        air = settings.get("model")
        if air is None:
            self._add(
                self.layers.shot.place(),
                f"shot '{self.shot.id}' names no video model",
                "add `model:` to settings in renderer.yaml or in the scene",
            )
            return None
        try:
            return self.board.catalog.get(str(air))
        except InputError as error:
            place = self._where(("model",), cell)
            self.problems.extend(replace(problem, place=place) for problem in error.problems)
            return None

    def _prompt(
        self,
        variables: Mapping[str, Scalar],
        built: Built | None = None,
        model: VideoModel | None = None,
    ) -> str | None:
        about: Mapping[str, Json] = {}
        if self._names_task:
            if built is None or model is None or self._is_faulty(built, model):
                return None  # what is wrong there is said, and would be said twice
            about = {"task": about_task(model, built.request)}
        key = repr((variables, about))  # 1 and true are equal, and are written differently
        if key not in self._prompts:
            self._prompts[key] = self._rendered({**about, **self._variables, **variables})
        return self._prompts[key]

    def _is_faulty(self, built: Built, model: VideoModel) -> bool:
        return bool(built.misses or self.board.skeletons.faults(model, built.request))

    def _rendered(self, variables: Mapping[str, Json]) -> str | None:
        prompt = self.shot.prompt
        try:
            if isinstance(prompt, str):
                return self.board.templates.render_text(prompt, variables)
            return self.board.templates.render_file(prompt.file, variables)
        except TemplateUnread:
            return None
        except TemplateFault as fault:
            self._template_problem(fault)
            return None

    def _template_problem(self, fault: TemplateFault) -> None:
        here = self.layers.shot.place("prompt")
        used = f"; used by shot {self.scene.scene}/{self.shot.id}"
        if fault.template:
            place = Place(file=f"templates/{fault.template}", line=fault.line, column=1)
            self._add(place, fault.what, f"{fault.todo}{used} ({here})")
            return
        place = self.layers.shot.document.line_of((*self.layers.shot.base, "prompt"), fault.line)
        self._add(place, fault.what, f"{fault.todo}{used}")

    def _faults(self, built: Built, model: VideoModel, cell: Parts) -> bool:
        before = len(self.problems)
        for miss in built.misses:
            name, *path = miss.path
            self._add(self.layers.place(str(name), *path), miss.what, miss.todo)
        if not built.misses:
            for fault in self.board.skeletons.faults(model, built.request):
                self._add(self._where(fault.path, cell), fault.what, fault.todo)
        return len(self.problems) > before

    def _where(self, path: tuple[str | int, ...], cell: Parts) -> Place:
        """Find who wrote the value of a request's field: an axis, a setting, or one of our words."""
        for axis in cell.settings:
            if tuple(axis.split(".")) == tuple(path)[: len(axis.split("."))]:
                return axis_place(self.layers, axis)
        tries: list[tuple[str, tuple[str | int, ...]]] = [
            ("settings", path[:length]) for length in range(len(path), 0, -1)
        ]
        tries += {
            "positivePrompt": [("prompt", ())],
            "width": [("aspect", ())],
            "height": [("aspect", ())],
            "inputs": [("frames", ())],
        }.get(str(path[0]) if path else "", [])
        found = (self.layers.place(name, *rest) for name, rest in tries)
        return next((place for place in found if place), self.layers.shot.place())

    def _is_new(self, task: Task, seen: dict[str, str]) -> bool:
        other = seen.setdefault(task.fingerprint, task.address)
        if other == task.address:
            return True
        idle = self._idle_axes(task)
        axis = idle[0] if idle else next(iter(task.cell), "")
        close = get_close_matches(axis, self.board.parameters, n=1)
        self._add(
            axis_place(self.layers, axis),
            f"{other} and {task.address} ask for the same picture: axis '{axis}' changes nothing",
            f"did you mean '{close[0]}'?"
            if close and close[0] != axis
            else "use it in the prompt, name a setting, or ask for more takes with numberResults",
        )
        return False

    def _idle_axes(self, task: Task) -> list[str]:
        return list(parts(task.cell, self.board.parameters).variables)

    def _add(self, place: Place | None, what: str, todo: str) -> None:
        problem = Problem(what=what, todo=todo, place=place)
        if problem not in self.problems:
            self.problems.append(problem)


def _shown(value: Scalar) -> str:
    text = canonical(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def variables_of(layers: Layers) -> dict[str, Json]:
    """Return what templates see of a shot before its axes: its vars, and who it is."""
    scene, shot = layers.stack[-2].spec, layers.shot.spec
    about = {
        "scene": {"id": getattr(scene, "scene", ""), "title": scene.title or ""},
        "shot": {"id": getattr(shot, "id", ""), "title": shot.title or ""},
    }
    return {**about, **layers.mapping("vars")}

"""A scene with all its shots listed: those of rows are made, and axes from data filled."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from renderer import limits
from renderer.catalog.catalog import Catalog
from renderer.catalog.parameter_schema import ParameterSchema
from renderer.catalog.settings_schema import settings_schema
from renderer.errors import Place, Problem
from renderer.expand.data_axes import Axes
from renderer.expand.each import Budget, Maker
from renderer.expand.item import Item, Path
from renderer.expand.row_problems import RowProblems
from renderer.expand.storyboard import Sheet
from renderer.expand.typed import kinds
from renderer.spec.data_files import Table
from renderer.spec.reader import Document
from renderer.spec.values import DataFile, Layer, Matrix, Project, Scene, Shot
from renderer.templates.render import Templates


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A scene whose shots are all listed, and what is wrong with its data.

    It is `whole` if none is missing, and `lost` are the axes that it lacks.
    """

    sheet: Sheet
    whole: bool = True
    problems: tuple[Problem, ...] = ()
    lost: frozenset[str] = frozenset()


def has_data(spec: Scene | Project) -> bool:
    """Return whether anything of a scene, or of the project, comes from rows."""
    layers: Iterable[Layer] = (spec, *spec.shots) if isinstance(spec, Scene) else (spec,)
    return any(
        (layer.matrix is not None and layer.matrix.files)
        or (isinstance(layer, Shot) and layer.each is not None)
        for layer in layers
    )


@dataclass
class Lister:
    """Makes the shots of rows in all scenes of a project; `tables` reads a data file once.

    `project` is what all scenes depend on. No more rows are read than tasks are allowed.
    """

    catalog: Catalog
    tables: Callable[[str, Place], Table | None]
    left: int = limits.TASKS
    templates: Templates = field(default_factory=lambda: Templates({}))
    budget: Budget = field(default_factory=Budget)

    @cached_property
    def _schema(self) -> ParameterSchema:
        return settings_schema(self.catalog.all())

    def wanted(self, path: Path) -> frozenset[str]:
        """Return the types that a setting may have."""
        if not path or path[0] not in self.catalog.parameters:
            return frozenset()
        return kinds(self._schema, path)

    def project(self, project: Project, document: Document) -> tuple[Project, Axes]:
        """Return the project with its axes filled."""
        axes = self.axes()
        if project.matrix is None or not project.matrix.files:
            return project, axes
        filled = axes.filled(project.matrix, lambda path: document.place(("matrix", *path)))
        return replace(project, matrix=filled), axes

    def scene(self, document: Document, scene: Scene) -> Listed:
        """Return a scene with its shots listed in the order written, rows in that of the data."""
        return _OneScene(self, document, scene).listed()

    def axes(self) -> Axes:
        """Return what fills the axes of one scene."""
        return Axes(wanted=self.wanted, tables=self.tables)


class _OneScene:
    """Lists the shots of one scene."""

    def __init__(self, lister: Lister, document: Document, scene: Scene) -> None:
        self.lister = lister
        self.document = document
        self.scene = scene
        self.axes = lister.axes()
        self.problems: list[Problem] = []
        self.shots: list[Shot] = []
        self.entries: list[int] = []
        self.items: dict[int, Item] = {}
        self.whole = True

    def listed(self) -> Listed:
        """Return the scene, and every problem of its rows."""
        scene = self.scene
        for at, shot in enumerate(scene.shots):
            if shot.each is not None and not shot.skip:
                self._rows(at, shot)
            else:
                self._take(at, shot)
        self.problems += repeated(self)
        matrix = scene.matrix and self._filled(scene.matrix, ())
        made = replace(scene, shots=tuple(self.shots), matrix=matrix)
        sheet = Sheet(
            document=self.document, scene=made, entries=tuple(self.entries), items=self.items
        )
        problems = (*self.problems, *self.axes.problems)
        lost = frozenset(self.axes.lost)
        whole = self.whole and not problems and not lost
        return Listed(sheet=sheet, whole=whole, problems=problems, lost=lost)

    def _take(self, at: int, shot: Shot, item: Item | None = None) -> None:
        if shot.matrix is not None and shot.matrix.files:
            shot = replace(shot, matrix=self._filled(shot.matrix, ("shots", at)))
        if item is not None:
            self.items[len(self.shots)] = item
        self.shots.append(shot)
        self.entries.append(at)

    def _filled(self, matrix: Matrix, base: Path) -> Matrix:
        if not matrix.files:
            return matrix
        place = self.document.place
        return self.axes.filled(matrix, lambda path: place((*base, "matrix", *path)))

    def _rows(self, at: int, shot: Shot) -> None:
        table = self._table(at, shot)
        if table is None or shot.each is None:
            self.whole = False
            return
        maker = Maker(self.lister.templates, self.lister.wanted, self.lister.budget)
        made = maker.rows(self.document, at, shot.each, table)
        self.problems += made.faults.problems()
        for one, item in made.shots:
            self._take(at, one, item)

    def _table(self, at: int, shot: Shot) -> Table | None:
        rows = shot.each.rows if shot.each else ()
        place = self.document.place
        if isinstance(rows, DataFile):
            table = self.lister.tables(rows.file, place(("shots", at, "each", "file")))
        else:
            here = ("shots", at, "each")
            table = Table(
                name=self.document.name, rows=rows, place=lambda row: place((*here, row))
            )
        self.lister.left -= len(table.rows) if table else 0
        if self.lister.left >= 0:
            return table
        what = f"the shots of the project stand for more than {limits.TASKS} rows"
        todo = "use shorter lists, or split it into several projects"
        self.problems.append(Problem(what=what, todo=todo, place=place(("shots", at, "each"))))
        return None


def _first(other: Item, item: Item) -> str:
    """Say which row has an id already, and of which shot if it is another one."""
    if other.source.at == item.source.at:
        return str(other.place)
    return f"{other.place}, by the shot at {other.source.place(('id',))}"


def repeated(scene: _OneScene) -> Iterator[Problem]:
    """Yield a problem for each shot of a row whose id another shot has."""
    first: dict[str, Place | Item] = {}
    faults: dict[int, RowProblems] = {}
    for at, shot in enumerate(scene.shots):
        if at not in scene.items:
            first[shot.id] = scene.document.place(("shots", scene.entries[at], "id"))
    for at, item in scene.items.items():
        name = scene.shots[at].id
        other = first.setdefault(name, item)
        if other is item:
            continue
        where = _first(other, item) if isinstance(other, Item) else str(other)
        noted = faults.setdefault(scene.entries[at], RowProblems())
        if noted.full:
            continue
        used = item.source.place(("id",))
        what = f"shot id '{name}' is used twice, first at {where}"
        todo = "give the rows different values, or use another id"
        noted.add(item, "", [Problem(what=what, todo=todo, place=used)])
    for noted in faults.values():
        yield from noted.problems()

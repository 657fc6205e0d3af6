"""Reading a project: everything that planning needs, with all problems at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from renderer.adapters.project import SPECS, ProjectFiles
from renderer.catalog.model import Catalog
from renderer.errors import InputError, Place, Problem
from renderer.expand.images import inspect
from renderer.expand.prompt import Templates
from renderer.expand.storyboard import Sheet, Storyboard
from renderer.expand.tasks import Expansion, expand
from renderer.spec.check import parse_project, parse_scene
from renderer.spec.frames import Source, classify
from renderer.spec.model import Frames, Project
from renderer.spec.reader import Document, read

PROJECT_FILE = "renderer.yaml"
_SPEC_LIMIT = 1 << 20
_TEMPLATE_LIMIT = 1 << 16
_IMAGE_LIMIT = 30 * 10**6
_Read = TypeVar("_Read")


@dataclass(slots=True)
class Gathered:
    """What was read from a project; `problems` hold all that went wrong on the way."""

    files: ProjectFiles
    catalog: Catalog
    problems: list[Problem] = field(default_factory=list)
    project: Project | None = None
    project_document: Document | None = None
    sheets: list[Sheet] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)

    def board(self) -> Storyboard:
        """Return the storyboard of what could be read."""
        return Storyboard(
            catalog=self.catalog,
            templates=Templates(self.sources),
            sheets=self.sheets,
            project=self.project,
            project_document=self.project_document,
            digests=self.digests,
        )


def expansion(files: ProjectFiles, catalog: Catalog) -> Expansion:
    """Read and expand a project; problems of reading come before those of expanding."""
    gathered = gather(files, catalog)
    broken = files.exists(PROJECT_FILE) and gathered.project is None
    made = Expansion(tasks=(), problems=()) if broken else expand(gathered.board())
    problems = dict.fromkeys((*gathered.problems, *made.problems))
    return Expansion(tasks=made.tasks, problems=tuple(problems))


def gather(files: ProjectFiles, catalog: Catalog) -> Gathered:
    """Read renderer.yaml, the specs, the templates and the digests of the frame images."""
    gathered = Gathered(files=files, catalog=catalog)
    _project(gathered)
    _scenes(gathered)
    _templates(gathered)
    _images(gathered)
    return gathered


def provider_named(files: ProjectFiles) -> str | None:
    """Return the provider that renderer.yaml names, or None; problems are told elsewhere."""
    if not files.exists(PROJECT_FILE):
        return None
    try:
        return parse_project(_document(files, PROJECT_FILE)).provider
    except InputError:
        return None


def _project(gathered: Gathered) -> None:
    if not gathered.files.exists(PROJECT_FILE):
        return
    document = _try(gathered, lambda: _document(gathered.files, PROJECT_FILE))
    if document is not None:
        gathered.project = _try(gathered, lambda: parse_project(document))
        gathered.project_document = document


def _scenes(gathered: Gathered) -> None:
    names = gathered.files.names("specs", SPECS)
    if not names:
        gathered.problems.append(
            Problem(
                what="there is no scene in specs/",
                todo="write one, or start with `renderer init`",
                place=Place(file="specs"),
            )
        )
    for name in names:
        document = _try(gathered, lambda name=name: _document(gathered.files, name))
        if document is None:
            continue
        scene = _try(gathered, lambda document=document: parse_scene(document))
        if scene is not None:
            gathered.sheets.append(Sheet(document=document, scene=scene))


def _templates(gathered: Gathered) -> None:
    for name in gathered.files.names("templates", (".j2",)):
        text = _try(gathered, lambda name=name: _template(gathered.files, name))
        if text is not None:
            gathered.sources[name.removeprefix("templates/")] = text


def _images(gathered: Gathered) -> None:
    """Take the digest of every file that a frame names; each is read once."""
    for sheet in gathered.sheets:
        for path, image in _framed(sheet):
            if image not in gathered.digests and classify(image).source is Source.FILE:
                place = sheet.document.place(path)
                digest = _try(gathered, lambda image=image: _image(gathered.files, image), place)
                if digest is not None:
                    gathered.digests[image] = digest


def _framed(sheet: Sheet) -> list[tuple[Sequence[str | int], str]]:
    found: list[tuple[Sequence[str | int], str]] = _named((), sheet.scene.frames)
    for at, shot in enumerate(sheet.scene.shots):
        if not shot.skip:
            found += _named(("shots", at), shot.frames)
    return found


def _named(
    base: tuple[str | int, ...], frames: Frames | None
) -> list[tuple[Sequence[str | int], str]]:
    if frames is None:
        return []
    pairs = {"first": frames.first, "last": frames.last}
    return [((*base, "frames", at), image) for at, image in pairs.items() if image is not None]


def _document(files: ProjectFiles, name: str) -> Document:
    return read(files.read(name, limit=_SPEC_LIMIT), name)


def _template(files: ProjectFiles, name: str) -> str:
    content = files.read(name, limit=_TEMPLATE_LIMIT)
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InputError(
            Problem(
                what=f"it is not UTF-8 at byte {error.start}",
                todo="save it as UTF-8",
                place=Place(file=name),
            )
        ) from None


def _image(files: ProjectFiles, path: str) -> str:
    digest, head = files.digest(path, limit=_IMAGE_LIMIT)
    inspect(head, path)
    return digest


def _try(
    gathered: Gathered, work: Callable[[], _Read], place: Place | None = None
) -> _Read | None:
    try:
        return work()
    except InputError as error:
        gathered.problems += [
            replace(problem, place=problem.place or place) for problem in error.problems
        ]
        return None

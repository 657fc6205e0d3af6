"""Reading a project: everything that planning needs, with all problems at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeGuard, TypeVar

from renderer.adapters.project import ProjectFiles
from renderer.app.named import PROJECT_FILE
from renderer.app.recall import Recall, Recalled
from renderer.app.snapshot import Snapshot, snapshot
from renderer.catalog.model import Catalog
from renderer.errors import InputError, Place, Problem
from renderer.expand.expansion import Expansion
from renderer.expand.linked import sound
from renderer.expand.task import Task

if TYPE_CHECKING:  # heavy: a plan of unchanged scenes needs neither pydantic nor Jinja
    from renderer.catalog.pictures import ImageFacts
    from renderer.expand.storyboard import Sheet, Storyboard
    from renderer.spec.reader import Document
    from renderer.spec.values import Frames, Project

_IMAGE_LIMIT = 30 * 10**6
_Read = TypeVar("_Read")


@dataclass(slots=True)
class Gathered:
    """What was read from a project; `problems` hold all that went wrong on the way."""

    files: ProjectFiles
    catalog: Catalog
    texts: Snapshot
    problems: list[Problem] = field(default_factory=list)
    project: "Project | None" = None
    project_document: "Document | None" = None
    sheets: "list[Sheet]" = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    images: "dict[str, ImageFacts]" = field(default_factory=dict)

    def board(self) -> "Storyboard":
        """Return the storyboard of what could be read."""
        from renderer.expand.prompt import Templates
        from renderer.expand.storyboard import Storyboard

        return Storyboard(
            catalog=self.catalog,
            templates=Templates(self.sources, self._unread),
            sheets=self.sheets,
            project=self.project,
            project_document=self.project_document,
            digests=self.digests,
            images=self.images,
        )

    def _unread(self, template: str) -> bool:
        """Whether a template that is no source is there: its own problem is told."""
        name = f"templates/{template}"
        return (
            not self.texts.broken.isdisjoint({"templates", name}) or name in self.texts.templates
        )

    @property
    def broken(self) -> bool:
        """Whether the defaults of all scenes could not be read."""
        return PROJECT_FILE in self.texts.broken or (
            self.texts.project is not None and self.project is None
        )


def gather(
    files: ProjectFiles,
    catalog: Catalog,
    texts: Snapshot | None = None,
    only: Sequence[str] | None = None,
) -> Gathered:
    """Read a project, or of its scenes `only` these files, with the digests of their images."""
    texts = texts or snapshot(files)
    gathered = Gathered(files=files, catalog=catalog, texts=texts)
    gathered.problems += texts.problems
    _project(gathered)
    _scenes(gathered, list(texts.specs) if only is None else only)
    _templates(gathered)
    _images(gathered)
    return gathered


def expansion(
    files: ProjectFiles,
    catalog: Catalog,
    recall: Recall | None = None,
    texts: Snapshot | None = None,
) -> Expansion:
    """Read and expand a project; scenes that did not change are recalled."""
    texts = texts or snapshot(files)
    if recall:
        recall.start(texts.shared)
    known = {
        name: found
        for name, content in texts.specs.items()
        if recall
        and (found := recall.scene(name, content, partial(_scene, files, catalog, texts, name)))
    }
    if len({scene.scene for scene in known.values()}) < len(known):
        known = {}
    if texts.specs and len(known) == len(texts.specs) and not texts.problems:
        tasks = tuple(task for one in known.values() for task in one.tasks)
        if sound(tasks, _rate(catalog)):
            warnings = tuple(dict.fromkeys(one for s in known.values() for one in s.warnings))
            specs = {scene.scene: name for name, scene in known.items()}
            return Expansion(tasks=tasks, warnings=warnings, specs=specs)
    made = _worked_out(files, catalog, texts, recall, known)
    if recall:
        recall.finish(texts.specs)
    return made


def _scene(files: ProjectFiles, catalog: Catalog, texts: Snapshot, name: str) -> tuple[Task, ...]:
    """Work out one scene of these texts; raise InputError if it has a problem after all."""
    from renderer.expand.tasks import expand_scene

    gathered = gather(files, catalog, texts, [name])
    if gathered.problems or not gathered.sheets:
        raise InputError(gathered.problems or f"{name} cannot be read any more", "run it again")
    return expand_scene(gathered.board(), gathered.sheets[0]).sound()


def _worked_out(
    files: ProjectFiles,
    catalog: Catalog,
    texts: Snapshot,
    recall: Recall | None,
    known: dict[str, Recalled],
) -> Expansion:
    from renderer.expand.tasks import oversized, scenes_named_twice

    fresh = [name for name in texts.specs if name not in known]
    gathered = gather(files, catalog, texts, fresh)
    board = gathered.board()
    large = oversized(board, sum(len(scene.tasks) for scene in known.values()))
    made = {} if gathered.broken or large else _scenes_of(gathered, board, recall)
    of_scenes = [known[name] if name in known else made.get(name) for name in texts.specs]
    tasks = tuple(task for one in of_scenes if one for task in one.tasks)
    problems = [*gathered.problems, *large]
    problems += [problem for one in made.values() for problem in one.problems]
    problems += _unlinked(gathered, tasks, whole=not known, troubled=bool(problems))
    specs = {scene.scene: name for name, scene in known.items()}
    problems += scenes_named_twice(board, specs)
    specs |= {one.scene.scene: one.document.name for one in gathered.sheets if made}
    return Expansion(
        tasks=tasks,
        problems=_in_order(problems),
        warnings=_in_order(warning for one in of_scenes if one for warning in one.warnings),
        specs=specs,
        found={name: (*one.problems, *one.warnings) for name, one in made.items()},
    )


def _scenes_of(
    gathered: Gathered, board: "Storyboard", recall: Recall | None
) -> dict[str, Expansion]:
    """Expand the scenes that were read, by file, and keep those of a sound project."""
    from renderer.expand.tasks import expand_scene

    made = {}
    for sheet in gathered.sheets:
        name = sheet.document.name
        one = made[name] = expand_scene(board, sheet)
        if recall and not one.problems and not gathered.problems:
            images = _images_of(gathered, sheet)
            kept = Recalled.of(sheet.scene.scene, one, images)
            recall.keep(name, gathered.texts.specs[name], kept)
    return made


def _unlinked(
    gathered: Gathered, tasks: Sequence[Task], *, whole: bool, troubled: bool
) -> list[Problem]:
    """Return what is wrong with frames of other shots: only all scenes together can tell."""
    if sound(tasks, _rate(gathered.catalog)) and not troubled:
        return []
    from renderer.expand.links import has_links, problems

    if not whole and (has_links(gathered.sheets) or any(task.links for task in tasks)):
        gathered = gather(gathered.files, gathered.catalog, gathered.texts)
    every = len(gathered.sheets) == len(gathered.texts.specs)
    return list(problems(gathered.board(), tasks, whole=every))


def _rate(catalog: Catalog) -> Callable[[str], int]:
    return lambda model: catalog.get(model).fps


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(dict.fromkeys(problems), key=_reading_order))


def _reading_order(problem: Problem) -> tuple[str, int, int]:
    place = problem.place
    return (place.file, place.line, place.column) if place else ("", 0, 0)


def _project(gathered: Gathered) -> None:
    from renderer.spec.check import parse_project
    from renderer.spec.reader import read

    content = gathered.texts.project
    if content is None:
        return
    document = _try(gathered, lambda: read(content, PROJECT_FILE))
    if document is not None:
        gathered.project = _try(gathered, lambda: parse_project(document))
        gathered.project_document = document


def _scenes(gathered: Gathered, names: Sequence[str]) -> None:
    from renderer.expand.storyboard import Sheet
    from renderer.spec.check import parse_scene
    from renderer.spec.reader import read

    if not gathered.texts.specs and not gathered.texts.problems:
        gathered.problems.append(
            Problem(
                what="there is no scene in specs/",
                todo="write one, or start with `renderer init`",
                place=Place(file="specs"),
            )
        )
    for name in names:
        content = gathered.texts.specs[name]
        document = _try(gathered, partial(read, content, name))
        if document is None:
            continue
        scene = _try(gathered, partial(parse_scene, document))
        if scene is not None:
            gathered.sheets.append(Sheet(document=document, scene=scene))


def _templates(gathered: Gathered) -> None:
    for name, content in gathered.texts.templates.items():
        text = _try(gathered, partial(_text, content, name))
        if text is not None:
            gathered.sources[name.removeprefix("templates/")] = text


def _images(gathered: Gathered) -> None:
    """Take the digest of every file that a frame names; each is read once."""
    from renderer.spec.frames import Source, classify

    for document, path, image in _framed(gathered):
        if image not in gathered.digests and classify(image).source is Source.FILE:
            work = partial(_image, gathered.files, image)
            known = _try(gathered, work, document.place(path))
            if known is not None:
                gathered.digests[image], gathered.images[image] = known


def _framed(gathered: Gathered) -> "Iterator[tuple[Document, Sequence[str | int], str]]":
    """Yield each image that a frame or a keyframe names by its text, with where it stands."""
    project, document = gathered.project, gathered.project_document
    if project is not None and document is not None:
        yield from ((document, path, image) for path, image in _keyframes(project.keyframes))
    for sheet in gathered.sheets:
        yield from ((sheet.document, path, image) for path, image in _in_scene(sheet))


def _in_scene(sheet: "Sheet") -> list[tuple[Sequence[str | int], str]]:
    found = [*_keyframes(sheet.scene.keyframes), *_named((), sheet.scene.frames)]
    for at, shot in enumerate(sheet.scene.shots):
        if not shot.skip:
            found += _named(("shots", at), shot.frames)
    return found


def _images_of(gathered: Gathered, sheet: "Sheet") -> list[str]:
    """Return the files that a scene may have to do with, as far as they could be read."""
    named = [*_in_scene(sheet)]
    if gathered.project is not None:
        named += _keyframes(gathered.project.keyframes)
    return [image for _, image in named if image in gathered.digests]


def _keyframes(named: Mapping[str, object]) -> list[tuple[Sequence[str | int], str]]:
    return [(("keyframes", name), image) for name, image in named.items() if _is_text(image)]


def _named(
    base: tuple[str | int, ...], frames: "Frames | None"
) -> list[tuple[Sequence[str | int], str]]:
    if frames is None:
        return []
    pairs = {"first": frames.first, "last": frames.last}
    return [((*base, "frames", at), image) for at, image in pairs.items() if _is_text(image)]


def _is_text(image: object) -> TypeGuard[str]:
    return isinstance(image, str)


def _text(content: bytes, name: str) -> str:
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


def _image(files: ProjectFiles, path: str) -> "tuple[str, ImageFacts]":
    """Return the digest of an image, and what its header says; some headers are far in."""
    from renderer.expand.images import facts

    digest, head = files.digest(path, limit=_IMAGE_LIMIT)
    known = facts(head, files.size(path), path)
    if not known.width:
        known = facts(files.read(path, limit=_IMAGE_LIMIT), known.size, path)
    return digest, known


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

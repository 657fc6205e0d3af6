"""Reading a project: everything that planning needs, with all problems at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeGuard, TypeVar

from renderer.adapters.disk.project import ProjectFiles
from renderer.app.project.fast.task_cache import CachedScene, TaskCache
from renderer.app.project.provider_name import PROJECT_FILE
from renderer.app.project.snapshot import Snapshot, snapshot
from renderer.catalog.catalog import Catalog
from renderer.errors import InputError, Place, Problem
from renderer.expand.frame_links import in_reach
from renderer.expand.result import Expansion
from renderer.expand.shared_uploads import collisions
from renderer.expand.task import Task
from renderer.plan.seed_ranges import overlaps

if TYPE_CHECKING:  # heavy: a plan of unchanged scenes needs neither pydantic nor Jinja
    from renderer.catalog.pictures import ImageFacts
    from renderer.expand.storyboard import Sheet, Storyboard
    from renderer.spec.reader import Document
    from renderer.spec.values import Frames, Project

_IMAGE_LIMIT = 30 * 10**6
_Read = TypeVar("_Read")


@dataclass(slots=True)
class LoadedProject:
    """What was read from a project; `problems` hold all that went wrong on the way."""

    files: ProjectFiles
    catalog: Catalog
    texts: Snapshot
    problems: list[Problem] = field(default_factory=list)
    project: "Project | None" = None
    project_document: "Document | None" = None
    sheets: "list[Sheet]" = field(default_factory=list)
    partial: "list[Sheet]" = field(default_factory=list)  # of scenes with faults: what is sound
    unread: set[Place | None] = field(
        default_factory=set
    )  # what a text says wrongly there is told
    lost: set[str] = field(default_factory=set)  # names that prompts may miss for a known fault
    sources: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    images: "dict[str, ImageFacts]" = field(default_factory=dict)

    def board(self) -> "Storyboard":
        """Return the storyboard of what could be read."""
        from renderer.expand.storyboard import Storyboard
        from renderer.templates.render import Templates

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
) -> LoadedProject:
    """Read a project, or of its scenes `only` these files, with the digests of their images."""
    texts = texts or snapshot(files)
    gathered = LoadedProject(files=files, catalog=catalog, texts=texts)
    gathered.problems += texts.problems
    _project(gathered)
    _scenes(gathered, list(texts.specs) if only is None else only)
    _templates(gathered)
    _images(gathered)
    return gathered


def expansion(
    files: ProjectFiles,
    catalog: Catalog,
    recall: TaskCache | None = None,
    texts: Snapshot | None = None,
    *,
    seeds: bool = True,
    look: "Callable[[Storyboard, bool], Iterable[Problem]] | None" = None,
) -> Expansion:
    """Read and expand a project; scenes that did not change are recalled.

    Without `seeds`, nothing is said of what two tasks share: of a revision that is past.
    `look` finds more warnings in a storyboard, and is told whether it is the whole project.
    """
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
        shared = seeds and (any(overlaps(tasks)) or any(collisions(tasks)))
        if in_reach(tasks, catalog.fps) and not shared:
            warnings = tuple(dict.fromkeys(one for s in known.values() for one in s.warnings))
            specs = {scene.scene: name for name, scene in known.items()}
            return Expansion(tasks=tasks, warnings=warnings, specs=specs)
    fresh = [name for name in texts.specs if name not in known]
    gathered = gather(files, catalog, texts, fresh)
    made = _worked_out(gathered, recall, known, seeds=seeds)
    if recall:
        recall.finish(texts.specs)
    if look is None or gathered.broken:
        return made
    more = look(gathered.board(), len(gathered.sheets) == len(texts.specs))
    return replace(made, warnings=_in_order((*made.warnings, *more)))


def _scene(files: ProjectFiles, catalog: Catalog, texts: Snapshot, name: str) -> tuple[Task, ...]:
    """Work out one scene of these texts; raise InputError if it has a problem after all."""
    from renderer.expand.tasks import expand_scene

    gathered = gather(files, catalog, texts, [name])
    if gathered.problems or not gathered.sheets:
        raise InputError(gathered.problems or f"{name} cannot be read any more", "run it again")
    return expand_scene(gathered.board(), gathered.sheets[0]).sound()


def _worked_out(
    gathered: LoadedProject,
    recall: TaskCache | None,
    known: dict[str, CachedScene],
    *,
    seeds: bool,
) -> Expansion:
    from renderer.expand.tasks import oversized, scenes_named_twice

    texts = gathered.texts
    board = gathered.board()
    every = replace(board, sheets=[*board.sheets, *gathered.partial])
    large = oversized(every, sum(len(scene.tasks) for scene in known.values()))
    made = {} if gathered.broken or large else _scenes_of(gathered, board, recall)
    of_scenes = [known[name] if name in known else made.get(name) for name in texts.specs]
    tasks = tuple(task for one in of_scenes if one for task in one.tasks)
    problems = [*gathered.problems, *large]
    problems += [problem for one in made.values() for problem in one.problems]
    problems += _unlinked(gathered, tasks, whole=not known, troubled=bool(problems))
    problems += _shared(gathered, tasks, whole=not known) if seeds else []
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
    gathered: LoadedProject, board: "Storyboard", recall: TaskCache | None
) -> dict[str, Expansion]:
    """Expand the scenes that were read, by file, and keep those of a sound project."""
    from renderer.expand.tasks import expand_scene

    made = {}
    for sheet in gathered.sheets:
        name = sheet.document.name
        one = made[name] = expand_scene(board, sheet)
        if recall and not one.problems and not gathered.problems:
            images = _images_of(gathered, sheet)
            kept = CachedScene.of(sheet.scene.scene, one, images)
            recall.keep(name, gathered.texts.specs[name], kept)
    for sheet in gathered.partial:
        found = expand_scene(board, sheet).problems
        rest = tuple(one for one in found if one.place not in gathered.unread)
        made[sheet.document.name] = Expansion(problems=rest)
    if gathered.lost:
        made = {name: _without_echo(one, gathered.lost) for name, one in made.items()}
    return made


def _without_echo(made: Expansion, lost: set[str]) -> Expansion:
    """Leave out that a prompt misses a name which stands in a part that could not be read."""
    echoes = {f"'{name}' is not defined" for name in lost}
    return replace(made, problems=tuple(one for one in made.problems if one.what not in echoes))


def _unlinked(
    gathered: LoadedProject, tasks: Sequence[Task], *, whole: bool, troubled: bool
) -> list[Problem]:
    """Return what is wrong with frames of other shots: only all scenes together can tell."""
    if in_reach(tasks, gathered.catalog.fps) and not troubled:
        return []
    from renderer.expand.link_graph import has_links, problems

    if not whole and (has_links(gathered.sheets) or any(task.links for task in tasks)):
        gathered = gather(gathered.files, gathered.catalog, gathered.texts)
    every = len(gathered.sheets) == len(gathered.texts.specs)
    return list(problems(gathered.board(), tasks, whole=every))


def _shared(gathered: LoadedProject, tasks: Sequence[Task], *, whole: bool) -> list[Problem]:
    """Return a problem for seeds that would be paid for twice, and for files of one address."""
    seeds, uploads = tuple(overlaps(tasks)), tuple(collisions(tasks))
    if not seeds and not uploads:
        return []
    from renderer.app.project.shared_problems import seed_problems, upload_problems

    if not whole:
        gathered = gather(gathered.files, gathered.catalog, gathered.texts)
    board = gathered.board()
    return [*seed_problems(board, seeds), *upload_problems(board, uploads)]


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(dict.fromkeys(problems), key=_reading_order))


def _reading_order(problem: Problem) -> tuple[str, int, int]:
    place = problem.place
    return (place.file, place.line, place.column) if place else ("", 0, 0)


def _project(gathered: LoadedProject) -> None:
    from renderer.spec.check import parse_project, rest_of_project
    from renderer.spec.values import Project

    content = gathered.texts.project
    document = None if content is None else _document(gathered, content, PROJECT_FILE)[0]
    if document is None:
        return
    gathered.project_document = document
    gathered.project = _try(gathered, lambda: parse_project(document))
    rest = None if gathered.project else rest_of_project(document)
    if rest is not None and isinstance(rest.spec, Project):
        gathered.project = rest.spec
        gathered.lost |= rest.lost


def _scenes(gathered: LoadedProject, names: Sequence[str]) -> None:
    from renderer.expand.storyboard import Sheet
    from renderer.spec.check import parse_scene, rest_of_scene
    from renderer.spec.values import Scene

    if not gathered.texts.specs and not gathered.texts.problems:
        gathered.problems.append(
            Problem(
                what="there is no scene in specs/",
                todo="write one, or start with `renderer init`",
                place=Place(file="specs"),
            )
        )
    for name in names:
        document, whole = _document(gathered, gathered.texts.specs[name], name)
        if document is None:
            continue
        scene = _try(gathered, partial(parse_scene, document))
        if scene is not None:
            sheet = Sheet(document=document, scene=scene)
            (gathered.sheets if whole else gathered.partial).append(sheet)
            continue
        rest = rest_of_scene(document)
        if rest is not None and isinstance(rest.spec, Scene):
            gathered.partial.append(Sheet(document=document, scene=rest.spec))
            gathered.lost |= rest.lost


def _document(
    gathered: LoadedProject, content: bytes, name: str
) -> "tuple[Document | None, bool]":
    """Return a text's document, and whether all of it could be read; its problems are noted."""
    from renderer.spec.reader import read, read_rest

    before = len(gathered.problems)
    document = _try(gathered, partial(read, content, name))
    if document is not None:
        return document, True
    gathered.unread |= {one.place for one in gathered.problems[before:]}
    return read_rest(content, name), False


def _templates(gathered: LoadedProject) -> None:
    for name, content in gathered.texts.templates.items():
        text = _try(gathered, partial(_text, content, name))
        if text is not None:
            gathered.sources[name.removeprefix("templates/")] = text


def _images(gathered: LoadedProject) -> None:
    """Take the digest of every file that a frame names; each is read once."""
    from renderer.spec.frames import Source, classify

    for document, path, image in _framed(gathered):
        if image not in gathered.digests and classify(image).source is Source.FILE:
            work = partial(_image, gathered.files, image)
            known = _try(gathered, work, document.place(path))
            if known is not None:
                gathered.digests[image], gathered.images[image] = known


def _framed(gathered: LoadedProject) -> "Iterator[tuple[Document, Sequence[str | int], str]]":
    """Yield each image that a frame or a keyframe names by its text, with where it stands."""
    project, document = gathered.project, gathered.project_document
    if project is not None and document is not None:
        yield from ((document, path, image) for path, image in _keyframes(project.keyframes))
    for sheet in (*gathered.sheets, *gathered.partial):
        yield from ((sheet.document, path, image) for path, image in _in_scene(sheet))


def _in_scene(sheet: "Sheet") -> list[tuple[Sequence[str | int], str]]:
    found = [*_keyframes(sheet.scene.keyframes), *_named((), sheet.scene.frames)]
    for at, shot in enumerate(sheet.scene.shots):
        if not shot.skip:
            found += _named(("shots", at), shot.frames)
    return found


def _images_of(gathered: LoadedProject, sheet: "Sheet") -> list[str]:
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
    from renderer.catalog.whole import is_cut_off
    from renderer.expand.images import facts, pointed

    digest, head = files.digest(path, limit=_IMAGE_LIMIT)
    if (unseen := pointed(head)) is not None:  # its digest is all that is needed until it is sent
        return digest, unseen
    known = facts(head, files.size(path), path)
    content = files.read(path, limit=_IMAGE_LIMIT)
    if is_cut_off(content):
        raise InputError(
            f"{path} is cut off: it ends before its picture does", "copy it once more"
        )
    return digest, known if known.width else facts(content, known.size, path)


def _try(
    gathered: LoadedProject, work: Callable[[], _Read], place: Place | None = None
) -> _Read | None:
    try:
        return work()
    except InputError as error:
        placed = [replace(one, place=one.place or place) for one in error.problems]
        gathered.problems += [one for one in placed if one.place not in gathered.unread]
        return None

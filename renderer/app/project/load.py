"""Reading a project: everything that planning needs, with all problems at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeGuard, TypeVar

from renderer.adapters.disk.project import ProjectFiles
from renderer.app.project.snapshot import Snapshot, snapshot
from renderer.catalog.catalog import Catalog
from renderer.errors import InputError, Place, Problem
from renderer.paths import PROJECT_FILE, SPECS, TEMPLATES

if TYPE_CHECKING:  # heavy: a plan of unchanged scenes needs neither pydantic nor Jinja
    from renderer.catalog.pictures import ImageFacts
    from renderer.expand.listed import Lister
    from renderer.expand.storyboard import Sheet, Storyboard
    from renderer.spec.data_files import Table
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
    )  # what a text says wrongly there is reported
    lost: set[str] = field(default_factory=set)  # names that prompts may miss for a known fault
    sources: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    images: "dict[str, ImageFacts]" = field(default_factory=dict)
    rows: dict[str, list[Problem]] = field(default_factory=dict)  # by scene: of data it uses
    lister: "Lister | None" = None

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
        """Whether a template that is not a source is there: its own problem is reported."""
        name = f"{TEMPLATES}/{template}"
        return not self.texts.broken.isdisjoint({TEMPLATES, name}) or name in self.texts.templates

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
    if gathered.project and gathered.project.matrix and gathered.project.matrix.files:
        gathered.project, axes = _lister(gathered).project(gathered.project, document)
        gathered.problems += axes.problems
        gathered.lost |= axes.lost


def _scenes(gathered: LoadedProject, names: Sequence[str]) -> None:
    from renderer.expand.storyboard import Sheet
    from renderer.spec.check import parse_scene, rest_of_scene
    from renderer.spec.values import Scene

    if not gathered.texts.specs and not gathered.texts.problems:
        gathered.problems.append(
            Problem(
                what="there is no scene in specs/",
                todo="write one, or start with `renderer init`",
                place=Place(file=SPECS),
            )
        )
    for name in names:
        document, whole = _document(gathered, gathered.texts.specs[name], name)
        if document is None:
            continue
        scene = _try(gathered, partial(parse_scene, document))
        if scene is not None:
            _listed(gathered, Sheet(document=document, scene=scene), whole=whole)
            continue
        rest = rest_of_scene(document)
        if rest is not None and isinstance(rest.spec, Scene):
            _listed(gathered, Sheet(document=document, scene=rest.spec), whole=False)
            gathered.lost |= rest.lost


def _listed(gathered: LoadedProject, sheet: "Sheet", *, whole: bool) -> None:
    """Take a scene, with the shots that it has for rows of data."""
    if any(shot.each for shot in sheet.scene.shots) or gathered.texts.named:
        from renderer.expand.listed import has_data

        if has_data(sheet.scene):
            before = len(gathered.problems)
            made = _lister(gathered).scene(sheet.document, sheet.scene)
            gathered.problems += made.problems
            gathered.rows[sheet.document.name] = gathered.problems[before:]
            gathered.lost |= made.lost
            sheet, whole = made.sheet, whole and made.whole
    (gathered.sheets if whole else gathered.partial).append(sheet)


def _lister(gathered: LoadedProject) -> "Lister":
    """Return what lists the shots of rows in all scenes: each data file is read once."""
    from renderer.expand.listed import Lister

    if gathered.lister is None:
        known: dict[str, Table | None] = {}

        def table(name: str, place: Place) -> "Table | None":
            # Of each text that uses it: what is remembered of a scene depends on what that one names.
            if name not in gathered.texts.named.get(place.file, ()):
                _try(gathered, partial(_not_spelled_out, name), place)
                return None
            if name not in known:
                known[name] = _try(gathered, partial(_table, gathered.texts, name), place)
            return known[name]

        gathered.lister = Lister(catalog=gathered.catalog, tables=table)
    return gathered.lister


def _not_spelled_out(name: str) -> None:
    todo = f'write it beside `file:`, as it is on disk: file: "{name}"'
    raise InputError(f"the name of {name} is not spelled out in this spec", todo)


def _table(texts: Snapshot, name: str) -> "Table":
    from renderer.expand.lfs import no_pointer
    from renderer.spec.data_files import read_table

    if name in texts.unread:
        raise InputError(texts.unread[name])
    no_pointer(texts.data[name], name)
    return read_table(texts.data[name], name)


def _document(
    gathered: LoadedProject, content: bytes, name: str
) -> "tuple[Document | None, bool]":
    """Return a text's document, and whether all of it could be read; its problems are noted."""
    from renderer.expand.lfs import no_pointer
    from renderer.spec.reader import read, read_rest

    before = len(gathered.problems)
    _try(gathered, partial(no_pointer, content, name))
    if len(gathered.problems) > before:
        return None, False
    document = _try(gathered, partial(read, content, name))
    if document is not None:
        return document, True
    gathered.unread |= {one.place for one in gathered.problems[before:]}
    return read_rest(content, name), False


def _templates(gathered: LoadedProject) -> None:
    for name, content in gathered.texts.templates.items():
        text = _try(gathered, partial(_text, content, name))
        if text is not None:
            gathered.sources[name.removeprefix(f"{TEMPLATES}/")] = text


def _images(gathered: LoadedProject) -> None:
    """Take the digest of every file that a frame names; each is read once."""
    project, document = gathered.project, gathered.project_document
    if project is not None and document is not None:
        for path, image in _keyframes(project.keyframes):
            gathered.problems += _seen(gathered, image, document, path)
    for sheet in (*gathered.sheets, *gathered.partial):
        for path, image in _in_scene(sheet):
            gathered.problems += _seen(gathered, image, sheet.document, path)
        if sheet.items:
            _images_of_rows(gathered, sheet)


def _images_of_rows(gathered: LoadedProject, sheet: "Sheet") -> None:
    from renderer.expand.row_problems import RowProblems

    rows: dict[int, RowProblems] = {}
    for at, item in sheet.items.items():
        found = rows.setdefault(item.source.at, RowProblems())
        base = ("shots", sheet.written(at))
        for path, image in _named(base, sheet.scene.shots[at].frames) if not found.full else ():
            found.add(item, "", _seen(gathered, image, sheet.document, path))
    problems = [one for found in rows.values() for one in found.problems()]
    gathered.problems += problems
    gathered.rows.setdefault(sheet.document.name, []).extend(problems)


def _seen(
    gathered: LoadedProject, image: str, document: "Document", path: Sequence[str | int]
) -> list[Problem]:
    """Take the digest of an image, if it is a file that was not read; return what is wrong."""
    from renderer.spec.frames import Source, classify

    if image in gathered.digests or classify(image).source is not Source.FILE:
        return []
    try:
        gathered.digests[image], gathered.images[image] = _image(gathered.files, image)
    except InputError as error:
        return _placed(gathered, error, document.place(path))
    return []


def _in_scene(sheet: "Sheet") -> list[tuple[Sequence[str | int], str]]:
    """Return the images that a scene and its listed shots name, with where they are written."""
    found = [*_keyframes(sheet.scene.keyframes), *_named((), sheet.scene.frames)]
    for at, shot in enumerate(sheet.scene.shots):
        if not shot.skip and at not in sheet.items:
            found += _named(("shots", sheet.written(at)), shot.frames)
    return found


def images_of(gathered: LoadedProject, sheet: "Sheet") -> list[str]:
    """Return the files that a scene may have to do with, as far as they could be read."""
    named = [*_in_scene(sheet)]
    for at in sheet.items:
        named += _named((), sheet.scene.shots[at].frames)
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
    from renderer.expand.lfs import no_pointer

    no_pointer(content, name)
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
        raise InputError(f"{path} is truncated: its image data is incomplete", "copy it again")
    return digest, known if known.width else facts(content, known.size, path)


def _try(
    gathered: LoadedProject, work: Callable[[], _Read], place: Place | None = None
) -> _Read | None:
    try:
        return work()
    except InputError as error:
        gathered.problems += _placed(gathered, error, place)
        return None


def _placed(gathered: LoadedProject, error: InputError, place: Place | None) -> list[Problem]:
    """Return problems with their places, but for those in a text whose own fault is reported."""
    placed = [replace(one, place=one.place or place) for one in error.problems]
    return [one for one in placed if one.place not in gathered.unread]

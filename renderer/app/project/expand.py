"""A project to its tasks: scenes that did not change are recalled, the others expanded."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from renderer.adapters.disk.project import ProjectFiles
from renderer.app.project.fast.task_cache import CachedScene, TaskCache
from renderer.app.project.load import LoadedProject, gather, images_of
from renderer.app.project.snapshot import Snapshot, snapshot
from renderer.catalog.catalog import Catalog
from renderer.errors import InputError, Problem
from renderer.expand.deliverable import missing_axes
from renderer.expand.frame_links import in_reach
from renderer.expand.result import Expansion
from renderer.expand.shared_uploads import collisions
from renderer.expand.task import Task
from renderer.fast_paths import FAST
from renderer.plan.seed_ranges import overlaps

if TYPE_CHECKING:  # heavy: a plan of unchanged scenes needs neither pydantic nor Jinja
    from renderer.expand.storyboard import Storyboard


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
    `look` finds more warnings in a storyboard, given whether it is the whole project.
    """
    texts = texts or snapshot(files)
    recall = recall if FAST.on else None
    if recall:
        recall.start(texts.shared)
    known = {
        name: found
        for name in texts.specs
        if recall
        and (
            found := recall.scene(
                name, texts.content(name), partial(_scene, files, catalog, texts, name)
            )
        )
    }
    if len({scene.scene for scene in known.values()}) < len(known):
        known = {}
    if texts.specs and len(known) == len(texts.specs) and not texts.problems:
        tasks = tuple(task for one in known.values() for task in one.tasks)
        shared = seeds and (any(overlaps(tasks)) or any(collisions(tasks)))
        # Only what renderer.yaml names has to be there; the usual axes may be in no shot.
        named = b"deliver" in (texts.project or b"")
        delivered = not named or not missing_axes(tasks)
        if delivered and in_reach(tasks, catalog.fps) and not shared:
            warnings = tuple(dict.fromkeys(one for s in known.values() for one in s.warnings))
            specs = {scene.scene: name for name, scene in known.items()}
            images = _images_of(known.values())
            return Expansion(tasks=tasks, warnings=warnings, specs=specs, images=images)
    fresh = [name for name in texts.specs if name not in known]
    gathered = gather(files, catalog, texts, fresh)
    made = _worked_out(gathered, recall, known, seeds=seeds)
    if recall:
        recall.finish(texts.specs)
    if look is None or gathered.broken:
        return made
    more = look(gathered.board(), len(gathered.sheets) == len(texts.specs))
    return replace(made, warnings=_in_order((*made.warnings, *more)))


def _images_of(scenes: "Iterable[CachedScene]") -> tuple[str, ...]:
    return tuple(dict.fromkeys(image for scene in scenes for image in scene.images))


def _scene(files: ProjectFiles, catalog: Catalog, texts: Snapshot, name: str) -> tuple[Task, ...]:
    """Work out one scene of these texts; raise InputError if it has a problem after all."""
    from renderer.expand.tasks import expand_scene

    gathered = gather(files, catalog, texts, [name])
    if gathered.problems or not gathered.sheets:
        raise InputError(gathered.problems or f"{name} can no longer be read", "run it again")
    return expand_scene(gathered.board(), gathered.sheets[0]).sound()


def _worked_out(
    gathered: LoadedProject,
    recall: TaskCache | None,
    known: dict[str, CachedScene],
    *,
    seeds: bool,
) -> Expansion:
    from renderer.expand.tasks import oversized, scenes_named_twice, undelivered

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
    problems += [] if problems else undelivered(board, tasks)
    specs = {scene.scene: name for name, scene in known.items()}
    problems += scenes_named_twice(board, specs)
    specs |= {one.scene.scene: one.document.name for one in gathered.sheets if made}
    return Expansion(
        tasks=tasks,
        problems=_in_order(problems),
        warnings=_in_order(warning for one in of_scenes if one for warning in one.warnings),
        specs=specs,
        images=tuple(dict.fromkeys((*_images_of(known.values()), *gathered.digests))),
        found={
            name: (*one.problems, *one.warnings, *gathered.rows.get(name, ()))
            for name, one in made.items()
        },
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
            images = images_of(gathered, sheet)
            kept = CachedScene.of(sheet.scene.scene, one, images)
            recall.keep(name, gathered.texts.content(name), kept)
    for sheet in gathered.partial:
        found = expand_scene(board, sheet).problems
        rest = tuple(one for one in found if one.place not in gathered.unread)
        made[sheet.document.name] = Expansion(problems=rest)
    if gathered.lost:
        made = {name: _without_echo(one, gathered.lost) for name, one in made.items()}
    return made


def _without_echo(made: Expansion, lost: set[str]) -> Expansion:
    """Leave out that a prompt misses a name which is in a part that could not be read."""
    echoes = {f"'{name}' is not defined" for name in lost}
    return replace(made, problems=tuple(one for one in made.problems if one.what not in echoes))


def _unlinked(
    gathered: LoadedProject, tasks: Sequence[Task], *, whole: bool, troubled: bool
) -> list[Problem]:
    """Return what is wrong with frames of other shots: known only from all scenes together."""
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

"""Use case: all that the review page shows, gathered from a project."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from renderer.adapters.journal.failures import troubles
from renderer.adapters.media.container_check import NotMediaError
from renderer.adapters.media.previews import Previews, Stills, load_decoder
from renderer.app.planning.plan import Planned, plan
from renderer.app.project.load import gather
from renderer.app.project.reviews import written_reviews
from renderer.app.project.settings import why_required
from renderer.app.review.cut_checks import check_cuts
from renderer.app.review.picks import written_picks
from renderer.app.review.take_checks import Checks
from renderer.app.review.takes import UNSAFE, asked_of
from renderer.app.workspace import Workspace
from renderer.expand.task import Task
from renderer.film.pick_status import ShotStatus, renewed, standings
from renderer.film.versions import Stacks, label
from renderer.json_types import JsonObject
from renderer.lock.model import Take
from renderer.review.data import as_data
from renderer.review.model import Cut, Look, Placed, ReviewPage, Verdict, Words
from renderer.review.page_types import PageData

_COPY = "what plays here is a copy for browsers; the take itself is {kind} ({codec})"


@dataclass(slots=True, kw_only=True)
class Reviewer:
    """Gathers what the page shows; stills and checks are kept from one time to the next."""

    workspace: Workspace
    live: bool = False
    looked: Callable[[int, int], None] = lambda _done, _of: None
    takes: dict[str, tuple[Take, Stills | None]] = field(default_factory=dict)
    checks: Checks = field(init=False)
    posters: Previews = field(init=False)

    def __post_init__(self) -> None:
        self.checks = Checks.of(self.workspace)
        self.posters = self.workspace.previews()

    def board(self) -> ReviewPage:
        """Return all that the page shows; raise InputError with all problems of the project."""
        planned = plan(self.workspace)
        picks, document = written_picks(self.workspace.files)
        check_cuts(picks, planned.lock, self.workspace.store, document)
        picks = renewed(picks, planned.everything, planned.lock)
        looks = dict(self._looks(planned))
        flagged = frozenset(key.partition(" ")[0] for key, look in looks.items() if look.flags)
        rejected = written_reviews(self.workspace.files)[0].rejected(planned.lock)
        statuses = standings(
            planned.everything, planned.lock, picks, flagged, planned.drafts, rejected
        )
        words, title = self._words()
        return ReviewPage(
            title=title,
            plan=planned.plan,
            tasks=planned.everything,
            lock=planned.lock,
            verdicts=tuple(_verdict(one) for one in statuses),
            versions=dict(self._versions(planned, statuses, looks)),
            looks=looks,
            requests=self._requests(planned, statuses),
            troubles=self._troubles(planned),
            words=words,
            live=self.live,
            require_why=why_required(self.workspace.files),
        )

    def data(self) -> PageData:
        """Return the page's data."""
        return as_data(self.board())

    def _looks(self, planned: Planned) -> Iterator[tuple[str, Look]]:
        shown = [(task, take) for task in planned.everything for take in _takes(planned, task)]
        self._stills([take for _, take in shown])
        for task, take in shown:
            yield f"{take.sha256} {task.address}", self._look(task, take)

    def _stills(self, takes: Sequence[Take]) -> None:
        """Make stills and checks of takes that have none yet, several at once."""
        from concurrent.futures import ThreadPoolExecutor

        fresh = {take.sha256: take for take in takes if take.sha256 not in self.takes}
        if fresh:
            load_decoder()
        with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="still") as pool:
            made = zip(fresh.values(), pool.map(self._still, fresh.values()), strict=True)
            for number, (take, stills) in enumerate(made, start=1):
                if stills is not None:
                    self.takes[take.sha256] = (take, stills)
                self.looked(number, len(fresh))

    def _still(self, take: Take) -> Stills | None:
        self.checks.of_take(take)
        if not self.workspace.store.has(take.sha256, take.size):
            return None
        with suppress(NotMediaError):
            return self.posters.of(
                take.sha256, self.workspace.store.path(take.sha256), take.format
            )
        return None

    def _look(self, task: Task, take: Take) -> Look:
        facts = self.checks.of_take(take)
        model = self.workspace.catalog.get(task.model)
        current = take.fingerprint == task.fingerprint
        judged = current or facts.probed is None
        flags = facts.flags(task.request, model) if judged else ()
        probed, seen = facts.probed, facts.seen
        flags = (*((UNSAFE,) if take.unsafe else ()), *flags)
        look = replace(self._media(take), flags=flags)
        if probed is None or seen is None:
            return look
        return replace(
            look,
            width=probed.width,
            height=probed.height,
            fps=probed.fps,
            frames=seen.frames,
            duration=probed.duration,
            loudness=seen.loudness,
            audio=probed.audio,
        )

    def _media(self, take: Take) -> Look:
        _, stills = self.takes.get(take.sha256, (take, None))
        if stills is None:
            return Look()
        copy = stills.proxy is not None
        kind = "mp4" if copy else take.format
        return Look(
            video=f"media/{take.sha256}.{kind}",
            poster=f"media/{take.sha256}.jpg",
            strip=f"media/{take.sha256}.strip.jpg",
            tiles=stills.tiles,
            note=_COPY.format(kind=take.format.upper(), codec=stills.codec) if copy else "",
        )

    def media(self, name: str) -> Path | None:
        """Return the file behind a name below `media/`, None for one that the page has not."""
        sha256, _, ending = name.partition(".")
        take, stills = self.takes.get(sha256, (None, None))
        if take is None or stills is None:
            return None
        if ending in ("jpg", "strip.jpg"):
            return stills.poster if ending == "jpg" else stills.strip
        if stills.proxy is not None:
            return stills.proxy if ending == "mp4" else None
        return self.workspace.store.path(sha256) if ending == take.format else None

    def _requests(
        self, planned: Planned, statuses: Sequence[ShotStatus]
    ) -> Mapping[str, JsonObject]:
        wanted = {part.fingerprint for one in statuses if one.pick for part in one.pick.parts}
        wanted |= {entry.fingerprint for entry in planned.lock.entries.values()}
        wanted -= {task.fingerprint for task in planned.everything}
        asked = asked_of(self.workspace)
        return {name: asked(name) for name in sorted(wanted)}

    def _versions(
        self, planned: Planned, statuses: Sequence[ShotStatus], looks: Mapping[str, Look]
    ) -> Iterator[tuple[str, Placed]]:
        stacks = Stacks(planned.lock, planned.drafts, asked_of(self.workspace))
        for version in (one for status in statuses for one in stacks.of(status.tasks)):
            named = version.named
            look = looks.get(f"{named.take.sha256} {named.address}", Look())
            yield (
                named.name,
                Placed(
                    place=version.place,
                    kind=version.kind.value,
                    label=label(version, look.width, look.height),
                    valid=version.valid,
                ),
            )

    def _troubles(self, planned: Planned) -> dict[str, str]:
        if not self.workspace.row.journaled:
            return {}
        waiting = {step.address: step.fingerprint for step in planned.plan.steps if step.takes}
        return {
            one.address: one.words
            for one in troubles(self.workspace.journal)
            if waiting.get(one.address) == one.fingerprint
        }

    def _words(self) -> tuple[dict[str, Words], str]:
        gathered = gather(self.workspace.files, self.workspace.catalog)
        found: dict[str, Words] = {}
        for sheet in gathered.sheets:
            scene = sheet.scene
            found[scene.scene] = _words(scene.title, scene.notes)
            for shot in scene.shots:
                found[f"{scene.scene}/{shot.id}"] = _words(shot.title, shot.notes)
        project = gathered.project
        title = (
            project.title
            if project and project.title
            else self.workspace.files.root.resolve().name
        )
        return found, title


def _takes(planned: Planned, task: Task) -> tuple[Take, ...]:
    entry = planned.lock.entries.get(task.address)
    return entry.takes if entry else ()


def _verdict(status: ShotStatus) -> Verdict:
    pick = status.shown or status.pick
    parts = pick.parts if pick else ()
    return Verdict(
        slot=status.slot,
        state=status.state.value,
        why=pick.why if pick else "",
        cuts=tuple(
            Cut(
                take=part.take,
                sha256=part.sha256,
                fingerprint=part.fingerprint,
                start="" if part.start is None else str(part.start),
                end="" if part.end is None else str(part.end),
            )
            for part in parts
        ),
        against=status.against,
        default=status.default.name if status.default else "",
        was=status.was,
    )


def _words(title: str | None, notes: str | None) -> Words:
    return Words(title=title or "", notes=" ".join((notes or "").split()))

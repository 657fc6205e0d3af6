"""Which drafts become finals: the one rule, for plans, picks, chains and the page alike.

The drafts of all tasks of a shot that are of one deliverable are candidates for its place. The
picked ones become finals; without a pick a single one does, and of several a person has to choose.
Once one is picked, or is a final, the others are done. A final replaces its draft.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from renderer.catalog.defaults import picture
from renderer.catalog.video_model import VideoModel, at
from renderer.expand.deliverable import slot_of
from renderer.expand.fingerprint import continued, fingerprint, former
from renderer.expand.frame_links import by_shot, unfilled
from renderer.expand.request import as_draft
from renderer.expand.task import Task
from renderer.json_types import JsonObject
from renderer.lock.model import Entry, Take
from renderer.lock.takes import Named, Takes
from renderer.plan.decide import differences

_SHAPE = frozenset({"width", "height", "resolution", "outputFormat", "outputQuality"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRules:
    """What deciding about drafts needs: the models, the bytes of all picked takes, the time (UTC).

    `perishable`: drafts end after some days. `all_finals`: every draft is to become a final.
    `rejected`: whether a person said no to a take.
    """

    model: Callable[[str], VideoModel]
    picks: Callable[[], frozenset[str]]
    now: datetime
    perishable: bool
    all_finals: bool = False
    rejected: Callable[[Take], bool] = lambda _: False

    def offered(self, take: Take) -> bool:
        """Return whether a take may stand for its shot though nobody picked it.

        None does that the provider's check flagged, or a person rejected.
        """
        return not take.unsafe and not self.rejected(take)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of a task's drafts.

    `wanted` are those whose final is to be made. `options` are all candidates for the place of
    which a person has to choose, none where that is settled. `made`: one of them is a final. A task
    that has none of these is done: another one was chosen. `elsewhere` is another task of the same
    picture that has wanted finals which this one lacks, empty if none has.
    """

    drafts: tuple[Named, ...]
    made: bool = False
    wanted: tuple[Named, ...] = ()
    options: tuple[Named, ...] = ()
    elsewhere: str = ""


@dataclass(slots=True)
class Finals:
    """The rule, over the takes of one lockfile."""

    takes: Takes
    rules: DraftRules
    _picks: frozenset[str] | None = field(default=None, init=False)

    def all(self, tasks: Sequence[Task]) -> Mapping[str, Verdict]:
        """Return by address what becomes of the drafts of all tasks that have any."""
        if not self.takes.drafts:
            return {}
        shots = by_shot(tasks).values()
        return {at: verdict for shot in shots for at, verdict in self.of_shot(shot).items()}

    def candidates(self, tasks: Sequence[Task]) -> frozenset[str]:
        """Return the bytes of all drafts that may become finals of these tasks, or did."""
        if not self.takes.drafts:
            return frozenset()
        return frozenset(one.take.sha256 for task in tasks for one in self._drafts(task))

    def of_shot(self, tasks: Sequence[Task]) -> Mapping[str, Verdict]:
        """Return by address what becomes of the drafts of one shot's tasks."""
        if not self.takes.drafts:
            return {}
        places: dict[str, list[Task]] = {}
        for task in tasks:
            places.setdefault(slot_of(task), []).append(task)
        return {at: one for place in places.values() for at, one in self._of_place(place)}

    def _of_place(self, tasks: Sequence[Task]) -> Iterator[tuple[str, Verdict]]:
        made = {task.address: self._made(task) for task in tasks}
        if self._settled(tasks, made):
            return
        drafts = {task.address: found for task in tasks if (found := self._drafts(task))}
        marks = {task.address: task.fingerprint for task in tasks}
        candidates = _distinct(drafts.values())
        picked = self._picked_of(tasks)
        wanted = self._wanted(candidates, picked, made=any(made[address] for address in drafts))
        options = tuple(candidates) if wanted is None else ()
        finals = {one.take.sha256 for one in wanted or ()}
        for address, found in drafts.items():
            own = {one.take.root for one in made[address]}
            yield address, self._verdict(marks[address], found, own, finals, options)
        chosen = picked | self._finals_of(tasks) | {one.address for one in wanted or ()}
        for task in tasks:
            if task.address not in drafts and self._left_behind(task, chosen, options):
                yield task.address, Verdict(drafts=(), options=options)

    def _verdict(
        self,
        mark: str,
        found: Sequence[Named],
        own: AbstractSet[str],
        finals: AbstractSet[str],
        options: tuple[Named, ...],
    ) -> Verdict:
        """Judge the drafts of one task: `own` are those that it has finals of, by their bytes."""
        twins = {one.take.root: one.address for one in self.takes.all_of(mark)}
        unmade = [one for one in found if one.take.root not in own | twins.keys()]
        lacking = (one.take.root for one in found if one.take.sha256 in finals)
        return Verdict(
            drafts=tuple(found),
            made=len(unmade) < len(found),
            wanted=tuple(one for one in unmade if one.take.sha256 in finals),
            options=options,
            elsewhere=next((twins[one] for one in lacking if one in twins.keys() - own), ""),
        )

    def _picked_of(self, tasks: Sequence[Task]) -> set[str]:
        """Return the tasks of a place of which a take was picked, be its picture an older one."""
        addresses = {task.address for task in tasks}
        picked = map(self.takes.with_bytes, self._picked)
        return {one.address for one in picked if one and one.address in addresses}

    def _finals_of(self, tasks: Sequence[Task]) -> set[str]:
        """Return the tasks of a place of which a draft became a final once."""
        addresses = (task.address for task in tasks)
        return {name for name in addresses if any(take.draft for take in self._entry(name).takes)}

    def _left_behind(self, task: Task, chosen: set[str], options: Sequence[Named]) -> bool:
        """Return whether a task was only ever made as drafts, of older pictures, and another is wanted.

        It was not chosen; and its final would be of a picture not seen yet.
        """
        elsewhere = chosen and task.address not in chosen
        if self.rules.all_finals or not (options or elsewhere):
            return False
        takes = self._entry(task.address).takes
        rule = self.rules.model(task.model).draft
        drafted = takes and all(take.draft_id for take in takes)
        return bool(drafted and rule and at(task.request, rule.path) is not True)

    def _entry(self, address: str) -> Entry:
        return self.takes.lock.entries.get(address, Entry(fingerprint=""))

    def _wanted(
        self, candidates: Sequence[Named], chosen: set[str], *, made: bool
    ) -> Sequence[Named] | None:
        """Return the drafts of which finals are wanted, None where a person has to choose."""
        if self.rules.all_finals:
            return [one for one in candidates if self._is_wanted_of_all(one.take)]
        picked = [one for one in candidates if one.take.root in self._picked]
        if picked or made:
            return picked
        # What is not offered is chosen by a person only; so is what would displace a pick, if of a
        # picture that is no more.
        # Of a draft that has a final of another size it is known that it was chosen.
        promoted = [one for one in candidates if one.take.sha256 in self.takes.promoted]
        left = promoted or candidates
        single = left[1:] == [] and all(
            self.rules.offered(one.take) and chosen <= {one.address} for one in left
        )
        return left if single else None

    def _is_wanted_of_all(self, take: Take) -> bool:
        """Return whether a draft is among all that become finals: a rejected one, only if picked."""
        return take.root in self._picked or not self.rules.rejected(take)

    @property
    def _picked(self) -> frozenset[str]:
        """What was picked, each by its root."""
        if self._picks is None:
            self._picks = frozenset(map(self.takes.root, self.rules.picks()))
        return self._picks

    def _made(self, task: Task) -> Sequence[Named]:
        return self.takes.of(task.address, task.fingerprint)

    def _settled(self, tasks: Sequence[Task], made: Mapping[str, Sequence[Named]]) -> bool:
        """Tell from the lockfile alone that there is nothing to decide: a plan must be quick."""
        short = any(len(made[task.address]) < task.wanted for task in tasks)
        if self.rules.all_finals or short:
            return False
        shots = {task.address.partition("@")[0] for task in tasks}
        there = {one.take.root for found in made.values() for one in found}
        for root in self._picked - there:
            found = self.takes.with_bytes(root)
            if found and found.take.draft_id and shots & self.takes.shots(root):
                return False
        return True

    def _drafts(self, task: Task) -> list[Named]:
        """Return the drafts of the picture that a task wants as final, each once."""
        model = self.rules.model(task.model)
        if model.draft is None or at(task.request, model.draft.path) is True:
            return []
        pictures = dict.fromkeys((*_as_drafts(task, model), *self._in_force(task, model)))
        named = (self.takes.of(task.address, name) for name in pictures)
        found = _distinct((*named, self._of_other_seeds(task, model)))
        return [one for one in found if one.take.draft_id]

    def _of_other_seeds(self, task: Task, model: VideoModel) -> Sequence[Named]:
        """Return takes of the draft that was asked for with another seed, or without one.

        A seed that was drawn, written down, is the same picture.
        """
        entry = self._entry(task.address)
        was = entry.fields.get("seed")
        if not entry.takes or was == task.seed:
            return ()
        request = {key: value for key, value in unfilled(task.request).items() if key != "seed"}
        request |= {} if was is None else {"seed": was}
        marks = dict.fromkeys(_drafts_of(request, task, model))
        found = chain.from_iterable(self.takes.of(task.address, mark) for mark in marks)
        return [one for one in found if one.address == task.address and _asks_for(task, one)]

    def _in_force(self, task: Task, model: VideoModel) -> Iterator[str]:
        """Yield the drafts' picture where the last render differs in the file's form only."""
        entry = self.takes.lock.entries.get(task.address)
        if entry is None or not _only_shape(entry.fields, task, model):
            return
        for take in entry.of(entry.fingerprint):
            if take.draft_id:
                yield take.fingerprint
            elif draft := self.takes.with_bytes(take.draft) if take.draft else None:
                yield draft.take.fingerprint


def _distinct(drafts: Iterable[Sequence[Named]]) -> list[Named]:
    """Return every draft once: tasks of one picture share theirs."""
    found: dict[str, Named] = {}
    for one in chain.from_iterable(drafts):
        found.setdefault(one.take.sha256, one)
    return list(found.values())


def _as_drafts(task: Task, model: VideoModel) -> Iterator[str]:
    """Yield the fingerprints that the draft of a task may have, in any file format."""
    return _drafts_of(unfilled(task.request), task, model)


def _drafts_of(asked: JsonObject, task: Task, model: VideoModel) -> Iterator[str]:
    request = as_draft(asked, model)
    formats = model.schema["properties"].get("outputFormat", {}).get("enum", ())
    forms = [request, *({**request, "outputFormat": one} for one in formats)]
    for form in forms:
        seen = picture(model, form)
        for mark in (fingerprint(seen), *former(seen)):
            yield continued(mark, task.words) if task.words else mark


def _asks_for(task: Task, draft: Named) -> bool:
    """Return whether a task asks for the seed of a draft; without a seed it asks for any."""
    seed = draft.take.seed
    if task.seed is None:
        return True
    return seed is not None and task.seed <= seed < task.seed + task.wanted


def _only_shape(was: JsonObject, task: Task, model: VideoModel) -> bool:
    """Return whether a picture differs from a task's in size, file, and being a draft, only."""
    flag = ".".join(model.draft.path) if model.draft else ""
    changed = {reason.field for reason in differences(was, task.fields)}
    return changed <= _SHAPE | {flag}

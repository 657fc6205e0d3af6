"""Tasks and lockfile to a plan: wanted minus have, and where the difference comes from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from renderer.catalog.money import FREE, total
from renderer.expand.task import Task
from renderer.json_types import JsonObject
from renderer.lock.index import Index, Known
from renderer.lock.model import Lock
from renderer.plan.model import Action, Plan, Reason, Step
from renderer.providers import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """The lockfile seen from the tasks: who has takes of a picture, and who makes more.

    `orphans` are addresses that no task has any more, `pictures` any; both by fingerprint.
    """

    index: Index
    paid: bool
    orphans: Mapping[str, Sequence[str]]
    pictures: Mapping[str, Sequence[str]]
    makers: Mapping[str, str]


def decide(
    tasks: Sequence[Task],
    lock: Lock | Index,
    provider: Provider,
    chosen: Sequence[Task] | None = None,
) -> Plan:
    """Plan the tasks against the lockfile; of several with one picture, a `chosen` one makes it.

    What Runware would ask is not in it: `priced` adds that to a plan that nobody changes any more.
    """
    index = Index.of(lock) if isinstance(lock, Lock) else lock
    entries = index.entries
    owns = [  # no call: this is asked of every task at every plan
        known.takes.count(task.fingerprint) if (known := entries.get(task.address)) else 0
        for task in tasks
    ]
    lacking = {t.fingerprint for t, own in zip(tasks, owns, strict=True) if own < t.wanted}
    able = tasks if chosen is None else chosen
    makers = makers_of([task for task in able if task.fingerprint in lacking])
    seen = _seen(tasks, index, makers, lacking, paid=provider.paid)
    steps = [_step(task, own, seen) for task, own in zip(tasks, owns, strict=True)]
    moved = {step.moved_from for step in steps}
    addresses = {task.address for task in tasks}
    for address, known in index.entries.items():
        if address not in addresses and address not in moved and not known.retired:
            steps.append(Step(address=address, action=Action.REMOVE, have=known.total))
    return Plan(provider=provider.name, steps=tuple(steps))


def priced(plan: Plan, tasks: Sequence[Task]) -> Plan:
    """Return the plan with what Runware would ask for it."""
    takes = {step.address: step.takes for step in plan.steps if step.takes}
    prices = [task.cost * takes[task.address] for task in tasks if task.address in takes]
    return replace(plan, list_price=total(prices))


def makers_of(tasks: Sequence[Task]) -> dict[str, str]:
    """Return for each picture the task that makes it: the first of those that want most takes."""
    most: dict[str, Task] = {}
    for task in tasks:
        known = most.setdefault(task.fingerprint, task)
        if task.wanted > known.wanted:
            most[task.fingerprint] = task
    return {fingerprint: task.address for fingerprint, task in most.items()}


def _seen(
    tasks: Sequence[Task],
    index: Index,
    makers: Mapping[str, str],
    lacking: set[str],
    *,
    paid: bool,
) -> _Seen:
    homes = _homes(index, lacking) if lacking else []
    addresses = {task.address for task in tasks}
    left = [(mark, address) for mark, address in homes if address not in addresses]
    return _Seen(
        index=index,
        paid=paid,
        pictures=_by_picture(homes),
        orphans=_by_picture(left),
        makers=makers,
    )


def _homes(index: Index, pictures: set[str]) -> list[tuple[str, str]]:
    return [
        (mark, address)
        for address, known in index.entries.items()
        for mark in dict.fromkeys(known.pictures)
        if mark in pictures
    ]


def _by_picture(homes: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for mark, address in homes:
        found.setdefault(mark, []).append(address)
    return found


def _step(task: Task, own: int, seen: _Seen) -> Step:
    if own >= task.wanted:
        return Step(
            address=task.address, action=Action.KEEP, fingerprint=task.fingerprint, have=own
        )
    known = seen.index.entries.get(task.address)
    source, have = _source(task, own, seen)
    maker = seen.makers.get(task.fingerprint, task.address)
    missing = max(task.wanted - have, 0) if maker == task.address else 0
    orphaned = source in seen.orphans.get(task.fingerprint, ())
    return Step(
        address=task.address,
        action=_action(known, task, have=have, missing=missing, moved=orphaned),
        fingerprint=task.fingerprint,
        reasons=_reasons(known, task, seen) if have < task.wanted else (),
        takes=missing,
        have=have,
        cost=task.cost * missing if seen.paid else FREE,
        moved_from=source if orphaned else "",
        same_as=("" if orphaned else source) if have else ("" if missing else maker),
        waits=task.waits if have < task.wanted else (),
        needs=task.needs if have < task.wanted else (),
    )


def _source(task: Task, own: int, seen: _Seen) -> tuple[str, int]:
    """Return the address whose takes a task can use, if not its own, and how many there are.

    It is the first that has all that are wanted, else the one that has most; of two alike an
    orphan, whose takes move.
    """
    mark = task.fingerprint
    best, have = "", own
    for address in (*seen.orphans.get(mark, ()), *seen.pictures.get(mark, ())):
        count = seen.index.entries[address].has(mark)
        if have < task.wanted and count > have:
            best, have = address, count
    return best, have


def _action(known: Known | None, task: Task, *, have: int, missing: int, moved: bool) -> Action:
    if have >= task.wanted or (have and not missing):
        return Action.MOVE if moved else Action.KEEP
    if have:
        return Action.MORE
    changed = known is not None and known.takes and known.fingerprint != task.fingerprint
    return Action.CHANGE if changed else Action.CREATE


def _reasons(known: Known | None, task: Task, seen: _Seen) -> tuple[Reason, ...]:
    if known is None or not known.takes or known.fingerprint == task.fingerprint:
        return ()
    return tuple(differences(seen.index.fields(task.address), task.fields))


def differences(old: JsonObject, new: JsonObject) -> Iterable[Reason]:
    """Yield the fields in which two pictures differ, in alphabetical order."""
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if before != after or isinstance(before, bool) != isinstance(after, bool):
            yield Reason(field=name, old=before, new=after)

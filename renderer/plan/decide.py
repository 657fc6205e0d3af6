"""Tasks and lockfile to a plan: wanted minus have, and where the difference comes from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from renderer.catalog.money import FREE, total
from renderer.expand.task import Task
from renderer.lock.index import Index, Known
from renderer.lock.model import Lock
from renderer.plan.model import Action, Plan, Reason, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Who would make the takes, and whether that costs money."""

    name: str
    paid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """The lockfile seen from the tasks: who is orphaned, and which pictures exist where."""

    index: Index
    paid: bool
    orphans: Mapping[str, Sequence[str]]
    pictures: Mapping[str, str]
    first: dict[str, str] = field(default_factory=dict)


def decide(tasks: Sequence[Task], lock: Lock | Index, provider: Provider) -> Plan:
    """Plan the tasks against the lockfile."""
    index = Index.of(lock) if isinstance(lock, Lock) else lock
    seen = _seen(tasks, index, paid=provider.paid)
    steps: list[Step] = []
    for task in tasks:
        steps.append(_step(task, seen))
        seen.first.setdefault(task.fingerprint, task.address)
    moved = {step.moved_from for step in steps}
    addresses = {task.address for task in tasks}
    for address, known in index.entries.items():
        if address not in addresses and address not in moved and not known.retired:
            steps.append(Step(address=address, action=Action.REMOVE, have=known.count))
    return priced(Plan(provider=provider.name, steps=tuple(steps)), tasks)


def priced(plan: Plan, tasks: Sequence[Task]) -> Plan:
    """Return the plan with what Runware would ask for it."""
    takes = {step.address: step.takes for step in plan.steps if step.takes}
    prices = [task.cost * takes[task.address] for task in tasks if task.address in takes]
    return replace(plan, list_price=total(prices))


def _seen(tasks: Sequence[Task], index: Index, *, paid: bool) -> _Seen:
    addresses = {task.address for task in tasks}
    orphans: dict[str, list[str]] = {}
    pictures: dict[str, str] = {}
    for address, known in index.entries.items():
        for fingerprint in known.takes:
            pictures.setdefault(fingerprint, address)
            if address not in addresses:
                orphans.setdefault(fingerprint, []).append(address)
    return _Seen(index=index, paid=paid, orphans=orphans, pictures=pictures)


def _step(task: Task, seen: _Seen) -> Step:
    known = seen.index.entries.get(task.address)
    own = known.takes.get(task.fingerprint, 0) if known else 0
    if own >= task.wanted:
        return Step(
            address=task.address, action=Action.KEEP, fingerprint=task.fingerprint, have=own
        )
    source = "" if own else _source(task, seen)
    have = own or (seen.index.entries[source].takes[task.fingerprint] if source else 0)
    twin = seen.first.get(task.fingerprint, "")
    missing = 0 if twin and have < task.wanted else max(task.wanted - have, 0)
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
        same_as=("" if orphaned else source) if have else twin,
        waits=task.waits if have < task.wanted else (),
        needs=task.needs if have < task.wanted else (),
    )


def _source(task: Task, seen: _Seen) -> str:
    """Return the address that has takes of this picture: an orphan first, else any."""
    orphans = seen.orphans.get(task.fingerprint)
    return orphans[0] if orphans else seen.pictures.get(task.fingerprint, "")


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


def differences(old: Mapping[str, object], new: Mapping[str, object]) -> Iterable[Reason]:
    """Yield the fields in which two pictures differ, in alphabetical order."""
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if before != after or isinstance(before, bool) != isinstance(after, bool):
            yield Reason(field=name, old=before, new=after)

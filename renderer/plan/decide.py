"""Tasks and lockfile to a plan: wanted minus have, and where the difference comes from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from renderer.catalog.money import FREE, total
from renderer.expand.task import Task
from renderer.lock.model import Entry, Lock
from renderer.plan.model import Action, Plan, Reason, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Who would make the takes, and whether that costs money."""

    name: str
    paid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """The lockfile seen from the tasks: who is orphaned, and which pictures exist where."""

    lock: Lock
    orphans: Mapping[str, Sequence[str]]
    pictures: Mapping[str, str]
    first: dict[str, str] = field(default_factory=dict)


def decide(tasks: Sequence[Task], lock: Lock, provider: Provider) -> Plan:
    """Plan the tasks against the lockfile."""
    known = _known(tasks, lock)
    steps: list[Step] = []
    for task in tasks:
        steps.append(_step(task, known, provider))
        known.first.setdefault(task.fingerprint, task.address)
    moved = {step.moved_from for step in steps}
    addresses = {task.address for task in tasks}
    for address, entry in lock.entries.items():
        if address not in addresses and address not in moved and not entry.retired:
            steps.append(Step(address=address, action=Action.REMOVE, have=len(entry.takes)))
    wanted = {step.address: step.takes for step in steps}
    prices = (task.cost * wanted[task.address] for task in tasks)
    return Plan(provider=provider.name, steps=tuple(steps), list_price=total(prices))


def _known(tasks: Sequence[Task], lock: Lock) -> _Known:
    addresses = {task.address for task in tasks}
    orphans: dict[str, list[str]] = {}
    pictures: dict[str, str] = {}
    for address, take in lock.takes():
        pictures.setdefault(take.fingerprint, address)
        if address not in addresses:
            orphans.setdefault(take.fingerprint, []).append(address)
    return _Known(lock=lock, orphans=orphans, pictures=pictures)


def _step(task: Task, known: _Known, provider: Provider) -> Step:
    entry = known.lock.entries.get(task.address)
    own = len(entry.of(task.fingerprint)) if entry else 0
    source = "" if own else _source(task, known)
    have = own or (len(known.lock.entries[source].of(task.fingerprint)) if source else 0)
    twin = known.first.get(task.fingerprint, "")
    missing = 0 if twin and have < task.wanted else max(task.wanted - have, 0)
    orphaned = source in known.orphans.get(task.fingerprint, ())
    return Step(
        address=task.address,
        action=_action(entry, task, have=have, missing=missing, moved=orphaned),
        fingerprint=task.fingerprint,
        reasons=_reasons(entry, task) if have < task.wanted else (),
        takes=missing,
        have=have,
        cost=task.cost * missing if provider.paid else FREE,
        moved_from=source if orphaned else "",
        same_as=("" if orphaned else source) if have else twin,
    )


def _source(task: Task, known: _Known) -> str:
    """Return the address that has takes of this picture: an orphan first, else any."""
    orphans = known.orphans.get(task.fingerprint)
    return orphans[0] if orphans else known.pictures.get(task.fingerprint, "")


def _action(entry: Entry | None, task: Task, *, have: int, missing: int, moved: bool) -> Action:
    if have >= task.wanted or (have and not missing):
        return Action.MOVE if moved else Action.KEEP
    if have:
        return Action.MORE
    changed = entry is not None and entry.takes and entry.fingerprint != task.fingerprint
    return Action.CHANGE if changed else Action.CREATE


def _reasons(entry: Entry | None, task: Task) -> tuple[Reason, ...]:
    if entry is None or not entry.takes or entry.fingerprint == task.fingerprint:
        return ()
    return tuple(differences(entry.fields, task.fields))


def differences(old: Mapping[str, object], new: Mapping[str, object]) -> Iterable[Reason]:
    """Yield the fields in which two pictures differ, in alphabetical order."""
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if before != after or isinstance(before, bool) != isinstance(after, bool):
            yield Reason(field=name, old=before, new=after)

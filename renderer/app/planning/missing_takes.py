"""Takes whose files are not on this machine, though the lockfile names them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from renderer.adapters.disk.store import Store
from renderer.errors import InputError, RefusedError
from renderer.expand.frame_links import SOURCE
from renderer.expand.task import Task
from renderer.lock.index import Index
from renderer.lock.model import Lock
from renderer.lock.takes import Takes
from renderer.plan.model import Plan
from renderer.spec.faults import show


def absent(
    tasks: Sequence[Task], plan: Plan, index: Index, lock: Callable[[], Lock], store: Store
) -> Mapping[str, str]:
    """Return the takes that are wanted and not here, their names by their bytes.

    Of these tasks, and what is cut out for them. Names alone are looked at, and the lockfile is
    not read for it: a plan must be quick, also where nothing is here.
    """
    here, entries = store.names(), index.entries
    missing: dict[str, str] = {}
    for task in tasks:
        known = entries.get(task.address)
        for number, sha256 in known.files(task.fingerprint) if known else ():
            if sha256 not in here and sha256 not in missing:
                missing[sha256] = f"{task.address}#{number}"
    sources = {one for of in cut_out(tasks, plan).values() for one in of} - here - missing.keys()
    takes = Takes(lock()) if sources else None
    for sha256 in sorted(sources):
        if takes and (named := takes.with_bytes(sha256)):
            missing[sha256] = named.name
    return missing


def cut_out(tasks: Sequence[Task], plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return by address the bytes of the takes that frames of new takes are cut out of."""
    fresh = {step.address for step in plan.steps if step.takes and not step.draft}
    return {
        task.address: tuple(
            source.removeprefix(SOURCE).partition(":")[0]
            for source in task.files.values()
            if source.startswith(SOURCE)
        )
        for task in tasks
        if task.address in fresh and task.links
    }


def check_lost(names: Sequence[str], lock: Lock, store: Store) -> None:
    """Raise InputError for a name of no take, RefusedError for a take whose file is here."""
    takes = {f"{address}#{take.number}": take for address, take in lock.takes()}
    for name in names:
        if name not in takes:
            todo = "`renderer verify` lists what is missing"
            raise InputError(f"there is no take {show(name, 200)}", todo)
        if store.has(takes[name].sha256, takes[name].size):
            todo = "nothing has to be bought; for one more take raise numberResults"
            raise RefusedError(f"the file of {name} is here", todo)


def noted(plan: Plan, tasks: Sequence[Task], names: Mapping[str, str]) -> Plan:
    """Return the plan with what it needs and has not on this machine."""
    if not names:
        return plan
    needed = cut_out(tasks, plan)
    steps = tuple(
        replace(step, fetches=tuple(names[one] for one in needed[step.address] if one in names))
        if step.address in needed
        else step
        for step in plan.steps
    )
    return replace(plan, steps=steps, absent=tuple(names.values()))

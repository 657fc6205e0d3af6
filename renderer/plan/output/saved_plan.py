"""A saved plan against the plan of now: it is carried out exactly, or refused.

Version 2 also holds which tasks and finals were asked for, and how videos are delivered. Version 1 is
read: what it does not hold is as the command line says, and a delivery that it cannot vouch for
is refused.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NotRequired

from renderer.errors import Problem
from renderer.json_types import Json, JsonObject, mapping, sequence, text
from renderer.plan.model import Plan
from renderer.plan.output.plan_json import PlanData, as_data
from renderer.plan.output.values import value_words

VERSION = 2
_READ = (1, VERSION)
_TELLING = (
    *("action", "fingerprint", "takes", "have", "cost", "moved_from", "same_as", "waits"),
    "options",
)
_SUMMED = ("takes", "cost")


class PlanFile(PlanData):
    """What a plan file holds: the plan, what was asked for, and the lockfile's digest."""

    only: list[str]
    all_finals: NotRequired[bool]
    deliverable: NotRequired[str]
    lock: str


def saved(
    plan: Plan,
    lock_digest: str,
    only: tuple[str, ...] = (),
    deliverable: str = "",
    *,
    finals: bool = False,
) -> PlanFile:
    """Return a plan as a plan file holds it."""
    data: PlanFile = {
        **as_data(plan),
        "version": VERSION,
        "only": list(only),
        "deliverable": deliverable,
        "all_finals": True,
        "lock": lock_digest,
    }
    if not finals:
        del data["all_finals"]
    if not deliverable:
        del data["deliverable"]
    return data


def is_plan(found: object) -> bool:
    """Whether JSON can be looked at as a saved plan."""
    return isinstance(found, Mapping) and isinstance(found.get("tasks"), list)


def asked(
    then: JsonObject, provider: str | None, only: tuple[str, ...]
) -> tuple[str | None, tuple[str, ...]]:
    """Return provider and selection of a run: as it says itself, else as the plan file does.

    What the file says may be anything: it is for the caller to check the provider.
    """
    names, named = then.get("only"), then.get("provider")
    kept = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    return provider or (named if isinstance(named, str) else None), only or tuple(kept)


def deliverable(then: JsonObject) -> str:
    """Return the film that a plan file was made for; empty for all."""
    return text(then.get("deliverable")) or ""


def all_finals(then: JsonObject) -> bool:
    """Return whether a plan file was made with finals of all drafts."""
    return then.get("all_finals") is True


def moved(then: JsonObject, plan: Plan, lock_digest: str) -> Iterator[Problem]:
    """Yield what is not as the file says; the file is believed in nothing."""
    if not is_plan(then):
        yield Problem(
            what="this is not a saved plan", todo="make it with `renderer plan --out FILE`"
        )
        return
    now = saved(plan, lock_digest)
    if then.get("version") not in _READ:
        yield _stale(f"it has version {_short(then.get('version'))}, this program {VERSION}")
        return
    if then.get("provider") != plan.provider:
        yield _stale(f"it is for {_short(then.get('provider'))}, this run for {plan.provider}")
    if then.get("lock") != lock_digest:
        yield _stale("the lockfile has changed since the plan was made")
    yield from _tasks(_by_address(sequence(then.get("tasks")) or ()), _by_address(now["tasks"]))
    if _sum(then.get("summary")) != _sum(now["summary"]):
        yield _stale(f"its sum is {_cost(then.get('summary'))}, now it is {_cost(now['summary'])}")


def _tasks(then: Mapping[str, JsonObject], now: Mapping[str, JsonObject]) -> Iterator[Problem]:
    for address in sorted(then.keys() | now.keys()):
        old, new = then.get(address), now.get(address)
        if new is None:
            yield _stale(f"{_short(address)} is in the plan, but no longer in the specs")
        elif old is None:
            yield _stale(f"{address} ({new['action']}) is not in the plan")
        else:
            differs = [*_differing(old, new), *_sent(old, new)]
            if differs:
                yield _stale(f"{address}: {', '.join(differs)}")


def _differing(old: JsonObject, new: JsonObject) -> Iterator[str]:
    for name in _TELLING:
        if old.get(name) != new.get(name):
            yield f"{name} {_value(old, name)} → {_value(new, name)}"
    before, after = _drafts(old), _drafts(new)
    if before != after:
        yield f"made from {_short(before)} → {_short(after)}"


def _drafts(row: JsonObject) -> list[Json]:
    """Return the ids of the drafts that finals are made from; an expired one gives none."""
    found = row.get("drafts") or [row.get("draft")]
    drafts = found if isinstance(found, list) else []
    return [
        "a new picture" if one.get("expired") is True else one.get("id")
        for one in drafts
        if isinstance(one, Mapping)
    ]


def _sent(old: JsonObject, new: JsonObject) -> Iterator[str]:
    """Say where the delivery differs: by their digests, for behind one host lie many addresses."""
    before, after = _deliveries(old), _deliveries(new)
    for name in sorted(before.keys() | after.keys()):
        was, is_ = before.get(name, {}), after.get(name, {})
        if (was.get("value"), was.get("digest")) != (is_.get("value"), is_.get("digest")):
            old_words, new_words = _short(was.get("value")), _short(is_.get("value"))
            same = "another one behind the same host"
            shown = same if old_words == new_words else new_words
            yield f"{_short(name)} {old_words} → {shown}"


def _deliveries(row: JsonObject) -> dict[str, JsonObject]:
    return _by("field", sequence(row.get("delivery")) or ())


def _by_address(rows: Sequence[object]) -> dict[str, JsonObject]:
    return _by("address", rows)


def _by(key: str, rows: Sequence[object]) -> dict[str, JsonObject]:
    """Return the rows that have a name under a key, by that name."""
    named = ((text(row.get(key)), row) for row in map(mapping, rows) if row is not None)
    return {name: row for name, row in named if name is not None}


def _sum(summary: object) -> Json:
    """Return what was summed up; that an action is counted or not may differ between versions."""
    kept = mapping(summary) or {}
    return [kept.get(name) for name in _SUMMED]


def _value(row: JsonObject, name: str) -> str:
    return _cost(row) if name == "cost" else _short(row.get(name))


def _cost(row: object) -> str:
    cost = (mapping(row) or {}).get("cost")
    return f"${_short(cost.get('high'))}" if isinstance(cost, Mapping) else "none"


def _short(value: Json) -> str:
    words = value_words(value)
    return words if len(words) <= 40 else f"{words[:32]}…"


def _stale(what: str) -> Problem:
    todo = "save a new one with `renderer plan --out FILE`, and review it"
    return Problem(what=f"the saved plan is stale: {what}", todo=todo)

"""A saved plan against the plan of now: it is carried out exactly, or refused."""

from collections.abc import Iterator, Mapping
from typing import Any

from renderer.errors import Problem
from renderer.plan.data import VERSION, as_data
from renderer.plan.model import Plan

Json = Any
_TELLING = (
    *("action", "fingerprint", "takes", "have", "cost", "moved_from", "same_as", "waits"),
    *("draft", "drafts", "options"),
)


def saved(plan: Plan, lock_digest: str) -> dict[str, Json]:
    """Return what a plan file holds: the plan, and the digest of the lockfile it was made from."""
    return {**as_data(plan), "lock": lock_digest}


def moved(then: Json, plan: Plan, lock_digest: str) -> Iterator[Problem]:
    """Yield what is not as the file says; the file is believed in nothing."""
    if not isinstance(then, Mapping) or not isinstance(then.get("tasks"), list):
        yield Problem(
            what="the plan file is no plan", todo="make it with `renderer plan --out FILE`"
        )
        return
    now = saved(plan, lock_digest)
    if then.get("version") != VERSION:
        yield _stale(f"it has version {_short(then.get('version'))}, this program {VERSION}")
        return
    if then.get("provider") != plan.provider:
        yield _stale(f"it is for {_short(then.get('provider'))}, this run for {plan.provider}")
    if then.get("lock") != lock_digest:
        yield _stale("the lockfile is another one than when the plan was made")
    yield from _tasks(_by_address(then["tasks"]), _by_address(now["tasks"]))
    if then.get("summary") != now["summary"]:
        yield _stale(f"its sum is {_cost(then.get('summary'))}, now it is {_cost(now['summary'])}")


def _tasks(then: Mapping[str, Json], now: Mapping[str, Json]) -> Iterator[Problem]:
    for address in sorted(then.keys() | now.keys()):
        old, new = then.get(address), now.get(address)
        if new is None:
            yield _stale(f"{_short(address)} is in the plan, and in the specs no more")
        elif old is None:
            yield _stale(f"{address} ({new['action']}) is not in the plan")
        else:
            names = [name for name in _TELLING if old.get(name) != new.get(name)]
            if names:
                told = ", ".join(
                    f"{name} {_value(old, name)} → {_value(new, name)}" for name in names
                )
                yield _stale(f"{address}: {told}")


def _by_address(rows: list[Json]) -> dict[str, Json]:
    return {
        row["address"]: row
        for row in rows
        if isinstance(row, Mapping) and isinstance(row.get("address"), str)
    }


def _value(row: Mapping[str, Json], name: str) -> str:
    return _cost(row) if name == "cost" else _short(row.get(name))


def _cost(row: Json) -> str:
    cost = row.get("cost") if isinstance(row, Mapping) else None
    return f"${_short(cost.get('high'))}" if isinstance(cost, Mapping) else "none"


def _short(value: Json) -> str:
    text = str(value)
    return text if len(text) <= 24 else f"{text[:16]}…"


def _stale(what: str) -> Problem:
    return Problem(what=f"the saved plan is stale: {what}", todo="make a new one, and look at it")

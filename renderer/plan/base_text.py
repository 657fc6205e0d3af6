"""What a branch changes, for a person at a terminal, and as plain data."""

from collections.abc import Iterator
from typing import Any

from renderer.plan.base import Change, Comparison, Delta, Difference
from renderer.plan.data import reason_data
from renderer.plan.text import Line, Span, dollars, price_words, reason_lines, takes_words
from renderer.safe import one_line, visible

VERSION = 1
SYMBOLS = {Change.ADDED: "+", Change.CHANGED: "~", Change.MOVED: "→", Change.REMOVED: "-"}
_STYLES = {
    Change.ADDED: "create",
    Change.CHANGED: "change",
    Change.MOVED: "move",
    Change.REMOVED: "remove",
}


def base_lines(found: Comparison, *, width: int = 100) -> Iterator[Line]:
    """Yield the lines of a comparison, grouped by scene."""
    yield (Span(text=f"Against {base_words(found)}", style="bold"),)
    for scene, rows in base_scenes(found, width=width):
        yield ()
        yield (Span(text=visible(scene), style="bold"),)
        yield from rows
    yield ()
    for label, words in base_totals(found):
        yield (Span(text=f"{label}: ", style="bold"), Span(text=words))


def base_scenes(found: Comparison, *, width: int = 100) -> Iterator[tuple[str, list[Line]]]:
    """Yield each scene that differs, with its lines."""
    widest = max((len(_name(one)) for one in found.differences), default=0)
    scenes: dict[str, list[Line]] = {}
    for one in found.differences:
        rows = scenes.setdefault(one.scene, [])
        rows.append(_row(one, widest))
        for reason in one.reasons:
            rows += reason_lines(reason, width)
    yield from scenes.items()


def base_words(found: Comparison) -> str:
    """Name the base, as it was given and as a commit."""
    short = found.base.commit[:10]
    given = one_line(found.base.revision, 80)
    name = short if found.base.commit.startswith(given) else f"{given} ({short})"
    return f"{name}, which holds no project yet" if found.base.empty else name


def base_totals(found: Comparison) -> tuple[tuple[str, str], ...]:
    """Return the counts, the price difference and what rendering costs now, each with a label."""
    counts = [f"{count} {change.value}" for change, count in found.counts().items() if count]
    whole = f"{dollars(found.before)} → {dollars(found.after)} ({signed(found.delta)})"
    return (
        ("Branch", ", ".join([*counts, f"{found.same} unchanged"])),
        ("All takes, list price", whole),
        ("To render now", price_words(found.plan)),
    )


def signed(delta: Delta) -> str:
    """Write a price difference in dollars, with its sign."""
    low, high = (f"{'-' if one < 0 else '+'}${abs(one):f}" for one in (delta.low, delta.high))
    return low if low == high else f"{low} to {high}"


def base_data(found: Comparison) -> dict[str, Any]:
    """Return a comparison as JSON data, version 1; money is a decimal string."""
    return {
        "version": VERSION,
        "provider": found.plan.provider,
        "base": {"revision": found.base.revision, "commit": found.base.commit},
        "summary": {
            **{change.value: count for change, count in found.counts().items()},
            "same": found.same,
            "before": found.before.as_json(),
            "after": found.after.as_json(),
            "difference": found.delta.as_json(),
            "takes": found.plan.takes,
            "cost": found.plan.cost.as_json(),
            "list_price": found.plan.list_price.as_json(),
        },
        "tasks": [_data(one) for one in found.differences],
    }


def _data(one: Difference) -> dict[str, Any]:
    step = one.step
    return {
        "address": one.address,
        "change": one.change.value,
        "reasons": [reason_data(reason) for reason in one.reasons],
        "before": one.before.as_json(),
        "after": one.after.as_json(),
        "action": step.action.value if step else None,
        "takes": step.takes if step else 0,
        **({"cost": step.cost.as_json()} if step else {}),
        **({"moved_from": one.moved_from} if one.moved_from else {}),
    }


def _name(one: Difference) -> str:
    return visible(one.address.partition("/")[2])


def _row(one: Difference, widest: int) -> Line:
    style = _STYLES[one.change]
    return (
        Span(text=f"  {SYMBOLS[one.change]} ", style=style),
        Span(text=f"{_name(one):<{widest}}  "),
        Span(text=f"{one.change.value:<9}", style=style),
        Span(text=amount(one)),
    )


def amount(one: Difference) -> str:
    """Say in words what became of a task's price, and what of it is still to be made."""
    if one.change is Change.MOVED and one.before == one.after:
        return f"from {visible(one.moved_from)}"
    if one.change is Change.REMOVED:
        return dollars(one.before)
    same = one.before == one.after or one.change is Change.ADDED
    price = dollars(one.after) if same else f"{dollars(one.before)} → {dollars(one.after)}"
    return f"{price}{_open(one)}"


def _open(one: Difference) -> str:
    if one.step is None:
        return ""
    if one.step.takes:
        return f", {takes_words(one.step.takes)} to make"
    if one.step.same_as and not one.step.have:
        return f", the same picture as {visible(one.step.same_as)}"
    return ", made already"

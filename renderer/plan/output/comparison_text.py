"""What a branch changes, for a person at a terminal."""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from functools import partial

from renderer.catalog.money import total
from renderer.expand.delivery import is_delivery
from renderer.plan.comparison import Change, Comparison, Delta, Difference, Share
from renderer.plan.output.fold import Fold, folded, signature
from renderer.plan.output.text import (
    Entry,
    Line,
    Span,
    dollars,
    fold_lines,
    label,
    price_words,
    takes_words,
    tasks_words,
    widest_label,
)
from renderer.plan.output.values import value_words
from renderer.sanitize import one_line, visible

_FEW = 3  # deliveries that are named in the totals
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
    for scene, entries in base_entries(found, width=width):
        yield ()
        yield (Span(text=visible(scene), style="bold"),)
        yield from (row for entry in entries for row in entry.lines)
    yield ()
    yield (Span(text=branch_words(found), style="bold"),)
    for label_, words in base_totals(found):
        yield (Span(text=f"{label_}: ", style="bold"), Span(text=words))


def base_entries(found: Comparison, *, width: int = 100) -> Iterator[tuple[str, list[Entry]]]:
    """Yield each scene that differs; tasks that one edit reaches are one entry."""
    scenes = folded(found.differences, lambda one: one.address, _key)
    widest = widest_label(fold for folds in scenes.values() for fold in folds)
    for scene, folds in scenes.items():
        yield scene, [_entry(fold, widest, width) for fold in folds]


def branch_words(found: Comparison) -> str:
    """Say first what this branch costs, and what was to be made without it."""
    branch, rest = found.branch, found.open
    provider = found.plan.provider
    head = "This branch makes nothing"
    if branch.takes:
        head = f"This branch makes {takes_words(branch.takes)}: {_price(branch, provider)}"
    if not rest.takes:
        return head
    verb = "was" if rest.takes == 1 else "were"
    more = f"{rest.takes} more {verb}" if branch.takes else f"{takes_words(rest.takes)} {verb}"
    return f"{head}; {more} open before: {_price(rest, provider)}"


def _price(share: Share, provider: str) -> str:
    """Return what a share costs; through a provider that is free, what it would cost elsewhere."""
    if share.cost.high or not share.list_price.high:
        return dollars(share.cost)
    return f"free ({provider}), through runware {dollars(share.list_price)}"


def _key(one: Difference) -> Hashable | None:
    """Return what differences that are shown as one have in common; None for one on its own."""
    if not one.reasons:
        return None
    twin = one.step.twin if one.step else ""
    return one.change, one.moved_from, twin, one.only_delivery, signature(one.reasons)


def _entry(fold: Fold[Difference], widest: int, width: int) -> Entry:
    first = fold.members[0]
    style = _STYLES[first.change]
    head = (
        Span(text=f"  {SYMBOLS[first.change]} ", style=style),
        Span(text=f"{label(fold):<{widest}}  "),
        Span(text=f"{first.change.value:<9}", style=style),
        Span(text=amount(fold.members)),
    )
    body = partial(fold_lines, fold, width)
    return Entry(head=head, body=body, tasks=len(fold.members))


def base_words(found: Comparison) -> str:
    """Name the base, as it was given and as a commit."""
    short = found.base.commit[:10]
    given = one_line(found.base.revision, 80)
    name = short if found.base.commit.startswith(given) else f"{given} ({short})"
    return f"{name}, which has no project yet" if found.base.empty else name


def base_totals(found: Comparison) -> tuple[tuple[str, str], ...]:
    """Return the counts, where videos are sent now and were not, and the list prices."""
    counts = [f"{count} {change.value}" for change, count in found.counts().items() if count]
    whole = f"{dollars(found.before)} → {dollars(found.after)} ({signed(found.delta)})"
    sent = _delivery_words(found)
    return (
        ("Branch", ", ".join([*counts, f"{found.same} unchanged"])),
        *((("Delivery", sent),) if sent else ()),
        ("All takes, list price", whole),
        ("To render now", price_words(found.plan)),
    )


def _delivery_words(found: Comparison) -> str:
    """Say which delivery differs: no cut of a long comment may hide where videos are sent."""
    counted = Counter(
        f"{reason.field} {value_words(reason.old)} → {value_words(reason.new)}"
        for one in found.differences
        for reason in one.reasons
        if is_delivery(reason.field)
    )
    shown = [
        f"{one_line(words, 160)} for {tasks_words(n)}" for words, n in counted.most_common(_FEW)
    ]
    rest = len(counted) - len(shown)
    return "; ".join([*shown, *([f"and {rest} more"] if rest else [])])


def signed(delta: Delta) -> str:
    """Write a price difference in dollars, with its sign."""
    low, high = (f"{'-' if one < 0 else '+'}${abs(one):f}" for one in (delta.low, delta.high))
    return low if low == high else f"{low} to {high}"


def amount(members: Sequence[Difference]) -> str:
    """Say in words what became of the price of tasks, and what of them is still to be made."""
    one = members[0]
    before = total(member.before for member in members)
    after = total(member.after for member in members)
    if one.change is Change.MOVED and before == after:
        return f"from {visible(one.moved_from)}"
    if one.change is Change.REMOVED:
        return dollars(before)
    if one.only_delivery:
        return f"delivery only, no price{_open(members)}"
    same = before == after or one.change is Change.ADDED
    price = dollars(after) if same else f"{dollars(before)} → {dollars(after)}"
    return f"{price}{_open(members)}"


def _open(members: Sequence[Difference]) -> str:
    steps = [one.step for one in members if one.step]
    takes = sum(step.takes for step in steps)
    if not steps:
        return ""
    if takes:
        return f", {takes_words(takes)} to make"
    if steps[0].twin:
        return f", the same picture as {visible(steps[0].twin)}"
    return ", made already"

"""A plan for a person at a terminal: grouped by scene, with reasons, totals and price."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from renderer.catalog.money import Cost, total
from renderer.json_types import Json
from renderer.plan.delivery import delivery_words
from renderer.plan.model import Action, DraftUse, Plan, Reason, Step
from renderer.plan.output.fold import HIDDEN, NAMES, Fold, folded, names, signature
from renderer.plan.output.values import value_words
from renderer.plan.output.word_diff import Piece, word_diff
from renderer.providers import option
from renderer.sanitize import counted, not_here, nothing_to_do, one_line, unheard, visible

SYMBOLS = {
    Action.CREATE: "+",
    Action.CHANGE: "~",
    Action.MORE: "»",
    Action.PROMOTE: "↑",
    Action.CHOOSE: "?",
    Action.MOVE: "→",
    Action.REMOVE: "-",
    Action.KEEP: "=",
}
_VERBS = {
    Action.CREATE: "to create",
    Action.CHANGE: "to change",
    Action.MORE: "to add takes to",
    Action.PROMOTE: "to promote",
    Action.CHOOSE: "waiting for a choice",
    Action.MOVE: "moved",
    Action.REMOVE: "removed",
    Action.KEEP: "unchanged",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of a line with the name of its style: an action, `old`, `new`, `dim`, `bold`."""

    text: str
    style: str = ""


Line = tuple[Span, ...]
_OPTIONS = 4  # takes to choose among that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is said of tasks that one edit reaches: a row, and what is below it.

    What is below is computed when it is looked at: a comment has no room for most of it.
    """

    head: Line
    body: Callable[[], Iterable[Line]]
    tasks: int

    @property
    def lines(self) -> tuple[Line, ...]:
        """All of it."""
        return self.head, *self.body()


def lines(plan: Plan, *, width: int = 100, everything: bool = False) -> Iterator[Line]:
    """Yield the lines of a plan; unchanged tasks are counted, or listed with `everything`."""
    for scene, rows in scenes(plan, width=width, everything=everything):
        yield (Span(text=visible(scene), style="bold"),)
        yield from rows
        yield ()
    yield from _summary(plan)


def scenes(
    plan: Plan, *, width: int = 100, everything: bool = False
) -> Iterator[tuple[str, list[Line]]]:
    """Yield each scene that has anything to show, with its lines."""
    for scene, entries in plan_entries(plan, width=width, everything=everything):
        yield scene, [row for entry in entries for row in entry.lines]


def plan_entries(
    plan: Plan, *, width: int = 100, everything: bool = False
) -> Iterator[tuple[str, list[Entry]]]:
    """Yield each scene that has anything to show, with its entries."""
    shown = [step for step in plan.steps if everything or step.action is not Action.KEEP]
    return step_entries(shown, width=width, most=len(shown) if everything else NAMES)


def step_entries(
    steps: Iterable[Step], *, width: int = 100, most: int = NAMES
) -> Iterator[tuple[str, list[Entry]]]:
    """Yield each scene of these steps; tasks that one edit reaches are one entry."""
    scenes_ = folded(steps, lambda step: step.address, _key)
    named = {scene: [(fold, label(fold)) for fold in folds] for scene, folds in scenes_.items()}
    widest = max((len(name) for folds in named.values() for _, name in folds), default=0)
    for scene, folds in named.items():
        yield scene, [_entry(fold, f"{name:<{widest}}", width, most) for fold, name in folds]


def _key(step: Step) -> Hashable | None:
    """Return what steps that are shown as one have in common; None for one without a reason."""
    if not step.reasons:
        return None
    drafts = tuple(map(draft_words, step.drafts))
    twin = "" if step.takes else step.same_as
    asked = (step.options, step.waits, step.fetches, step.placeholders)
    return step.action, drafts, twin, asked, step.moved_from, signature(step.reasons)


def _entry(fold: Fold[Step], name: str, width: int, most: int) -> Entry:
    first = fold.members[0]
    whole = first if len(fold.members) == 1 else _together(fold.members)
    style = first.action.value
    head = Span(text=f"  {SYMBOLS[first.action]} ", style=style)
    row = (
        head,
        Span(text=f"{name}  "),
        Span(text=f"{first.action.value:<8}", style=style),
        *_amount(whole),
    )
    body = partial(fold_lines, fold, width, most)
    return Entry(head=row, body=body, tasks=len(fold.members))


def _together(steps: Sequence[Step]) -> Step:
    """Return several steps as one: their takes and their price."""
    return replace(
        steps[0],
        takes=sum(step.takes for step in steps),
        have=sum(step.have for step in steps),
        cost=total(step.cost for step in steps if step.takes),
    )


def label(fold: Fold[Any]) -> str:
    """Name a fold in its row: its address where it has one, else how many tasks it has."""
    found = names(fold.addresses, scene=fold.scene)
    return visible(found[0]) if len(found) == 1 else tasks_words(len(fold.members))


def widest_label(folds: Iterable[Fold[Any]]) -> int:
    """Return how wide the column of names is."""
    return max((len(label(fold)) for fold in folds), default=0)


def fold_lines(fold: Fold[Any], width: int, most: int = NAMES) -> Iterator[Line]:
    """Yield what is below the row of a fold: its addresses, and the reasons of all of them."""
    if len(fold.addresses) > 1:
        found = names(fold.addresses, scene=fold.scene, most=most)
        if len(found) > 1:
            yield from _listed(found, width)
    for at, reason in enumerate(fold.members[0].reasons):
        others = (one.reasons[at] for one in fold.members)
        alike = all((one.old, one.new) == (reason.old, reason.new) for one in others)
        yield from reason_lines(reason, width, alike=alike)


def _listed(found: Sequence[str], width: int) -> Iterator[Line]:
    """Break a list of names into lines."""
    row = " " * 5
    for at, name in enumerate(map(visible, found)):
        word = f" {name}," if at < len(found) - 1 else f" {name}"
        if len(row) + len(word) > width and row.strip():
            yield (Span(text=row),)
            row = " " * 5
        row += word
    yield (Span(text=row),)


def _amount(step: Step) -> Line:
    if step.takes:
        return _to_make(step)
    if step.action is Action.CHOOSE:
        return (Span(text=choice_words(step)),)
    return (Span(text=_kept(step), style="dim"),)


def _kept(step: Step) -> str:
    """Say what there is of a task of which nothing is made."""
    if step.action is Action.MOVE:
        return f"from {visible(step.moved_from)}"
    if step.action is Action.REMOVE:
        return f"{takes_words(step.have)} kept"
    if step.same_as:
        return f"the same picture as {visible(step.same_as)}"
    return "not chosen" if step.unchosen else takes_words(step.have)


def _to_make(step: Step) -> Line:
    price = f"  {dollars(step.cost)}" if step.cost.high else ""
    have = f" ({step.have} there)" if step.have else ""
    amount = Span(text=f"{takes_words(step.takes)}{have}{price}")
    if not (
        step.drafts or step.waits or step.fetches or step.placeholders
    ):  # most steps, in a plan of thousands
        return (amount,)
    notes = [draft_words(draft) for draft in step.drafts]
    notes += [f"after {visible(', '.join(step.waits))}"] if step.waits else []
    if step.fetches:
        needed = visible(", ".join(step.fetches))
        notes.append(f"needs {needed}, not on this machine: render fetches it first")
    if step.placeholders:
        notes.append(placeholder_words(step))
    return (amount, *(Span(text=f"  {note}", style="dim") for note in notes))


def placeholder_words(step: Step) -> str:
    """Say which frames a free render does not show, since nothing is fetched for it."""
    which = " and ".join(map(visible, step.placeholders))
    frames, stand = ("frames", "are") if len(step.placeholders) > 1 else ("frame", "is")
    return f"its {which} {frames}, given by address, {stand} not fetched: a placeholder is shown"


def choice_words(step: Step) -> str:
    """Say of what a person has to choose before a task can be made."""
    if not step.options:
        return f"waits for a pick of {visible(', '.join(step.waits))}"
    shown = ", ".join(visible(name) for name in step.options[:_OPTIONS])
    more = len(step.options) - _OPTIONS
    rest = f" and {more} more" if more > 0 else ""
    return f"pick one of {len(step.options)}: {shown}{rest}"


def draft_words(draft: DraftUse) -> str:
    """Say which draft a final is made from, or why it cannot be, and what that would cost."""
    cost = f", which was {draft.again}" if draft.again else ""
    until = f"{draft.expires:%Y-%m-%d %H:%M} UTC" if draft.expires else ""
    if draft.expired:
        return f"its draft (take {draft.take}{cost}) expired {until}: this is a new generation"
    picked = "picked, " if draft.picked else ""
    ends = f", good until {until}" if until else ""
    return f"from the draft ({picked}take {draft.take}{cost}{ends})"


def reason_lines(reason: Reason, width: int, *, alike: bool = True) -> Iterator[Line]:
    """Yield what differs in one field: long texts as a diff of words below its name.

    Not `alike` are texts in which the same words differ: the words around are those of one task.
    """
    via = (Span(text=f"  via {visible(reason.cause)}", style="dim"),) if reason.cause else ()
    label = Span(text=f"      {visible(reason.field)}")
    if isinstance(reason.old, str) and isinstance(reason.new, str):
        if reason.old.startswith(HIDDEN):
            hint = "  (old prompt not available here; `--base REV` shows it from git)"
            yield (label, *via, Span(text=hint, style="dim"))
            return
        if not alike or len(reason.old) + len(reason.new) > 60:
            yield (label, *via)
            yield from _wrapped(word_diff(reason.old, reason.new), width)
            return
    change = Span(text=f": {_value(reason.old)} → {_value(reason.new)}")
    yield (label, change, *via)


def _value(value: Json) -> str:
    return one_line(value_words(value), 60)


def _wrapped(pieces: tuple[Piece, ...], width: int) -> Iterator[Line]:
    """Break a diff into lines between words, with its marks kept."""
    indent = " " * 8
    spans: list[Span] = [Span(text=indent)]
    used = len(indent)
    for span in _words(pieces):
        if used + len(span.text.rstrip()) > width and used > len(indent):
            yield tuple(spans)
            spans, used = [Span(text=indent)], len(indent)
        first = len(spans) == 1
        spans.append(Span(text=span.text.lstrip(), style=span.style) if first else span)
        used += len(spans[-1].text)
    yield tuple(spans)


def _words(pieces: tuple[Piece, ...]) -> Iterator[Span]:
    marks = {"old": ("[-", "-]"), "new": ("{+", "+}")}
    for piece in pieces:
        text = visible(piece.text)
        if piece.kind in marks:
            start, end = marks[piece.kind]
            yield Span(text=f"{start}{text}{end}", style=piece.kind)
            continue
        for at, word in enumerate(text.split(" ")):
            yield Span(text=f" {word}" if at else word, style="dim" if piece.kind == "gap" else "")


def _summary(plan: Plan) -> Iterator[Line]:
    if not plan.changes:
        yield (Span(text=nothing_to_do(len(plan.steps)), style="keep"),)
    else:
        for label, words in totals(plan):
            yield Span(text=f"{label}: ", style="bold"), Span(text=words)
    if plan.absent:
        yield (Span(text=not_here(len(plan.absent), option(plan.provider)), style="change"),)


def totals(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return the counts and the price of a plan, each with a label."""
    counts = plan.counts()
    said = [f"{counts[action]} {verb}" for action, verb in _VERBS.items() if counts[action]]
    more = (("Pictures", shared_words(plan)), ("Cost", price_words(plan)))
    rows = (("Plan", ", ".join(said) + "."), *more, ("Delivery", delivery_words(plan)))
    return tuple((label, words) for label, words in rows if words)


def shared_words(plan: Plan) -> str:
    """Say how many pictures the tasks show, where several show one; else nothing."""
    tasks, pictures = len(plan.lacking), plan.pictures
    if tasks == pictures:
        return ""
    shown = f"{tasks_words(tasks)}, {counted(pictures, 'picture')}"
    return f"{shown}; what looks the same is made and paid once."


def plain(rows: Iterable[Line]) -> str:
    """Return lines without their styles."""
    return "\n".join(unheard("".join(span.text for span in row).rstrip()) for row in rows)


def price_words(plan: Plan) -> str:
    """Say what a plan costs, and through whom."""
    takes = takes_words(plan.takes)
    if plan.cost.high:
        return f"{dollars(plan.cost)} for {takes} ({plan.provider})"
    if plan.takes and plan.list_price.high:
        return f"free, {takes} ({plan.provider}); through runware {dollars(plan.list_price)}"
    return f"$0 ({plan.provider})"


def dollars(cost: Cost) -> str:
    """Write a price in dollars, as a range where it is not known exactly."""
    return f"${cost.low:f}" if cost.exact else f"${cost.low:f} to ${cost.high:f}"


def takes_words(count: int) -> str:
    """Count takes in words."""
    return counted(count, "take")


def tasks_words(count: int) -> str:
    """Count tasks in words."""
    return counted(count, "task")

"""A plan for a person at a terminal: grouped by scene, with reasons, totals and price."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from renderer.catalog.money import Cost
from renderer.plan.model import Action, DraftUse, Json, Plan, Reason, Step
from renderer.plan.words import Piece, word_diff
from renderer.safe import not_here, nothing_to_do, one_line, unheard, visible

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
_SAME: Line = (Span(text="      the same change", style="dim"),)


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
    shown = [step for step in plan.steps if everything or step.action is not Action.KEEP]
    widest = max((len(_name(step)) for step in shown), default=0)
    for scene, steps in groupby(shown, key=lambda step: step.scene):
        yield scene, list(_steps(steps, widest, width))


def _steps(steps: Iterable[Step], widest: int, width: int) -> Iterator[Line]:
    before: tuple[str, tuple[Line, ...]] = ("", ())
    for step in steps:
        yield _step(step, widest)
        said = tuple(line for reason in step.reasons for line in reason_lines(reason, width))
        shot = step.address.partition("@")[0]
        yield from (_SAME,) if said and (shot, said) == before else said
        before = (shot, said)


def _name(step: Step) -> str:
    return visible(step.address.partition("/")[2])


def _step(step: Step, widest: int) -> Line:
    style = step.action.value
    head = Span(text=f"  {SYMBOLS[step.action]} ", style=style)
    name = Span(text=f"{_name(step):<{widest}}  ")
    return head, name, Span(text=f"{step.action.value:<8}", style=style), *_amount(step)


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
    notes = [draft_words(draft) for draft in step.drafts]
    notes += [f"after {visible(', '.join(step.waits))}"] if step.waits else []
    if step.fetches:
        needed = visible(", ".join(step.fetches))
        notes.append(f"needs {needed}, not on this machine: render fetches it first")
    return (amount, *(Span(text=f"  {note}", style="dim") for note in notes))


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


def reason_lines(reason: Reason, width: int) -> Iterator[Line]:
    """Yield what differs in one field: long texts as a diff of words below its name."""
    via = (Span(text=f"  via {visible(reason.cause)}", style="dim"),) if reason.cause else ()
    label = Span(text=f"      {visible(reason.field)}")
    if isinstance(reason.old, str) and isinstance(reason.new, str):
        if reason.old.startswith("sha256:"):
            hint = "  (the old words are not kept here; `--base REV` shows them from git)"
            yield (label, *via, Span(text=hint, style="dim"))
            return
        if len(reason.old) + len(reason.new) > 60:
            yield (label, *via)
            yield from _wrapped(word_diff(reason.old, reason.new), width)
            return
    change = Span(text=f": {_value(reason.old)} → {_value(reason.new)}")
    yield (label, change, *via)


def _value(value: Json) -> str:
    if value is None:
        return "(none)"
    if isinstance(value, bool):
        return "true" if value else "false"
    return one_line(value if isinstance(value, str) else str(value), 60)


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
        yield (Span(text=not_here(len(plan.absent)), style="change"),)


def totals(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return the counts and the price of a plan, each with a label."""
    counts = plan.counts()
    said = [f"{counts[action]} {verb}" for action, verb in _VERBS.items() if counts[action]]
    return ("Plan", ", ".join(said) + "."), ("Cost", price_words(plan))


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
    return f"{count} take" if count == 1 else f"{count} takes"

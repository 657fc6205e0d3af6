"""What is new in a plan since the one before it, for a person who watches."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from renderer.errors import Problem
from renderer.plan.model import Action, Plan, Step
from renderer.plan.output.text import Line, Span, step_entries, totals
from renderer.sanitize import counted, nothing_to_do, visible

_MOST = 12  # entries that are shown; `renderer plan` shows all
_NAMES = 3


def news(before: Plan | None, now: Plan, *, width: int = 100) -> tuple[Line, ...]:
    """Return the steps that are new, with the totals of the whole plan; nothing if it is as it was.

    Without a plan before, all that would be done is new.
    """
    if not is_news(before, now):
        return ()
    fresh = tuple(_fresh(before if before and before.provider == now.provider else None, now))
    return *_shown(fresh, width), *_totals(now)


def is_news(before: Plan | None, now: Plan) -> bool:
    """Return whether anything in a plan is new."""
    return before is None or _keys(before) != _keys(now) or before.provider != now.provider


def outdated(running: Plan, now: Plan) -> bool:
    """Return whether a picture that is being made for one plan is not wanted by the other.

    What waits for another shot is planned again before it is made, and is not looked at.
    """
    wanted = {step.fingerprint for step in now.steps}
    making = (step for step in running.steps if step.takes and not step.waits)
    return any(step.fingerprint not in wanted for step in making)


def made(plan: Plan, takes: Sequence[tuple[str, str]]) -> Plan:
    """Return a plan as it is when takes (address and fingerprint) were made, and it is settled.

    A step with takes missing stays as it is.
    """
    counted = Counter(address for address, _ in takes)
    short = {step.fingerprint for step in plan.steps if counted[step.address] < step.takes}
    pictures = dict(takes)
    left = (step for step in plan.steps if step.action is not Action.REMOVE)
    steps = (step if step.fingerprint in short else _kept(step, pictures) for step in left)
    return replace(plan, steps=tuple(steps))


def problem_lines(problems: Sequence[Problem]) -> tuple[Line, ...]:
    """Return what is wrong, in the words of `renderer validate`."""
    count = counted(len(problems), "problem")
    rows = [(Span(text=visible(str(problem))),) for problem in problems]
    return *rows, (Span(text=count, style="remove"),)


def named(names: Sequence[str]) -> str:
    """Write the names of a few files; of many only how many more there are."""
    rest = len(names) - _NAMES
    shown = [visible(name) for name in (names if rest <= 1 else names[:_NAMES])]
    return ", ".join(shown) + (f" and {rest} more" if rest > 1 else "")


def _fresh(before: Plan | None, now: Plan) -> Iterator[Step]:
    if before is None:
        yield from now.changes
        return
    known = _keys(before)
    yield from (step for step in now.steps if known.get(step.address) != _key(step))


def _kept(step: Step, pictures: Mapping[str, str]) -> Step:
    """Return a step whose takes are there; one that had to wait has got its picture by now."""
    return Step(
        address=step.address,
        action=Action.KEEP,
        fingerprint=pictures.get(step.address, step.fingerprint),
        have=step.have + step.takes,
    )


def _keys(plan: Plan) -> dict[str, object]:
    return {step.address: _key(step) for step in plan.steps}


def _key(step: Step) -> object:
    """Return what a person would call another step: a take more under the same picture is not."""
    if step.action is Action.KEEP:
        return step.fingerprint
    return step.action, step.fingerprint, step.takes, step.reasons, step.moved_from, step.drafts


def _shown(fresh: Sequence[Step], width: int) -> Iterator[Line]:
    left, shown = _MOST, 0
    for scene, entries in step_entries(fresh, width=width):
        few, left = entries[:left], left - len(entries[:left])
        shown += sum(one.tasks for one in few)
        if few:
            yield (Span(text=visible(scene), style="bold"),)
        for one in few:
            yield from one.lines
    if len(fresh) > shown:
        words = f"  … and {len(fresh) - shown} more: `renderer plan` shows all"
        yield (Span(text=words, style="dim"),)


def _totals(now: Plan) -> Iterator[Line]:
    if not now.changes:
        yield (Span(text=nothing_to_do(len(now.steps)), style="keep"),)
        return
    for label, words in totals(now):
        yield Span(text=f"{label}: ", style="bold"), Span(text=words)

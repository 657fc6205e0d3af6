"""How a render ended, in words and as an exit code."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from renderer.plan.model import Step
from renderer.plan.output.text import choice_words
from renderer.providers import Provider, option
from renderer.render.outcome import Failure, Outcome, Pending
from renderer.runware.codes import Kind

_OVER = "overBudget"
_NAMED = 5  # addresses in a line; what is wrong with all of them is said once


def code(outcome: Outcome) -> int:
    """Return the exit code of an outcome."""
    if outcome.interrupted:
        return 130
    if outcome.stopped:
        return 5
    if any(failure.code == _OVER for failure in outcome.unsent):
        return 4
    if outcome.failed or outcome.unsent or outcome.waiting or outcome.unplaced:
        return 1
    return 4 if outcome.unknown or outcome.running or outcome.choices else 0


def problems(outcome: Outcome, provider: Provider) -> Iterator[str]:
    """Yield what did not come off, and what to do about it."""
    paid, flag = provider.paid, option(provider.name)
    for text, failures in _same_text(outcome.failed).items():
        again = (
            " (paid for: the next render fetches it again)" if paid and failures[0].paid else ""
        )
        yield f"failed: {_named(failures)}: {text}{_tasks(failures) if paid else ''}{again}"
    if paid:
        yield from _open("still running, and billed", outcome.running)
        settled = tuple(one for one in outcome.unknown if not one.asked_again)
        yield from _open("unknown, and perhaps billed", settled)
        doubt = tuple(one for one in outcome.unknown if one.asked_again)
        yield from _open("not settled yet, and perhaps billed", doubt)
    for text, failures in _same_text(() if outcome.stopped else outcome.unsent).items():
        yield f"not sent: {_named(failures)}: {text}"
    if outcome.stopped:
        yield f"stopped: {outcome.stopped}"
    if outcome.stopped and outcome.stopped.kind is Kind.MONEY:
        yield "Nothing more was submitted; running tasks were collected. Add credit to the account and run again."
    for address in outcome.waiting:
        yield f"not made: {address}: it depends on a shot that was not made"
    if outcome.unplaced:
        yield _unplaced(outcome.unplaced, flag)
    yield from _choices(outcome.choices, flag)
    yield from _next(outcome, flag)


def _same_text(failures: Iterable[Failure]) -> Mapping[str, list[Failure]]:
    """Return failures by what is said of them, so that it is said once."""
    found: dict[str, list[Failure]] = {}
    for one in failures:
        found.setdefault(one.text, []).append(one)
    return found


def _named(failures: Sequence[Failure]) -> str:
    names = list(dict.fromkeys(one.order.address for one in failures))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _tasks(failures: Sequence[Failure]) -> str:
    """Return the id of a task, by which the provider's support finds it."""
    ids = [one.task_uuid for one in failures if one.task_uuid]
    return f", task {ids[0]}" if ids else ""


def _choices(waiting: Sequence[Step], flag: str) -> Iterator[str]:
    """Say what waits for a person to choose, and how that is done."""
    for step in waiting:
        yield f"not made: {step.address}: {choice_words(step)}"
    if waiting:
        among = ", or add --all-finals" if any(step.options for step in waiting) else ""
        yield f"Choose with `renderer pick ADDRESS#N{flag}`{among}."


def _unplaced(count: int, flag: str) -> str:
    """Say that takes are made, and could not be laid out."""
    takes = "1 take is" if count == 1 else f"{count} takes are"
    return (
        f"{takes} not in renders/: the files are not on this machine, or damaged. "
        f"`renderer verify --repair{flag}` looks for whole ones; nothing is bought again unless you "
        f"run `renderer render{flag} --again ADDRESS#N`."
    )


def _open(label: str, tasks: tuple[Pending, ...]) -> Iterator[str]:
    for one in tasks:
        risk = "" if one.risk is None else f" ${one.risk:f}"
        yield f"{label}:{risk} {one.order.address}: {one.text}, task {one.task_uuid}"


def _next(outcome: Outcome, flag: str) -> Iterator[str]:
    if not outcome.interrupted and any(not one.asked_again for one in outcome.unknown):
        yield (
            f"Nothing new is bought for unknown tasks; `renderer render{flag} --resubmit ID` abandons a"
            " task, and buys its takes again if they are still wanted."
        )
    if any(one.asked_again for one in outcome.unknown):
        yield f"The next `renderer render{flag}` asks about what is not settled yet."
    if outcome.running:
        yield f"The next `renderer render{flag}` collects what runs before anything else, at no cost."
    elif outcome.interrupted or outcome.unsent:
        yield f"`renderer render{flag}` continues from here."

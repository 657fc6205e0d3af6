"""Steps that depend on other shots: whether what they wait for is made, chosen, or neither."""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import replace

from renderer.catalog.money import FREE
from renderer.errors import Problem
from renderer.plan.model import Action, Plan, Step


def choosing(plan: Plan) -> Plan:
    """Return the plan with every step that waits for a choice of a person saying so.

    A take that waits for a shot of which nothing will be made here is not made either. A final waits
    for no take, since what its draft depends on is in it. For a choice it does, unless its own
    draft was picked: another take may be chosen, and then the final is paid for in vain.
    """
    if not any(step.needs for step in plan.steps):
        return plan
    waits = _Waits(plan)
    steps = tuple(map(waits.settled, plan.steps))
    return plan if steps == plan.steps else replace(plan, steps=steps)


class _Waits:
    def __init__(self, plan: Plan) -> None:
        self._steps = {step.address: step for step in plan.steps}
        self._makers = {step.fingerprint for step in plan.steps if step.takes}
        self._known: dict[str, bool] = {}

    def settled(self, step: Step) -> Step:
        """Return a step as it is to be carried out."""
        if self._blocked(step):
            return replace(step, action=Action.CHOOSE, takes=0, cost=FREE, drafts=())
        if step.action is Action.PROMOTE and step.needs:
            return replace(step, waits=(), needs=())
        return step

    def _blocked(self, step: Step) -> bool:
        """Return whether a step that makes takes waits for what only a person can settle."""
        if not step.takes or not step.needs:
            return False
        if step.address not in self._known:
            self._known[step.address] = any(map(self._stops(step), step.needs))
        return self._known[step.address]

    def _stops(self, step: Step) -> Callable[[str], bool]:
        if step.action is not Action.PROMOTE:
            return self._unmade
        picked = all(draft.picked for draft in step.drafts)
        return (lambda _: False) if picked else self._undecided

    def _unmade(self, address: str) -> bool:
        source = self._steps[address]
        if not source.takes:
            return source.fingerprint not in self._makers
        return self._blocked(source)

    def _undecided(self, address: str) -> bool:
        source = self._steps[address]
        return source.action is Action.CHOOSE or self._blocked(source)


def in_vain(plan: Plan, selected: Container[str], film: str = "") -> Iterator[Problem]:
    """Yield a problem for each selected step that waits for one that is not selected.

    `film` is the deliverable that alone was selected, if any was.
    """
    waiting = [step for step in plan.steps if step.needs and step.takes]
    if not waiting:
        return
    steps = {step.address: step for step in plan.steps}
    made = {step.fingerprint for step in plan.steps if step.takes and step.address in selected}
    for step in waiting:
        missing = [
            at for at in step.needs if at not in selected and steps[at].fingerprint not in made
        ]
        if step.address in selected and missing:
            yield Problem(
                what=f"{step.address} depends on {', '.join(missing)}, "
                "which is not made and not chosen",
                todo=" ".join([*_advice(film), *(f"--only {name}" for name in _shots(missing))]),
            )


def _advice(film: str) -> Sequence[str]:
    return ("render that first, without --deliverable:",) if film else ("add",)


def _shots(addresses: Sequence[str]) -> list[str]:
    return sorted({address.partition("@")[0] for address in addresses})

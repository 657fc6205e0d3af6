"""What goes on from a shot that waits for a choice waits too, as a table; finals of drafts as well."""

from decimal import Decimal

import pytest

from renderer.catalog.money import Cost
from renderer.plan.model import Action, DraftUse, Plan, Step
from renderer.plan.waiting import choosing, in_vain

PRICE = Cost(low=Decimal("0.1"), high=Decimal("0.1"))


def draft(*, picked: bool) -> DraftUse:
    return DraftUse(
        id="d",
        name="film/a#1",
        take=1,
        sha256="0" * 64,
        seed=1,
        picked=picked,
        expires=None,
        expired=False,
        again="",
    )


def chain(*kinds: str) -> Plan:
    """Return a plan of shots that each need the one before; `picked` is a final of a picked draft."""
    steps: list[Step] = []
    for kind in kinds:
        before = (steps[-1].address,) if steps else ()
        action = Action.PROMOTE if kind == "picked" else Action(kind)
        takes = int(action not in {Action.CHOOSE, Action.KEEP})
        steps.append(
            Step(
                address=f"film/{len(steps)}",
                fingerprint=f"v1-{len(steps)}",
                action=action,
                takes=takes,
                cost=PRICE * takes,
                needs=before if takes else (),
                waits=before if takes else (),
                drafts=(draft(picked=kind == "picked"),) if action is Action.PROMOTE else (),
            )
        )
    return Plan(provider="runware", steps=tuple(steps))


TABLE = {
    ("choose", "create"): ("choose", "choose"),
    ("choose", "change", "create"): ("choose", "choose", "choose"),
    ("choose", "promote"): ("choose", "choose"),
    ("choose", "promote", "promote"): ("choose", "choose", "choose"),
    ("choose", "change", "promote"): ("choose", "choose", "choose"),
    ("choose", "picked"): ("choose", "promote"),
    ("choose", "promote", "picked"): ("choose", "choose", "promote"),
    ("choose", "picked", "promote"): ("choose", "promote", "promote"),
    ("promote", "promote"): ("promote", "promote"),
    ("create", "promote", "create"): ("create", "promote", "create"),
    ("keep", "promote"): ("keep", "promote"),
    ("keep", "create"): ("keep", "choose"),  # of what is kept, nothing of this picture
}


@pytest.mark.parametrize("kinds", TABLE, ids=" ".join)
def test_what_depends_on_a_choice_is_not_bought_before_it(kinds: tuple[str, ...]) -> None:
    plan = choosing(chain(*kinds))

    assert tuple(step.action for step in plan.steps) == TABLE[kinds]
    for step in plan.steps:
        assert step.cost.high == PRICE.high * step.takes
        if step.action is Action.CHOOSE:
            assert (step.takes, step.drafts) == (0, ())


@pytest.mark.parametrize("kinds", [("promote", "promote"), ("choose", "picked")])
def test_a_final_waits_for_no_take_and_can_be_made_alone(kinds: tuple[str, ...]) -> None:
    plan = choosing(chain(*kinds))

    assert plan.steps[1].needs == plan.steps[1].waits == ()
    assert list(in_vain(plan, {"film/1"})) == []

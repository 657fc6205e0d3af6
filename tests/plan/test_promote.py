"""Drafts that become finals: by their id, at the final size, while they last."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from renderer.adapters.disk.resources import model_texts
from renderer.catalog.catalog import Catalog
from renderer.catalog.defaults import picture
from renderer.catalog.load import load_model
from renderer.catalog.money import Cost
from renderer.catalog.price import estimate
from renderer.expand.fingerprint import fields, fingerprint
from renderer.expand.task import Task
from renderer.json_types import JsonObject
from renderer.lock.model import Lock, Take
from renderer.lock.takes import Takes
from renderer.plan.apply import recorded
from renderer.plan.decide import decide
from renderer.plan.finals import DraftRules
from renderer.plan.model import Action, Plan, Step
from renderer.plan.output.text import draft_words
from renderer.plan.promote import promoted
from renderer.providers import Provider
from renderer.render.orders import orders

CATALOG = Catalog.of(load_model(text, name) for name, text in model_texts().items())
MODEL = CATALOG.get("bytedance:seedance@1.5-pro")
MADE = datetime(2026, 3, 27, 2, 53, 45, tzinfo=UTC)


def task(*, draft: bool, prompt: str = "rain on a tower", duration: int = 5) -> Task:
    size = {"width": 864, "height": 496} if draft else {"width": 1280, "height": 720}
    request: JsonObject = {
        "taskType": "videoInference",
        "model": MODEL.air,
        "positivePrompt": prompt,
        "duration": duration,
        "seed": 65545,
        **size,
        "providerSettings": {"bytedance": {"draft": draft, "audio": True}},
    }
    seen = picture(MODEL, request)
    return Task(
        address="clocktower/tower",
        scene="clocktower",
        shot="tower",
        title="tower",
        cell={},
        model=MODEL.air,
        request=request,
        files={},
        wanted=1,
        fingerprint=fingerprint(seen),
        fields=fields(seen),
        cost=estimate(MODEL, request) or Cost(low=Decimal(0), high=Decimal(0)),
    )


def drafted(count: int = 1) -> Lock:
    lock = Lock(lineage="l")
    for number in range(1, count + 1):
        take = Take(
            number=number,
            fingerprint=task(draft=True).fingerprint,
            sha256=f"{number:064x}",
            size=1,
            format="mp4",
            seed=65544 + number,
            cost=Decimal("0.07292"),
            video_uuid=f"v{number}",
            draft_id=f"cgt-20260327025345-aaaa{number}",
        )
        lock = recorded(lock, task(draft=True), take)
    return lock


def planned(
    wanted: Task, lock: Lock, *, picks: frozenset[str] = frozenset(), days: int = 1
) -> Plan:
    plan = decide([wanted], lock, Provider(name="runware", paid=True))
    rules = DraftRules(
        model=CATALOG.get,
        picks=lambda: picks,
        now=MADE + timedelta(days=days),
        perishable=True,
    )
    return promoted(plan, [wanted], Takes(lock), rules)


def only(plan: Plan) -> Step:
    (step,) = plan.steps
    return step


def test_turning_a_draft_off_is_a_promotion_with_both_prices() -> None:
    step = only(planned(task(draft=False), drafted()))

    assert (step.action, step.takes) == (Action.PROMOTE, 1)
    assert str(step.cost) == "0.26136"
    assert step.draft
    assert draft_words(step.draft) == (
        "from the draft (take 1, which was $0.07292, good until 2026-04-03 02:53 UTC)"
    )


def test_the_final_is_one_request_that_holds_the_draft_id_and_its_seed() -> None:
    wanted, lock = task(draft=False), drafted()

    (order,) = orders(planned(wanted, lock), [wanted], lock, CATALOG)

    assert order.count == 1
    assert order.request["inputs"] == {"draftId": "cgt-20260327025345-aaaa1"}
    assert (order.request["width"], order.request["height"]) == (1280, 720)
    assert order.request["seed"] == 65545
    assert order.request["positivePrompt"] == "rain on a tower"
    assert "providerSettings" not in order.request
    assert order.fingerprint == wanted.fingerprint


def test_the_picked_draft_is_the_one_that_is_promoted() -> None:
    step = only(planned(task(draft=False), drafted(2), picks=frozenset({f"{2:064x}"})))

    assert step.draft
    assert (step.draft.take, step.draft.picked) == (2, True)


@pytest.mark.parametrize("change", [{"prompt": "snow on a tower"}, {"duration": 8}])
def test_a_change_of_the_picture_besides_is_a_new_generation(change: dict[str, object]) -> None:
    step = only(planned(task(draft=False, **change), drafted()))  # type: ignore[arg-type]

    assert (step.action, step.draft) == (Action.CHANGE, None)


def test_an_expired_draft_is_told_and_never_promoted() -> None:
    wanted, lock = task(draft=False), drafted()
    plan = planned(wanted, lock, days=8)
    step = only(plan)

    assert step.action is Action.CHANGE
    assert step.draft
    assert step.draft.expired
    assert "expired 2026-04-03 02:53 UTC" in draft_words(step.draft)
    (order,) = orders(plan, [wanted], lock, CATALOG)
    assert "inputs" not in order.request


@pytest.mark.parametrize("picked", [1, 2])
def test_in_place_of_an_expired_draft_its_own_seed_is_asked_for(picked: int) -> None:
    wanted = task(draft=False)
    wanted = replace(wanted, request={**wanted.request, "seed": 65545})
    lock = drafted(2)
    takes = lock.entries["clocktower/tower"].takes
    plan = planned(wanted, lock, days=8, picks=frozenset({takes[picked - 1].sha256}))

    (order,) = orders(plan, [wanted], lock, CATALOG)

    assert (order.request["seed"], order.count) == (takes[picked - 1].seed, only(plan).takes)


def test_after_the_final_there_is_nothing_to_do() -> None:
    wanted = task(draft=False)
    take = Take(
        number=2,
        fingerprint=wanted.fingerprint,
        sha256="f" * 64,
        size=1,
        format="mp4",
        video_uuid="final",
    )
    lock = recorded(drafted(), wanted, take)

    assert only(planned(wanted, lock)).action is Action.KEEP
    assert only(planned(task(draft=True), lock)).action is Action.KEEP


def test_a_draft_without_an_id_cannot_be_promoted() -> None:
    lock = drafted()
    entry = lock.entries["clocktower/tower"]
    bare = replace(entry, takes=tuple(replace(take, draft_id="") for take in entry.takes))

    step = only(planned(task(draft=False), replace(lock, entries={"clocktower/tower": bare})))

    assert (step.action, step.draft) == (Action.CHANGE, None)

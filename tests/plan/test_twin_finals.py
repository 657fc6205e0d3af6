"""Tasks of one picture share its finals: each is made by one of them, whatever is there already."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count, islice, product

import pytest

from renderer.catalog.money import total
from renderer.expand.task import Task
from renderer.lock.model import Lock, Take
from renderer.lock.takes import Takes
from renderer.plan.apply import recorded, settled
from renderer.plan.decide import decide
from renderer.plan.finals import DraftRules
from renderer.plan.model import Action, Plan
from renderer.plan.promote import promoted
from renderer.providers import Provider
from renderer.render.orders import orders
from tests.plan.test_promote import CATALOG, MADE, task

FINAL, DRAFT = task(draft=False), task(draft=True)
SETS: tuple[frozenset[int], ...] = (
    frozenset(),
    frozenset({1}),
    frozenset({2}),
    frozenset({1, 2}),
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """`owners` has for each twin the finals that are recorded under it, `drafts` its drafts."""

    wanted: tuple[int, ...]
    drafts: tuple[frozenset[int], ...]
    owners: tuple[frozenset[int], ...]
    picks: frozenset[int]
    all_finals: bool
    only: int | None = None

    @property
    def alike(self) -> bool:
        return len({*self.drafts}) == 1

    @property
    def there(self) -> frozenset[int]:
        return frozenset().union(*self.owners)

    def tasks(self, like: Task) -> list[Task]:
        return [
            replace(like, address=f"a/{name}", scene="a", shot=name, wanted=wanted)
            for name, wanted in zip(("one", "two", "three"), self.wanted, strict=False)
        ]

    def chosen(self) -> list[Task]:
        tasks = self.tasks(FINAL)
        return tasks if self.only is None else [tasks[self.only]]

    def lock(self) -> Lock:
        lock = Lock(lineage="l")
        for twin, own in zip(self.tasks(DRAFT), self.drafts, strict=True):
            for number in sorted(own):
                lock = recorded(lock, twin, draft(number))
        for twin, own in zip(self.tasks(FINAL), self.owners, strict=True):
            for number in sorted(own):
                lock = recorded(lock, twin, final(number))
        return lock

    def plan(self, lock: Lock) -> Plan:
        """Plan as the program does: all tasks, then those that were selected."""
        tasks, chosen = self.tasks(FINAL), self.chosen()
        rules = DraftRules(
            model=CATALOG.get,
            picks=lambda: frozenset(draft(number).sha256 for number in self.picks),
            now=MADE,
            perishable=True,
            all_finals=self.all_finals,
        )
        whole = decide(tasks, lock, Provider(name="runware", paid=True), chosen)
        whole = promoted(whole, tasks, Takes(lock), rules, chosen)
        addresses = {one.address for one in chosen}
        return replace(whole, steps=tuple(s for s in whole.steps if s.address in addresses))


def draft(number: int) -> Take:
    return Take(
        number=number,
        fingerprint=DRAFT.fingerprint,
        sha256=f"{number:064x}",
        size=1,
        format="mp4",
        seed=65544 + number,
        cost=Decimal("0.07292"),
        video_uuid=f"v{number}",
        draft_id=f"cgt-20260327025345-aaaa{number}",
    )


def final(number: int) -> Take:
    made = draft(number)
    return replace(
        made,
        number=number + 2,
        fingerprint=FINAL.fingerprint,
        sha256=f"{number + 2:064x}",
        video_uuid=f"v{number + 2}",
        draft_id="",
        draft=made.sha256,
    )


def cases(drafts: tuple[frozenset[int], ...]) -> Iterator[Case]:
    twins = len(drafts)
    for wanted, owners, picks, all_finals, only in product(
        product((1, 2), repeat=twins),
        _owners(twins),
        SETS,
        (False, True),
        (None, *range(twins)),
    ):
        yield Case(
            wanted=wanted,
            drafts=drafts,
            owners=owners,
            picks=picks,
            all_finals=all_finals,
            only=only,
        )


def _owners(twins: int) -> Iterator[tuple[frozenset[int], ...]]:
    """Yield finals that all twins have, one of them, or each another."""
    yield from ((found,) * twins for found in SETS)
    yield from (
        tuple(found if at == place else SETS[0] for at in range(twins))
        for found in SETS[1:]
        for place in range(twins)
    )
    yield (SETS[1], *(SETS[2],) * (twins - 1))


BOTH = frozenset({1, 2})
ALIKE = ((BOTH,) * 2, (BOTH,) * 3)
EVERY = pytest.mark.parametrize(  # a prime, so that all values of each kind come up
    "every", [pytest.param(1, marks=pytest.mark.campaign), 17], ids=["all", "some"]
)
APART = ((BOTH, SETS[2]), (SETS[1], BOTH), (SETS[1], SETS[2]), (SETS[1], BOTH, SETS[2]))


def asked(case: Case, lock: Lock, plan: Plan) -> dict[tuple[str, int], int]:
    """Return what a provider would be asked for, by what makes the id of a request."""
    found = orders(plan, case.chosen(), settled(lock, plan, case.chosen()), CATALOG)
    return {(order.fingerprint, order.index): order.count for order in found}


def bought(plan: Plan) -> Iterator[Take]:
    """Yield what a plan makes: finals of drafts, and takes that are made of no draft."""
    fresh = count(10)
    for step in plan.steps:
        made = [use.take for use in step.drafts] or list(islice(fresh, step.takes))
        yield from map(final, made if step.takes else ())


@EVERY
@pytest.mark.parametrize("drafts", [*ALIKE, *APART])
def test_a_plan_counts_each_request_once(drafts: tuple[frozenset[int], ...], every: int) -> None:
    for case in islice(cases(drafts), 0, None, every):
        lock = case.lock()

        plan = case.plan(lock)

        requests = asked(case, lock, plan)
        assert plan.takes == sum(requests.values()), case
        assert plan.cost == total(FINAL.cost * count for count in requests.values()), case


@EVERY
@pytest.mark.parametrize("drafts", ALIKE)
def test_the_finals_that_are_wanted_and_nowhere_are_made_by_whoever_is_chosen(
    drafts: tuple[frozenset[int], ...], every: int
) -> None:
    for case in islice(cases(drafts), 0, None, every):
        wanted = BOTH if case.all_finals else case.picks

        plan = case.plan(case.lock())

        assert plan.takes == len(wanted - case.there), case
        choose = not (wanted or case.there)
        assert [step.action is Action.CHOOSE for step in plan.steps] == [choose] * len(plan.steps)


@EVERY
@pytest.mark.parametrize("drafts", [*ALIKE, *APART])
def test_a_plan_that_is_carried_out_leaves_no_final_to_be_made(
    drafts: tuple[frozenset[int], ...], every: int
) -> None:
    for case in islice(cases(drafts), 0, None, every):
        lock = case.lock()
        plan = case.plan(lock)

        after = settled(lock, plan, case.chosen())
        for take, one in product(bought(plan), case.tasks(FINAL)):
            after = recorded(after, one, take)

        again = case.plan(after)
        assert again.takes == 0, case
        assert {s.action for s in again.steps} <= {Action.KEEP, Action.CHOOSE}, case


def test_who_shares_a_final_names_the_task_that_makes_it_and_is_not_made_before() -> None:
    case = Case(
        wanted=(1, 1),
        drafts=(BOTH, BOTH),
        owners=(SETS[1], SETS[1]),
        picks=BOTH,
        all_finals=False,
    )

    one, two = case.plan(case.lock()).steps

    assert (one.action, one.takes, one.have, one.twin) == (Action.PROMOTE, 1, 1, "")
    assert (two.action, two.takes, two.have, two.twin) == (Action.PROMOTE, 0, 1, "a/one")

"""What a watch says of a plan, given the plan before it."""

from dataclasses import replace
from decimal import Decimal

from renderer.catalog.money import Cost
from renderer.errors import Place, Problem
from renderer.plan.model import Action, Plan, Reason, Step
from renderer.plan.output.changes_since import made, named, news, outdated, problem_lines
from renderer.plan.output.text import plain

PRICE = Cost(low=Decimal("0.07292"), high=Decimal("0.07292"))
QUAY = Step(address="harbour/quay", action=Action.KEEP, fingerprint="q1", have=1)
LAMP = Step(address="harbour/lamp", action=Action.KEEP, fingerprint="l1", have=1)


def changed(step: Step, mark: str) -> Step:
    reason = Reason(field="duration", old=4, new=5)
    bare = Step(address=step.address, action=Action.CHANGE, fingerprint=mark, takes=1, cost=PRICE)
    return replace(bare, reasons=(reason,))


def plan(*steps: Step, provider: str = "runware") -> Plan:
    return Plan(provider=provider, steps=steps)


def said(before: Plan | None, now: Plan) -> list[str]:
    return plain(news(before, now)).splitlines()


def test_at_first_all_that_would_be_done_is_new() -> None:
    assert said(None, plan(changed(QUAY, "q2"), LAMP)) == [
        "harbour",
        "  ~ quay  change  1 take  $0.07292",
        "      duration: 4 → 5",
        "Plan: 1 to change, 1 unchanged.",
        "Cost: $0.07292 for 1 take (runware)",
    ]


def test_a_first_plan_without_changes_is_one_line() -> None:
    assert said(None, plan(QUAY, LAMP)) == ["Nothing to do: all 2 tasks are made."]


def test_a_plan_as_it_was_is_no_news_and_neither_is_one_take_more_of_the_same() -> None:
    waiting = plan(changed(QUAY, "q2"), LAMP)
    assert not news(waiting, waiting)
    assert not news(plan(QUAY), plan(replace(QUAY, have=2)))


def test_only_new_steps_are_shown_and_the_price_is_that_of_the_whole_plan() -> None:
    before = plan(changed(QUAY, "q2"), LAMP)
    assert said(before, plan(changed(QUAY, "q2"), changed(LAMP, "l2"))) == [
        "harbour",
        "  ~ lamp  change  1 take  $0.07292",
        "      duration: 4 → 5",
        "Plan: 2 to change.",
        "Cost: $0.14584 for 2 takes (runware)",
    ]


def test_a_change_that_was_taken_back_is_news() -> None:
    assert said(plan(changed(QUAY, "q2"), LAMP), plan(QUAY, LAMP)) == [
        "harbour",
        "  = quay  keep    1 take",
        "Nothing to do: all 2 tasks are made.",
    ]


def test_a_shot_that_left_the_specs_is_news_though_no_step_is_left_of_it() -> None:
    unmade = replace(LAMP, action=Action.CREATE, have=0, takes=1)
    assert said(plan(QUAY, unmade), plan(QUAY)) == ["Nothing to do: the one task is made."]


def test_another_provider_is_another_plan() -> None:
    paid = plan(changed(QUAY, "q2"))
    assert said(replace(paid, provider="local"), paid) == said(None, paid)


UNMADE = replace(QUAY, action=Action.CREATE, have=0, takes=1)


def test_of_many_steps_the_first_are_shown_and_the_rest_is_counted() -> None:
    steps = [replace(UNMADE, address=f"harbour/s{n:02}") for n in range(40)]
    rows = said(None, plan(*steps))
    assert sum(row.startswith("  +") for row in rows) == 12
    assert "  … and 28 more: `renderer plan` shows all" in rows


def test_a_render_is_outdated_by_a_plan_that_does_not_want_its_picture() -> None:
    running = plan(changed(QUAY, "q2"), LAMP)
    assert not outdated(running, plan(changed(QUAY, "q2"), changed(LAMP, "l2")))
    assert outdated(running, plan(changed(QUAY, "q3"), LAMP))
    assert outdated(running, plan(LAMP))
    assert not outdated(plan(QUAY, LAMP), plan(LAMP))


def test_what_was_made_is_kept_and_what_is_missing_stays_to_be_made() -> None:
    twice = replace(changed(LAMP, "l2"), takes=2)
    gone = Step(address="harbour/gull", action=Action.REMOVE, have=1)
    moved = replace(QUAY, address="harbour/pier", action=Action.MOVE, moved_from="harbour/quay")
    before = plan(changed(QUAY, "q2"), twice, gone, moved)
    after = made(before, [("harbour/quay", "q2"), ("harbour/lamp", "l2")])
    assert [(step.address, step.action, step.have) for step in after.steps] == [
        ("harbour/quay", Action.KEEP, 1),
        ("harbour/lamp", Action.CHANGE, 0),
        ("harbour/pier", Action.KEEP, 1),
    ]
    assert made(before, [("harbour/quay", "q2"), *[("harbour/lamp", "l2")] * 2]).changes == ()


def test_one_picture_of_two_tasks_is_made_for_both() -> None:
    first = changed(QUAY, "q2")
    same = replace(changed(LAMP, "q2"), takes=0, same_as="harbour/quay")
    assert made(plan(first, same), [("harbour/quay", "q2")]).changes == ()


def test_problems_are_told_as_validate_tells_them() -> None:
    one = Problem(what="no\x1b[31m prompt", todo="add one", place=Place(file="a.yaml", line=3))
    assert plain(problem_lines([one])).splitlines() == [
        "a.yaml:3:0: no^[[31m prompt; add one",
        "1 problem",
    ]
    assert plain(problem_lines([one, one])).splitlines()[-1] == "2 problems"


def test_of_many_files_three_are_named() -> None:
    assert named(["a", "b", "c", "d"]) == "a, b, c, d"
    assert named(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
    assert named([]) == ""


def test_what_goes_on_from_another_shot_has_its_picture_once_both_are_made() -> None:
    after = replace(changed(LAMP, "after quay"), waits=("harbour/quay",))
    before = plan(changed(QUAY, "q2"), after)
    assert not outdated(before, plan(QUAY, changed(QUAY, "q2"), changed(LAMP, "l9")))
    done = made(before, [("harbour/quay", "q2"), ("harbour/lamp", "l9")])
    assert [step.fingerprint for step in done.steps] == ["q2", "l9"]
    assert not done.changes

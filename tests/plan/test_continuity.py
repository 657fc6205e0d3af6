"""Laws of shots that go on from each other: who follows a change, and who does not."""

import hashlib
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.catalog.money import Cost
from renderer.expand.frame_links import in_reach, sound
from renderer.expand.task import Link, Task
from renderer.lock.model import Lock, Take
from renderer.plan.apply import recorded, settled
from renderer.plan.decide import decide
from renderer.plan.frame_links import LinkSources, linked, traced
from renderer.plan.model import Action
from renderer.providers import Provider

RUNWARE = Provider(name="runware", paid=True)
PRICE = Cost(low=Decimal("0.1"), high=Decimal("0.1"))
Story = list[list[tuple[int, bool]]]  # of each shot: earlier shots it goes on from, pinned or not


@st.composite
def stories(draw: st.DrawFn) -> Story:
    count = draw(st.integers(2, 7))
    return [
        [
            (draw(st.integers(0, at - 1)), draw(st.booleans()))
            for _ in range(draw(st.integers(0, 2 if at else 0)))
        ]
        for at in range(count)
    ]


def digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


def tasks_of(story: Story, versions: dict[int, int]) -> tuple[Task, ...]:
    return tuple(
        Task(
            address=f"film/s{at}",
            scene="film",
            shot=f"s{at}",
            title="",
            cell={},
            model="m",
            request={"positivePrompt": f"{at} {versions.get(at, 0)}"},
            files={},
            wanted=1,
            fingerprint="v1-" + digest(f"{at} {versions.get(at, 0)}"),
            fields={},
            cost=PRICE,
            links=tuple(
                Link(at=("first", "last")[n], shot=f"film/s{source}", frame="last", pinned=pinned)
                for n, (source, pinned) in enumerate(sources)
            ),
        )
        for at, sources in enumerate(story)
    )


def made(tasks: tuple[Task, ...], lock: Lock) -> tuple[Lock, int]:
    """Make what does not wait, again and again, as a render does; return the number of waves."""
    for wave in range(len(tasks) + 1):
        now = linked(tasks, lambda: lock, LinkSources())  # noqa: B023 - called at once
        plan = decide(now, lock, RUNWARE)
        lock = settled(lock, plan, now)
        by_address = {task.address: task for task in now}
        ready = [step for step in plan.steps if step.takes and not step.waits]
        if not ready:
            return lock, wave
        for step in ready:
            task = by_address[step.address]
            entry = lock.entries.get(step.address)
            take = Take(
                number=entry.next_number if entry else 1,
                fingerprint=task.fingerprint,
                sha256=digest(f"take {task.fingerprint}"),
                size=1,
                format="mp4",
                video_uuid=digest(task.fingerprint)[:32],
            )
            lock = recorded(lock, task, take)
    raise AssertionError("it never comes to an end")


def stale(tasks: tuple[Task, ...], lock: Lock) -> set[int]:
    now = linked(tasks, lambda: lock, LinkSources())
    steps = decide(now, lock, RUNWARE).steps
    return {int(step.address[6:]) for step in steps if step.action is not Action.KEEP}


def followers(story: Story, changed: int) -> set[int]:
    found = {changed}
    for at, sources in enumerate(story):
        if any(source in found and not pinned for source, pinned in sources):
            found.add(at)
    return found


@given(stories(), st.data())
@settings(max_examples=150)
def test_a_change_reaches_exactly_what_is_chained_to_it(story: Story, data: st.DataObject) -> None:
    lock, waves = made(tasks_of(story, {}), Lock(lineage="l"))
    assert waves <= len(story)
    assert stale(tasks_of(story, {}), lock) == set()

    changed = data.draw(st.integers(0, len(story) - 1))
    again = tasks_of(story, {changed: 1})

    assert stale(again, lock) == followers(story, changed)
    lock, _ = made(again, lock)
    assert stale(again, lock) == set()


@given(stories(), st.data())
@settings(max_examples=100)
def test_taking_a_change_back_buys_nothing(pinning: Story, data: st.DataObject) -> None:
    story = chained(pinning)  # what pins a newer take stays with it
    changed = data.draw(st.integers(0, len(story) - 1))
    first, _ = made(tasks_of(story, {}), Lock(lineage="l"))
    second, _ = made(tasks_of(story, {changed: 1}), first)

    third, _ = made(tasks_of(story, {}), second)

    assert {take.sha256 for _, take in third.takes()} == {
        take.sha256 for _, take in second.takes()
    }


def chained(story: Story) -> Story:
    return [[(source, False) for source, _ in sources] for sources in story]


@given(stories(), st.data())
@settings(max_examples=100)
def test_against_a_base_a_change_reaches_the_same_shots(story: Story, data: st.DataObject) -> None:
    changed = data.draw(st.integers(0, len(story) - 1))
    old, new = traced(tasks_of(story, {})), traced(tasks_of(story, {changed: 1}))

    differ = {at for at in range(len(story)) if old[at].fingerprint != new[at].fingerprint}

    assert differ == followers(story, changed)


@given(stories().map(chained))
def test_a_circle_is_no_sound_story_and_all_else_is(story: Story) -> None:
    assert sound(tasks_of(story, {}))
    last = len(story) - 1
    back = [[(last, False)], *story[1:]]
    assert sound(tasks_of(back, {})) is (last not in followers(story, 0))


@given(stories().map(chained))
def test_takes_of_any_length_have_their_first_and_last_frame(story: Story) -> None:
    assert in_reach(tasks_of(story, {}), lambda _: 24)

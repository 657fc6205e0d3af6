"""Where shots stand, and what may be picked."""

from dataclasses import replace

import pytest

from renderer.catalog.money import FREE
from renderer.errors import InputError, RefusedError
from renderer.expand.task import Task
from renderer.film.choose import chosen, confirmed
from renderer.film.pick_status import Named, State, standings
from renderer.film.picks import Picks, Point
from renderer.film.reviews import Reviews, TakeVerdict, Verdict
from renderer.lock.model import Entry, Lock, Take


def picture(letter: str) -> str:
    return "v1-" + letter * 64


def task(address: str, letter: str) -> Task:
    scene, _, rest = address.partition("/")
    return Task(
        address=address,
        scene=scene,
        shot=rest.partition("@")[0],
        title=f"The {rest}",
        cell={},
        model="m",
        request={},
        files={},
        wanted=1,
        fingerprint=picture(letter),
        fields={},
        cost=FREE,
    )


def take(number: int, letter: str, digest: str) -> Take:
    return Take(
        number=number, fingerprint=picture(letter), sha256=digest * 64, size=9, format="mp4"
    )


TASKS = (task("a/one@seed=1", "a"), task("a/one@seed=2", "b"), task("a/two", "c"))
LOCK = Lock(
    lineage="x",
    entries={
        "a/one@seed=1": Entry(
            fingerprint=picture("a"), takes=(take(1, "9", "1"), take(2, "a", "2"))
        ),
        "a/one@seed=2": Entry(fingerprint=picture("b"), takes=(take(1, "b", "3"),)),
        "a/two": Entry(fingerprint=picture("c"), takes=(take(1, "c", "4"), take(2, "c", "5"))),
    },
)


def state(tasks: tuple[Task, ...], picks: Picks, lock: Lock = LOCK, at: int = 0) -> State:
    return standings(tasks, lock, picks)[at].state


def picked(*names: str) -> Picks:
    return Picks().having(chosen(names, "because", TASKS, LOCK))


def test_a_pick_lapses_with_its_picture_and_holds_again_when_it_is_put_back() -> None:
    picks = picked("a/one@seed=1#2")
    edited = (task("a/one@seed=1", "d"), *TASKS[1:])

    assert state(TASKS, picks) is State.PICKED
    assert state(edited, picks) is State.LAPSED
    assert "inputs have changed" in standings(edited, LOCK, picks)[0].against[0]
    assert state(TASKS, picks) is State.PICKED


def test_an_edit_of_another_cell_does_not_touch_a_pick() -> None:
    other_cell = (TASKS[0], task("a/one@seed=2", "d"), TASKS[2])
    assert state(other_cell, picked("a/one@seed=1#2")) is State.PICKED


def test_one_lapsed_part_lapses_a_composite_shot() -> None:
    picks = picked("a/one@seed=1#2:0-1", "a/one@seed=2#1:24f-")
    assert state(TASKS, picks) is State.PICKED
    assert state((TASKS[0], task("a/one@seed=2", "d"), TASKS[2]), picks) is State.LAPSED


def test_a_renamed_shot_keeps_its_pick() -> None:
    picks = picked("a/two#2")
    renamed = (*TASKS[:2], task("a/pair", "c"))

    found = standings(renamed, LOCK, picks)

    assert [(one.shot, one.state, one.was) for one in found] == [
        ("a/one", State.OPEN, ""),
        ("a/pair", State.PICKED, "a/two"),
    ]


def test_a_pick_of_a_shot_that_left_is_a_stray() -> None:
    found = standings(TASKS[:2], LOCK, picked("a/two#2"))
    assert (found[-1].shot, found[-1].state) == ("a/two", State.STRAY)


def test_a_take_that_the_lockfile_does_not_have_is_missing() -> None:
    assert state(TASKS, picked("a/one@seed=1#2"), Lock(lineage="x")) is State.MISSING


def test_shots_without_a_pick_wait_for_review_or_for_a_take() -> None:
    assert state(TASKS, Picks()) is State.OPEN
    assert state(TASKS, Picks(), Lock(lineage="x")) is State.EMPTY


def test_a_flagged_take_is_never_the_default() -> None:
    def default(*flagged: str) -> str | None:
        found = standings(TASKS, LOCK, Picks(), frozenset(one * 64 for one in flagged))[1].default
        return found.name if found else None

    assert default() == "a/two#1"
    assert default("4") == "a/two#2"
    assert default("4", "5") is None


def test_neither_is_a_rejected_take_nor_a_final_of_a_rejected_draft() -> None:
    def said(word: str, verdict: Verdict) -> TakeVerdict:
        return TakeVerdict(take="a/b#1", sha256=word, verdict=verdict, who="Ann", when="")

    def rejected(*verdicts: TakeVerdict) -> set[str]:
        entry = Entry(fingerprint="", takes=(DRAFT, FINAL))
        lock = Lock(lineage="x", entries={"a/b": entry})
        return set(Reviews().having(*verdicts).rejected(lock))

    assert standings(TASKS, LOCK, Picks(), rejected=frozenset({"4" * 64}))[1].default == Named(
        address="a/two", take=LOCK.entries["a/two"].takes[1]
    )
    assert rejected(said("d", Verdict.APPROVE), said("f", Verdict.CIRCLE)) == set()
    assert rejected(said("f", Verdict.REJECT)) == {"f"}
    assert rejected(said("d", Verdict.REJECT)) == {"d", "f"}
    assert rejected(said("d", Verdict.REJECT), said("f", Verdict.APPROVE)) == {"d"}


DRAFT = Take(number=1, fingerprint="", sha256="d", size=1, format="mp4", draft_id="x")
FINAL = Take(number=2, fingerprint="", sha256="f", size=1, format="mp4", draft="d")


def test_a_shot_names_its_only_task_and_points_make_a_cut() -> None:
    (part,) = chosen(["a/two#2:0.5-36f"], " the  light ", TASKS, LOCK).parts
    assert (part.take, part.sha256, part.fingerprint) == ("a/two#2", "5" * 64, picture("c"))
    assert part.end == Point(frames=36)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["a/one#1"], "a/one has 2 tasks; name one of them: a/one@seed=1, a/one@seed=2"),
        (["a/too#1"], "there is no task a/too; did you mean 'a/two'?"),
        (["a/two#7"], "there is no take a/two#7; a/two has #1, #2"),
        (["a/two"], "'a/two' is not the name of a take; write ADDRESS#NUMBER"),
        (["a/two#1:2-1"], "a/two#1: out (1) is not after in (2)"),
        (["a/two#1:x-1"], "'x' is not a moment of a take"),
        (["a/two#1", "a/one@seed=2#1"], "these takes are of several shots"),
    ],
)
def test_what_cannot_be_picked_is_said_with_what_can(names: list[str], told: str) -> None:
    with pytest.raises(InputError) as caught:
        chosen(names, "because", TASKS, LOCK)
    assert told in str(caught.value)


@pytest.mark.parametrize("why", ["x" * 2001, "a\u202eb"])
def test_a_pick_wants_a_plain_reason(why: str) -> None:
    with pytest.raises(InputError, match="reason"):
        chosen(["a/two#1"], why, TASKS, LOCK)


def test_a_take_of_an_older_picture_is_refused() -> None:
    with pytest.raises(RefusedError, match="older picture"):
        chosen(["a/one@seed=1#1"], "because", TASKS, LOCK)


def test_a_choice_from_an_old_page_is_refused() -> None:
    choice = chosen(["a/two#1"], "because", TASKS, LOCK)
    confirmed(choice, TASKS, LOCK)

    swapped = replace(choice, parts=(replace(choice.parts[0], sha256="7" * 64),))
    with pytest.raises(RefusedError, match="is not the take that was reviewed"):
        confirmed(swapped, TASKS, LOCK)
    with pytest.raises(RefusedError, match="older picture"):
        confirmed(choice, (*TASKS[:2], task("a/two", "d")), LOCK)

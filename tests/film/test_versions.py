"""The versions of a shot: what each is, which may be picked, and which is on top."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from renderer.catalog.money import FREE
from renderer.expand.task import Task
from renderer.film.versions import Kind, Stacks, label, size_words
from renderer.lock.model import Entry, Lock, Take

SMALL = {"positivePrompt": "sha256:1", "width": 864, "height": 496}
LARGE = {**SMALL, "width": 1920, "height": 1088}
TALL = {**SMALL, "width": 496, "height": 864}
OTHER = {**SMALL, "positivePrompt": "sha256:2"}
DRAFT = {**SMALL, "providerSettings.bytedance.draft": True}


def picture(letter: str) -> str:
    return "v1-" + letter * 64


def task(letter: str, fields: Mapping[str, Any] = SMALL, cell: str = "") -> Task:
    return Task(
        address=f"a/one{cell}",
        scene="a",
        shot="one",
        title="One",
        cell={},
        model="m",
        request={"providerSettings": {"bytedance": {"draft": True}}} if fields is DRAFT else {},
        files={},
        wanted=1,
        fingerprint=picture(letter),
        fields=fields,
        cost=FREE,
    )


def take(number: int, letter: str, digest: str, **more: Any) -> Take:
    return Take(
        number=number,
        fingerprint=picture(letter),
        sha256=digest * 64,
        size=9,
        format="mp4",
        **more,
    )


def lock(takes: tuple[Take, ...], letter: str, fields: Mapping[str, Any] = SMALL) -> Lock:
    entry = Entry(fingerprint=picture(letter), fields=fields, takes=takes)
    return Lock(lineage="x", entries={"a/one": entry})


def stack(
    wanted: Task, recorded: Lock, drafts: frozenset[str] = frozenset(), **more: Any
) -> list[str]:
    found = Stacks(recorded, drafts, **more).of((wanted,))
    assert [one.place for one in found] == list(range(1, len(found) + 1))
    valid = [one.valid for one in found]
    assert valid == sorted(valid, reverse=True)  # what may be picked is on top
    return [f"#{one.named.take.number} {one.kind}" for one in found]


D, L = "d" * 64, "1" * 64
FROM_DRAFT = (take(1, "d", "d", draft_id="x"), take(2, "f", "f", draft=D))
TWO_SIZES = (*FROM_DRAFT, take(3, "e", "e", draft=D))

CASES = [
    ("results are alternatives", task("a"), lock((take(1, "a", "1"), take(2, "a", "2")), "a"), (),
     ["#1 take", "#2 take"]),
    ("a draft that is wanted", task("d", DRAFT), lock(FROM_DRAFT[:1], "d", DRAFT), (),
     ["#1 draft"]),
    ("a draft that may become a final", task("f"), lock(FROM_DRAFT[:1], "d", DRAFT), (D,),
     ["#1 draft"]),
    ("a final is above its draft", task("f"), lock(FROM_DRAFT, "f"), (D,),
     ["#2 final", "#1 draft"]),
    ("the draft is wanted again", task("d", DRAFT), lock(FROM_DRAFT, "f"), (),
     ["#1 draft", "#2 other size"]),
    ("the newer size is wanted", task("e", LARGE), lock(TWO_SIZES, "e", LARGE), (D,),
     ["#3 final", "#1 draft", "#2 other size"]),
    ("the first size is wanted again", task("f"), lock(TWO_SIZES, "e", LARGE), (D,),
     ["#2 final", "#1 draft", "#3 other size"]),
    ("a larger size is asked for", task("b", LARGE), lock((take(1, "a", "1"),), "a"), (),
     ["#1 other size"]),
    ("another shape is another picture", task("b", TALL), lock((take(1, "a", "1"),), "a"), (),
     ["#1 older picture"]),
    ("another prompt", task("b", OTHER), lock((take(1, "a", "1"), take(2, "a", "2")), "a"), (),
     ["#2 older picture", "#1 older picture"]),
    ("a draft of another prompt", task("b", OTHER), lock(FROM_DRAFT[:1], "d", DRAFT), (),
     ["#1 older picture"]),
    ("bought again", task("a"),
     lock((take(1, "a", "1"), take(2, "a", "2"), take(3, "a", "3", replaces=(L,))), "a"), (),
     ["#3 retake", "#2 take", "#1 replaced"]),
    ("a draft bought again is a draft", task("d", DRAFT),
     lock((*FROM_DRAFT[:1], take(2, "d", "2", draft_id="y", replaces=(D,))), "d", DRAFT), (),
     ["#2 draft", "#1 replaced"]),
    ("a lost draft that others name is replaced", task("f"),
     lock((*FROM_DRAFT[:1], take(2, "d", "2", draft_id="y", replaces=(D,))), "d", DRAFT),
     (D, "2" * 64), ["#2 draft", "#1 replaced"]),
    ("nothing is known of the takes", task("b"), lock((take(1, "a", "1"),), "c", {}), (),
     ["#1 older picture"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "recorded", "drafts", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_a_stack_has_what_may_be_picked_on_top_and_says_what_each_is(
    wanted: Task, recorded: Lock, drafts: tuple[str, ...], expected: list[str]
) -> None:
    assert stack(wanted, recorded, frozenset(drafts)) == expected


def test_a_kept_request_shows_that_a_former_picture_had_another_size() -> None:
    asked: dict[str, Any] = {
        "width": 864,
        "height": 496,
        "providerSettings": {"x": 1},
        "positivePrompt": "p",
    }
    wanted = replace(task("c", LARGE), request={**asked, "width": 1920, "height": 1088})
    recorded = lock((take(1, "a", "1"), take(2, "b", "2"), take(3, "c", "3")), "c", LARGE)
    kept = {picture("a"): asked, picture("b"): {**asked, "providerSettings": {"x": 2}}}

    found = stack(wanted, recorded, asked=lambda mark: kept.get(mark, {}))
    assert found == ["#3 take", "#1 other size", "#2 older picture"]
    assert stack(wanted, recorded) == ["#3 take", "#2 older picture", "#1 older picture"]


def test_versions_of_several_tasks_are_one_stack() -> None:
    tasks = (task("a", cell="@seed=1"), task("b", cell="@seed=2"))
    entries = {
        "a/one@seed=1": Entry(fingerprint=picture("9"), takes=(take(1, "9", "1"),)),
        "a/one@seed=2": Entry(
            fingerprint=picture("b"), takes=(take(1, "8", "2"), take(2, "b", "3"))
        ),
    }
    found = Stacks(Lock(lineage="x", entries=entries)).of(tasks)

    assert [one.named.name for one in found] == [
        "a/one@seed=2#2",
        "a/one@seed=1#1",
        "a/one@seed=2#1",
    ]


def test_bytes_that_another_task_bought_again_are_replaced_everywhere() -> None:
    entries = {
        "a/one": Entry(fingerprint=picture("a"), takes=(take(1, "a", "1"),)),
        "a/two": Entry(
            fingerprint=picture("a"), takes=(take(1, "a", "1"), take(2, "a", "2", replaces=(L,)))
        ),
    }
    found = Stacks(Lock(lineage="x", entries=entries)).of((task("a"),))
    assert [one.kind for one in found] == [Kind.REPLACED]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ((864, 496), "480p"),
        ((496, 864), "480p"),
        ((1920, 1088), "1080p"),
        ((1280, 720), "720p"),
        ((600, 600), "600×600"),
    ],
)
def test_a_size_is_named_as_people_name_it(size: tuple[int, int], words: str) -> None:
    assert size_words(*size) == words
    recorded = lock((take(1, "a", "1"),), "a")
    (version,) = Stacks(recorded).of((task("b", LARGE),))
    assert (label(version, *size), label(version)) == (words, "other size")
    (present,) = Stacks(recorded).of((task("a"),))
    assert label(present, *size) == "take"

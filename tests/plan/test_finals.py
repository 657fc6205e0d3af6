"""The one rule of drafts, as a table: what is there and what is picked, to what a plan does."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from renderer.adapters.disk.resources import model_texts
from renderer.catalog.catalog import Catalog
from renderer.catalog.defaults import picture
from renderer.catalog.load import load_model
from renderer.catalog.money import Cost
from renderer.expand.address import address
from renderer.expand.fingerprint import fields, fingerprint
from renderer.expand.slots import Slots
from renderer.expand.task import Task
from renderer.film.pick_status import State, standings
from renderer.film.picks import Part, Pick, Picks
from renderer.lock.model import Lock, Take
from renderer.lock.takes import Takes
from renderer.plan.apply import recorded
from renderer.plan.decide import decide
from renderer.plan.finals import DraftRules, Finals
from renderer.plan.model import Action, Plan
from renderer.plan.promote import promoted
from renderer.providers import Provider
from tests.harness.inside import inside

CATALOG = Catalog.of(load_model(text, name) for name, text in model_texts().items())
MODEL = CATALOG.get("bytedance:seedance@1.5-pro")
SIZES = {"draft": "480p", "720p": "720p", "1080p": "1080p"}
PRICE = Cost(low=Decimal("0.1"), high=Decimal("0.1"))
A, B = {"seed": 1}, {"seed": 2}
WIDE, TALL = {"aspect": "16:9"}, {"aspect": "9:16"}
Cell = Mapping[str, Any]


def task(cell: Cell, size: str, *, wanted: int = 1, form: str = "MP4") -> Task:
    width, height = MODEL.sizes[SIZES[size]][str(cell.get("aspect", "16:9"))]
    request = {
        "model": MODEL.air,
        "positivePrompt": "rain on a tower",
        "duration": 5,
        "seed": cell.get("seed", 7),
        "width": width,
        "height": height,
        "outputFormat": form,
        "providerSettings": {"bytedance": {"draft": size == "draft"}},
    }
    seen = picture(MODEL, request)
    return Task(
        address=address("clock", "tower", cell),
        scene="clock",
        shot="tower",
        title="tower",
        cell=cell,
        model=MODEL.air,
        request=request,
        files={},
        wanted=wanted,
        fingerprint=fingerprint(seen),
        fields=fields(seen),
        cost=PRICE,
    )


def digest(word: str) -> str:
    return word.encode().hex().ljust(64, "0")


def made(
    lock: Lock, one: Task, word: str, *, draft: str = "", unsafe: bool = False, seed: int = 1
) -> Lock:
    """Record a take whose bytes are named by a word; `draft` is that of a final."""
    drafted = inside(one.request, "providerSettings", "bytedance", "draft")
    entry = lock.entries.get(one.address)
    take = Take(
        number=entry.next_number if entry else 1,
        fingerprint=one.fingerprint,
        sha256=digest(word),
        size=1,
        format="mp4",
        seed=seed,
        video_uuid=word,
        draft_id=f"d-{word}" if drafted else "",
        draft=digest(draft) if draft else "",
        unsafe=unsafe,
    )
    return recorded(lock, one, take)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Drafts by cell, finals (of which draft, at which size), picks, and what a plan does then."""

    drafts: tuple[tuple[Cell, str], ...]
    plan: tuple[str, ...]
    finals: tuple[tuple[Cell, str, str], ...] = ()
    picks: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = (A, B)
    size: str = "720p"
    wanted: int = 1
    all_finals: bool = False
    unsafe: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()


TABLE = {
    "a single draft counts as picked": Case(cells=(A,), drafts=((A, "a"),), plan=("promote a",)),
    "a single flagged draft does not": Case(
        cells=(A,), drafts=((A, "a"),), unsafe=("a",), plan=("choose a",)
    ),
    "nor does a single rejected one": Case(
        cells=(A,), drafts=((A, "a"),), rejected=("a",), plan=("choose a",)
    ),
    "a rejected one that is picked is promoted": Case(
        cells=(A,), drafts=((A, "a"),), rejected=("a",), picks=("a",), plan=("promote a",)
    ),
    "rejecting one of two buys no final of the other": Case(
        drafts=((A, "a"), (B, "b")), rejected=("a",), plan=("choose a b", "choose a b")
    ),
    "a final whose draft was rejected stays": Case(
        cells=(A,),
        drafts=((A, "a"),),
        rejected=("a",),
        finals=((A, "a", "720p"),),
        plan=("keep",),
    ),
    "a draft that is a final of another size is promoted": Case(
        cells=(A,), drafts=((A, "a"),), finals=((A, "a", "1080p"),), plan=("promote a",)
    ),
    "not where it was rejected since": Case(
        cells=(A,),
        drafts=((A, "a"),),
        finals=((A, "a", "1080p"),),
        rejected=("a",),
        plan=("choose a",),
    ),
    "all finals are none of rejected drafts": Case(
        cells=(A,),
        wanted=2,
        drafts=((A, "a"), (A, "b")),
        rejected=("a",),
        all_finals=True,
        plan=("promote b",),
    ),
    "but of a rejected draft that is picked": Case(
        cells=(A,),
        wanted=2,
        drafts=((A, "a"), (A, "b")),
        rejected=("a",),
        picks=("a",),
        all_finals=True,
        plan=("promote a b",),
    ),
    "all finals of a shot whose only draft was rejected are none": Case(
        cells=(A,), drafts=((A, "a"),), rejected=("a",), all_finals=True, plan=("unchosen",)
    ),
    "of two cells one has to be chosen": Case(
        drafts=((A, "a"), (B, "b")), plan=("choose a b", "choose a b")
    ),
    "of two results, too": Case(
        cells=(A,), wanted=2, drafts=((A, "a"), (A, "b")), plan=("choose a b",)
    ),
    "the picked cell is promoted, the other one is done": Case(
        drafts=((A, "a"), (B, "b")), picks=("b",), plan=("unchosen", "promote b")
    ),
    "the picked result is promoted once, however many were wanted": Case(
        cells=(A,), wanted=2, drafts=((A, "a"), (A, "b")), picks=("b",), plan=("promote b",)
    ),
    "one final satisfies all results": Case(
        cells=(A,),
        wanted=2,
        drafts=((A, "a"), (A, "b")),
        picks=("b",),
        finals=((A, "b", "720p"),),
        plan=("keep",),
    ),
    "so it does once its pick is taken back": Case(
        cells=(A,),
        wanted=2,
        drafts=((A, "a"), (A, "b")),
        finals=((A, "b", "720p"),),
        plan=("keep",),
    ),
    "another pick gets its own final": Case(
        cells=(A,),
        wanted=2,
        drafts=((A, "a"), (A, "b")),
        picks=("a",),
        finals=((A, "b", "720p"),),
        plan=("promote a",),
    ),
    "another picked cell, too, and the first final stays": Case(
        drafts=((A, "a"), (B, "b")),
        picks=("a",),
        finals=((B, "b", "720p"),),
        plan=("promote a", "keep"),
    ),
    "a second final of one task: nothing is left": Case(
        cells=(A,),
        wanted=2,
        drafts=((A, "a"), (A, "b")),
        picks=("a",),
        finals=((A, "b", "720p"), (A, "a", "720p")),
        plan=("keep",),
    ),
    "all finals are wanted": Case(
        drafts=((A, "a"), (A, "c"), (B, "b")),
        all_finals=True,
        plan=("promote a c", "promote b"),
    ),
    "all finals: those that are there are not made again": Case(
        drafts=((A, "a"), (A, "c"), (B, "b")),
        finals=((A, "a", "720p"),),
        all_finals=True,
        plan=("promote c", "promote b"),
    ),
    "the same draft at another size": Case(
        cells=(A,),
        wanted=2,
        size="1080p",
        drafts=((A, "a"), (A, "b")),
        picks=("b",),
        finals=((A, "b", "720p"),),
        plan=("promote b",),
    ),
    "a pick of the final at the old size is a pick of its draft": Case(
        cells=(A,),
        size="1080p",
        drafts=((A, "a"), (A, "b")),
        picks=("720p b",),
        finals=((A, "b", "720p"),),
        plan=("promote b",),
    ),
    "the same draft at another size, once its pick is taken back": Case(
        size="1080p",
        drafts=((A, "a"), (B, "b")),
        finals=((B, "b", "720p"),),
        plan=("unchosen", "promote b"),
    ),
    "of two results, too, the one that was a final": Case(
        cells=(A,),
        wanted=2,
        size="1080p",
        drafts=((A, "a"), (A, "b")),
        finals=((A, "b", "720p"),),
        plan=("promote b",),
    ),
    "of two finals at another size one has to be chosen": Case(
        size="1080p",
        drafts=((A, "a"), (B, "b"), (A, "c")),
        finals=((A, "a", "720p"), (B, "b", "720p")),
        plan=("choose a c b", "choose a c b"),
    ),
    "another pick than the final of the old size": Case(
        size="1080p",
        drafts=((A, "a"), (B, "b")),
        picks=("a",),
        finals=((B, "b", "720p"),),
        plan=("promote a", "unchosen"),
    ),
    "back at the old size nothing is left to do": Case(
        cells=(A,),
        drafts=((A, "a"),),
        finals=((A, "a", "720p"), (A, "a", "1080p")),
        plan=("keep",),
    ),
    "a cell that never was a draft is created": Case(
        drafts=((A, "a"),), plan=("promote a", "create")
    ),
    "each deliverable is chosen for itself": Case(
        cells=(WIDE, TALL), drafts=((WIDE, "a"), (TALL, "b")), plan=("promote a", "promote b")
    ),
    "a pick in one deliverable settles no other": Case(
        cells=(WIDE | A, WIDE | B, TALL | A, TALL | B),
        drafts=((WIDE | A, "a"), (WIDE | B, "b"), (TALL | A, "c"), (TALL | B, "d")),
        picks=("b",),
        plan=("unchosen", "promote b", "choose c d", "choose c d"),
    ),
    "cells of one picture share a draft, which is one candidate": Case(
        cells=(A | {"note": 1}, A | {"note": 2}),
        drafts=((A | {"note": 1}, "a"), (A | {"note": 2}, "a")),
        plan=("promote a", "change"),  # it waits for the take of the other one
    ),
    "they are not chosen together": Case(
        cells=(A | {"note": 1}, A | {"note": 2}, B),
        drafts=((A | {"note": 1}, "a"), (A | {"note": 2}, "a"), (B, "b")),
        picks=("b",),
        plan=("unchosen", "unchosen", "promote b"),
    ),
    "of two drafts that they share, one has to be chosen": Case(
        cells=(A | {"note": 1}, A | {"note": 2}),
        wanted=2,
        drafts=tuple((A | {"note": note}, word) for word in "ab" for note in (1, 2)),
        plan=("choose a b", "choose a b"),
    ),
    "several parts of a pick are several finals": Case(
        drafts=((A, "a"), (A, "c"), (B, "b")),
        picks=("c", "b"),
        plan=("promote c", "promote b"),
    ),
}


def lock_of(case: Case) -> Lock:
    lock = Lock(lineage="l")
    for cell, word in case.drafts:
        lock = made(lock, task(cell, "draft"), word, unsafe=word in case.unsafe)
    for cell, word, size in case.finals:
        lock = made(lock, task(cell, size), f"{size} {word}", draft=word)
    return lock


def rules_of(case: Case) -> DraftRules:
    return DraftRules(
        model=CATALOG.get,
        picks=lambda: frozenset(map(digest, case.picks)),
        now=datetime(2026, 3, 27, tzinfo=UTC),
        perishable=True,
        all_finals=case.all_finals,
        rejected=lambda take: take.sha256 in set(map(digest, case.rejected)),
    )


def tasks_of(case: Case) -> tuple[Task, ...]:
    return tuple(task(cell, case.size, wanted=case.wanted) for cell in case.cells)


def planned(case: Case, tasks: tuple[Task, ...], lock: Lock) -> Plan:
    plan = decide(tasks, lock, Provider(name="runware", paid=True))
    return promoted(plan, tasks, Takes(lock), rules_of(case))


def said(plan: Plan, lock: Lock) -> tuple[str, ...]:
    """Return each step as its action and the words of the drafts that it names."""
    names = {f"{at}#{take.number}": take.video_uuid for at, take in lock.takes()}
    found = []
    for step in plan.steps:
        words = [names[one.name] for one in step.drafts] or [names[one] for one in step.options]
        action = "unchosen" if step.unchosen else step.action.value
        found.append(" ".join([action, *words]))
        assert step.cost.high == PRICE.high * step.takes
        assert step.action is not Action.PROMOTE or step.takes == len(step.drafts)
    return tuple(found)


@pytest.mark.parametrize("case", TABLE.values(), ids=TABLE)
def test_the_plan_says_what_becomes_of_each_draft(case: Case) -> None:
    lock = lock_of(case)
    assert said(planned(case, tasks_of(case), lock), lock) == case.plan


@pytest.mark.parametrize("case", TABLE.values(), ids=TABLE)
def test_after_what_the_plan_says_is_made_nothing_is_left_but_choices(case: Case) -> None:
    lock, tasks = lock_of(case), tasks_of(case)
    by_address = {one.address: one for one in tasks}
    words = {take.sha256: take.video_uuid for _, take in lock.takes()}
    for step in planned(case, tasks, lock).steps:
        for use in step.drafts:
            word = words[use.sha256]
            lock = made(lock, by_address[step.address], f"new {word}", draft=word)
        if step.action is Action.CREATE:
            lock = made(lock, by_address[step.address], f"new {step.address}")

    left = planned(case, tasks, lock)

    assert {step.action for step in left.changes} <= {Action.CHOOSE}
    assert len(left.choices) == len(planned(case, tasks, lock_of(case)).choices)


@pytest.mark.parametrize("case", TABLE.values(), ids=TABLE)
def test_a_pick_holds_with_its_cut_before_and_after_its_final_is_made(case: Case) -> None:
    lock, tasks = lock_of(case), tasks_of(case)
    if not case.picks:
        return
    homes = {take.video_uuid: (at, take) for at, take in lock.takes()}
    parts = tuple(
        Part(
            take=f"{homes[word][0]}#{homes[word][1].number}",
            sha256=digest(word),
            fingerprint=homes[word][1].fingerprint,
        )
        for word in case.picks
    )
    slot = Slots(tasks).of(parts[0].address)
    picks = Picks().having(Pick(slot=slot, why="calm", parts=parts))
    drafts = Finals(Takes(lock), rules_of(case)).candidates(tasks)

    rows = standings(tasks, lock, picks, frozenset(), drafts)

    (row,) = [one for one in rows if one.pick]
    assert (row.slot, row.state, row.pick) == (slot, State.PICKED, picks.by_slot[slot])
    assert row.shown is not None
    assert row.shown.why == "calm"
    finals = {word for _, word, size in case.finals if size == case.size}
    for part, word in zip(row.shown.parts, case.picks, strict=True):
        plain = word.rpartition(" ")[2]
        stands = f"{case.size} {plain}" if plain in finals else plain
        assert part.sha256 == digest(stands)


LEFT = {
    "another cell was picked": (("b",), (), False, ("unchosen", "promote b")),
    "another cell is a final": ((), ("b",), False, ("unchosen", "keep")),
    "another cell is the only candidate": ((), (), False, ("unchosen", "promote b")),
    "all finals are wanted": ((), (), True, ("change", "promote b")),
    "its own older draft was picked": (("old",), (), False, ("choose b", "choose b")),
}


@pytest.mark.parametrize("case", LEFT.values(), ids=LEFT)
def test_a_cell_whose_drafts_are_of_an_older_picture_is_not_bought_unseen(
    case: tuple[tuple[str, ...], tuple[str, ...], bool, tuple[str, ...]],
) -> None:
    picks, finals, every, expected = case
    older = replace(task(A, "draft"), fingerprint="v1-" + "e" * 64, fields={"frames.first": "x"})
    lock = made(made(Lock(lineage="l"), older, "old"), task(B, "draft"), "b")
    for word in finals:
        lock = made(lock, task(B, "720p"), f"final {word}", draft=word)
    one = Case(drafts=(), plan=(), picks=picks, all_finals=every)

    assert said(planned(one, tasks_of(one), lock), lock) == expected


def test_the_single_draft_of_a_new_picture_is_promoted_though_an_older_one_has_a_final() -> None:
    older = [replace(task(A, size), fingerprint=f"v1-{size[0] * 64}") for size in SIZES]
    lock = made(Lock(lineage="l"), older[0], "old")
    lock = made(lock, older[1], "old final", draft="old")
    lock = made(lock, task(A, "draft"), "a")
    for picks in ((), ("old",), ("old final",), ("a",)):
        case = Case(drafts=(), plan=(), picks=picks)
        assert said(planned(case, (task(A, "720p"),), lock), lock) == ("promote a",)


@pytest.mark.parametrize("form", ["WEBM", "MOV"])
def test_a_final_in_another_file_format_is_made_of_the_same_draft(form: str) -> None:
    lock = made(Lock(lineage="l"), task(A, "draft"), "a")
    case = Case(drafts=(), plan=())
    tasks = (task(A, "720p", form=form),)
    assert said(planned(case, tasks, lock), lock) == ("promote a",)


def test_a_draft_of_a_renamed_shot_is_promoted() -> None:
    lock = made(Lock(lineage="l"), task(A, "draft"), "a")
    renamed = replace(task(A, "720p"), address="clock/spire@seed=1", shot="spire")

    plan = planned(Case(drafts=(), plan=()), (renamed,), lock)

    assert said(plan, lock)[0] == "promote a"


def test_a_draft_is_found_again_after_another_picture_was_made() -> None:
    lock = made(Lock(lineage="l"), task(A, "draft"), "a")
    other = replace(task(A, "720p"), fingerprint="v1-" + "f" * 64, fields={"duration": 9})
    lock = made(lock, other, "other")

    assert said(planned(Case(drafts=(), plan=()), (task(A, "720p"),), lock), lock) == (
        "promote a",
    )


def seeded(seed: int | None, size: str) -> Task:
    """Return a task of one address that asks for a seed, or for none."""
    one = task({"seed": seed or 7}, size)
    request = {key: value for key, value in one.request.items() if key != "seed" or seed}
    seen = picture(MODEL, request)
    return replace(
        one,
        address="clock/tower",
        cell={},
        request=request,
        seed=seed,
        fingerprint=fingerprint(seen),
        fields=fields(seen),
    )


SEEDS = {
    "a seed that was drawn is written down": (None, (11, 12), 12, 1, "promote b"),
    "a range begins with a later seed": (11, (11, 12), 12, 1, "promote b"),
    "a range ends with the draft's seed": (12, (12,), 11, 2, "promote a"),
    "another seed is another picture": (None, (11, 12), 13, 1, "change"),
    "no seed is asked for any more": (11, (11,), None, 1, "promote a"),
    "no seed was ever asked for": (None, (11,), None, 1, "promote a"),
}


@pytest.mark.parametrize("case", SEEDS.values(), ids=SEEDS)
def test_a_draft_is_that_of_the_seed_that_it_has(
    case: tuple[int | None, tuple[int, ...], int | None, int, str],
) -> None:
    asked, seeds, wanted, count, expected = case
    lock = Lock(lineage="l")
    for seed, word in zip(seeds, "ab", strict=False):
        lock = made(lock, seeded(asked, "draft"), word, seed=seed)
    tasks = (replace(seeded(wanted, "720p"), wanted=count),)

    assert said(planned(Case(drafts=(), plan=()), tasks, lock), lock) == (expected,)

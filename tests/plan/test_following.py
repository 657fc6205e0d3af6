"""Which take a chained frame comes from: the pick of the same deliverable, else its own cell's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from renderer.catalog.money import FREE
from renderer.catalog.video_model import VideoModel
from renderer.expand.address import address
from renderer.expand.task import Link, Task
from renderer.lock.model import Lock, Take
from renderer.plan.apply import recorded
from renderer.plan.finals import DraftRules
from renderer.plan.frame_links import Cut, LinkSources, linked

Cell = Mapping[str, Any]
WIDE, TALL, DE, EN = {"aspect": "16:9"}, {"aspect": "9:16"}, {"locale": "de"}, {"locale": "en"}
ONE, TWO = {"seed": 1}, {"seed": 2}


def digest(word: str) -> str:
    return word.encode().hex().ljust(64, "0")


def task(shot: str, cell: Cell, *links: Link) -> Task:
    name = address("film", shot, cell)
    return Task(
        address=name,
        scene="film",
        shot=shot,
        title="",
        cell=cell,
        model="m",
        request={"inputs": {}},
        files={},
        wanted=1,
        fingerprint="v1-" + digest(name),
        fields={},
        cost=FREE,
        links=links,
    )


def made(lock: Lock, one: Task, word: str, *, unsafe: bool = False) -> Lock:
    entry = lock.entries.get(one.address)
    take = Take(
        number=entry.next_number if entry else 1,
        fingerprint=one.fingerprint,
        sha256=digest(word),
        size=1,
        format="mp4",
        video_uuid=word,
        unsafe=unsafe,
    )
    return recorded(lock, one, take)


@dataclass(frozen=True, kw_only=True)
class Case:
    """The other shot's cells, each with its takes; the picked ones; the cell, and what it follows."""

    there: tuple[tuple[Cell, str], ...]
    cell: Cell
    follows: str
    picks: tuple[str, ...] = ()
    frame: str = "last"
    unsafe: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()


SHAPES = ((WIDE, "w"), (TALL, "t"))
SEEDS = ((ONE, "a"), (TWO, "b"))
BOTH = ((WIDE | DE, "wd"), (WIDE | EN, "we"), (TALL | DE, "td"), (TALL | EN, "te"))
TABLE = {
    "its own shape": Case(there=SHAPES, cell=TALL, follows="t"),
    "a pick in its own shape": Case(there=SHAPES, picks=("t",), cell=TALL, follows="t"),
    "not a pick in another shape": Case(there=SHAPES, picks=("w",), cell=TALL, follows="t"),
    "a pick in any shape, for a shot of one": Case(
        there=SHAPES, picks=("t",), cell={}, follows="t"
    ),
    "a pick of a shot of one shape": Case(
        there=(({}, "x"), ({}, "y")), picks=("y",), cell=TALL, follows="y"
    ),
    "its own language": Case(there=BOTH, picks=("wd",), cell=WIDE | EN, follows="we"),
    "both agree": Case(there=BOTH, picks=("te",), cell=TALL | EN, follows="te"),
    "the language is all there is to agree in": Case(
        there=BOTH, picks=("td",), cell=DE, follows="td"
    ),
    "any alternative follows the pick": Case(there=SEEDS, picks=("b",), cell=ONE, follows="b"),
    "without one, that of its own cell": Case(there=SEEDS, cell=TWO, follows="b"),
    "the last part that agrees": Case(
        there=SHAPES, picks=("t", "w"), cell=TALL, follows="t", frame="last"
    ),
    "the first part that agrees": Case(
        there=SHAPES, picks=("t", "w"), cell=WIDE, follows="w", frame="first"
    ),
    "never a flagged take": Case(
        there=((ONE, "a"), (ONE, "b")), unsafe=("a",), cell=ONE, follows="b"
    ),
    "a flagged take that was picked": Case(
        there=((ONE, "a"), (ONE, "b")), unsafe=("a",), picks=("a",), cell=ONE, follows="a"
    ),
    "never a rejected take": Case(
        there=((ONE, "a"), (ONE, "b")), rejected=("a",), cell=ONE, follows="b"
    ),
    "a rejected take that was picked": Case(
        there=((ONE, "a"), (ONE, "b")), rejected=("a",), picks=("a",), cell=ONE, follows="a"
    ),
    "nothing, where all are flagged or rejected": Case(
        there=((ONE, "a"), (ONE, "b")), unsafe=("a",), rejected=("b",), cell=ONE, follows=""
    ),
    "nothing, where all are flagged": Case(
        there=((ONE, "a"),), unsafe=("a",), cell=ONE, follows=""
    ),
}


def cut(word: str, at: str, fingerprint: str) -> Cut:
    sha256 = digest(word)
    return Cut(sha256=sha256, first="first", last="last", address=at, fingerprint=fingerprint)


def no_model(name: str) -> VideoModel:
    raise AssertionError(f"no take is a draft, and {name} was asked for")


@pytest.mark.parametrize("case", TABLE.values(), ids=TABLE)
def test_a_frame_comes_from(case: Case) -> None:
    lock = Lock(lineage="l")
    sources = {address("film", "one", cell): task("one", cell) for cell, _ in case.there}
    for cell, word in case.there:
        source = sources[address("film", "one", cell)]
        lock = made(lock, source, word, unsafe=word in case.unsafe)
    link = Link(at="first", shot="film/one", frame=case.frame)
    homes = {take.sha256: (at, take.fingerprint) for at, take in lock.takes()}
    cuts = tuple(cut(word, *homes.get(digest(word), ("film/one", ""))) for word in case.picks)
    picked = {"film/one": cuts} if cuts else {}
    out = frozenset(map(digest, case.rejected))
    rules = DraftRules(
        model=no_model,
        picks=frozenset,
        now=datetime(2026, 3, 27, tzinfo=UTC),
        perishable=True,
        rejected=lambda take: take.sha256 in out,
    )

    found = linked(
        [*sources.values(), task("two", case.cell, link)],
        lambda: lock,
        LinkSources(picked=lambda: picked, drafts=rules if out else None),
    )[-1]

    takes = [still.take for still in found.stills.values()]
    assert takes == ([digest(case.follows)] if case.follows else [])
    assert bool(found.needs) is not bool(case.follows)

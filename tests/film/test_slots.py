"""Where picks belong: each to its shot in the film of its take, whatever the file's age."""

import random
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.errors import InputError
from renderer.expand.deliverable import slot_of
from renderer.expand.slots import Slots
from renderer.expand.task import Task
from renderer.film.films import films_of
from renderer.film.pick_status import State, renewed, standings
from renderer.film.picks import Part, Pick, Picks, Point
from renderer.film.read import decode
from renderer.film.slots import placed
from renderer.film.write import edited, encode
from renderer.json_types import Scalar
from renderer.lock.model import Entry, Lock, Take
from tests.expand.test_deliverables import task

LOCALES = ("en", "de", "fr")
ASPECTS = ("16:9", "9:16")
DELIVER = ("aspect", "locale")
PICTURE = "v1-" + "c" * 64


def cells(**axes: Sequence[Scalar]) -> list[dict[str, Scalar]]:
    return [dict(zip(axes, values, strict=True)) for values in product(*axes.values())]


def project(deliver: tuple[str, ...] = DELIVER) -> list[Task]:
    """A shot of all axes with alternatives, one of a locale, one of none."""
    return [
        *(
            task("all", cell, deliver)
            for cell in cells(aspect=ASPECTS, locale=LOCALES, seed=(1, 2))
        ),
        *(task("said", cell, deliver) for cell in cells(locale=LOCALES)),
        *(task("plain", cell, deliver) for cell in cells(seed=(1, 2))),
        task("single", {}, deliver),
    ]


TASKS = project()
SLOTS = Slots(TASKS)
SHOTS = ("ad/all", "ad/said", "ad/plain", "ad/single")
GONE = ("ad/gone", "ad/gone@locale=de", "ad/all@locale=xx,aspect=1:1")


def part(take: str, digest: str = "a", start: int | None = None) -> Part:
    cut = Point(frames=start) if start else None
    return Part(take=take, sha256=digest * 64, fingerprint=PICTURE, start=cut)


def pick(slot: str, take: str, why: str = "") -> Pick:
    return Pick(slot=slot, why=why, parts=(part(f"{take}#1"),))


def picks_of(*choices: Pick) -> Picks:
    return Picks().having(*choices)


ADDRESSES = [one.address for one in TASKS]
CHOICES = st.builds(
    pick,
    st.sampled_from([*SHOTS, *SLOTS.tasks, *GONE]),
    st.sampled_from([*ADDRESSES, "ad/gone@locale=de", "ad/all@seed=1", "ad/said"]),
    st.sampled_from(["", "the turn", "b: #c"]),
)
FILES = st.lists(CHOICES, max_size=8).map(lambda found: picks_of(*found))


@pytest.mark.parametrize("one", TASKS, ids=ADDRESSES)
def test_a_pick_of_the_first_version_goes_to_the_place_of_its_take(one: Task) -> None:
    shot = f"{one.scene}/{one.shot}"
    (found,) = placed(picks_of(pick(shot, one.address)), SLOTS).by_slot.values()
    assert found.slot == slot_of(one)


@given(FILES)
def test_placing_twice_is_placing_once(picks: Picks) -> None:
    once = placed(picks, SLOTS)
    assert placed(once, SLOTS) == once


@given(FILES)
def test_no_pick_is_lost_and_none_gets_another_take(picks: Picks) -> None:
    found = placed(picks, SLOTS)
    takes = Counter((one.parts, one.why) for one in found.by_slot.values())
    assert takes == Counter((one.parts, one.why) for one in picks.by_slot.values())
    assert all(name == one.slot for name, one in found.by_slot.items())


@given(FILES)
def test_a_pick_that_has_its_place_keeps_it(picks: Picks) -> None:
    """Also beside one of the older form: what names a film was said later."""
    found = placed(picks, SLOTS)
    for slot, one in picks.by_slot.items():
        if slot in SLOTS.tasks:
            assert found.by_slot[slot] == one


@given(FILES, st.randoms(use_true_random=False))
def test_the_order_of_the_file_decides_nothing(picks: Picks, chance: random.Random) -> None:
    names = list(picks.by_slot)
    chance.shuffle(names)
    assert placed(Picks(by_slot={name: picks.by_slot[name] for name in names}), SLOTS) == placed(
        picks, SLOTS
    )


@given(FILES)
def test_a_pick_stays_in_its_shot(picks: Picks) -> None:
    placed_in = {one.parts: set[str]() for one in picks.by_slot.values()}
    for one in placed(picks, SLOTS).by_slot.values():
        placed_in[one.parts].add(one.slot.partition("@")[0])
    for name, one in picks.by_slot.items():
        assert name.partition("@")[0] in placed_in[one.parts]


@pytest.mark.parametrize(
    ("deliver", "name", "take", "home"),
    [
        # an axis that films are no longer named by
        (
            ("locale",),
            "ad/all@aspect=9:16,locale=de",
            "ad/all@aspect=9:16,locale=de,seed=2",
            "ad/all@locale=de",
        ),
        ((), "ad/all@aspect=9:16,locale=de", "ad/all@aspect=9:16,locale=de,seed=2", "ad/all"),
        # one that they are named by since
        (
            ("aspect", "locale", "seed"),
            "ad/all@aspect=9:16,locale=de",
            "ad/all@aspect=9:16,locale=de,seed=2",
            "ad/all@aspect=9:16,locale=de,seed=2",
        ),
        (("aspect", "locale", "seed"), "ad/plain", "ad/plain@seed=2", "ad/plain@seed=2"),
        # one that the shot has no more: its take is of a task that is gone
        (DELIVER, "ad/single@locale=de", "ad/single@locale=de", "ad/single"),
    ],
)
def test_a_pick_follows_its_take_when_films_are_named_by_other_axes(
    deliver: tuple[str, ...], name: str, take: str, home: str
) -> None:
    found = placed(picks_of(pick(name, take)), Slots(project(deliver)))
    assert list(found.by_slot) == [home]


def test_of_several_picks_for_one_place_the_first_has_it_and_the_others_are_named() -> None:
    one_film = project(())
    picks = picks_of(*(pick(f"ad/said@locale={at}", f"ad/said@locale={at}") for at in LOCALES))
    slots = Slots(one_film)
    found = placed(picks, slots)
    assert sorted(found.by_slot) == ["ad/said", "ad/said@locale=en", "ad/said@locale=fr"]
    assert found.by_slot["ad/said"].parts == picks.by_slot["ad/said@locale=de"].parts

    rows = standings(one_film, Lock(lineage="x"), found)
    assert [one.slot for one in rows if one.state is State.STRAY] == [
        "ad/said@locale=en",
        "ad/said@locale=fr",
    ]


def lock_of(tasks: Sequence[Task]) -> Lock:
    """Return a lockfile with one take of each task; tasks of one picture share the bytes."""
    return Lock(
        lineage="x",
        entries={
            one.address: Entry(
                fingerprint=one.fingerprint,
                takes=(
                    Take(
                        number=1,
                        fingerprint=one.fingerprint,
                        sha256=digest(one),
                        size=9,
                        format="mp4",
                    ),
                ),
            )
            for one in tasks
        },
    )


def digest(one: Task) -> str:
    return f"{abs(hash(one.fingerprint)):x}".rjust(64, "0")[:64]


def chosen(one: Task, slot: str) -> Pick:
    whole = Part(take=f"{one.address}#1", sha256=digest(one), fingerprint=one.fingerprint)
    return Pick(slot=slot, why="", parts=(whole,))


@pytest.mark.parametrize("shared", [False, True])
def test_a_renamed_shot_keeps_the_pick_of_each_film(*, shared: bool) -> None:
    old = [task("said", cell) for cell in cells(locale=LOCALES)]
    new = [task("spoken", cell) for cell in cells(locale=LOCALES)]
    if shared:
        old, new = ([replace(one, fingerprint=PICTURE) for one in of] for of in (old, new))
    picks = picks_of(*(chosen(one, slot_of(one)) for one in old))

    rows = standings(new, lock_of(old), picks)

    assert [(one.slot, one.was, one.state) for one in rows] == [
        (slot_of(at), slot_of(was), State.PICKED) for at, was in zip(new, old, strict=True)
    ]


def test_a_shot_that_gets_an_axis_keeps_its_pick_in_all_films_of_that_picture() -> None:
    old = task("plain", {})
    new = [task("plain", {"locale": at}) for at in ("en", "de", "fr")]
    new = [replace(one, fingerprint=old.fingerprint) for one in new[:2]] + new[2:]
    lock = lock_of([old])
    rows = standings(new, lock, renewed(picks_of(chosen(old, "ad/plain")), new, lock))
    assert [(one.slot, one.state) for one in rows] == [
        ("ad/plain@locale=en", State.PICKED),
        ("ad/plain@locale=de", State.PICKED),
        ("ad/plain@locale=fr", State.EMPTY),
    ]


@pytest.mark.parametrize("other", ["ad/plain", "ad/plain@aspect=16:9,locale=de"])
def test_a_pick_whose_place_is_taken_is_not_given_to_another_film(other: str) -> None:
    """Films that share a picture share no pick: what was chosen for one was not for the other."""
    tasks = [task("plain", {"locale": at}) for at in ("de", "en")]
    tasks[1] = replace(tasks[1], fingerprint=tasks[0].fingerprint)
    lock = lock_of(tasks)
    mine = chosen(tasks[0], "ad/plain@locale=de")
    picks = picks_of(mine, replace(mine, slot=other))
    rows = standings(tasks, lock, renewed(picks, tasks, lock))
    assert {one.slot: one.state for one in rows} == {
        "ad/plain@locale=de": State.PICKED,
        "ad/plain@locale=en": State.OPEN,
        other: State.STRAY,
    }


def test_a_film_has_the_pick_that_names_it_before_one_of_a_general_cell() -> None:
    tasks = [
        task("all", {"locale": "de"}),
        task("all", {"aspect": "9:16", "locale": "de"}),
        *(task("other", cell) for cell in cells(aspect=ASPECTS, locale=("de",))),
    ]
    found = films_of(standings(tasks, lock_of(tasks), Picks()))
    served = {
        film["aspect"]: row for film, row in zip(found.films, found.shots["ad/all"], strict=True)
    }
    assert {at: row.slot for at, row in served.items() if row} == {
        "16:9": "ad/all@locale=de",
        "9:16": "ad/all@aspect=9:16,locale=de",
    }


@given(FILES)
def test_what_is_written_is_read_as_it_was(picks: Picks) -> None:
    text = encode(picks)
    assert decode(text, "p") == picks
    assert encode(decode(text, "p")) == text
    assert ("version: 2" in text) == any("@" in slot for slot in picks.by_slot)


@given(FILES, FILES)
def test_an_edit_says_what_was_wanted_and_keeps_every_comment_between_entries(
    before: Picks, after: Picks
) -> None:
    lines = encode(before).splitlines()
    remarked = []
    for line in lines:
        if line.startswith("  ") and not line.startswith("   ") and "/" in line:
            remarked.append(f"  # of {line.strip()}")
        remarked.append(line)
    text = "\n".join(remarked) + "\n"
    now = edited(text, after)
    assert decode(now, "p") == after
    assert {line for line in remarked if "# of" in line} <= set(now.splitlines())


def test_a_pick_that_gets_a_place_keeps_what_is_written_at_it() -> None:
    text = encode(picks_of(pick("ad/said", "ad/said@locale=de"), pick("ad/single", "ad/single")))
    text = text.replace("  ad/said:\n", "  # Mira likes it\n  ad/said: # the long one\n")
    text = text.replace('#1"\n', '#1" # after a long talk\n', 1)

    now = edited(text, placed(decode(text, "p"), SLOTS))

    assert decode(now, "p") == placed(decode(text, "p"), SLOTS)
    lines = now.splitlines()
    assert lines[lines.index("  # Mira likes it") + 1] == '  "ad/said@locale=de": # the long one'
    assert "# after a long talk" in now


BOTH = f"""\
version: {{version}}
picks:
  ad/said:
    take: "ad/said@locale=de#1"
    sha256: "{"a" * 64}"
    fingerprint: {PICTURE}
  "ad/said@locale=en":
    take: "ad/said@locale=en#1"
    sha256: "{"b" * 64}"
    fingerprint: {PICTURE}
"""


def test_a_file_of_both_forms_is_read_as_version_2_and_placed() -> None:
    picks = placed(decode(BOTH.format(version=2), "p"), SLOTS)
    assert sorted(picks.by_slot) == ["ad/said@locale=de", "ad/said@locale=en"]


def test_a_name_of_a_film_in_a_file_of_version_1_is_refused_and_the_advice_works() -> None:
    with pytest.raises(InputError) as caught:
        decode(BOTH.format(version=1), "picks.yaml")
    (problem,) = caught.value.problems
    assert str(problem.place) == "picks.yaml:7:3"
    assert "version: 2" in problem.todo


def test_two_branches_that_pick_for_different_films_merge_with_stock_git(tmp_path: Path) -> None:
    start = picks_of(*(pick(slot, of[0].address) for slot, of in SLOTS.tasks.items()))
    english, german = "ad/all@aspect=16:9,locale=en", "ad/all@aspect=16:9,locale=de"

    def write(name: str, picks: Picks) -> None:
        (tmp_path / name).write_text(edited(encode(start), picks))

    write("base", start)
    write("ours", start.having(pick(german, f"{german},seed=2", "better")))
    write("theirs", start.having(pick(english, f"{english},seed=2", "faster")).without("ad/plain"))
    done = subprocess.run(
        ["git", "merge-file", "ours", "base", "theirs"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    merged = decode((tmp_path / "ours").read_text(), "p")
    assert (merged.by_slot[german].why, merged.by_slot[english].why) == ("better", "faster")
    assert "ad/plain" not in merged.by_slot


def test_two_branches_from_a_file_of_the_first_version_merge_with_stock_git(
    tmp_path: Path,
) -> None:
    old = picks_of(
        *(pick(shot, next(a for a in ADDRESSES if a.startswith(shot))) for shot in SHOTS)
    )
    now = placed(old, SLOTS)

    def write(name: str, picks: Picks) -> None:
        (tmp_path / name).write_text(edited(encode(old), picks))

    (tmp_path / "base").write_text(encode(old))
    write("ours", now.having(pick("ad/said@locale=en", "ad/said@locale=en", "ours")))
    write("theirs", now.having(pick("ad/single", "ad/single", "theirs")))
    done = subprocess.run(
        ["git", "merge-file", "ours", "base", "theirs"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, (tmp_path / "ours").read_text()
    merged = decode((tmp_path / "ours").read_text(), "p")
    assert merged.by_slot["ad/said@locale=en"].why == "ours"
    assert merged.by_slot["ad/single"].why == "theirs"

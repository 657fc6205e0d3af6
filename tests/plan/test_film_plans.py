"""Nine films of four chained shots: picked, planned, priced and saved each on its own."""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from renderer.adapters.disk.disk import Disk
from renderer.adapters.disk.resources import model_texts
from renderer.app.planning.plan import Planned, Wishes, plan
from renderer.app.project.lockfile import LockFile
from renderer.app.workspace import Workspace
from renderer.catalog.catalog import Catalog
from renderer.catalog.load import load_model
from renderer.cli.main import run
from renderer.expand.deliverable import deliverable_of, deliverables, slot_of, words
from renderer.expand.task import Task
from renderer.film.picks import Part, Pick, Picks
from renderer.film.write import encode
from renderer.lock.model import Lock
from renderer.plan.apply import recorded
from renderer.plan.output.saved_plan import moved, saved
from tests.harness.boards import MODEL
from tests.tooling.pretend import take_of

CATALOG = Catalog.of(load_model(text, name) for name, text in model_texts().items())
SHOTS = ("ad/one", "ad/two", "ad/three", "ad/four")
SPEC = f"""\
version: 1
scene: ad
settings: {{model: "{MODEL}", resolution: 480p, duration: 5}}
matrix:
  locale: [en, de, fr]
  aspect: ["16:9", "1:1", "9:16"]
  seed: [1, 7]
shots:
- {{id: one, prompt: "A door. '{{{{ locale }}}}'"}}
- {{id: two, prompt: A street., frames: {{first: {{shot: one}}}}}}
- {{id: three, prompt: A bus., frames: {{first: {{shot: two}}}}}}
- {{id: four, prompt: "A sea. '{{{{ locale }}}}'", frames: {{first: {{shot: three}}}}}}
"""
FILMS = [
    f"aspect={aspect},locale={locale}"
    for locale, aspect in product(("en", "de", "fr"), ("16:9", "1:1", "9:16"))
]
Call = Callable[..., int]
Data = Callable[..., Any]


def planned(root: Path, **wishes: Any) -> Planned:
    return plan(Workspace.at(root, "runware", lambda: CATALOG), Wishes(**wishes))


def make_all(root: Path) -> Lock:
    """Record a take of each task in renderer.lock, shot after shot, as a render does."""
    lock_file = LockFile.of(root, "runware")
    lock = Lock(lineage="pretended")
    while due := [
        one for one in planned(root).everything if not have(lock, one) and not one.needs
    ]:
        for one in due:
            sha = hashlib.sha256(one.fingerprint.encode()).hexdigest()
            lock = recorded(lock, one, replace(take_of(one), sha256=sha))
        lock_file.read()
        lock_file.write(lock, Disk())
    return lock


def have(lock: Lock, one: Task) -> bool:
    entry = lock.entries.get(one.address)
    return bool(entry and entry.of(one.fingerprint))


def choose(root: Path, lock: Lock, tasks: Sequence[Task]) -> Picks:
    """Write down a pick of each of these tasks, for its film."""
    found = Picks()
    for one in tasks:
        (take,) = lock.entries[one.address].of(one.fingerprint)
        name = f"{one.address}#{take.number}"
        part = Part(take=name, sha256=take.sha256, fingerprint=take.fingerprint)
        found = found.having(Pick(slot=slot_of(one), why="", parts=(part,)))
    (root / "picks.yaml").write_text(encode(found))
    return found


def second(film: str) -> bool:
    """Whether the second seed is picked for a film: for every other one."""
    return FILMS.index(film) % 2 == 1


def preferred(one: Task) -> bool:
    return (one.cell["seed"] == 7) == second(words(deliverable_of(one)))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with a pick for each shot of each film: of one seed or of the other."""
    root = tmp_path_factory.mktemp("films")
    for name, text in {"specs/ad.yaml": SPEC}.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    make_all(root)
    for at in range(len(SHOTS)):  # a pick upstream makes what depends on it anew
        lock = make_all(root)
        tasks = planned(root).everything
        shots = SHOTS[: at + 1]
        choose(root, lock, [one for one in tasks if f"ad/{one.shot}" in shots and preferred(one)])
    lock = make_all(root)
    choose(root, lock, [one for one in planned(root).everything if preferred(one)])
    return root


@pytest.fixture
def root(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "films"))


@pytest.fixture
def call(root: Path) -> Call:
    return lambda *argv: run(["-C", str(root), *argv])


@pytest.fixture
def data(call: Call, capsys: pytest.CaptureFixture[str]) -> Data:
    def of(*argv: str) -> Any:
        capsys.readouterr()
        assert call(*argv, "--provider", "runware", "--format", "json") == 0
        return json.loads(capsys.readouterr().out)

    return of


def edit(root: Path, old: str, new: str, name: str = "specs/ad.yaml") -> None:
    path = root / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_each_shot_has_nine_picks(data: Data) -> None:
    found = data("picks")
    assert found["deliverables"] == FILMS
    assert Counter(row["shot"] for row in found["shots"]) == dict.fromkeys(SHOTS, 9)
    assert {row["state"] for row in found["shots"]} == {"picked"}


def test_all_is_picked_and_nothing_is_to_be_made(call: Call) -> None:
    assert call("picks", "--check", "--provider", "runware") == 0
    assert call("plan", "--exit-code", "--provider", "runware") == 0


def test_each_shot_of_a_film_depends_on_the_pick_of_its_own_film(root: Path) -> None:
    tasks = {one.address: one for one in planned(root).everything}
    takes = {take.sha256: address for address, take in make_all_takes(root)}
    seen = 0
    for one in tasks.values():
        for still in one.stills.values():
            source = tasks[takes[still.take]]
            assert deliverable_of(source) == deliverable_of(one), one.address
            assert preferred(source), one.address
            seen += 1
    assert seen == 3 * 9 * 2


def make_all_takes(root: Path) -> list[tuple[str, Any]]:
    lock_file = LockFile.of(root, "runware")
    return list(lock_file.read().takes())


@pytest.mark.parametrize("film", FILMS[::4])
def test_another_pick_changes_its_own_film_alone(root: Path, film: str) -> None:
    lock = LockFile.of(root, "runware").read()
    tasks = planned(root).everything
    other = [
        one
        for one in tasks
        if preferred(one) != (one.shot == "one" and words(deliverable_of(one)) == film)
    ]
    choose(root, lock, other)

    changed = planned(root).plan.changes
    assert {one.address.partition("@")[0] for one in changed} == {"ad/two", "ad/three", "ad/four"}
    films = {
        words(deliverable_of(one))
        for one in tasks
        if one.address in {step.address for step in changed}
    }
    assert films == {film}


def test_what_is_not_picked_is_named_and_nothing_else(
    call: Call, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = ["ad/four@aspect=1:1,locale=de", "ad/two@aspect=9:16,locale=fr"]
    for slot in gone:
        assert call("pick", "--undo", slot, "--provider", "runware") == 0
    capsys.readouterr()
    assert call("picks", "--check", "--provider", "runware") == 4
    said = capsys.readouterr().err
    assert said.startswith("error: 2 picks are missing or not valid: ")
    assert [slot for slot in all_slots() if slot in said] == sorted(gone, key=all_slots().index)


def all_slots() -> list[str]:
    return [f"{shot}@{film}" for shot, film in product(SHOTS, FILMS)]


def test_a_shot_that_is_excluded_from_a_film_is_named_by_the_check(
    root: Path, call: Call, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(root, "- {id: two, ", '- {id: two, matrix: {exclude: [{locale: fr, aspect: "1:1"}]}, ')
    capsys.readouterr()
    assert call("picks", "--check", "--provider", "runware") == 4
    assert "ad/two in aspect=1:1,locale=fr" in capsys.readouterr().err


@pytest.fixture
def unmade(root: Path) -> Path:
    (root / "renderer.lock").unlink()
    (root / "picks.yaml").unlink()
    return root


def high(summary: Any) -> Decimal:
    return Decimal(summary["cost"]["high"])


@pytest.mark.usefixtures("unmade")
def test_the_price_of_a_film_is_that_of_its_tasks(data: Data) -> None:
    for film in (FILMS[0], FILMS[5]):
        own = data("plan", "--deliverable", film)
        addresses = [f"{shot}@{film},seed={seed}" for shot in SHOTS for seed in (1, 7)]
        assert sorted(one["address"] for one in own["tasks"]) == sorted(addresses)
        assert high(own["summary"]) == sum(high(one) for one in own["tasks"])
        assert own["summary"]["takes"] == sum(one["takes"] for one in own["tasks"])


def test_films_that_share_no_picture_cost_together_what_they_cost_alone(unmade: Path) -> None:
    """Here what depends on a spoken shot is of its locale, too: nothing is shared."""
    whole = planned(unmade).plan
    alone = [planned(unmade, deliverable=film).plan for film in FILMS]
    assert sum(one.cost.high for one in alone) == whole.cost.high
    assert sum(len(one.steps) for one in alone) == len(whole.steps) == 72


def test_a_shared_picture_is_paid_by_the_film_that_is_made_first(unmade: Path) -> None:
    edit(unmade, "'{{ locale }}'", "", "specs/ad.yaml")
    whole = planned(unmade).plan
    assert (len(whole.lacking), whole.pictures, whole.takes) == (72, 24, 24)
    alone = planned(unmade, deliverable=FILMS[4]).plan
    assert (len(alone.lacking), alone.pictures, alone.takes) == (8, 8, 8)
    make_all(unmade)
    assert planned(unmade).plan.takes == 0


def test_the_plan_says_how_many_pictures_are_shared(
    unmade: Path, data: Data, call: Call, capsys: pytest.CaptureFixture[str]
) -> None:
    assert data("plan")["summary"]["pictures"] == 72
    assert call("plan", "--provider", "runware") == 0
    assert "Pictures:" not in capsys.readouterr().out

    edit(unmade, "'{{ locale }}'", "")
    assert data("plan")["summary"]["pictures"] == 24
    for form in ("text", "markdown"):
        assert call("plan", "--provider", "runware", "--format", form) == 0
        assert "72 tasks, 24 pictures; " in capsys.readouterr().out

    make_all(unmade)
    edit(unmade, "A sea.", "A green sea.")
    summary = data("plan")["summary"]
    assert (summary["pictures"], summary["change"], summary["keep"]) == (6, 18, 54)


def test_a_part_of_a_name_is_several_films(unmade: Path) -> None:
    steps = planned(unmade, deliverable="locale=de").plan.steps
    assert len(steps) == 24
    assert all("locale=de" in one.address for one in steps)


@pytest.mark.parametrize(
    ("only", "count"), [(("two",), 2), (("one", "four"), 4), (("ad/two@seed=7",), 1)]
)
def test_names_and_a_film_together_are_what_both_have(
    root: Path, only: tuple[str, ...], count: int
) -> None:
    steps = planned(root, only=only, deliverable=FILMS[3]).plan.steps
    assert len(steps) == count
    assert all(FILMS[3] in one.address for one in steps)


def test_a_saved_plan_of_a_film_is_matched_by_the_same_film_alone(root: Path, call: Call) -> None:
    edit(root, "A bus.", "A red bus.")
    file = root / "plan.json"
    assert (
        call("plan", "--provider", "runware", "--deliverable", FILMS[3], "--out", str(file)) == 0
    )
    kept = json.loads(file.read_text())
    assert kept["deliverable"] == FILMS[3]

    now = planned(root, deliverable=FILMS[3])
    assert not list(moved(kept, now.plan, now.lock_digest))
    for other in ({}, {"deliverable": FILMS[4]}, {"deliverable": "locale=de"}):
        assert list(moved(kept, planned(root, **other).plan, now.lock_digest))

    edit(root, "A street.", "A wide street.")
    later = planned(root, deliverable=FILMS[3])
    assert list(moved(kept, later.plan, later.lock_digest))


def test_a_pick_of_another_film_leaves_a_saved_plan_valid_and_its_own_does_not(root: Path) -> None:
    edit(root, "A bus.", "A red bus.")
    before = planned(root, deliverable=FILMS[3])
    lock = LockFile.of(root, "runware").read()
    kept = json.loads(
        json.dumps(saved(before.plan, before.lock_digest, (), FILMS[3]), default=dict)
    )
    for film, valid in ((FILMS[4], True), (FILMS[3], False)):
        tasks = [
            one
            for one in planned(root).everything
            if have(lock, one)
            and preferred(one) != (one.shot == "two" and words(deliverable_of(one)) == film)
        ]
        choose(root, lock, tasks)
        now = planned(root, deliverable=FILMS[3])
        assert (not list(moved(kept, now.plan, now.lock_digest))) == valid, film


def test_a_saved_plan_that_names_no_film_of_now_is_refused(root: Path, call: Call) -> None:
    edit(root, "A bus.", "A red bus.")
    file = root / "plan.json"
    assert (
        call("plan", "--provider", "runware", "--deliverable", FILMS[3], "--out", str(file)) == 0
    )
    edit(root, "locale: [en, de, fr]", "locale: [en, fr]")
    assert call("render", "--plan", str(file), "--yes", "--max-cost", "9") == 2


def test_dropping_an_axis_keeps_the_picks_that_chains_follow(root: Path) -> None:
    """By one film now: the pick that has the place is the one that is followed, too."""
    (root / "renderer.yaml").write_text("version: 1\ndeliver: [locale]\n")
    tasks = planned(root).everything
    assert len(deliverables(tasks)) == 3
    takes = {take.sha256: address for address, take in make_all_takes(root)}
    for one in tasks:
        if one.shot == "two":
            (still,) = one.stills.values()
            assert takes[still.take].startswith("ad/one@aspect=16:9,"), one.address


def test_an_unknown_film_is_an_error_of_the_command_line(call: Call) -> None:
    for text in ("", " ", "locale", "locale=", "locale=xx", "cut=1", "locale=de,locale=en"):
        assert call("plan", "--deliverable", text) == 2, text
        assert call("render", "--deliverable", text, "--yes") == 2, text


def test_a_renamed_shot_is_followed_by_its_picks(root: Path) -> None:
    edit(root, "id: one,", "id: door,")
    edit(root, "{shot: one}", "{shot: door}")
    counts = {step.address: step.action.value for step in planned(root).plan.changes}
    assert set(counts.values()) == {"move"}, counts
    assert len(counts) == 18

"""Clones of one project: who buys what, what a clone lacks, and what comes back for nothing."""

import subprocess
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from renderer.cli.main import run
from tests.continuity.conftest import large
from tests.harness.buyer import NOTHING, Bought, Buyer
from tests.harness.repo import ALONE, Repo
from tests.harness.served import Served, environment, served

People = tuple[Buyer, Buyer]
SCENE = """\
version: 1
scene: pier
aspect: "16:9"
settings: {model: "bytedance:seedance@1.5-pro", resolution: 480p, duration: 4}
matrix: {seed: [7, 17]}
shots:
  - id: bell
    prompt: A bell tolls. AT

  - id: chase
    prompt: The courier runs. AT
    frames: {first: {shot: bell, frame: last}}

  - id: lamp
    prompt: A lamp is lit. AT
""".replace("AT", "{{ scene.id }}/{{ shot.id }}@seed={{ task.seed }}")
SHOTS = ("bell", "chase", "lamp")
PRICE = Decimal("0.09743")  # of a take of 4 s at 480p, with sound


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("engine")
    with served(folder, make=large) as one, environment(**one.environment()):
        yield one


@pytest.fixture
def people(
    tmp_path: Path,
    engine: Served,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> People:
    """Begin a project, commit it, and clone it: nobody has rendered."""
    for name, value in ALONE.items():
        monkeypatch.setenv(name, value)
    roots = tmp_path / "ada", tmp_path / "bob"
    assert run(["init", str(roots[0])]) == 0
    (roots[0] / "specs" / "lighthouse.yaml").unlink()
    (roots[0] / "specs" / "pier.yaml").write_text(SCENE)
    Repo.start(roots[0]).commit()
    subprocess.run(["git", "clone", "-q", *map(str, roots)], check=True)
    ada, bob = (Buyer(root=root, engine=engine, capsys=capsys) for root in roots)
    return ada, bob


def takes(*shots: str) -> Bought:
    """Return what one take of both cells of these shots is and costs."""
    found = Counter(f"pier/{shot}@seed={seed}" for shot in shots for seed in (7, 17))
    return Bought(cost=PRICE * found.total(), takes=found)


def commit(one: Buyer, message: str) -> None:
    Repo(root=one.root, project=one.root).commit(message)


def pull(one: Buyer, other: Buyer, code: int = 0) -> None:
    repo = Repo(root=one.root, project=one.root)
    repo.git("pull", "-q", "--no-rebase", "--no-edit", str(other.root), "main", wanted=code)


def ledger(one: Buyer) -> Bought:
    return Bought.of(one.engine.store.billing.charged)


def same_lockfile(people: People) -> bool:
    first, second = ((one.root / "renderer.lock").read_bytes() for one in people)
    return first == second


def names(one: Buyer, *shots: str) -> set[str]:
    """Return the names of the takes that show the pictures of now."""
    found = [row for at in shots for row in one.ask("takes", "--provider", "runware", at)["shots"]]
    return {take["name"] for row in found for take in row["takes"] if take["current"]}


def lacks_all_and_buys_nothing(bob: Buyer) -> None:
    assert bob.absent() == names(bob, "pier") == {f"{at}#1" for at in takes(*SHOTS).takes}
    assert bob.call("plan", "--provider", "runware", "--exit-code") == 0
    assert bob.call("lock", "check", "--provider", "runware") == 0
    assert bob.said() == NOTHING


def edits_and_buys(bob: Buyer) -> None:
    """The plan names what is fetched for it; then just that is bought."""
    bob.edit("The courier", "A courier")
    bob.edit("    prompt: A lamp", "    frames: {last: {shot: bell}}\n    prompt: A lamp")
    fetched = {name for step in bob.steps().values() for name in step["fetches"]}
    assert fetched == bob.absent() == names(bob, "pier/bell")
    assert bob.buys() == takes("chase", "lamp")
    assert bob.call("verify", "--repair", "--provider", "runware") == 0  # older takes as well
    bob.settled()
    commit(bob, "bob")


def test_a_clone_lacks_files_buys_what_it_edits_and_is_pulled_back(people: People) -> None:
    ada, bob = people
    assert ada.buys() == takes(*SHOTS)
    commit(ada, "ada")
    pull(bob, ada)
    lacks_all_and_buys_nothing(bob)
    edits_and_buys(bob)

    # Meanwhile the other one bought something else; stock git joins both.
    ada.edit("A bell", "The bell")
    assert ada.buys("--only", "pier/bell") == takes("bell")
    commit(ada, "ada again")
    pull(ada, bob)
    assert ada.said() == takes("chase", "lamp")  # they depend on the bell
    assert ada.absent() == set()  # what is not here shows older pictures

    # The bell is put back: what both bought is there, and comes for nothing.
    ada.edit("The bell", "A bell")
    assert (ada.said(), ada.absent()) == (NOTHING, names(ada, "pier/chase", "pier/lamp"))
    assert ada.render() == NOTHING
    ada.settled()
    commit(ada, "as it was")
    pull(bob, ada)
    assert bob.said() == NOTHING
    assert same_lockfile(people)
    assert ledger(ada).takes.total() == 12


def test_the_same_edit_in_two_clones_is_bought_once_and_collected_once(people: People) -> None:
    ada, bob = people
    for one in people:
        assert one.said() == takes(*SHOTS)  # nobody knows of the other one
    assert ada.render() == takes(*SHOTS)
    ada.capsys.readouterr()
    assert bob.render() == NOTHING
    out = bob.capsys.readouterr().out
    assert "Collected 6 takes" in out
    assert "$" not in out
    for one in people:
        one.settled()
    assert same_lockfile(people)


def test_two_colleagues_with_a_new_project_pay_once(people: People) -> None:
    ada, bob = people
    assert (said := ada.said()) == bob.said() == takes(*SHOTS)

    # One of them is first, and the other one gets what was bought.
    assert ada.render("--only", "pier/bell") == takes("bell")
    assert bob.said() == said
    for child in [one.start("--provider", "runware") for one in people]:
        assert child.wait(60) == 0

    assert ledger(ada) == said
    for one in people:
        one.settled()
        assert one.spent() == said.cost
        commit(one, "rendered")
    assert same_lockfile(people)
    pull(ada, bob)
    pull(bob, ada)

    # Each goes on with a shot of their own, and stock git joins what they bought.
    for one, old, new, shot in zip(
        people, ("The c", "A lamp"), ("A c", "The lamp"), SHOTS[1:], strict=True
    ):
        one.edit(old, new)
        assert one.buys() == takes(shot)
        commit(one, shot)
    pull(ada, bob)
    pull(bob, ada)
    for one, shot in zip(people, ("lamp", "chase"), strict=True):
        assert one.absent() == names(one, f"pier/{shot}")
        assert (one.said(), one.render()) == (NOTHING, NOTHING)
        assert one.absent() == set()
        assert one.spent() == ledger(one).cost == PRICE * 10
    assert same_lockfile(people)

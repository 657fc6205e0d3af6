"""`renderer init --template ad`: four films of one storyboard, made, picked and priced."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from renderer.adapters.disk.disk import Disk
from renderer.app.init import scaffold
from renderer.cli.main import run
from tests.continuity.conftest import large
from tests.harness.served import Served, environment, served

FILMS = [
    f"aspect={aspect},locale={locale}"
    for locale, aspect in product(("en", "de"), ("16:9", "9:16"))
]
SHOTS = ("kettle", "tin-mint", "tin-smoke", "tin-apple", "toast")
Call = Callable[..., int]
Data = Callable[..., Any]


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("engine")
    with served(folder, make=large, dated=True) as one, environment(**one.environment()):
        yield one


@pytest.fixture
def call(tmp_path: Path) -> Call:
    scaffold(tmp_path / "ad", Disk(), "ad")
    return lambda *argv: run(["-C", str(tmp_path / "ad"), *argv])


@pytest.fixture
def data(call: Call, capsys: pytest.CaptureFixture[str]) -> Data:
    def of(*argv: str) -> Any:
        capsys.readouterr()
        assert call(*argv, "--format", "json", "--provider", "runware") == 0
        return json.loads(capsys.readouterr().out)

    return of


def drafts(root: Path, old: str, new: str) -> None:
    path = root / "ad" / "renderer.yaml"
    text = path.read_text()
    assert text.count(f"\ndraft: {old}\n") == 1
    path.write_text(text.replace(f"\ndraft: {old}\n", f"\ndraft: {new}\n"))


def test_the_film_of_one_deliverable_costs_what_its_tasks_cost(data: Data) -> None:
    film = data("plan", "--deliverable", "locale=de,aspect=9:16")

    assert [one["address"] for one in film["tasks"]] == [
        f"tea/{shot}@aspect=9:16,locale=de" for shot in SHOTS
    ]
    costs = [Decimal(one["cost"]["high"]) for one in film["tasks"]]
    assert all(costs)
    assert Decimal(film["summary"]["cost"]["high"]) == sum(costs)
    assert film["summary"]["takes"] == len(SHOTS)


def test_what_languages_share_is_made_once_and_only_what_is_spoken_apart(data: Data) -> None:
    steps = data("plan")["tasks"]

    made = [one["address"] for one in steps if one["takes"]]
    assert len(made) == 4 * 2 + 4
    assert {one for one in made if one.startswith("tea/toast")} == {
        f"tea/toast@{film}" for film in FILMS
    }
    assert all(one["same_as"].endswith("locale=en") for one in steps if not one["takes"])


def test_it_is_made_and_picked_film_by_film_and_the_finals_keep_the_picks(
    call: Call, data: Data, engine: Served, tmp_path: Path
) -> None:
    paid = ("render", "--provider", "runware", "--yes", "--max-cost", "9")
    assert call(*paid) == 0
    assert len(engine.store.billing.charged) == 12
    assert call("picks", "--check", "--provider", "runware") == 4

    for shot, film in product(SHOTS, FILMS):
        take = f"tea/{shot}@{film}#1:0.5-20f"
        assert call("pick", take, "--why", film, "--provider", "runware") == 0
    assert call("picks", "--check", "--provider", "runware") == 0

    drafts(tmp_path, "true", "false")
    assert data("plan")["summary"]["promote"] == 12
    assert call(*paid) == 0
    assert len(engine.store.billing.charged) == 24
    assert call("picks", "--check", "--provider", "runware") == 0
    finals = cuts(data)

    drafts(tmp_path, "false", "true")
    assert data("plan")["summary"]["takes"] == 0
    assert call("picks", "--check", "--provider", "runware") == 0
    assert cuts(data) == finals
    assert len(engine.store.billing.charged) == 24


def cuts(data: Data) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return of each pick the place, the reason, and the cuts, which are all alike here."""
    picks = [one["pick"] for one in data("picks")["shots"]]
    found = [
        (one["slot"], one["why"], [(p["in"], p["out"]) for p in one["parts"]]) for one in picks
    ]
    assert found == [
        (f"tea/{shot}@{film}", film, [("0.5", "20f")]) for shot, film in product(SHOTS, FILMS)
    ]
    return found


def test_a_spoken_shot_of_one_film_is_drawn_free_at_once(call: Call, tmp_path: Path) -> None:
    one = ("--only", "toast", "--deliverable", "locale=de,aspect=9:16")
    assert call("render", *one) == 0
    assert len(list((tmp_path / "ad" / "renders").rglob("*.mp4"))) == 1
    assert call("plan", *one, "--exit-code") == 0

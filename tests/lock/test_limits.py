"""Whatever the product writes, it reads: at the largest that it writes, and from any provider."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer import limits
from renderer.adapters.disk.cache import Cache
from renderer.adapters.disk.disk import Disk
from renderer.adapters.disk.store import Store
from renderer.app.planning.saved_plan import read_plan
from renderer.app.rendering.exported_files import ExportedFiles
from renderer.catalog.money import Cost
from renderer.cli.main import run
from renderer.errors import InputError
from renderer.film.picks import Part, Pick, Picks
from renderer.film.read import decode as decode_picks
from renderer.film.write import encode as encode_picks
from renderer.lock.codec import as_id, as_money, decode, encode
from renderer.lock.model import Entry, Lock, Take
from renderer.plan.model import Action, Plan, Reason, Step
from renderer.plan.output.saved_plan import moved, saved
from tests.conftest import lay_project
from tests.harness.served import Served, environment, served

FINGERPRINT = "v1-" + "a" * 64
UUID = "01234567-89ab-4cde-8f01-23456789abcd"


def address(number: int) -> str:
    return f"scene{number // 100:03d}/shot{number % 100:02d}@aspect=16:9,locale=en,seed={number}"


def take(number: int) -> Take:
    return Take(
        number=number,
        fingerprint=FINGERPRINT,
        sha256=f"{number:064x}",
        size=10**7,
        format="webm",
        seed=2**63 + number,
        cost=Decimal("0.09743"),
        estimate=Decimal("0.09743"),
        task_uuid=UUID,
        video_uuid=f"{number:09d}{UUID[9:]}",
        draft_id="cgt-20260327025345-g766z",
    )


def large(tasks: int, takes: int, fields: int) -> Lock:
    shown = {
        f"providerSettings.bytedance.setting{n}": "sha256:0123456789abcdef" for n in range(fields)
    }
    made = tuple(take(number + 1) for number in range(takes))
    entry = Entry(fingerprint=FINGERPRINT, fields=shown, takes=made)
    return Lock(lineage="l", entries={address(number): entry for number in range(tasks)})


def test_a_lockfile_of_the_most_tasks_is_read() -> None:
    lock = large(limits.TASKS, 1, 3)

    assert decode(encode(lock), "renderer.lock") == lock


@pytest.mark.campaign
@pytest.mark.timeout(600)
def test_a_lockfile_of_the_most_tasks_with_several_takes_each_is_read() -> None:
    lock = large(limits.TASKS, limits.TAKES // limits.TASKS, 14)

    assert decode(encode(lock), "renderer.lock") == lock


def test_a_saved_plan_of_the_most_tasks_is_read_and_carried_out(tmp_path: Path) -> None:
    reasons = tuple(Reason(field=f"field{n}", old="old, value", new="new") for n in range(1))
    steps = tuple(
        Step(address=address(n), action=Action.CHANGE, fingerprint=FINGERPRINT, reasons=reasons,
             takes=1, have=1, cost=Cost(low=Decimal("0.1"), high=Decimal("0.1")))
        for n in range(limits.TASKS)
    )  # fmt: skip
    plan = Plan(provider="runware", steps=steps)
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(saved(plan, "digest"), indent=1))

    assert list(moved(read_plan(path), plan, "digest")) == []


def test_a_plan_that_could_not_be_read_is_not_saved(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(limits, "PLAN", 500)
    path = project / "plan.json"

    assert run(["-C", str(project), "plan", "--out", str(path)]) == 2

    assert not path.exists()
    assert "--only" in capsys.readouterr().err


def test_the_list_of_what_lies_in_renders_is_read_at_its_largest(tmp_path: Path) -> None:
    store = Store(tmp_path / ".renderer", Disk())
    store.prepare()
    name = "renders/scene/" + "shot@aspect=16.9,locale=en".ljust(110, "x") + "{}.take1.webm"
    listed = {name.format(n): f"{n:064x}" for n in range(limits.TASKS)}
    path = tmp_path / ".renderer" / "renders.json"
    path.write_text(json.dumps(listed, indent=1))

    ExportedFiles(root=tmp_path, store=store, disk=Disk()).lay_out((), Lock(lineage="l"))

    assert json.loads(path.read_text()) == {}  # it was believed: none of it is wanted any more


def test_what_is_too_large_for_the_memo_leaves_the_old_one_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memo = Cache(tmp_path)
    memo.put("a", "k", "small")
    monkeypatch.setattr("renderer.adapters.disk.cache._LARGEST", 100)
    memo.put("a", "k", "x" * 100)
    memo.put("b", "k", "y")

    assert (memo.get("a", "k"), memo.get("b", "k")) == ("small", "y")


def picks(count: int, why: str = "the turn reads best") -> Picks:
    part = Part(take="a/b#1", sha256="12" * 32, fingerprint=FINGERPRINT)
    shots = (f"scene/shot{n}" for n in range(count))
    return Picks().having(*(Pick(slot=shot, why=why, parts=(part,)) for shot in shots))


@pytest.mark.parametrize("count", [100, 3000])
def test_many_picks_are_read(count: int) -> None:
    assert decode_picks(encode_picks(picks(count)), "picks.yaml") == picks(count)


@pytest.mark.parametrize(("count", "why"), [(9000, "x"), (600, "w" * 2000)])
def test_picks_that_could_not_be_read_are_refused_before_they_are_written(
    count: int, why: str
) -> None:
    with pytest.raises(InputError, match=f"picks.yaml cannot hold {count} picks"):
        encode_picks(picks(count, why))


IDS = st.text(max_size=200) | st.sampled_from(
    ["", UUID, "https://x/y?sig=1", "a/b", "ä", "x" * 129]
)
AMOUNTS = st.decimals(0, 999_999, allow_nan=False, allow_infinity=False)


@given(IDS, AMOUNTS)
def test_what_a_provider_sends_is_written_so_that_it_is_read(text: str, amount: Decimal) -> None:
    money = as_money(amount)
    one = Take(
        number=1, fingerprint=FINGERPRINT, sha256="0" * 64, size=1, format="mp4",
        video_uuid=as_id(text), cost=money,
    )  # fmt: skip
    lock = Lock(lineage="l", entries={"a/b": Entry(fingerprint=FINGERPRINT, takes=(one,))})

    assert decode(encode(lock), "renderer.lock") == lock
    assert money is not None
    assert 0 <= money - amount <= Decimal("1E-8")
    assert as_id(as_id(text)) == as_id(text)


@pytest.fixture
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve an engine whose ids and amounts are not such as we know them."""

    def change(data: bytes) -> bytes:
        text = data.decode()
        text = text.replace('"videoUUID": "', '"videoUUID": "https://v/')
        return text.replace(
            '"cost":', '"cost":0.1000000000000000055511151231257827021,"was":'
        ).encode()

    folder = tmp_path_factory.mktemp("engine")
    with served(folder) as one, environment(**one.environment()):
        one.change = change
        yield one


def test_a_project_with_ids_of_another_kind_can_be_rendered_again(
    tmp_path: Path, odd: Served
) -> None:
    project = lay_project(tmp_path)
    where = ("-C", str(project))
    buy = ("render", "--provider", "runware", "--yes", "--max-cost", "5")

    assert run([*where, *buy]) == 0
    assert run([*where, *buy]) == 0

    assert run([*where, "lock", "check", "--provider", "runware"]) == 0
    assert set(odd.paid.values()) == {1}
    lock = decode((project / "renderer.lock").read_text(), "renderer.lock")
    assert {one.cost for _, one in lock.takes()} == {Decimal("0.10000001")}
    assert all(one.video_uuid.startswith("sha256-") for _, one in lock.takes())


def test_an_address_of_many_axes_is_written_and_read(tmp_path: Path, odd: Served) -> None:
    axes = ", ".join(f"{'v' * 60}{n}: [{'w' * 40}{n}]" for n in range(40))
    uses = " ".join("{{ " + f"{'v' * 60}{n}" + " }}" for n in range(40))
    project = lay_project(tmp_path)
    scene = project / "specs" / "harbour.yaml"
    scene.write_text(scene.read_text().partition("shots:")[0] + f"matrix: {{{axes}}}\nshots:\n"
                     f'  - id: quay\n    prompt: "{uses}"\n')  # fmt: skip

    where = ("-C", str(project))

    assert run([*where, "render", "--provider", "runware", "--yes", "--max-cost", "5"]) == 0

    assert len(odd.calls) > 0
    assert run([*where, "plan", "--provider", "runware", "--exit-code"]) == 0
    (name,) = decode((project / "renderer.lock").read_text(), "renderer.lock").entries
    pick = ("pick", f"{name}#1", "--why", "it is the only one", "--provider", "runware")
    assert run([*where, *pick]) == 0
    assert run([*where, "picks", "--provider", "runware"]) == 0


def test_takes_that_the_lockfile_could_not_hold_are_not_bought(
    tmp_path: Path, odd: Served, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    project = lay_project(tmp_path)
    monkeypatch.setattr(limits, "TASKS", 5)
    monkeypatch.setattr(limits, "LOCK", 2000)

    assert run(["-C", str(project), "render", "--provider", "runware", "--yes",
                "--max-cost", "5"]) == 4  # fmt: skip

    assert "could no longer be read" in capsys.readouterr().err
    assert not odd.calls


@pytest.mark.parametrize(("count", "length"), [(500, 2500), (12000, 5)])
def test_requests_that_make_no_readable_scene_are_not_written_as_one(
    project: Path, count: int, length: int, capsys: pytest.CaptureFixture[str]
) -> None:
    request = {"taskType": "videoInference", "model": "bytedance:seedance@1.5-pro", "width": 864,
               "height": 496, "duration": 4, "positivePrompt": "w" * length}  # fmt: skip
    many = [{**request, "seed": n, "taskUUID": UUID} for n in range(count)]
    (project / "many.json").write_text(json.dumps(many))

    code = run(["-C", str(project), "import", str(project / "many.json")])

    assert code == 2, capsys.readouterr().out
    assert "split it" in capsys.readouterr().err
    assert not (project / "specs" / "many.yaml").exists()

"""What takes cost: by what one asks, each once, with what was never reported flagged."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest

from renderer.adapters.disk.disk import Disk
from renderer.app.inspect.cost import spent
from renderer.app.project.lockfile import LockFile
from renderer.catalog.money import Cost
from renderer.cli.cost import cell
from renderer.lock.model import Entry, Lock, Take
from tests.harness.paying import Call
from tests.harness.served import Served

Out = pytest.CaptureFixture[str]
MODEL = {"model": "bytedance:seedance@1.5-pro"}


def take(number: int, cost: str | None, video: str, estimate: str = "0.1") -> Take:
    return Take(
        number=number,
        fingerprint="v1-" + "a" * 64,
        sha256=video * 32,
        size=1,
        format="mp4",
        cost=None if cost is None else Decimal(cost),
        estimate=Decimal(estimate),
        task_uuid="00000000-0000-4000-8000-0000000000" + video,
        video_uuid=video,
    )


@pytest.fixture
def kept(project: Path) -> Path:
    """Write a lockfile with a take that two tasks share, and one without a reported cost."""
    shared = take(1, "0.12", "aa")
    entries = {
        "harbour/lamp": (shared, take(2, None, "bb")),
        "harbour/quay@seed=7": (shared, take(2, "0.1", "cc")),
        "pier/end": (take(1, "0.3", "dd"),),
    }
    made = {
        name: Entry(fingerprint="v1-" + "a" * 64, fields=MODEL, takes=takes)
        for name, takes in entries.items()
    }
    lock_file = LockFile.of(project, "runware")
    lock_file.read()
    lock_file.write(Lock(lineage="one", entries=made), Disk())
    return project


def rows(call: Call, capsys: Out, by: str) -> dict[str, tuple[int, str, int]]:
    assert call("cost", "--by", by, "--format", "json") == 0
    data = json.loads(capsys.readouterr().out)
    assert data["total"]["counted"] == "0.62"
    return {one["name"]: (one["takes"], one["counted"], one["unreported"]) for one in data["rows"]}


def test_a_take_that_two_tasks_share_was_paid_for_once(
    kept: Path, call: Call, capsys: Out
) -> None:
    assert rows(call, capsys, "scene") == {"harbour": (3, "0.32", 1), "pier": (1, "0.3", 0)}
    assert rows(call, capsys, "shot") == {
        "harbour/lamp": (2, "0.22", 1),
        "harbour/quay": (1, "0.1", 0),
        "pier/end": (1, "0.3", 0),
    }
    assert spent(LockFile.of(kept, "runware").read()) == Decimal("0.62")


def test_models_are_named_and_months_without_a_journal_are_not(
    kept: Path, call: Call, capsys: Out
) -> None:
    assert kept.is_dir()
    assert rows(call, capsys, "model") == {"bytedance:seedance@1.5-pro": (4, "0.62", 1)}
    assert rows(call, capsys, "month") == {"(not known)": (4, "0.62", 1)}


def test_text_flags_what_was_never_reported(kept: Path, call: Call, capsys: Out) -> None:
    assert kept.is_dir()
    assert call("cost") == 0
    told = capsys.readouterr().out
    assert "harbour      3     0.30000     0.32000  1 without a reported cost" in told
    assert "Where no cost was reported, the estimate is counted." in told


def test_a_project_that_never_paid_costs_nothing(project: Path, call: Call, capsys: Out) -> None:
    assert project.is_dir()
    assert call("cost", "--format", "csv") == 0
    assert capsys.readouterr().out == (
        "scene,takes,estimate_usd,reported_usd,counted_usd,unreported\n"
    )


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "=cmd|' /C calc'!A0"])
def test_no_cell_of_the_csv_starts_a_formula(text: str) -> None:
    assert cell(text)[0] == "'"
    written = io.StringIO()
    csv.writer(written).writerow([cell(text)])
    assert next(csv.reader(io.StringIO(written.getvalue())))[0][0] not in "=+-@\t\r"


def test_a_run_is_known_by_its_month_and_a_missing_cost_is_counted_as_the_estimate(
    project: Path, engine: Served, call: Call, paid: Call, capsys: Out
) -> None:
    def without_cost(answer: bytes) -> bytes:
        body = json.loads(answer)
        for row in body.get("data", []):
            if row.get("seed") is not None and "quay" not in str(row):
                row.pop("cost", None)
        return json.dumps(body).encode()

    engine.change = without_cost
    assert paid("--only", "harbour/lamp") == 0
    assert "cost: none was reported" in capsys.readouterr().err
    engine.change = None
    assert paid() == 0
    capsys.readouterr()

    assert call("cost", "--by", "month", "--format", "json") == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert row["name"][:2] == "20"
    assert (row["takes"], row["unreported"]) == (2, 1)
    assert (row["reported"], row["counted"]) == ("0.09743", "0.14614")
    lock = LockFile.of(project, "runware").read()
    unreported = [one for _, one in lock.takes() if one.cost is None]
    assert [one.estimate for one in unreported] == [Decimal("0.04871")]


def test_a_price_range_is_counted_at_its_high_end() -> None:
    from renderer.app.rendering.spend_check import check, spending
    from renderer.errors import RefusedError
    from tests.harness.world import order

    wide = Cost(low=Decimal("0.1"), high=Decimal("0.9"))
    bought = spending([order(estimate=wide)], [])
    assert not check(bought, Decimal("0.9"), terminal=False, yes=True)
    with pytest.raises(RefusedError, match=r"\$0\.1.* to \$0\.9"):
        check(bought, Decimal("0.89"), terminal=True, yes=True)

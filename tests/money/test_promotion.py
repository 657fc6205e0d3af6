"""Draft, pick, final: one request a shot with the draft's id; after its days nothing unasked."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.paying import Call
from tests.harness.served import Served, environment, served

Out = pytest.CaptureFixture[str]
SPEC = "specs/harbour.yaml"


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve an engine whose drafts carry the day they were made."""
    folder = tmp_path_factory.mktemp("engine")
    with served(folder, dated=True) as one, environment(**one.environment()):
        yield one


@pytest.fixture
def drafted(project: Path, engine: Served, call: Call, paid: Call) -> Served:
    """Render drafts, two of one shot, and pick the second of them."""
    path = project / SPEC
    text = path.read_text().replace("480p", "720p").replace("vars:", "draft: true\nvars:")
    path.write_text(text.replace("creak.\n", "creak.\n    settings: {numberResults: 2}\n"))
    assert paid() == 0
    assert call("pick", "--provider", "runware", "harbour/quay#2", "--why", "calmer") == 0
    path.write_text(path.read_text().replace("draft: true", "draft: false"))
    engine.calls.clear()
    return engine


def kept(project: Path) -> dict[str, str]:
    """Return the draft's id of each take that has one."""
    tasks = json.loads((project / "renderer.lock").read_text())["tasks"]
    return {
        f"{address}{number}": take["draftId"]
        for address, task in tasks.items()
        for number, take in task["takes"].items()
        if "draftId" in take
    }


def test_each_shot_becomes_final_by_one_request_with_the_id_of_its_draft(
    project: Path, drafted: Served, paid: Call, call: Call
) -> None:
    drafts = kept(project)

    assert paid() == 0

    asked = [task for body in drafted.bodies("videoInference") for task in json.loads(body)]
    wanted = {drafts["harbour/quay#2"], drafts["harbour/lamp#1"]}
    assert len(asked) == 2
    assert {task["inputs"]["draftId"] for task in asked} == wanted
    assert {(task["width"], task["height"]) for task in asked} == {(1280, 720)}
    assert call("plan", "--provider", "runware", "--exit-code") == 0


def test_after_its_days_the_plan_tells_both_prices_and_nothing_is_bought_unasked(
    project: Path, drafted: Served, paid: Call, call: Call, capsys: Out
) -> None:
    lock = project / "renderer.lock"
    lock.write_text(re.sub(r"cgt-\d{14}", "cgt-20260101000000", lock.read_text()))
    capsys.readouterr()

    assert call("plan", "--provider", "runware") == 0
    told = capsys.readouterr().out
    assert re.search(
        r"quay +change .*\$0\.\d+ .*\(take 2, which was \$0\.\d+\) expired 2026-01-08", told
    )
    assert "this is a new generation" in told

    assert call("render", "--provider", "runware", "--max-cost", "5") == 4
    told = capsys.readouterr().err
    assert "expired 2026-01-08 00:00 UTC: this is a new generation" in told
    assert "add --yes to generate it again, or `draft: true` for a new draft first" in told
    assert drafted.calls == []

    assert paid() == 0
    asked = [task for body in drafted.bodies("videoInference") for task in json.loads(body)]
    assert not any("draftId" in task.get("inputs", {}) for task in asked)

"""A plan is made in phases, each of which can be looked at and changes only what is its own."""

import json
from pathlib import Path

import pytest

from renderer.app.planning.inputs import Wishes
from renderer.app.planning.plan import plan
from renderer.app.workspace import Workspace
from renderer.cli.main import run
from renderer.cli.plan import PHASES
from renderer.plan.model import Plan

Out = pytest.CaptureFixture[str]


def test_each_phase_adds_its_own_and_keeps_the_work(project: Path) -> None:
    assert run(["-C", str(project), "render", "--only", "harbour/quay"]) == 0
    spec = project / "specs" / "harbour.yaml"
    spec.write_text(spec.read_text().replace("A ferry", "An old ferry"))

    made = plan(Workspace.at(project), Wishes(only=("harbour/quay",))).phases

    assert [task.address for task in made.expanded] == ["harbour/quay", "harbour/lamp"]
    assert [task.address for task in made.selected] == ["harbour/quay"]
    assert [step.address for step in made.decided.steps] == ["harbour/quay", "harbour/lamp"]
    (narrowed,), (explained,) = made.narrowed.steps, made.explained.steps
    (reason,) = explained.reasons
    assert (narrowed.action, narrowed.takes) == (explained.action, explained.takes)
    assert (reason.field, reason.old is not None) == ("positivePrompt", True)
    assert made.priced.steps[0].cost.high == 0  # the embedded engine is free
    assert made.priced.list_price.high > 0
    assert made.located.absent == ()


@pytest.mark.parametrize("phase", PHASES)
def test_each_phase_is_shown_as_text_and_as_json(project: Path, capsys: Out, phase: str) -> None:
    assert run(["-C", str(project), "plan", "--phase", phase]) == 0
    assert "harbour" in capsys.readouterr().out
    assert run(["-C", str(project), "plan", "--phase", phase, "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["tasks"]
    assert [row["address"] for row in rows] == ["harbour/quay", "harbour/lamp"]


def test_the_last_phase_is_the_plan(project: Path) -> None:
    planned = plan(Workspace.at(project))
    assert getattr(planned.phases, PHASES[-1]) is planned.plan
    assert all(isinstance(getattr(planned.phases, name), Plan | tuple) for name in PHASES)

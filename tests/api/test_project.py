"""A project as a value: what the command line does, for scripts."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from renderer import Project
from renderer.cli.main import run
from renderer.errors import InputError, RefusedError
from renderer.lock.codec import decode
from renderer.plan.model import Action
from renderer.render.outcome import News, Notice
from tests.harness.served import Served, served

Out = pytest.CaptureFixture[str]


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("engine")) as one:
        yield one


def test_a_plan_is_a_value_with_its_price(project: Path) -> None:
    plan = Project.open(project).plan(provider="runware")

    assert plan.summary.create == len(plan.steps) == 2
    assert plan.summary.takes == 2
    assert plan.summary.cost.low == sum(step.cost.low for step in plan.steps) > 0
    assert {step.action for step in plan.changes} == {Action.CREATE}


def test_a_plan_is_what_the_command_line_prints(project: Path, capsys: Out) -> None:
    assert run(["-C", str(project), "plan"]) == 0
    printed = capsys.readouterr().out
    plan = Project.open(project / "specs").plan()

    assert str(plan).strip() == printed.strip()
    assert run(["-C", str(project), "plan", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    del told["warnings"]
    assert json.loads(json.dumps(plan.as_dict(), default=dict)) == told


def test_an_animatic_is_rendered_picked_and_found(project: Path) -> None:
    opened = Project.open(project)
    heard: list[Notice] = []
    rendered = opened.render(opened.plan(only=["harbour/quay"]), progress=heard.append)

    assert rendered.ok
    assert rendered.spent == 0
    assert rendered.takes == ("harbour/quay#1",)
    assert {one.news for one in heard} >= {News.QUEUED, News.RECORDED}
    (take,) = opened.takes("harbour/quay")
    assert take.path is not None
    assert take.path.read_bytes()[4:8] == b"ftyp"
    assert take.media is not None
    assert take.media.duration > 0

    assert opened.pick("harbour/quay#1:0.5-1.5", why="calm").slot == "harbour/quay"
    assert [one.name for one in opened.takes().picked] == ["harbour/quay#1"]
    assert [one.settled for one in opened.picks()] == [True, False]
    opened.unpick("harbour/quay")
    assert not any(one.settled for one in opened.picks())


def test_problems_of_specs_are_values(project: Path) -> None:
    spec = project / "specs" / "harbour.yaml"
    spec.write_text(spec.read_text() + "colour: red\n")
    opened = Project.open(project)

    (problem,) = opened.validate().problems
    assert problem.place is not None
    assert problem.place.file == "specs/harbour.yaml"
    assert problem.place.line == len(spec.read_text().splitlines())
    with pytest.raises(InputError) as caught:
        opened.plan()
    assert caught.value.problems == (problem,)


def test_a_plan_that_is_out_of_date_is_refused(project: Path) -> None:
    opened = Project.open(project)
    plan = opened.plan()
    spec = project / "specs" / "harbour.yaml"
    spec.write_text(spec.read_text().replace("A ferry", "At dusk a ferry", 1))

    with pytest.raises(RefusedError):
        opened.render(plan)
    assert not (project / "renders").exists()


def test_money_is_spent_up_to_what_was_agreed_to_and_never_without(
    project: Path, engine: Served
) -> None:
    opened = Project.open(project, environment=engine.environment())
    plan = opened.plan(provider="runware")

    for limit in (None, plan.summary.cost.high - Decimal("0.00001"), 0):
        with pytest.raises(RefusedError):
            opened.render(plan, max_cost=limit)
    assert engine.paid == {}

    rendered = opened.render(plan, max_cost=plan.summary.cost.high)
    assert rendered.ok
    assert rendered.spent == plan.summary.cost.high
    assert sum(engine.paid.values()) == len(rendered.takes) == 2
    assert opened.render(provider="runware").takes == ()


def test_no_value_shows_the_key_or_the_environment(project: Path) -> None:
    secret = {"RUNWARE_API_KEY": "sk-CANARY", "OTHER": "CANARY"}
    opened = Project.open(project, environment=secret)
    plan = opened.plan(provider="runware")
    shown = (opened, plan, opened.status(), opened.validate(), opened.takes(), opened.workspace())
    assert not any("CANARY" in text for one in shown for text in (repr(one), str(one)))


def test_a_plan_with_another_selection_is_an_error_and_buys_nothing(project: Path) -> None:
    opened = Project.open(project)
    plan = opened.plan()
    for more in ({"only": "harbour/quay"}, {"provider": "runware"}):
        with pytest.raises(InputError):
            opened.render(plan, **more)  # type: ignore[arg-type]
    with pytest.raises(InputError):
        opened.cost("director")
    assert not (project / "renders").exists()


def test_one_name_is_a_name_and_no_take_is_an_error(project: Path) -> None:
    opened = Project.open(project)
    assert len(opened.plan(only="harbour/quay").steps) == len(opened.tasks("quay")) == 1
    with pytest.raises(InputError):
        opened.pick()


@pytest.mark.parametrize("amount", ["-1", "much", float("nan"), "inf", "1e400"])
def test_a_limit_that_is_no_amount_is_an_error(project: Path, amount: float | str) -> None:
    opened = Project.open(project)
    with pytest.raises(InputError):
        opened.render(opened.plan(), max_cost=amount)


def test_a_saved_plan_is_applied_by_the_command_line(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    target = tmp_path_factory.mktemp("plans") / "plan.json"
    Project.open(project).plan(only=["harbour/lamp"]).save(target)

    assert run(["-C", str(project), "render", "--plan", str(target)]) == 0
    lock = decode((project / "renderer.local.lock").read_text(), "renderer.local.lock")
    assert list(lock.entries) == ["harbour/lamp"]


def test_a_folder_without_a_project_and_an_unknown_provider_are_errors(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(InputError):
            Project.open(path)
    (tmp_path / "specs").mkdir()
    with pytest.raises(InputError):
        Project.open(tmp_path, provider="paramount")


def test_what_a_notebook_shows_runs_nothing_of_a_spec(project: Path) -> None:
    spec = project / "specs" / "harbour.yaml"
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    opened = Project.open(project)
    opened.render(only=["harbour/quay"])
    spec.write_text(spec.read_text().replace("A ferry", f"{hostile} A ferry", 1))

    shown = opened.plan()._repr_html_() + opened.takes()._repr_html_()
    assert "&lt;script&gt;" in shown
    assert "<script" not in shown
    assert "<img" not in shown

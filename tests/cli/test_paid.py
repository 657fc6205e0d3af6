"""Consent, budget and exit codes of a render that costs money, through the command line."""

import json
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from renderer.app.rendering.outcome_words import code
from renderer.app.rendering.spend_check import spending
from renderer.cli.main import run
from renderer.errors import RefusedError
from renderer.render.outcome import Failure, Outcome, Pending
from renderer.runware.messages import TaskError
from tests.harness.served import Served, environment, served
from tests.harness.terminal import environment_of, program, typed
from tests.harness.world import order

Out = pytest.CaptureFixture[str]
PRICE = Decimal("0.14614")


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("engine")) as one, environment(**one.environment()):
        yield one


def render(project: Path, *argv: str) -> int:
    return run(["-C", str(project), "render", "--provider", "runware", *argv])


@pytest.mark.parametrize("argv", [(), ("--yes",), ("--max-cost", "5")])
def test_nothing_is_spent_where_nobody_can_agree(
    project: Path, engine: Served, argv: tuple[str, ...], capsys: Out
) -> None:
    assert render(project, *argv) == 4
    assert "add --yes --max-cost USD" in capsys.readouterr().err
    assert engine.calls == []


def test_an_estimate_over_the_limit_is_refused_before_any_request(
    project: Path, engine: Served, capsys: Out
) -> None:
    assert render(project, "--yes", "--max-cost", "0.14613") == 4
    assert "the limit is $0.14613" in capsys.readouterr().err
    assert engine.calls == []
    assert not (project / "renderer.lock").exists()


def test_with_yes_and_a_limit_it_is_bought_once_and_recorded(
    project: Path, engine: Served, capsys: Out
) -> None:
    assert render(project, "--yes", "--max-cost", "0.14614") == 0
    assert "Made 2 takes for $0.14614" in capsys.readouterr().out
    assert render(project) == 0
    assert sorted(engine.paid.values()) == [1, 1]
    lock = (project / "renderer.lock").read_text()
    assert lock.count('"cost"') == lock.count('"estimate"') == 2


def test_a_person_is_shown_the_plan_and_asked(project: Path, engine: Served) -> None:
    argv = ("-C", str(project), "render", "--provider", "runware")

    exit_code, screen = typed("n\n", "[y/N]", *argv, environment=engine.environment())
    assert exit_code == 4
    assert "+ quay" in screen
    assert "Spend $0.14614 for 2 takes?" in screen
    assert engine.calls == []

    exit_code, screen = typed("y\n", "[y/N]", *argv, environment=engine.environment())
    assert exit_code == 0
    assert len(engine.paid) == 2


@pytest.mark.parametrize("amount", ["-1", "nan", "inf", "1e999999", "five", ""])
def test_a_limit_that_is_no_amount_is_a_usage_error(
    project: Path, amount: str, capsys: Out
) -> None:
    assert render(project, "--max-cost", amount) == 2
    assert "is not an amount in dollars" in capsys.readouterr().err


def test_neither_retries_nor_a_restart_reset_the_count(
    project: Path, engine: Served, capsys: Out
) -> None:
    gave_up = TaskError(code="timeoutProvider", message="the model gave up")
    engine.store.options = replace(engine.store.options, outcome=lambda _, __: gave_up)

    assert render(project, "--yes", "--max-cost", "0.20") == 4
    told = capsys.readouterr().err
    assert "it no longer fits under the limit" in told
    asked = len(engine.bodies("videoInference"))
    attempts = sum(body.count(b'"videoInference"') for body in engine.bodies("videoInference"))
    assert 2 <= attempts <= 3  # each attempt may have been billed: a third lamp is the most

    before = len(engine.calls)
    assert render(project, "--yes", "--max-cost", "0.20") == 4
    assert "is spent or running; the limit is $0.20" in capsys.readouterr().err
    assert len(engine.calls) == before
    assert len(engine.bodies("videoInference")) == asked


def test_credit_that_runs_out_stops_submitting_and_goes_on_collecting(
    project: Path, engine: Served, capsys: Out
) -> None:
    engine.store.options = replace(engine.store.options, credit=Decimal("0.10"))

    assert render(project, "--yes", "--max-cost", "5") == 5
    told = capsys.readouterr()
    assert "Made 1 take for $0.09743" in told.out
    assert "stopped: insufficientCredits: " in told.err
    assert "running tasks were collected" in told.err

    engine.store.options = replace(engine.store.options, credit=None)
    assert render(project, "--yes", "--max-cost", "5") == 0
    assert sorted(engine.paid.values()) == [1, 1]


def test_a_key_that_is_refused_stops_the_run_and_is_not_shown(
    project: Path, engine: Served, capsys: Out
) -> None:
    with environment(RUNWARE_API_KEY="WRONG-CANARY"):
        assert render(project, "--yes", "--max-cost", "5") == 5
    told = capsys.readouterr()
    assert "invalidApiKey" in told.err
    assert "WRONG-CANARY" not in told.err + told.out
    assert engine.paid == {}


def test_without_a_key_nothing_is_asked(project: Path, capsys: Out) -> None:
    assert render(project, "--yes", "--max-cost", "5") == 2
    assert "there is no key for Runware" in capsys.readouterr().err


def test_a_price_that_nobody_knows_is_refused(project: Path, engine: Served, capsys: Out) -> None:
    scene = project / "specs" / "harbour.yaml"
    text = scene.read_text().replace("seedance@1.5-pro", "seedance@1.0-pro")
    scene.write_text(text.partition("  - id: lamp")[0])

    assert render(project, "--yes", "--max-cost", "5") == 2
    said = capsys.readouterr().err
    assert "the price of bytedance:seedance@1.0-pro is not known for 480p; choose 1080p" in said
    with pytest.raises(RefusedError, match="its price is not known"):
        spending([order(estimate=None)], [])
    assert engine.calls == []


def interrupted(project: Path, engine: Served, ready: Callable[[], bool]) -> tuple[int, str]:
    argv = ("-C", str(project), "render", "--provider", "runware", "--yes", "--max-cost", "5")
    child = subprocess.Popen(
        program(*argv),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment_of(engine.environment()),
    )
    import time

    while not ready():
        assert child.poll() is None
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    return child.returncode, err.decode()


def test_an_interrupt_lists_what_goes_on_being_billed_and_the_next_render_collects_it(
    project: Path, engine: Served, capsys: Out
) -> None:
    engine.store.options = replace(engine.store.options, delay=3600.0)

    def polled() -> bool:
        return len(engine.calls) >= 3  # looked up, submitted, asked about

    exit_code, told = interrupted(project, engine, polled)
    assert exit_code == 130
    running = re.findall(r"still running, and billed: \$(\S+) (\S+): .*task ([0-9a-f-]{36})", told)
    assert {address for _, address, _ in running} == {"harbour/quay", "harbour/lamp"}
    assert sum(Decimal(risk) for risk, _, _ in running) == PRICE
    assert "The next `renderer render --provider runware` collects what runs" in told

    assert run(["-C", str(project), "status", "--provider", "runware", "--format", "json"]) == 0
    status = json.loads(capsys.readouterr().out)
    assert {one["taskUUID"] for one in status["open"]} == {uuid for _, _, uuid in running}
    assert Decimal(status["atRisk"]) == PRICE

    engine.store.options = replace(engine.store.options, delay=0.0)
    assert render(project) == 0  # it costs nothing more, so nobody is asked
    assert sorted(engine.paid.values()) == [1, 1]
    assert run(["-C", str(project), "status", "--provider", "runware"]) == 0
    assert "At risk" not in capsys.readouterr().out


def _failure(word: str) -> Failure:
    return Failure(order=order(), task_uuid="x", code=word, text=word)


STOP = TaskError(code="invalidApiKey", message="no")
PENDING = Pending(order=order(), task_uuid="x", risk=None)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome(), 0),
        (Outcome(failed=(_failure("providerError"),)), 1),
        (Outcome(unsent=(_failure("input"),)), 1),
        (Outcome(unsent=(_failure("overBudget"),)), 4),
        (Outcome(unsent=(_failure("overBudget"),), failed=(_failure("x"),)), 4),
        (Outcome(unknown=(PENDING,)), 4),
        (Outcome(stopped=STOP, unsent=(_failure("x"),)), 5),
        (Outcome(stopped=STOP, interrupted=True), 130),
    ],
)
def test_every_end_has_its_exit_code(outcome: Outcome, expected: int) -> None:
    assert code(outcome) == expected

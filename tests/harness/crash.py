"""Killing a run at its n-th step: in a forked child, while the provider's state lives on."""

import os
import pickle
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from renderer.adapters.disk.disk import Operation
from tests.harness.engine import ScriptedEngine
from tests.harness.virtual import run_virtual

KILLED = 137


@dataclass
class Tripwire:
    """Ends the process at step `at` (from 1); `torn`: in the middle of it, where it has one."""

    at: int
    torn: bool
    die: Callable[[str], None]
    steps: int = 0
    names: list[str] = field(default_factory=list)

    def before(self, operation: Operation) -> None:
        self._count(f"before {operation.name}", operation)

    def after(self, operation: Operation) -> None:
        self._count(f"after {operation.name}", operation)

    def _count(self, name: str, operation: Operation) -> None:
        self.steps += 1
        self.names.append(name)
        if self.steps == self.at:
            if self.torn and operation.tear and name.startswith("before"):
                operation.tear()
            self.die(name)


@dataclass
class Death:
    """How a child ended: at which step, and whether it was killed there."""

    killed: bool
    step: str
    outcome: Any = None


Work = Callable[[Tripwire, ScriptedEngine], Coroutine[Any, Any, Any]]


def run_until(
    at: int, folder: Path, engine: ScriptedEngine, work: Work, *, torn: bool = False
) -> tuple[Death, ScriptedEngine]:
    """Run the work in a child that dies at step `at`; return its end and the engine after it."""
    report = folder.parent / f"{folder.name}.report"
    child = os.fork()
    if child == 0:
        _be_the_child(at, torn=torn, report=report, engine=engine, work=work)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in {0, KILLED}:
        raise AssertionError(f"the run ended with {code} at step {at}")
    death, state = pickle.loads(report.read_bytes())  # noqa: S301 - our own child wrote it
    engine.__dict__.update(state)
    return death, engine


def _be_the_child(
    at: int, *, torn: bool, report: Path, engine: ScriptedEngine, work: Work
) -> None:
    def leave(death: Death, code: int) -> None:
        report.write_bytes(pickle.dumps((death, engine.state())))
        os._exit(code)

    wire = Tripwire(
        at=at, torn=torn, die=lambda name: leave(Death(killed=True, step=name), KILLED)
    )
    try:
        outcome = run_virtual(work(wire, engine))
    except BaseException as error:  # noqa: BLE001 - the parent hears of all
        import traceback

        traceback.print_exception(error)
        os._exit(3)
    leave(Death(killed=False, step="", outcome=outcome), 0)

"""A person with a clone: reads what a plan says, renders, and compares the ledger with it."""

import json
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from renderer.cli.main import run
from renderer.engine.billing import Payment
from tests.harness.served import Served
from tests.harness.terminal import environment_of, program

AGREED = ("--yes", "--max-cost", "50")


@dataclass(frozen=True, kw_only=True)
class Bought:
    """Money, and how many takes of which address: what a plan says, or what a ledger holds."""

    cost: Decimal = Decimal(0)
    takes: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, lines: Iterable[Payment]) -> "Bought":
        """Add the lines of a ledger up. The prompts of the stories end with the address."""
        rows = list(lines)
        return cls(
            cost=sum((line.cost for line in rows), Decimal(0)),
            takes=Counter(line.prompt.split()[-1] for line in rows),
        )


NOTHING = Bought()


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """The command line in one clone; `engine` is the server that everybody pays."""

    root: Path
    engine: Served
    capsys: pytest.CaptureFixture[str]

    def call(self, *argv: str) -> int:
        return run(["-C", str(self.root), *argv])

    def ask(self, *argv: str, code: int = 0) -> Any:
        """Return the JSON that a command prints."""
        self.capsys.readouterr()
        assert self.call(*argv, "--format", "json") == code
        return json.loads(self.capsys.readouterr().out)

    def steps(self, *argv: str) -> dict[str, Any]:
        """Return what a plan does, by address; all that it holds is in agreement with its sum."""
        plan = self.ask("plan", "--provider", "runware", *argv)
        assert plan["summary"]["takes"] == sum(one["takes"] for one in plan["tasks"])
        high = sum(Decimal(one["cost"]["high"]) for one in plan["tasks"])
        assert Decimal(plan["summary"]["cost"]["high"]) == high
        return {one["address"]: one for one in plan["tasks"] if one["action"] != "keep"}

    def actions(self, *argv: str) -> dict[str, str]:
        return {address: one["action"] for address, one in self.steps(*argv).items()}

    def said(self, *argv: str) -> Bought:
        """Return what a plan says will be bought."""
        return _planned(self.steps(*argv).values())

    def saved(self, name: str, *argv: str) -> tuple[str, Bought]:
        """Save a plan; return its file, and what it says."""
        file = self.root.parent / name
        assert self.call("plan", "--provider", "runware", *argv, "--out", str(file)) == 0
        return str(file), _planned(json.loads(file.read_text())["tasks"])

    def render(self, *argv: str, code: int = 0) -> Bought:
        """Render what is agreed to; return what the server was paid for meanwhile."""
        mark = len(self.engine.store.billing.charged)
        held = self.held()
        given = () if "--plan" in argv else ("--provider", "runware")
        assert self.call("render", *given, *AGREED, *argv) == code
        lines = self.engine.store.billing.charged[mark:]
        paid = Bought.of(lines)
        # Each video that was paid for is a take of its address, and of no other task's.
        ids = {line.task_uuid for line in lines}
        new = [at for at, take in self.takes() if take["taskUUID"] in ids]
        assert paid.takes == Counter(new)
        assert self.held() >= held
        return paid

    def buys(self, *argv: str, code: int = 0) -> Bought:
        """Render; return what was bought, which is what the plan said just before."""
        said = self.said(*argv)
        assert self.render(*argv, code=code) == said
        return said

    def takes(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the takes of the lockfile with their addresses."""
        path = self.root / "renderer.lock"
        tasks = json.loads(path.read_text())["tasks"] if path.exists() else {}
        return [(at, take) for at, task in tasks.items() for take in task["takes"].values()]

    def held(self) -> set[str]:
        return {take["sha256"] for _, take in self.takes()}

    def settled(self) -> None:
        """Nothing is left to be bought, made, recorded or fetched, and every video is whole."""
        assert self.said() == NOTHING
        for argv in (("plan", "--exit-code"), ("lock", "check"), ("verify",)):
            assert self.call(*argv, "--provider", "runware") == 0

    def absent(self) -> set[str]:
        """Return the takes that are not on this machine."""
        return set(self.ask("plan", "--provider", "runware")["not_here"])

    def spent(self) -> Decimal:
        """Return what `cost` says that the lockfile's takes have cost."""
        return Decimal(self.ask("cost")["total"]["counted"])

    def edit(self, old: str, new: str, name: str = "specs/pier.yaml") -> None:
        path = self.root / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def start(self, *argv: str) -> subprocess.Popen[bytes]:
        """Start a render as a process of its own."""
        return subprocess.Popen(
            program("-C", str(self.root), "render", *AGREED, *argv),
            env=environment_of(self.engine.environment()),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def _planned(rows: Iterable[dict[str, Any]]) -> Bought:
    found: Sequence[dict[str, Any]] = list(rows)
    for one in found:
        assert one["cost"]["low"] == one["cost"]["high"]
    return Bought(
        cost=sum((Decimal(one["cost"]["high"]) for one in found), Decimal(0)),
        takes=Counter({one["address"]: one["takes"] for one in found if one["takes"]}),
    )


def begun(
    root: Path, scenes: Mapping[str, str], engine: Served, capsys: pytest.CaptureFixture[str]
) -> Buyer:
    """Return the buyer of a new project of these scenes."""
    (root / "specs").mkdir(parents=True)
    for name, text in scenes.items():
        (root / "specs" / f"{name}.yaml").write_text(text)
    return Buyer(root=root, engine=engine, capsys=capsys)

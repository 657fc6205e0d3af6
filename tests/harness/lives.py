"""The life of a project in a few lines of chance: edited, rendered, killed, taken back.

Each run of the program is held against the ledger of the provider: what a run adds to it is at
most what the plan of that moment said, to the cent and to the picture.
"""

import hashlib
import json
import random
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from renderer.app.project.lockfile import LockFile
from tests.harness.served import Served
from tests.harness.terminal import environment_of, program

HEAD = """\
version: 1
scene: pier
aspect: "16:9"
settings:
  model: bytedance:seedance@1.5-pro
  resolution: 480p
  duration: 4
"""
UPLOADS = '  uploadEndpoint: "http://127.0.0.1:9/{address}/{take}.mp4"\n'
WORDS = ("bell", "crane", "gull", "rope", "lamp", "buoy", "mast", "tide")
_LIMIT = "50"


@dataclass
class Shot:
    """One shot of the storyboard: its words, its seed, how many takes are wanted, a draft or not."""

    words: str
    seed: int | None
    count: int = 1
    draft: bool = False

    def row(self, name: str) -> str:
        seed = "" if self.seed is None else f"seed: {self.seed}, "
        settings = f"settings: {{{seed}numberResults: {self.count}}}"
        draft = ", draft: true" if self.draft else ""
        return f'  - {{id: {name}, prompt: "{self.words}", {settings}{draft}}}\n'


@dataclass
class Chaos:
    """What the network does: POSTs that are lost on their way, and answers that are."""

    chance: random.Random
    share: float

    def gate(self, _: bytes) -> bool:
        return self.chance.random() >= self.share

    def change(self, answer: bytes) -> bytes:
        return b"" if self.chance.random() < self.share else answer


@dataclass
class Life:
    """A project folder, its provider, and what has happened so far."""

    root: Path
    engine: Served
    chance: random.Random
    kills: float = 0.45  # of all runs
    chaos: float = 0.0
    uploads: bool = False  # each video goes to an address of its own
    shots: dict[str, Shot] = field(default_factory=dict)
    kept: list[bytes] = field(default_factory=list)  # lockfiles of earlier days
    lost: set[str] = field(default_factory=set)  # media that was deleted, by its bytes
    log: list[str] = field(default_factory=list)

    def begin(self) -> None:
        (self.root / "specs").mkdir(parents=True)
        for name in self.chance.sample(WORDS, 3):
            self.shots[name] = self._shot(name)
        self.write()

    def _shot(self, name: str) -> Shot:
        seed = self.chance.choice([None, 7, 1000])
        return Shot(f"A {name} in fog, {self.chance.randrange(3)}", seed)

    def write(self) -> None:
        rows = "".join(shot.row(name) for name, shot in sorted(self.shots.items()))
        head = HEAD + (UPLOADS if self.uploads else "")
        (self.root / "specs" / "pier.yaml").write_text(f"{head}shots:\n{rows}")

    def edit(self) -> None:
        """Change one thing of the storyboard, pick, take the lockfile back, or lose a file."""
        acts: dict[str, Callable[[str], object]] = {
            "words": self.reword,
            "count": self.recount,
            "add": self.add,
            "remove": self.remove,
            "draft": self.turn,
            "lock": lambda _: self.take_back(),
            "pick": lambda name: self.pick(name, self.chance.randrange(1, 5)),
            "media": lambda _: self.lose(),
            "nothing": lambda _: None,
        }
        kind = self.chance.choice(sorted(acts))
        name = self.chance.choice(sorted(self.shots))
        acts[kind](name)
        self.log.append(f"edit {kind} {name}")
        self.write()

    def reword(self, name: str) -> None:
        self.shots[name].words = f"A {name} in fog, {self.chance.randrange(3)}"

    def recount(self, name: str) -> None:
        self.shots[name].count = self.chance.randrange(1, 5)

    def add(self, _: str) -> None:
        for free in sorted(set(WORDS) - self.shots.keys())[:1]:
            self.shots[free] = self._shot(free)

    def remove(self, name: str) -> None:
        if len(self.shots) > 1:
            del self.shots[name]

    def turn(self, name: str) -> None:
        """Make a draft of a shot, or its final."""
        self.shots[name].draft = not self.shots[name].draft

    def take_back(self) -> None:
        """Bring the lockfile of an earlier day back."""
        if self.kept:
            (self.root / "renderer.lock").write_bytes(self.chance.choice(self.kept))

    def pick(self, name: str, number: int) -> None:
        """Pick a take of a shot, if there is one of this number."""
        self.call("pick", f"pier/{name}#{number}", "--why", "calm", "--provider", "runware")

    def lose(self) -> None:
        """Delete the file of one take, and its copy for people."""
        files = sorted(p for p in (self.root / ".renderer" / "objects").rglob("*") if p.is_file())
        if files:
            gone = self.chance.choice(files)
            self.lost.add(gone.name)
            gone.unlink()
            for copy in (self.root / "renders").rglob("*.mp4"):
                if hashlib.sha256(copy.read_bytes()).hexdigest() == gone.name:
                    copy.unlink()

    def call(self, *argv: str, seconds: float | None = None) -> tuple[int | None, str]:
        """Run the program; after so many seconds it is killed, and its code is None."""
        with subprocess.Popen(
            program("-C", str(self.root), *argv),
            env=environment_of(self.engine.environment()),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as child:
            try:
                out, err = child.communicate(timeout=seconds or 110)
            except subprocess.TimeoutExpired:
                child.kill()
                child.communicate()
                assert seconds, f"it hangs: {argv}"
                return None, ""
        assert child.returncode not in {70, -11}, (argv, err)
        return child.returncode, out if child.returncode == 0 else out + err

    def plan(self) -> Mapping[str, Any]:
        code, out = self.call("plan", "--provider", "runware", "--format", "json")
        assert code == 0, out
        said: Mapping[str, Any] = json.loads(out)
        return said

    def render(self, *argv: str, kill: bool) -> int | None:
        """Render once; what is paid meanwhile is in the plan, to the cent and to the picture."""
        plan = self.plan()
        before = len(self.engine.store.billing.lines)
        patience = 45.0 if self.engine.gate else None  # in bad weather it waits for long
        seconds = self.chance.uniform(0.35, 1.6) if kill else patience
        argv = ("render", "--provider", "runware", "--yes", "--max-cost", _LIMIT, *argv)
        code, out = self.call(*argv, seconds=seconds)
        self.log.append(f"render {argv[6:]} -> {code}")
        lines = self.engine.store.billing.lines[before:]
        high = Decimal(plan["summary"]["cost"]["high"]) if plan["summary"]["cost"] else Decimal(0)
        spent = sum((line.cost for line in lines), Decimal(0))
        assert spent <= high, (self.log, high, lines, out)
        wanted = {task["address"] for task in plan["tasks"] if task["takes"]}
        pictures = {self.shots[address.partition("/")[2]].words for address in wanted}
        assert {line.prompt for line in lines} <= pictures, (self.log, wanted, lines)
        lock = self.root / "renderer.lock"
        if lock.exists():
            self.kept.append(lock.read_bytes())
        return code

    def unknown(self) -> list[str]:
        code, out = self.call("status", "--provider", "runware", "--format", "json")
        assert code == 0
        return [row["taskUUID"] for row in json.loads(out)["open"] if row["state"] == "unknown"]

    def live(self, turns: int) -> None:
        """Edit, render, be killed; some of the time the network is bad."""
        for _ in range(turns):
            self.edit()
            weather = Chaos(self.chance, self.chaos)
            self.engine.gate, self.engine.change = weather.gate, weather.change
            self.render(kill=self.chance.random() < self.kills)
            self.engine.gate = self.engine.change = None

    def end(self) -> None:
        """Let all that is wanted be made, and hold it against what was paid."""
        for _ in range(8):
            again = [word for task in self.unknown() for word in ("--resubmit", task)]
            if self.render(*again, kill=False) == 0 and not self.plan()["summary"]["takes"]:
                break
            for task in self.plan()["tasks"]:
                if task["action"] == "choose":
                    self.choose(task["address"].partition("/")[2])
        else:
            raise AssertionError(f"it comes to no end: {self.log}")
        self.check()

    def choose(self, name: str) -> None:
        """Pick the first draft of a shot that waits for a pick."""
        entry = LockFile.of(self.root, "runware").read().entries[f"pier/{name}"]
        drafts = [take.number for take in entry.takes if take.draft_id]
        for number in reversed(drafts):
            self.pick(name, number)

    def check(self) -> None:
        """Each result that was paid lies in the store; every shot has the takes that it wants."""
        stored = {path.name for path in (self.root / ".renderer" / "objects").rglob("*")}
        studio = self.engine.store
        for line in studio.billing.charged:
            task = studio.task(line.task_uuid)
            made = hashlib.sha256(studio.file(task, task.results[line.index]).read_bytes())
            assert made.hexdigest() in stored | self.lost, (self.log, line)
        lock = LockFile.of(self.root, "runware").read()
        for name, shot in self.shots.items():
            entry = lock.entries[f"pier/{name}"]
            takes = entry.of(entry.fingerprint)
            final = not shot.draft and any(take.draft for take in takes)  # one is enough
            assert len(takes) >= (1 if final else shot.count), (self.log, name)
            assert {take.sha256 for take in takes} <= stored, (self.log, name)

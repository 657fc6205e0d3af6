"""A watch over a small project, told of saves by a script instead of a disk that is looked at."""

import asyncio
import hashlib
import shutil
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from renderer.adapters.disk.project import ProjectFiles
from renderer.adapters.net.client import Secret
from renderer.animatic.spec import AnimaticSpec
from renderer.api.provider_sessions import RunwareProvider
from renderer.app.project.lockfile import LockFile
from renderer.app.project.watched_files import WatchedFiles
from renderer.app.rendering.sessions import Observe, ProviderSession
from renderer.app.watch.messages import Messages
from renderer.app.watch.watch import Surroundings, Watch
from renderer.app.workspace import Workspace
from renderer.paths import JOURNAL, STATE
from renderer.plan.output.text import Line, plain
from renderer.render.outcome import Outcome
from renderer.runware.messages import TaskError
from tests.conftest import lay_project
from tests.harness.clip import clip, variant
from tests.harness.served import KEY, Served, served

Changes = AsyncIterator[frozenset[str]]


@dataclass
class Gate:
    """Makes videos in a wink, or holds them back until it is opened."""

    open: threading.Event = field(default_factory=threading.Event)
    began: threading.Event = field(default_factory=threading.Event)
    refuses: bool = False

    def __post_init__(self) -> None:
        self.open.set()

    def __call__(self, brief: AnimaticSpec, path: Path, progress: Callable[[int], None]) -> None:
        self.began.set()
        assert self.open.wait(60)
        progress(50)
        film = clip(width=320, height=304)  # large enough to be a frame of another shot
        path.write_bytes(variant(film, hashlib.sha256(repr(brief).encode()).hexdigest()))

    def outcome(self, _task: str, _index: int) -> TaskError | None:
        """Let a result fail while it refuses."""
        return TaskError(code="videoFailed", message="no film today") if self.refuses else None


@dataclass
class Bench:
    """A watch with all that it says; its engine stands for the embedded one, and is counted."""

    root: Path
    engine: Served
    gate: Gate
    provider: str = "local"
    screen: str = ""
    pages: int = 0
    sessions: int = 0
    watch: Watch = field(init=False)
    _new: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.watch = self.watching()

    def watching(self, *only: str) -> Watch:
        world = Surroundings(
            workspace=self._workspace,
            provider_session=self._session,
            follow=lambda _: self._following(),
            ended=lambda outcome, _: self._ended(outcome),
            page=self._page,
        )
        return Watch(
            world=world,
            words=Messages(say=self._say, clock=lambda: "12:00:00"),
            sight=WatchedFiles(ProjectFiles(root=self.root)),
            only=only,
        )

    def run(self, script: Callable[[], Changes]) -> str:
        """Watch what a script saves, to its end; return all that was said."""
        asyncio.run(self.watch.run(script()))
        return self.screen

    def edit(self, old: str, new: str, name: str = "specs/harbour.yaml") -> frozenset[str]:
        """Change a file; return what a look would tell of it."""
        path = self.root / name
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))
        return frozenset({name})

    async def shows(self, words: str, times: int = 1) -> None:
        """Wait until words were said so often."""
        while self.screen.count(words) < times:
            self._new.clear()
            await self._new.wait()

    async def renders(self) -> None:
        """Wait until the engine works on a video."""
        await asyncio.to_thread(self.gate.began.wait, 60)

    def takes(self) -> dict[str, int]:
        lock = LockFile.of(self.root, "local").read()
        return {address: len(entry.takes) for address, entry in lock.entries.items()}

    def _say(self, lines: Iterable[Line]) -> None:
        self._say_words(plain(lines))

    def _say_words(self, words: str) -> None:
        self.screen += words + "\n"
        self._new.set()

    def _ended(self, outcome: Outcome) -> None:
        failed = "".join(f", {one.text}" for one in outcome.failed)
        self._say_words(f"ended with {len(outcome.recorded)} takes{failed}")

    def _workspace(self) -> Workspace:
        self._forget()
        return Workspace.at(self.root, self.provider, lambda: self.engine.store.catalog)

    def _forget(self) -> None:
        for left in (self.root / STATE).glob(f"{JOURNAL}*"):  # the embedded engine's is temporary
            left.unlink()

    def _session(self, workspace: Workspace) -> ProviderSession:
        assert workspace.provider == "local"
        self.sessions += 1
        self._forget()
        return RunwareProvider(
            workspace=workspace,
            address=f"{self.engine.address}/v1",
            key=Secret(KEY),
            own_engine=True,
        )

    def _following(self) -> AbstractContextManager[Observe]:
        return nullcontext(lambda _: None)

    def _page(self) -> str:
        self.pages += 1
        return ""


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.open.set()


@pytest.fixture
def bench(project: Path, gate: Gate, tmp_path: Path) -> Iterator[Bench]:
    with _bench(project, gate, tmp_path / ".engine") as one:
        yield one


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project once, for copies of it."""
    root = tmp_path_factory.mktemp("made")
    lay_project(root)

    async def script() -> Changes:
        yield frozenset()

    with _bench(root, Gate(), tmp_path_factory.mktemp("engine")) as one:
        one.run(script)
    return root


@pytest.fixture
def made(made_once: Path, gate: Gate, tmp_path: Path) -> Iterator[Bench]:
    """Return a bench whose project is made."""
    root = shutil.copytree(made_once, tmp_path / "project", symlinks=True)
    with _bench(root, gate, tmp_path / "engine") as one:
        yield one


@contextmanager
def _bench(root: Path, gate: Gate, folder: Path) -> Iterator[Bench]:
    folder.mkdir(exist_ok=True)
    with served(folder, make=gate, outcome=gate.outcome) as engine:
        yield Bench(root=root, engine=engine, gate=gate)
        gate.open.set()

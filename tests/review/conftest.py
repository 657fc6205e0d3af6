"""A project with takes that were made in a moment, and a browser to look at its page."""

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import uvicorn

from renderer.adapters.disk.disk import Disk
from renderer.adapters.disk.project import ProjectFiles
from renderer.adapters.disk.resources import model_texts
from renderer.adapters.disk.store import Store
from renderer.app.project.expand import expansion
from renderer.app.project.lockfile import LockFile
from renderer.app.review.page_data import Reviewer
from renderer.app.review.picks import pick
from renderer.app.review.server import create_app
from renderer.app.review.static_page import review
from renderer.app.workspace import Workspace
from renderer.catalog.catalog import Catalog
from renderer.catalog.load import load_model
from renderer.expand.task import Task
from renderer.lock.model import Entry, Lock, Take, with_take

SCENE = """\
version: 1
scene: harbour
title: Harbour at Dusk
notes: Three shots on one evening.
aspect: "16:9"
settings:
  model: bytedance:seedance@1.5-pro
  resolution: 480p
  duration: 4
  seed: 7
  providerSettings: {bytedance: {audio: false}}
shots:
  - id: quay
    title: The ferry ties up
    prompt: Blue hour. A ferry ties up at the quay; ropes creak in the cold.
    settings: {numberResults: 4}
  - id: lamp
    title: A lamp is lit
    prompt: The keeper in a yellow coat lights a lamp.
    draft: true
  - id: gull
    title: A gull leaves
    prompt: A gull leaves the mast.
    matrix: {seed: [7, 8]}
"""
TOKEN = "t" * 43
_OWN = ("file:", "http://127.0.0.1:", "http://localhost:", "data:", "blob:")
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


def film(
    seed: int, *, size: tuple[int, int] = (864, 496), frames: int = 97, kind: str = "mp4"
) -> bytes:
    """Return a film whose every frame is its own: a bar moves, and its number is in the grey."""
    file = BytesIO()
    codec = "prores_ks" if kind == "mov" else "libx264"
    with av.open(file, "w", format=kind) as container:
        stream: Any = container.add_stream(codec, rate=24)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv422p10le" if kind == "mov" else "yuv420p"
        if kind == "mp4":
            stream.options = {"preset": "ultrafast", "crf": "35", "g": "12"}
        stream.time_base = Fraction(1, 24)
        width, height = size
        # Grey as luma above chroma: the encoder's own form, so that nothing is converted.
        picture = np.full((height * 3 // 2, width), 128, dtype=np.uint8)
        picture[:height] = 40 + seed * 30 % 160
        for number in range(frames):
            shown = picture.copy()
            left = number * (width - 40) // max(frames, 1)
            shown[:height, left : left + 40] = 200
            frame = av.VideoFrame.from_ndarray(shown, format="yuv420p")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file.getvalue()


@dataclass
class Studio:
    """A project below `root` in which takes are put where a render would put them."""

    root: Path
    catalog: Catalog
    films: dict[int, bytes] = field(default_factory=dict)  # tall ones have negative numbers

    @property
    def workspace(self) -> Workspace:
        return Workspace.at(self.root, models=lambda: self.catalog)

    @property
    def files(self) -> ProjectFiles:
        return self.workspace.files

    def spec(self, text: str = SCENE) -> None:
        (self.root / "specs").mkdir(exist_ok=True)
        (self.root / "specs" / "harbour.yaml").write_text(text, "utf-8")

    def tasks(self) -> tuple[Task, ...]:
        return expansion(self.files, self.catalog).sound()

    def render(self, *films: bytes) -> None:
        """Record takes for all that is wanted; `films` are shared out in order."""
        lock_file = LockFile.of(self.root, "local")
        lock = lock_file.read()
        store = Store(self.root / ".renderer", Disk())
        store.prepare()
        for task in self.tasks():
            given = list(films) or [self.film(number, tall=_tall(task)) for number in range(4)]
            lock = self._rendered(lock, store, task, given)
        lock_file.write(replace(lock, lineage="local"), Disk())

    def film(self, number: int, *, tall: bool = False) -> bytes:
        key = -1 - number if tall else number
        if key not in self.films:
            self.films[key] = film(number, size=(496, 864) if tall else (864, 496))
        return self.films[key]

    def _rendered(self, lock: Lock, store: Store, task: Task, given: list[bytes]) -> Lock:
        import json

        record = json.dumps({"request": task.request, "uses": {}})
        store.note_request(task.fingerprint, partial(str, record))
        entry = lock.entries.get(task.address)
        have = len(entry.of(task.fingerprint)) if entry else 0
        picture = Entry(fingerprint=task.fingerprint, fields=task.fields)
        for number in range(have, task.wanted):
            # A word at the end of an MP4 makes it another file with the same picture.
            body = given[number % len(given)]
            name = f"{task.fingerprint} {number}".encode()  # one picture, one file
            data = body + (len(name) + 8).to_bytes(4, "big") + b"free" + name
            with store.part(f"t{number}") as part:
                part.write(data)
                store.keep(part)
            take = Take(
                number=number + 1,
                fingerprint=task.fingerprint,
                sha256=hashlib.sha256(data).hexdigest(),
                size=len(data),
                format="mov" if body[4:12] == b"ftypqt  " else "mp4",
                seed=7 + number,
                cost=Decimal("0.07292"),
                video_uuid=hashlib.sha256(name).hexdigest()[:32],
            )
            lock = with_take(lock, task.address, picture, take)
        return lock

    def pick(self, *names: str, why: str = "it holds") -> None:
        pick(self.workspace, names, why)

    def reviewer(self, *, live: bool = False) -> Reviewer:
        return Reviewer(workspace=self.workspace, live=live)

    def page(self) -> str:
        """Write the page and return its address."""
        return review(self.reviewer(), self.root / "review").page.as_uri()


def _tall(task: Task) -> bool:
    width, height = task.request.get("width"), task.request.get("height")
    return isinstance(width, int) and isinstance(height, int) and height > width


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return Catalog.of(load_model(text, name) for name, text in model_texts().items())


@pytest.fixture(scope="session")
def films() -> dict[int, bytes]:
    return {}


@pytest.fixture
def studio(tmp_path: Path, catalog: Catalog, films: dict[int, bytes]) -> Studio:
    made = Studio(root=tmp_path, catalog=catalog, films=films)
    made.spec()
    return made


Serve = Callable[[Studio], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve a project's page on a free port; return its address without the token."""
    servers: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(made: Studio) -> str:
        import socket

        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        app = create_app(made.reviewer(live=True), port, TOKEN)
        config = uvicorn.Config(app, log_level="error", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        servers.append((server, thread))
        return f"http://127.0.0.1:{port}"

    yield start
    for server, thread in servers:
        server.should_exit = True
        thread.join(5)


def chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    return next((path for path in (named, *CHROMIUM) if path and Path(path).exists()), None)


@contextmanager
def opened(path: str, *arguments: str) -> Iterator[Any]:
    """Start a Chromium, and end it afterwards."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=path, args=["--no-sandbox", *arguments])
        yield found
        found.close()


@pytest.fixture(scope="module")  # while it is there, this thread cannot run another event loop
def browser() -> Iterator[Any]:
    pytest.importorskip("playwright.sync_api", reason="the extra `browser` is wanted")
    path = chromium()
    if path is None:
        pytest.skip("no Chromium is installed (set CHROMIUM to one)")
    with opened(path, "--mute-audio", "--autoplay-policy=no-user-gesture-required") as found:
        yield found


@dataclass
class Window:
    """A page of the browser with what it complained of and asked for elsewhere."""

    page: Any
    wrong: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("dialog", lambda dialog: self.wrong.append(dialog.message))
        self.page.on("console", self._said)
        self.page.on("request", self._asked)

    def route(self, route: Any) -> None:
        """Let only this machine be asked."""
        if route.request.url.startswith(_OWN):
            route.continue_()
        else:
            route.abort()

    def _said(self, message: Any) -> None:
        if message.type == "error":
            self.wrong.append(message.text)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith(_OWN):
            self.foreign.append(request.url)


Look = Callable[..., Window]


@pytest.fixture
def look(browser: Any) -> Iterator[Look]:
    """Open an address in a window of its own; nothing leaves this machine."""
    contexts = []

    def open_(address: str, width: int = 1280, height: int = 800, **options: Any) -> Window:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.set_default_timeout(8000)
        window = Window(page=context.new_page())
        window.listen()
        if address.startswith("http"):  # what is routed from disk would lose its ranges
            context.route("**/*", window.route)
        window.page.goto(address)
        return window

    yield open_
    for context in contexts:
        context.close()


def ready(window: Window) -> Any:
    """Wait until the page is drawn."""
    window.page.wait_for_selector("html[data-ready]")
    return window.page


def until(page: Any, expression: str) -> None:
    """Wait until an expression holds; the page's policy keeps the browser's own way shut."""
    for _ in range(400):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"never came true: {expression}")

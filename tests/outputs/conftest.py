"""A story to call every command on, and what holds what they print against its schema."""

import contextlib
import hashlib
import io
import json
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pytest
from jsonschema import Draft7Validator

from renderer.animatic.spec import AnimaticSpec
from renderer.cli.documents import DOCUMENTS, document_schema
from renderer.cli.main import group, run
from tests.conftest import Write
from tests.harness.clip import clip, variant
from tests.harness.served import Served, environment, served
from tests.harness.terminal import environment_of, program

Json = Any
PAID = ("--provider", "runware")
RENDER = (*PAID, "--yes", "--max-cost", "5")
SPEC = "specs/harbour.yaml"
STORY = """\
version: 1
scene: harbour
title: Harbour
aspect: "16:9"
settings: {model: "bytedance:seedance@1.5-pro", resolution: 480p, duration: 4, seed: 7}
vars: {never: used}
shots:
  - id: bell
    title: A bell
    prompt: A bell tolls over the harbour.
  - id: chase
    prompt: The courier runs to the docks.
    frames: {first: {shot: bell, mode: pin}}
"""


def make(brief: AnimaticSpec, path: Path, progress: Callable[[int], None]) -> None:
    """Make a small real video that frames can be cut out of."""
    progress(50)
    digest = hashlib.sha256(repr(brief).encode()).hexdigest()
    path.write_bytes(variant(clip(width=480, height=320, grey=int(digest[:2], 16)), digest))


@pytest.fixture
def story(write: Write, tmp_path: Path) -> Path:
    write(SPEC, STORY)
    return tmp_path


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("engine"), make=make) as one:
        yield one


@pytest.fixture
def engine(server: Served) -> Iterator[Served]:
    options = server.store.options
    server.calls.clear()
    with environment(**server.environment()):
        yield server
    server.store.options = options


@pytest.fixture(scope="session")
def rendered(server: Served, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Json]]:
    """Render the story once; return its folder and the events of it."""
    root = tmp_path_factory.mktemp("rendered")
    (root / "specs").mkdir()
    (root / SPEC).write_text(STORY)
    out = io.StringIO()
    with environment(**server.environment()), contextlib.redirect_stdout(out):
        assert run(["-C", str(root), "render", *RENDER, "--format", "json"]) == 0
    return root, [sound(json.loads(line), "render") for line in out.getvalue().splitlines()]


class Caller:
    """Calls commands with `--format json`, and gives back only what their schemas allow."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._capsys = capsys

    def run(self, command: str, *argv: str, code: int = 0) -> str:
        """Call a command; return all of its standard output."""
        self._capsys.readouterr()
        words = command.split()
        assert run(["-C", str(self.root), *words, *argv, "--format", "json"]) == code
        return self._capsys.readouterr().out

    def document(self, command: str, *argv: str, code: int = 0, name: str = "") -> Json:
        """Return the one document that a command prints."""
        found = json.loads(self.run(command, *argv, code=code))
        return sound(found, name or command.replace(" ", "-"))

    def events(self, command: str, *argv: str, code: int = 0) -> list[Json]:
        """Return the events that a command prints, one a line."""
        return [
            sound(json.loads(line), command)
            for line in self.run(command, *argv, code=code).splitlines()
        ]

    def error(self, command: str, *argv: str, code: int = 2) -> Json:
        """Return what a command prints that cannot do what was asked."""
        return self.document(command, *argv, code=code, name="error")


@pytest.fixture
def json_of(story: Path, capsys: pytest.CaptureFixture[str]) -> Caller:
    return Caller(story, capsys)


@pytest.fixture
def paid(json_of: Caller, engine: Served, rendered: tuple[Path, list[Json]]) -> list[Json]:
    """Have the story rendered; return the events of it."""
    assert engine.paid
    shutil.copytree(rendered[0], json_of.root, dirs_exist_ok=True)
    return rendered[1]


def sound(found: Json, name: str) -> Json:
    """Return a document that is as its schema says, without a key that the schema has not."""
    Draft7Validator(document_schema(name, closed=True)).validate(found)
    assert found["version"] == 1
    return found


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of every command that does something."""
    if not isinstance(command, click.Group):
        yield path
        return
    if path and command.invoke_without_command:
        yield path
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from leaves(found, (*path, name))


def speaks_json(path: tuple[str, ...]) -> bool:
    """Whether a command has `--format json`."""
    command: click.Command = group
    for name in path:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    forms = [one for one in command.params if "--format" in one.opts]
    return any("json" in getattr(one.type, "choices", ()) for one in forms)


COVERED: set[str] = set()
Test = Callable[..., None]


def covers(*commands: str) -> Callable[[Test], Test]:
    """Note that a test validates the real output of commands."""

    def noted(test: Test) -> Test:
        COVERED.update(commands)
        return test

    assert {one.replace(" ", "-") for one in commands} <= DOCUMENTS.keys()
    return noted


@contextmanager
def lasting(
    root: Path, *argv: str, extra: Mapping[str, str] | None = None
) -> "Iterator[subprocess.Popen[str]]":
    """Start a command that runs until Ctrl-C."""
    child = subprocess.Popen(
        program("-C", str(root), *argv, "--format", "json"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment_of({**(extra or {})}),
    )
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def ended(child: "subprocess.Popen[str]") -> list[Json]:
    """Press Ctrl-C; return the events that come after."""
    child.send_signal(signal.SIGINT)
    out, _ = child.communicate(timeout=60)
    return [json.loads(line) for line in out.splitlines()]

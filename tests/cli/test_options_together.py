"""Two options of one command do both what they say, or are refused, and both are named."""

import itertools
import json
from pathlib import Path

import click
import pytest

from renderer.cli.main import group, run
from tests.outputs.conftest import leaves

Out = pytest.CaptureFixture[str]
LASTING = {"engine", "webhook", "watch", "review"}  # they serve, or write a page; see below
# What stands before the options of a command.
WORDS = {
    "show": ("harbour/quay",),
    "takes": ("quay",),
    "pick": ("quay#1",),
    "repin": ("quay",),
    "import": ("FILE",),
    "init": ("NEW",),
    "schema": ("scene",),
    "lock textconv": ("FILE",),
}
SAMPLES = {
    "--only": "quay",
    "--base": "HEAD",
    "--out": "OUT",
    "--plan": "OUT",
    "--max-cost": "5",
    "--lock-timeout": "0",
    "--resubmit": "00000000-0000-4000-8000-000000000000",
    "--again": "harbour/quay#1",
    "--why": "warm",
    "--undo": "quay",
    "--from": "FILE",
    "--provider": "runware",
}
APART = {
    ("plan", "--base", "--out"),
    ("plan", "--base", "--all"),
    ("plan", "--base", "--all-finals"),
    ("plan", "--base", "--phase"),
    ("plan", "--deliverable", "--base"),
    ("plan", "--out", "--phase"),
    ("plan", "--exit-code", "--phase"),
    ("plan", "--phase", "--format"),  # Markdown is for whole plans
    ("import", "--out", "--stdout"),
    ("pick", "--why", "--undo"),
    ("pick", "--why", "--from"),
    ("pick", "--undo", "--from"),
    ("render", "--dry-run", "--resubmit"),
    ("review", "--out", "--serve"),
    ("watch", "--serve", "--out"),
}
Pair = tuple[str, str, str]


def command_of(path: tuple[str, ...]) -> click.Command:
    found: click.Command = group
    for name in path:
        assert isinstance(found, click.Group)
        inner = found.get_command(click.Context(found), name)
        assert inner is not None
        found = inner
    return found


def options(name: str) -> dict[str, click.Option]:
    found = command_of(tuple(name.split())).params
    return {one.opts[-1]: one for one in found if isinstance(one, click.Option)}


def pairs() -> list[Pair]:
    names = [" ".join(path) for path in leaves(group)]
    return [
        (name, *pair)
        for name in names
        if name not in LASTING
        for pair in itertools.combinations([o for o in options(name) if o != "--save-key"], 2)
    ]


def given(option: click.Option) -> list[str]:
    name = option.opts[-1]
    if option.is_flag:
        return [name]
    choices = getattr(option.type, "choices", None)
    return [name, SAMPLES.get(name) or (choices[-1] if choices else "1")]


def call(root: Path, pair: Pair) -> int:
    name, *both = pair
    known = options(name)
    words = list(WORDS.get(name, ())) if not {"--undo", "--from"} & set(both) else []
    argv = [*name.split(), *words, *(word for one in both for word in given(known[one]))]
    places = {"FILE": "in.json", "OUT": "out", "NEW": "new"}
    return run(["-C", str(root), *(str(root / places[w]) if w in places else w for w in argv)])


@pytest.fixture
def ready(project: Path) -> Path:
    request = {"model": "bytedance:seedance@1.5-pro", "positivePrompt": "A tug.", "duration": 4}
    (project / "in.json").write_text(json.dumps(request | {"width": 864, "height": 496}))
    (project / "renderer.yaml").write_text("version: 1\nprovider: runware\n")  # and no key
    return project


def check(root: Path, tried: list[Pair], capsys: Out) -> None:
    for pair in tried:
        capsys.readouterr()
        code = call(root, pair)
        told = "".join(capsys.readouterr())
        assert code in range(6), (pair, told)
        assert "internal error" not in told
        assert ("cannot be combined" not in told) or pair in APART, pair
        for left in (root / "out", root / "specs" / "in.yaml"):
            left.unlink(missing_ok=True)


def test_no_pair_of_options_ends_in_a_fault_of_ours(ready: Path, capsys: Out) -> None:
    tried = pairs()
    assert len(tried) > 100
    check(ready, tried, capsys)


@pytest.mark.parametrize("pair", sorted(APART))
def test_what_does_not_go_together_is_refused_and_both_are_named(
    ready: Path, capsys: Out, pair: Pair
) -> None:
    name, first, second = pair
    assert {first, second} <= options(name).keys()
    assert call(ready, pair) == 2
    told = capsys.readouterr().err
    assert first in told
    assert second in told
    assert f"see `renderer {name} --help`" in told
    assert not (ready / "out").exists()
    assert not (ready / "specs" / "in.yaml").exists()


def test_all_tasks_are_in_the_comment_if_they_are_asked_for(ready: Path, capsys: Out) -> None:
    from tests.tooling.pretend import pretend_made

    pretend_made(ready)
    argv = ["-C", str(ready), "plan", "--provider", "runware", "--format", "markdown"]
    assert run(argv) == 0
    assert "quay" not in capsys.readouterr().out
    assert run([*argv, "--all"]) == 0
    assert "quay" in capsys.readouterr().out

"""The command line: global options, the table of commands, and errors to exit codes."""

import gc
import os
import re
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING

import click

from renderer.cli.wiring import Session
from renderer.errors import InputError, MachineError, Problem, RendererError
from renderer.version import VERSION

if TYPE_CHECKING:  # only a shell that completes needs it
    from click.shell_completion import CompletionItem

# Command -> (module, what it does). A module is imported only when its command is called.
COMMANDS = {
    "init": ("init", "Scaffold a project that renders at once."),
    "import": ("import_", "Turn Runware request JSON into a scene."),
    "validate": ("validate", "Show all problems of the specs."),
    "tasks": ("tasks", "Show the expanded matrix."),
    "show": ("show", "Show one task and where each value came from."),
    "plan": ("plan", "Show what would be done, why, and for how much."),
    "render": ("render", "Apply the plan: render what changed."),
    "watch": ("watch", "Plan, and render with the embedded engine, at every save."),
    "status": ("status", "Show which tasks are made, running or unknown."),
    "verify": ("verify", "Check that every recorded take is whole."),
    "cost": ("cost", "Show what the takes cost, and what is at risk."),
    "account": ("account", "Show the balance, or save the key in the keyring."),
    "takes": ("takes", "Show all takes of a shot and which is picked."),
    "pick": ("pick", "Choose a take."),
    "repin": ("repin", "Update pinned frames of other shots."),
    "picks": ("picks", "Show the state of every shot: picked, lapsed, to review."),
    "notes": ("notes", "Show and write verdicts on takes, and notes at a moment of them."),
    "lock": ("lock", "Merge, check and show the lockfile."),
    "git": ("git", "Configure git to merge and diff the lockfile."),
    "review": ("review", "Write or serve the review page, to watch and pick takes."),
    "schema": ("schema", "Print a JSON Schema: of specs, or of what a command prints."),
    "webhook": ("webhook", "Receive webhooks for finished videos, and collect them."),
    "engine": ("engine", "Serve the embedded engine on this machine."),
}

_BUG = 70
# Commands that run for long; the others end before their memory matters.
_LASTING = frozenset({"render", "engine", "webhook", "review", "watch"})
# What makes JSON one event a line, errors included.
_EVENTS = frozenset({"render", "engine", "webhook", "watch", "--serve"})


class Lazy(click.Group):
    """A group that imports a command's module when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"renderer.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Offer the commands without importing them, and the options."""
        from click.shell_completion import CompletionItem

        items = [
            CompletionItem(name, help=text)
            for name, (_, text) in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*items, *click.Command.shell_complete(self, ctx, incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, or suggest the one that was meant."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], COMMANDS, n=1)
            hint = f"; did you mean '{close[0]}'?" if close else ""
            ctx.fail(f"unknown command {args[0]!r}{hint}")
        return super().resolve_command(ctx, args)


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-C", "directory", metavar="DIR", help="The project; default: here or above.")
@click.option("-v", "--verbose", count=True, help="Print more; -vv shows requests.")
@click.version_option(VERSION, "--version", message="renderer %(version)s")
@click.pass_context
def group(ctx: click.Context, directory: str | None, verbose: int) -> None:
    """Render storyboards that live in git: one plan, every take paid for once."""
    ctx.obj = Session(start=directory, verbose=verbose, variables=os.environ)


def main(argv: Sequence[str] | None = None) -> None:
    """Run a command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:] if argv is None else argv))


def run(argv: Sequence[str]) -> int:
    """Run a command line; return 0, or the exit code that fits the error."""
    # No package of the environment gets to hook into reading specs, and starting is quicker.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    if not _LASTING & set(argv):
        gc.disable()  # it makes many small values, drops few, and is over soon
    if foreign := _ready():
        return report_problems((Problem(what=foreign),), MachineError.exit_code, argv)
    try:
        code = group.main(args=list(argv), prog_name="renderer", standalone_mode=False)
    except Exception as error:  # noqa: BLE001 - the last wall: nothing is dumped on a person
        return _answered(error, argv)
    except KeyboardInterrupt:
        return _interrupted()
    return code if isinstance(code, int) else 0


def _ready() -> str:
    """Make the streams bear any text, warn of settings that do nothing; return what forbids to run."""
    from renderer.cli.startup import bear_any_text, choose_paths, foreign_system, unknown_settings

    bear_any_text()
    choose_paths(os.environ)
    for warning in unknown_settings(os.environ):
        click.echo(f"warning: {warning}", err=True)
    return foreign_system(os.name)


def _answered(error: Exception, argv: Sequence[str]) -> int:
    match error:
        case RendererError():
            return report_problems(error.problems, error.exit_code, argv)
        case click.exceptions.NoArgsIsHelpError():
            click.echo(error.format_message())
            return InputError.exit_code
        case click.ClickException():
            what = error.format_message().rstrip(".")
            problem = Problem(what=what, todo=f"see `{_command_of(error)} --help`")
            return report_problems((problem,), InputError.exit_code, argv)
        case click.Abort():
            return _interrupted()
        case BrokenPipeError():
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        case _:
            return _bug(error, argv)


def _command_of(error: click.ClickException) -> str:
    """Name the command that was called in a wrong way."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    return context.command_path if context else "renderer"


def _interrupted() -> int:
    click.echo("interrupted", err=True)
    return 130


def report_problems(problems: Sequence[Problem], code: int, argv: Sequence[str]) -> int:
    """Print problems, on stdout as JSON if that was asked for; return the exit code."""
    from renderer.sanitize import visible

    if _wants_json(argv):
        _write_error(problems, code, argv)
        return code
    for problem in hinted_once(problems):
        click.echo(
            f"{click.style('error', fg='red', bold=True)}: {visible(str(problem))}", err=True
        )
    return code


def _write_error(problems: Sequence[Problem], code: int, argv: Sequence[str]) -> None:
    """Print problems as JSON: as one more event where a command prints events."""
    from renderer.cli.output import error_data, write_event, write_json

    data = error_data(problems, code)
    if _EVENTS & set(argv):
        write_event({"version": 1, "event": "error", **data})
    else:
        write_json(data)


def hinted_once(problems: Sequence[Problem]) -> Iterator[Problem]:
    """Yield problems; what is to be done about all of them is at the last of them only."""
    for problem, after in zip_longest(problems, problems[1:]):
        same = after is not None and after.todo == problem.todo
        yield Problem(what=problem.what, place=problem.place) if same else problem


def _wants_json(argv: Sequence[str]) -> bool:
    return "--format=json" in argv or ("--format", "json") in pairwise(argv)


def _redacted(text: str) -> str:
    """Return a traceback without the key, and without user and query of any address."""
    key = os.environ.get("RUNWARE_API_KEY", "").strip()
    text = text.replace(key, "***") if key else text
    text = re.sub(r"(://)[^\s/'\"]*@", r"\1***@", text)
    return re.sub(r"(://[^\s'\"?]*\?)[^\s'\"]+", r"\1***", text)


def _bug(error: Exception, argv: Sequence[str]) -> int:
    if any(arg.startswith("-vv") for arg in argv):
        import traceback

        lines = traceback.format_exception(error, limit=-8)
        click.echo(_redacted("".join(lines)), err=True, nl=False)
    what = f"internal error: {type(error).__name__}; this is a bug of renderer"
    todo = "Nothing more was sent. Run again with -vv to see where, and report it."
    click.echo(f"{what}. {todo}", err=True)
    if _wants_json(argv):
        _write_error((Problem(what=what, todo=todo),), _BUG, argv)
    return _BUG

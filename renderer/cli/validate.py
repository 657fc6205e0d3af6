"""`renderer validate`: all problems of the specs."""

from typing import TYPE_CHECKING, TypedDict

import click

from renderer.cli.output import ProblemData, problem_data, write_json
from renderer.cli.wiring import Session
from renderer.errors import InputError
from renderer.sanitize import counted, visible

if TYPE_CHECKING:  # heavy: loaded when it is called
    from renderer.app.inspect.validate import ValidationReport


class ValidateData(TypedDict):
    """All problems and warnings of the specs; with a problem the exit code is 2."""

    version: int
    scenes: int
    tasks: int
    problems: list[ProblemData]
    warnings: list[ProblemData]


@click.command("validate")
@click.argument("specs", nargs=-1, metavar="[SPEC…]")
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text")
@click.pass_obj
def command(session: Session, specs: tuple[str, ...], form: str) -> int:
    """Show all problems and warnings of the specs, or of the SPECs named; exit 2 for a problem."""
    from renderer.app.inspect.validate import annotation

    report = session.project.validate(specs)
    if form == "json":
        write_json(_data(report))
    elif form == "github":
        for problem in (*report.problems, *report.warnings):
            click.echo(annotation(problem))
    else:
        for problem in (*report.problems, *report.warnings):
            click.echo(visible(str(problem)))
        click.echo(_summary(report))
    return InputError.exit_code if report.problems else 0


def _data(report: "ValidationReport") -> ValidateData:
    return {
        "version": 1,
        "scenes": report.scenes,
        "tasks": report.tasks,
        "problems": [problem_data(one) for one in report.problems],
        "warnings": [problem_data(one) for one in report.warnings],
    }


def _summary(report: "ValidationReport") -> str:
    warned = [counted(len(report.warnings), "warning")] if report.warnings else []
    if report.problems:
        return ", ".join([counted(len(report.problems), "problem"), *warned])
    if report.elsewhere:
        others = counted(report.elsewhere, "problem")
        hidden = f"none here, but {others} in other files must be fixed before planning"
        return ", ".join([f"{hidden}: see `renderer validate`", *warned])
    counts = [counted(report.scenes, "scene"), counted(report.tasks, "task")]
    return "OK: " + ", ".join([*counts, *warned])

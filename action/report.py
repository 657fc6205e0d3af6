"""The part of the GitHub action that is a program: plan, step summary, one comment kept up to date.

It uses the standard library only, and reads its settings from the environment. Texts from the
pull request are passed on as the program wrote them, never as commands, options or paths.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from comments import Comments, UnreachableError

_LONGEST = 65_000
_PLAN_SECONDS = 300
_GIT_SECONDS = 120
_OVER = 4  # the exit code of a render that is over its limit
_OF_A_COMPARISON = ("added", "changed", "moved", "removed")
_OF_A_PLAN = ("create", "change", "more", "promote", "move", "remove")


@dataclass(frozen=True)
class Settings:
    """What a run was given; `event` is the payload that started it."""

    environment: Mapping[str, str]
    event: Mapping[str, Any]

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the environment of a step."""
        path = environment.get("GITHUB_EVENT_PATH", "")
        event = json.loads(Path(path).read_text("utf-8")) if path else {}
        return cls(environment=environment, event=event)

    def get(self, name: str) -> str:
        """Return a setting, empty where there is none."""
        return self.environment.get(name, "")

    @property
    def project(self) -> str:
        """The project's folder, as given."""
        return self.get("PROJECT") or "."

    @property
    def pull(self) -> Mapping[str, Any]:
        """The pull request of this run; empty if it is none."""
        found = self.event.get("pull_request")
        return found if isinstance(found, dict) else {}

    @property
    def from_fork(self) -> bool:
        """Whether the pull request's branch is in another repository: its token may only read."""
        head = (self.pull.get("head") or {}).get("repo") or {}
        return bool(self.pull) and head.get("full_name") != self.get("GITHUB_REPOSITORY")


@dataclass(frozen=True)
class Report:
    """What a plan came to: the text for people, and its figures."""

    text: str
    figures: Mapping[str, Any]
    based: bool


def main(environment: Mapping[str, str]) -> int:
    """Plan and report; return the exit code of the step."""
    settings = Settings.read(environment)
    try:
        most = amount(settings.get("MAX_COST"))
    except ValueError as error:
        sys.stderr.write(f"renderer: {error}\n")
        return 2
    base = _base(settings)
    if settings.pull and not base:
        notice("the base is not in this clone: give actions/checkout `fetch-depth: 2`")
    try:
        code, report = planned(settings, base)
    except subprocess.TimeoutExpired:
        notice(f"planning took over {_PLAN_SECONDS} s and was ended")
        return 1
    if report is None:
        return code
    limit, report = limited(report, most)
    _append(settings.get("GITHUB_STEP_SUMMARY"), report.text)
    _append(settings.get("GITHUB_OUTPUT"), _outputs(report))
    if settings.pull and settings.get("COMMENT") != "false":
        _comment(settings, report)
    return limit


def amount(text: str) -> Decimal | None:
    """Return a limit in USD, None for none; raise ValueError for what is no amount."""
    if not text.strip():
        return None
    try:
        most = Decimal(text.strip().removeprefix("$"))
    except InvalidOperation:
        most = Decimal("NaN")
    if not most.is_finite() or most < 0:
        raise ValueError(f"max-cost: {text[:40]!r} is no amount in USD, such as 5 or 0.42")
    return most


def limited(report: Report, most: Decimal | None) -> tuple[int, Report]:
    """Return the exit code and the report with what is to be said of the limit."""
    if most is None:
        return 0, report
    part = report.figures["summary"].get("branch") or report.figures["summary"]
    cost, free = Decimal(part["cost"]["high"]), not Decimal(part["cost"]["high"])
    if free and "list_price" in part:  # a provider that is free: what the takes would cost
        cost = Decimal(part["list_price"]["high"])
    over = cost > most
    what = "This branch" if report.based else "A render"
    words = (
        f"**Over the limit**: {what.lower()} may cost ${cost}, and max-cost is ${most}."
        if over
        else f"{what} is within max-cost: ${cost} of ${most}."
    )
    if over:
        print(f"::error title=renderer::{what} may cost ${cost}, and max-cost is ${most}")
    head, _, rest = report.text.partition("\n\n")
    return (_OVER if over else 0), replace(report, text=f"{head}\n\n{words}\n\n{rest}")


def planned(settings: Settings, base: str) -> tuple[int, Report | None]:
    """Return a plan against a base, or one without where the base itself is not sound."""
    ran = _plan(settings, base, "markdown")
    note = ""
    if ran.returncode and base:
        first = ran.stderr.strip().splitlines()[:1]
        note = f"\nThere is no comparison with the base: {_code(''.join(first))}\n"
        base = ""
        ran = _plan(settings, base, "markdown")
    if ran.returncode:
        sys.stderr.write("".join(f"renderer: {line}\n" for line in ran.stderr.splitlines()))
        return ran.returncode, None
    data = _plan(settings, base, "json")
    return 0, Report(text=ran.stdout + note, figures=json.loads(data.stdout), based=bool(base))


def notice(text: str) -> None:
    """Write one line that GitHub shows beside the run."""
    flat = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    print(f"::notice title=renderer::{flat}")


def _base(settings: Settings) -> str:
    """Return the commit to compare with: of a merge, what was merged into; else the pull's base."""
    given = settings.get("BASE")
    if given:
        return given
    if not settings.pull:
        return ""
    if _git(settings, "rev-parse", "--verify", "--quiet", "HEAD^2") and (
        first := _git(settings, "rev-parse", "--verify", "--quiet", "HEAD^1")
    ):
        return first
    commit = str((settings.pull.get("base") or {}).get("sha") or "")
    if len(commit) not in (40, 64) or not commit.isalnum():
        return ""
    if not _git(settings, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}"):
        _git(settings, "fetch", "--quiet", "--no-tags", "--depth=1", "origin", commit)
    return _git(settings, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}")


def _git(settings: Settings, *arguments: str) -> str:
    folder = settings.get("GITHUB_WORKSPACE") or "."
    try:
        ran = subprocess.run(
            ["git", "-C", folder, *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=_GIT_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ran.stdout.strip() if ran.returncode == 0 else ""


def _plan(settings: Settings, base: str, form: str) -> "subprocess.CompletedProcess[str]":
    provider = settings.get("PROVIDER")
    hidden = ("COMMENT_TOKEN", "GITHUB_TOKEN")
    return subprocess.run(
        [
            settings.get("RENDERER") or "renderer",
            "-C",
            settings.project,
            "plan",
            f"--format={form}",
            *([f"--provider={provider}"] if provider else []),
            *([f"--base={base}"] if base else []),
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=_PLAN_SECONDS,
        env={name: one for name, one in settings.environment.items() if name not in hidden},
    )


def _outputs(report: Report) -> str:
    summary = report.figures["summary"]
    kinds = _OF_A_COMPARISON if report.based else _OF_A_PLAN
    values = {
        "changes": sum(summary[kind] for kind in kinds),
        "takes": summary["takes"],
        "cost": json.dumps(summary["cost"]),
        "branch-cost": json.dumps((summary.get("branch") or summary)["cost"]),
        "difference": json.dumps(summary["difference"]) if report.based else "",
    }
    return "".join(f"{name}={value}\n" for name, value in values.items())


def _comment(settings: Settings, report: Report) -> None:
    if settings.from_fork:
        notice(
            "a pull request from a fork gets no comment: the plan is in the summary of this run"
        )
        return
    marker = f"<!-- renderer-plan {sha256(settings.project.encode()).hexdigest()[:12]} -->"
    text = report.text
    if len(text) > _LONGEST:
        text = "The plan is too long for a comment: see the summary of this run.\n"
    comments = Comments(
        api=settings.get("GITHUB_API_URL") or "https://api.github.com",
        repository=settings.get("GITHUB_REPOSITORY"),
        pull=int(settings.pull["number"]),
        token=settings.get("COMMENT_TOKEN"),
    )
    author = settings.get("COMMENT_AUTHOR") or "github-actions[bot]"
    quiet = report.based and not report.figures["tasks"]
    try:
        comments.keep_one(author, marker, f"{marker}\n{text}", only_update=quiet)
    except UnreachableError as error:
        notice(f"no comment was written ({error}): the plan is in the summary of this run")


def _append(path: str, text: str) -> None:
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)


def _code(text: str) -> str:
    flat = text.replace("`", "'")[:500]
    return f"`{flat}`" if flat else ""


if __name__ == "__main__":
    sys.exit(main(os.environ))

"""The action's program, run as a step is: plan against the base, summary, one comment."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import renderer
from tests.ci.hub import BOT, Hub, serving
from tests.harness.program import on_path
from tests.harness.repo import Repo, scene

REPORT = Path(renderer.__file__).parents[1] / "action" / "report.py"
SPEC = "specs/harbour.yaml"


@dataclass
class Run:
    """One run of the step; `environment` is as recorded from a runner, less what is unused."""

    repo: Repo
    hub: Hub
    folder: Path
    environment: dict[str, str]

    def pretend(self, text: str, changed: int = 1) -> None:
        """Put a program in the place of renderer that says what is given, at once."""
        summary = {"added": 0, "changed": changed, "moved": 0, "removed": 0, "takes": 1}
        free = {"low": "0", "high": "0"}
        figures = {"summary": {**summary, "cost": free, "difference": {}}, "tasks": [1] * changed}
        (self.folder / "text").write_text(text)
        (self.folder / "data").write_text(json.dumps(figures))
        program = self.folder / "bin" / "pretended"
        program.write_text(
            f"#!/bin/sh\nenv >> {self.folder}/seen\n"
            f'case "$*" in *--format=json*) cat {self.folder}/data;; *) cat {self.folder}/text;; esac\n'
        )
        program.chmod(0o755)
        self.environment["RENDERER"] = str(program)

    def event(self, **pull: Any) -> None:
        sha = self.repo.git("rev-parse", "main").strip()
        head = {"repo": {"full_name": "acme/film"}}
        body = {"pull_request": {"number": 7, "base": {"sha": sha}, "head": head, **pull}}
        Path(self.environment["GITHUB_EVENT_PATH"]).write_text(json.dumps(body))

    def go(self, wanted: int = 0) -> str:
        ran = subprocess.run(
            [sys.executable, "-I", str(REPORT)],
            cwd=self.repo.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == wanted, ran.stdout + ran.stderr
        assert "Traceback" not in ran.stderr
        return ran.stdout + ran.stderr

    @property
    def summary(self) -> str:
        return (self.folder / "summary.md").read_text()

    @property
    def outputs(self) -> dict[str, str]:
        lines = (self.folder / "output").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)


@pytest.fixture
def step(tmp_path: Path) -> Iterator[Run]:
    repo = Repo.start(tmp_path / "film")
    (repo.root / "specs").mkdir()
    (repo.root / SPEC).write_text(scene(["bell", "crane"]))
    (repo.root / ".gitignore").write_text(".renderer/\n")
    repo.render()
    repo.commit()
    repo.branch("work")
    (repo.root / SPEC).write_text(scene(["bell", "crane"]).replace("The bell", "The loud bell"))
    repo.commit()
    path = on_path(tmp_path / "bin")
    with serving() as hub:
        environment = {
            "PATH": path,
            "HOME": str(tmp_path),
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": hub.address,
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
            "GITHUB_OUTPUT": str(tmp_path / "output"),
            "GITHUB_REPOSITORY": "acme/film",
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
            "GITHUB_WORKSPACE": str(repo.root),
            "RENDERER": str(tmp_path / "bin" / "renderer"),
            "PROJECT": ".",
            "PROVIDER": "runware",
            "COMMENT_TOKEN": "CANARY-TOKEN",
        }
        run = Run(repo=repo, hub=hub, folder=tmp_path, environment=environment)
        run.event()
        yield run


def test_the_plan_goes_into_the_summary_the_outputs_and_one_comment(step: Run) -> None:
    told = step.go()

    assert "[-bell-]" not in told
    assert "**Branch**: `1 changed, 1 unchanged`" in step.summary
    assert "The bell of the harbour. → The loud bell of the harbour." in step.summary
    assert step.outputs["changes"] == "1"
    assert step.outputs["takes"] == "1"
    assert json.loads(step.outputs["difference"])["low"] == "0.00000"
    (comment,) = step.hub.comments
    assert comment["body"].startswith("<!-- renderer-plan ")
    assert comment["body"].endswith(step.summary)
    assert step.hub.tokens == {"Bearer CANARY-TOKEN"}


def test_a_second_run_updates_the_comment_and_a_third_has_nothing_to_write(step: Run) -> None:
    step.pretend("one\n")
    step.go()
    step.pretend("two\n")
    step.go()
    (comment,) = step.hub.comments
    assert comment["body"].endswith("-->\ntwo\n")

    step.hub.calls.clear()
    step.go()

    assert {method for method, _ in step.hub.calls} == {"GET"}


def test_a_strangers_comment_with_the_marker_is_left_alone(step: Run) -> None:
    step.pretend("mine\n")
    step.go()
    stolen = step.hub.comments.pop()["body"]
    theirs = step.hub.add(stolen.replace("mine", "forged"), author="mallory")
    for at in range(150):
        step.hub.add(f"talk {at}", author="someone")
    mine = step.hub.add(stolen + "old")
    step.hub.add(stolen + "older")

    step.go()

    assert theirs in step.hub.comments
    bots = [one for one in step.hub.comments if one["user"]["login"] == BOT]
    assert [(one["id"], one["body"]) for one in bots] == [(mine["id"], stolen)]


def test_two_projects_of_one_repository_have_a_comment_each(step: Run) -> None:
    step.pretend("plan\n")
    for project in ("films/one", "films/two", "films/one"):
        step.environment["PROJECT"] = project
        step.go()

    assert len(step.hub.comments) == 2


def test_a_plan_too_long_for_a_comment_is_in_the_summary(step: Run) -> None:
    step.pretend("x" * 70_000)

    step.go()

    assert "see the summary of this run" in step.hub.comments[0]["body"]
    assert len(step.summary) == 70_000


def test_a_pull_request_from_a_fork_needs_no_right_to_write(step: Run) -> None:
    step.pretend("1 changed\n")
    step.event(head={"repo": {"full_name": "mallory/film"}})

    told = step.go()

    assert "::notice title=renderer::a pull request from a fork gets no comment" in told
    assert step.hub.calls == []
    assert "1 changed" in step.summary


@pytest.mark.parametrize("status", [401, 403, 404, 500, 302])
def test_a_comment_that_cannot_be_written_fails_nothing(step: Run, status: int) -> None:
    step.pretend("1 changed\n")
    step.hub.status = status

    with serving() as other:
        step.hub.elsewhere = f"{other.address}/repos/acme/film/issues/7/comments"
        told = step.go()

    assert f"HTTP {status}" in told
    assert other.calls == []
    assert "1 changed" in step.summary


def test_the_token_is_not_handed_to_the_program_that_reads_the_specs(step: Run) -> None:
    step.pretend("plan\n")

    step.go()

    assert "CANARY" not in (step.folder / "seen").read_text()


def test_of_a_merge_commit_the_first_parent_is_the_base(step: Run) -> None:
    step.repo.git("checkout", "-q", "main")
    (step.repo.root / SPEC).write_text(scene(["bell", "crane", "quay"]))
    step.repo.commit()
    step.repo.git("checkout", "-q", "--detach", "main")
    step.repo.git("merge", "-q", "--no-edit", "work")
    step.event(base={"sha": "0" * 40})

    step.go()

    assert "1 changed, 2 unchanged" in step.summary


def test_a_shallow_clone_fetches_the_base_that_it_lacks(step: Run, tmp_path: Path) -> None:
    step.repo.git("config", "uploadpack.allowReachableSHA1InWant", "true")
    other = tmp_path / "shallow"
    step.repo.git("clone", "-q", "--depth=1", "-b", "work", f"file://{step.repo.root}", str(other))
    step.environment |= {"GITHUB_WORKSPACE": str(other), "PROJECT": str(other)}

    step.go()

    assert "1 changed, 1 unchanged" in step.summary


def test_without_the_base_the_plan_is_shown_and_it_is_said_how_to_get_one(step: Run) -> None:
    step.event(base={"sha": "0" * 40})

    told = step.go()

    assert "`fetch-depth: 2`" in told
    assert "1 to change, 1 unchanged" in step.summary
    assert step.outputs["difference"] == ""


def test_a_base_that_is_not_sound_does_not_stop_the_branch_that_mends_it(step: Run) -> None:
    step.repo.git("checkout", "-q", "main")
    good = (step.repo.root / SPEC).read_text()
    (step.repo.root / SPEC).write_text(good.replace("duration: 4", "duration: 3"))
    step.repo.commit()
    (step.repo.root / SPEC).write_text(good)
    step.event()

    step.go()

    assert "There is no comparison with the base: `error: the specs at" in step.summary


def test_specs_that_are_not_sound_fail_the_step_and_command_nothing(step: Run) -> None:
    (step.repo.root / SPEC).write_text("version: 1\nscene: '::error::x'\n")

    told = step.go(wanted=2)

    assert "specs/harbour.yaml" in told
    assert not any(line.startswith(("::error", "##[")) for line in told.splitlines())
    assert not (step.folder / "summary.md").exists()


def test_a_push_gets_a_summary_and_no_comment(step: Run) -> None:
    Path(step.environment["GITHUB_EVENT_PATH"]).write_text('{"ref": "refs/heads/main"}')

    step.go()

    assert "1 to change" in step.summary
    assert step.hub.calls == []


def test_nothing_changed_writes_no_first_comment_but_updates_one(step: Run) -> None:
    step.pretend("nothing\n", changed=0)
    step.go()
    assert step.hub.comments == []

    step.pretend("something\n")
    step.go()
    step.pretend("nothing\n", changed=0)
    step.go()

    (comment,) = step.hub.comments
    assert comment["body"].endswith("\nnothing\n")


@pytest.mark.parametrize(
    ("most", "code", "said"),
    [
        ("", 0, ""),
        ("0.09743", 0, "This branch is within max-cost: $0.09743 of $0.09743."),
        ("$5", 0, "This branch is within max-cost: $0.09743 of $5."),
        ("0.09", 4, "**Over the limit**: this branch may cost $0.09743, and max-cost is $0.09."),
        ("0", 4, "**Over the limit**: this branch may cost $0.09743, and max-cost is $0."),
    ],
)
def test_a_branch_over_its_limit_fails_the_step_and_the_comment_says_so(
    step: Run, most: str, code: int, said: str
) -> None:
    step.environment["MAX_COST"] = most

    told = step.go(wanted=code)

    (comment,) = step.hub.comments
    lines = comment["body"].splitlines()
    assert lines[2] == "### This branch makes 1 take: $0.09743"
    assert said in comment["body"]
    assert comment["body"].endswith(step.summary)
    assert ("::error title=renderer::" in told) is bool(code)
    assert json.loads(step.outputs["branch-cost"])["high"] == "0.09743"


def test_what_was_open_before_counts_for_no_limit_of_the_branch(step: Run) -> None:
    (step.repo.root / "renderer.lock").unlink()
    step.environment["MAX_COST"] = "0.1"

    step.go()

    assert "; 1 more was open before: $0.09743" in step.summary


def test_a_free_provider_is_held_against_what_the_takes_would_cost(step: Run) -> None:
    step.environment |= {"PROVIDER": "local", "MAX_COST": "0.01"}

    step.go(wanted=4)

    assert "may cost $0.09743" in step.summary


@pytest.mark.parametrize("most", ["five", "-1", "NaN", "inf", "1,5"])
def test_a_limit_that_is_no_amount_is_refused_before_anything(step: Run, most: str) -> None:
    step.environment["MAX_COST"] = most

    assert "max-cost" in step.go(wanted=2)
    assert not step.hub.calls

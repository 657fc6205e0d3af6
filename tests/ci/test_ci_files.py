"""The files that CI reads say what is true: every command runs, every workflow is sound."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import renderer
from renderer.cli.main import run
from tests.harness.program import on_path
from tests.harness.repo import ALONE, Repo, scene

HERE = Path(renderer.__file__).parents[1]
PAGE = (HERE / "docs" / "ci.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines() if line]
WORKFLOWS = [text for kind, text in BLOCKS if kind == "yaml" and "jobs:" in text]
HEX = "11bd71901bbe5b1630ceea73d27597364c9af683"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = Repo.start(tmp_path / "film")
    (repo.root / "specs").mkdir()
    (repo.root / "specs" / "harbour.yaml").write_text(scene(["bell"]))
    (repo.root / "renderer.yaml").write_text("version: 1\nprovider: runware\n")
    repo.render()
    repo.commit()
    return repo


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_page_runs(repo: Repo, tmp_path: Path, command: str) -> None:
    path = on_path(tmp_path / "bin")
    ran = subprocess.run(
        shlex.split(command),
        cwd=repo.root,
        env={"PATH": path, "HOME": str(tmp_path), **ALONE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_page_has_commands_and_workflows() -> None:
    assert len(COMMANDS) >= 10
    assert len(WORKFLOWS) == 2


@pytest.mark.parametrize("text", WORKFLOWS)
def test_a_workflow_of_the_page_gives_no_more_than_it_must(text: str) -> None:
    found = yaml.safe_load(text)

    assert found["permissions"]["contents"] == "read"
    assert "pull_request_target" not in text
    assert all("timeout-minutes" in job for job in found["jobs"].values())
    if "pull_request" in str(found[True]):
        assert "secrets." not in text


def beside(name: str) -> str:
    program = Path(sys.executable).with_name(name)
    if not program.exists():
        pytest.skip(f"{name} is not installed")
    return str(program)


@pytest.mark.parametrize("text", WORKFLOWS)
def test_a_workflow_of_the_page_passes_the_linters(tmp_path: Path, text: str) -> None:
    file = tmp_path / ".github" / "workflows" / "page.yml"
    file.parent.mkdir(parents=True)
    file.write_text(text.replace("COMMIT", HEX).replace("OWNER", "acme"))
    for command in (
        [beside("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", str(file)],
        [beside("zizmor"), "--offline", "--quiet", "--min-severity", "medium", str(file)],
    ):
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr


def action() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((HERE / "action.yml").read_text())
    return found


def test_the_action_uses_no_other_and_puts_no_expression_into_a_script() -> None:
    for step in action()["runs"]["steps"]:
        assert "uses" not in step
        assert "${{" not in step["run"]
        for name in re.findall(r"\$\{?([A-Z_]+)", step["run"]):
            assert name in {*step.get("env", {}), "RUNNER_TEMP", "GITHUB_ACTION_PATH"}
        for python in re.findall(r"python3?\"? (\S+)", step["run"]):
            assert python == "-I"


def test_the_commands_of_the_action_and_the_hooks_are_there(repo: Repo) -> None:
    for hook in hooks().values():
        name, *words = hook["entry"].split()
        assert name == "renderer"
        assert run(["-C", str(repo.root), *words]) == 0
    for step in action()["runs"]["steps"]:
        for words in re.findall(r'bin/renderer" -C "\$PROJECT" ((?:[a-z]+ )+)', step["run"]):
            assert run(["-C", str(repo.root), *words.split(), "--format", "github"]) == 0


def hooks() -> dict[str, Any]:
    found = yaml.safe_load((HERE / ".pre-commit-hooks.yaml").read_text())
    return {hook["id"]: hook for hook in found}


def test_validation_runs_for_a_commit_that_only_deletes_files() -> None:
    # pre-commit lists no deleted file, and skips a hook that has none
    assert hooks()["renderer-validate"]["always_run"] is True


@pytest.mark.parametrize(
    ("path", "checks"),
    [
        ("specs/harbour.yaml", True),
        ("films/one/specs/a/b.yml", True),
        ("templates/cast.j2", True),
        ("renderer.yaml", True),
        ("renderer.lock", True),
        ("README.md", False),
        ("docs/specs.md", False),
    ],
)
def test_the_lockfile_is_checked_for_the_files_that_matter(path: str, *, checks: bool) -> None:
    assert bool(re.search(hooks()["renderer-lock-check"]["files"], path)) is checks


def test_a_hook_for_a_project_in_a_folder_is_written_as_the_page_says(repo: Repo) -> None:
    (config,) = (yaml.safe_load(text) for kind, text in BLOCKS if "entry: renderer" in text)
    (hook,) = (one for one in config["repos"][0]["hooks"] if "entry" in one)
    name, option, _, *words = hook["entry"].split()
    assert (name, option) == ("renderer", "-C")
    assert hooks()[hook["id"]]["entry"].split() == [name, *words]
    assert run([option, str(repo.root), *words]) == 0

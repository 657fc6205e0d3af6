"""What is advised about a revision, done as it is written, makes the very same call work."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from renderer.cli.main import run
from tests.harness.repo import ALONE, Repo, scene

Out = pytest.CaptureFixture[str]


@pytest.fixture
def origin(tmp_path: Path) -> Repo:
    """A repository with a history: main, a branch of three commits beside it, a tag on each."""
    repo = Repo.start(tmp_path / "origin")
    (repo.root / "specs").mkdir()
    spec = repo.root / "specs" / "harbour.yaml"
    (repo.root / ".gitignore").write_text(".renderer/\n")
    for at, branch in enumerate(("main", "work", "work", "work")):
        if branch == "work" and at == 1:
            repo.branch("work")
        spec.write_text(scene(["bell", "crane"]).replace("The bell", f"The bell {at}"))
        repo.commit()
        repo.git("tag", "-a", f"v{at}", "-m", "x")
    repo.git("config", "uploadpack.allowAnySHA1InWant", "true")
    repo.git("config", "uploadpack.allowFilter", "true")
    return repo


def clone(origin: Repo, *options: str) -> Repo:
    root = origin.root.parent / "clone"
    origin.git("clone", "-q", *options, f"file://{origin.root}", str(root))
    return Repo(root=root, project=root)


def asked(repo: Repo, out: Out, base: str) -> tuple[int, str]:
    code = run(["-C", str(repo.root), "plan", "--base", base, "--provider", "runware"])
    return code, out.readouterr().err


def follow(repo: Repo, told: str) -> None:
    """Do what stands in back quotes first, as a person would, in a shell."""
    (command, *_) = re.findall(r"`(git [^`]*)`", told)
    environment = {"PATH": os.environ["PATH"], "HOME": str(repo.root), **ALONE}
    if "--global" in command:
        environment["GIT_CONFIG_GLOBAL"] = os.environ["GIT_CONFIG_GLOBAL"]
    subprocess.run(shlex.split(command), cwd=repo.root, env=environment, check=True)


SHALLOW = ("--depth", "1", "-b", "work")
ONE = ("--single-branch", "-b", "work")


@pytest.mark.parametrize("options", [SHALLOW, ONE], ids=["shallow", "one branch"])
@pytest.mark.parametrize(
    "base",
    [
        "main",
        "origin/main",
        "v0",
        "v1",
        "HEAD~1",
        "HEAD~2",
        "HEAD^",
        "HEAD^^",
        "work~2",
        "{sha}",
        "{short}",
        "main~0",
    ],
)
def test_a_fetch_that_is_advised_makes_the_same_call_work(
    origin: Repo, out: Out, options: tuple[str, ...], base: str
) -> None:
    sha = origin.git("rev-parse", "work~2").strip()
    base = base.format(sha=sha, short=sha[:9])
    repo = clone(origin, *options)

    code, told = asked(repo, out, base)
    if code:
        follow(repo, told)
        code, told = asked(repo, out, base)

    assert (code, told) == (0, "")


def test_a_branch_that_the_remote_has_under_its_name_is_suggested(origin: Repo, out: Out) -> None:
    repo = clone(origin, "-b", "work")

    code, told = asked(repo, out, "main")

    assert code == 2
    assert "did you mean 'origin/main'?" in told
    assert asked(repo, out, "origin/main") == (0, "")


def test_a_partial_clone_is_told_how_to_get_the_rest(origin: Repo, out: Out) -> None:
    repo = clone(origin, "--filter=blob:none", "-b", "work")

    code, told = asked(repo, out, "HEAD~1")

    assert code == 2
    follow(repo, told)
    assert asked(repo, out, "HEAD~1") == (0, "")


@pytest.mark.parametrize("name", ["a b", "$(touch x)", "`touch x`", "-x", "x;y", "'", "a\nb"])
def test_what_is_no_plain_name_stands_in_no_command(origin: Repo, out: Out, name: str) -> None:
    repo = clone(origin, *SHALLOW)

    code, told = asked(repo, out, name)

    assert code == 2
    assert "git fetch" not in told


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_repository_of_another_user_is_trusted_by_the_command(
    origin: Repo, out: Out, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    for path in (origin.root, origin.root / ".git"):
        os.chown(path, 12345, 12345)

    code, told = asked(origin, out, "HEAD~1")
    assert code == 2
    follow(origin, told)
    assert asked(origin, out, "HEAD~1") == (0, "")

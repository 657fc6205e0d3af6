"""A project at a revision: from git's objects only, and nothing that the repository says is run."""

import hashlib
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from renderer.adapters.disk.project import ProjectFiles
from renderer.adapters.git.revision import GitFiles
from renderer.adapters.git.run import Git
from renderer.errors import InputError, MachineError
from tests.harness.repo import ALONE, Repo, scene

SPEC = "specs/harbour.yaml"
LIMIT = 1 << 20


def refusal(root: Path, revision: str = "main") -> str:
    with pytest.raises(InputError) as caught:
        GitFiles.at(root, revision)
    (problem,) = caught.value.problems
    assert "\n" not in str(problem)
    return str(problem)


def test_it_reads_what_the_revision_has_and_not_the_working_tree(repo: Repo) -> None:
    old = (repo.root / SPEC).read_bytes()
    (repo.root / SPEC).write_text("version: 1\n")
    (repo.root / "specs" / "new.yaml").write_text("version: 1\n")

    there = GitFiles.at(repo.root, "main")

    assert there.read(SPEC, limit=LIMIT) == old
    assert there.names("specs", (".yaml",)) == [SPEC]
    assert there.digest(SPEC, limit=LIMIT) == (hashlib.sha256(old).hexdigest(), old)
    assert there.exists("specs")
    assert there.exists(SPEC)
    assert not there.exists("specs/new.yaml")
    assert there.commit == repo.git("rev-parse", "HEAD").strip()


def test_it_answers_as_the_working_tree_does(repo: Repo) -> None:
    for name in ("templates/a/b.j2", "templates/.hidden/c.j2", "specs/.x.yaml", "odd ü\n.yaml"):
        path = repo.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{# x #}")
    (repo.root / "templates" / "way").symlink_to("a")
    (repo.root / "templates" / "link.j2").symlink_to("a/b.j2")
    repo.commit()
    here, there = ProjectFiles(root=repo.root), GitFiles.at(repo.root, "HEAD")

    for folder, ends in (("specs", (".yaml",)), ("templates", (".j2",)), ("none", (".j2",))):
        assert there.names(folder, ends) == here.names(folder, ends)
    for name in ("templates/link.j2", "templates/way/b.j2", "specs/harbor.yaml", "odd ü\n.yaml/x"):
        with pytest.raises(InputError) as expected:
            here.read(name, limit=LIMIT)
        with pytest.raises(InputError) as caught:
            there.read(name, limit=LIMIT)
        assert str(caught.value) == str(expected.value)


def test_a_file_over_the_limit_is_refused_and_not_read(repo: Repo) -> None:
    there = GitFiles.at(repo.root, "main")

    with pytest.raises(InputError, match="too large"):
        there.read(SPEC, limit=10)


def test_a_submodule_is_refused(repo: Repo) -> None:
    commit = repo.git("rev-parse", "HEAD").strip()
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{commit},assets")
    repo.git("commit", "-q", "-m", "submodule")

    with pytest.raises(InputError, match="submodule"):
        GitFiles.at(repo.root, "HEAD").read("assets/a.png", limit=LIMIT)


def test_a_project_may_be_a_folder_of_the_repository(tmp_path: Path) -> None:
    repo = Repo.start(tmp_path / "work", tmp_path / "work" / "films" / "one")
    (repo.project / "specs").mkdir(parents=True)
    (repo.project / SPEC).write_text(scene(["bell"]))
    (repo.root / "films" / "other.txt").write_text("x")
    first = repo.commit()
    (repo.project / SPEC).rename(repo.root / "harbour.yaml")
    repo.commit()

    assert GitFiles.at(repo.project, first).names("specs", (".yaml",)) == [SPEC]
    assert GitFiles.at(repo.project, "HEAD").empty


def test_a_large_file_pointer_counts_as_the_file_it_stands_for(repo: Repo) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + b"x" * 100
    sha = hashlib.sha256(picture).hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha}\nsize 108\n"
    (repo.root / "dock.png").write_text(pointer)
    repo.commit()

    assert GitFiles.at(repo.root, "HEAD").digest("dock.png", limit=LIMIT) == (
        sha,
        pointer.encode(),
    )


def test_a_folder_without_a_repository_is_answered(tmp_path: Path) -> None:
    assert "is not in a git repository" in refusal(tmp_path)


def test_a_revision_that_does_not_exist_gets_a_suggestion(repo: Repo) -> None:
    assert refusal(repo.root, "mian").endswith("did you mean 'main'?")
    assert "there are: main" in refusal(repo.root, "zzzzzz")


@pytest.mark.parametrize(
    "revision",
    ["", "--help", "-h", "main..HEAD", "main:specs", "a b", "x\n::error::y", "\x1b[2J", "^main"],
)
def test_no_revision_is_taken_for_an_option_or_a_range(repo: Repo, revision: str) -> None:
    assert "git knows no revision" in refusal(repo.root, revision)


def test_a_repository_without_a_commit_is_answered(tmp_path: Path) -> None:
    Repo.start(tmp_path / "film")

    assert "there is no commit yet" in refusal(tmp_path / "film", "HEAD")


def test_a_shallow_clone_without_the_revision_says_how_to_fetch_it(
    repo: Repo, tmp_path: Path
) -> None:
    first = repo.git("rev-parse", "HEAD").strip()
    (repo.root / SPEC).write_text(scene(["bell"]))
    repo.commit()
    repo.git("clone", "-q", "--depth=1", f"file://{repo.root}", str(tmp_path / "shallow"))

    assert "git fetch --depth=1 origin" in refusal(tmp_path / "shallow", first)


def test_gits_refusal_of_a_strangers_folder_is_passed_on(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "git"
    program.write_text(
        "#!/bin/sh\necho \"fatal: detected dubious ownership in repository at '/x'\" >&2\n"
        "echo 'To add an exception for this directory, call:' >&2\nexit 128\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)

    assert "safe.directory" in refusal(repo.root)


def test_a_machine_without_git_is_answered(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MachineError, match="git is not installed"):
        GitFiles.at(repo.root, "main")


def test_a_git_that_stands_in_the_project_is_not_run(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repo.root / "git").write_text("#!/bin/sh\ntouch ran\n")
    (repo.root / "git").chmod(0o755)
    monkeypatch.chdir(repo.root)
    monkeypatch.setenv("PATH", ".")

    with pytest.raises(MachineError, match="git is not installed"):
        GitFiles.at(repo.root, "main")
    assert not (repo.root / "ran").exists()


def test_a_call_ends_at_its_size(repo: Repo) -> None:
    with pytest.raises(InputError, match="more than 0 MiB"):
        Git(folder=repo.root).run("ls-tree", "-r", "HEAD", limit=10)


def test_a_call_that_hangs_is_ended(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "git"
    program.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(60)\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    with pytest.raises(MachineError, match=r"did not finish within 0\.2 s"):
        Git(folder=repo.root, seconds=0.2).run("status")


def test_a_partial_clone_is_told_and_fetches_nothing(repo: Repo, tmp_path: Path) -> None:
    repo.git("config", "uploadpack.allowFilter", "true")
    other = tmp_path / "partial"
    repo.git(
        "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{repo.root}", str(other)
    )
    mark = tmp_path / "ran"
    trap = _trap(tmp_path, mark)
    subprocess.run(
        ["git", "-C", str(other), "config", "remote.origin.uploadpack", str(trap)],
        check=True,
        env={**os.environ, **ALONE},
    )

    told = refusal(other, "HEAD")

    assert not mark.exists()
    assert "git" in told


def _trap(folder: Path, mark: Path) -> Path:
    trap = folder / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
    trap.chmod(trap.stat().st_mode | stat.S_IXUSR)
    return trap


def test_nothing_that_a_hostile_repository_configures_is_run(repo: Repo, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    trap = str(_trap(tmp_path, mark))
    for name in (
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.sshCommand",
        "core.askPass",
        "core.gitProxy",
        "core.alternateRefsCommand",
        "diff.external",
        "diff.x.textconv",
        "filter.x.smudge",
        "filter.x.clean",
        "filter.x.process",
        "credential.helper",
        "gpg.program",
        "pager.ls-tree",
        "pager.rev-parse",
        "uploadpack.packObjectsHook",
        "interactive.diffFilter",
        "sequence.editor",
        "trace2.eventTarget",
    ):
        repo.git("config", name, trap)
    repo.git("config", "alias.ls-tree", f"!{trap}")
    repo.git("config", "alias.cat-file", f"!{trap}")
    hooks = repo.root / "hooks"
    hooks.mkdir()
    for hook in (
        "reference-transaction",
        "post-checkout",
        "post-index-change",
        "fsmonitor-watchman",
    ):
        (hooks / hook).write_text(Path(trap).read_text())
        (hooks / hook).chmod(0o755)
    repo.git("config", "core.hooksPath", str(hooks))
    (repo.root / ".gitattributes").write_text("* diff=x filter=x text eol=crlf ident\n")
    (repo.root / ".git" / "info" / "attributes").write_text("* diff=x filter=x\n")
    text = (repo.root / SPEC).read_bytes()
    mark.unlink(missing_ok=True)

    there = GitFiles.at(repo.root, "main")

    assert there.read(SPEC, limit=LIMIT) == text
    assert not mark.exists()


def test_replaced_objects_are_not_believed(repo: Repo) -> None:
    text = (repo.root / SPEC).read_bytes()
    old = repo.git("rev-parse", f"HEAD:{SPEC}").strip()
    (repo.root / "other").write_text("version: 1\nscene: other\n")
    new = repo.git("hash-object", "-w", "other").strip()
    repo.git("replace", old, new)

    assert GitFiles.at(repo.root, "main").read(SPEC, limit=LIMIT) == text


def test_a_bare_repository_inside_the_project_is_not_taken_for_its_own(tmp_path: Path) -> None:
    outer = Repo.start(tmp_path / "outer")
    outer.git("init", "-q", "--bare", "film")
    (tmp_path / "outer" / "film" / "specs").mkdir()

    assert "is not in a git repository" in refusal(tmp_path / "outer" / "film", "HEAD")


def test_a_tree_that_multiplies_itself_is_stopped(repo: Repo) -> None:
    blob = repo.git("rev-parse", f"HEAD:{SPEC}").strip()
    row, tree = f"100644 blob {blob}\t", ""
    for _ in range(9):
        rows = "".join(f"{row}f{at}.yaml\n" for at in range(10))
        made = subprocess.run(
            ["git", "-C", str(repo.root), "mktree"],
            input=rows,
            capture_output=True,
            text=True,
            check=True,
        )
        tree = made.stdout.strip()
        row = f"040000 tree {tree}\t"
    commit = repo.git("commit-tree", "-m", "bomb", tree).strip()

    assert "too many files" in refusal(repo.root, commit)

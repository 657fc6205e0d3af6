"""What the reading commands touch: the project, the package, the interpreter, and git for --base."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CANARY = "rw-canary-4f1c9b7e2d"
COMMANDS = {
    "validate": ("validate",),
    "validate-github": ("validate", "--format", "github"),
    "plan": ("plan",),
    "plan-again": ("plan",),
    "plan-markdown": ("plan", "--format", "markdown"),
    "plan-paid": ("plan", "--provider", "runware", "--format", "json"),
    "tasks": ("tasks", "--format", "requests"),
    "show": ("show", "harbour/lamp"),
    "lock-check": ("lock", "check"),
    "status": ("status",),
    "verbose": ("-vv", "plan"),
    "broken": ("plan", "--only", "nothing"),
}
_SEES = ("open", "os.listdir", "os.scandir")
_WRITES = ("os.mkdir", "os.remove", "os.rename", "os.symlink", "os.link", "os.truncate")

Row = list[str]


@pytest.fixture
def checkout(project: Path) -> Path:
    run = ("git", "-C", str(project), "-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", "init", "-q", str(project)], check=True)
    (project / ".gitignore").write_text(".renderer/\n")
    subprocess.run([*run, "add", "."], check=True)
    subprocess.run([*run, "commit", "-qm", "one"], check=True)
    return project


def called(project: Path, *argv: str, before: tuple[str, ...] = ()) -> tuple[list[Row], str]:
    """Return what the audit hook saw, and what was printed."""
    log = project.parent / "audit.log"
    log.unlink(missing_ok=True)
    command = [*before, sys.executable, "-m", "tests.harness.audit", str(log)]
    environment = {**os.environ, "RUNWARE_API_KEY": CANARY, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*command, "-C", str(project), *argv],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
    )
    said = (done.stdout + done.stderr).decode()
    assert done.returncode in (0, 2, 4), said
    return [json.loads(line) for line in log.read_text().splitlines()], said


def written(row: Row) -> bool:
    if row[0] in _WRITES:
        return True
    flags = int(row[3]) if row[0] == "open" and row[3].lstrip("-").isdigit() else 0
    mode = row[2] if row[0] == "open" else ""
    return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)) or any(
        one in mode for one in "wax+"
    )


def homes(project: Path) -> tuple[str, ...]:
    paths = {
        *sysconfig.get_paths().values(),
        sys.prefix,
        sys.base_prefix,
        *(set(sys.path) - {"", str(ROOT)}),
    }
    return (
        *(os.path.realpath(one) for one in paths),
        str(ROOT / "renderer"),
        str(ROOT / "schemas"),
        str(ROOT / "tests"),
        str(project),
    )


def strangers(rows: list[Row], project: Path) -> list[Row]:
    """Return what was read that is neither the project's nor the program's nor the interpreter's."""
    known = homes(project)
    # A name relative to an open folder (part by part, no links) and a handle show no path.
    seen = [row for row in rows if row[0] in _SEES and row[1].startswith("/") and not written(row)]
    # Above the project only names are looked at, for the nearest project and the nearest `.git`.
    allowed = {"/dev/null", "/dev/urandom", str(ROOT), *map(str, project.parents)}
    return [
        row
        for row in seen
        if not os.path.realpath(row[1]).startswith(known) and row[1] not in allowed
    ]


def started(rows: list[Row]) -> list[Row]:
    return [
        row
        for row in rows
        if row[0].startswith(
            (
                "os.exec",
                "os.fork",
                "os.posix_spawn",
                "os.spawn",
                "os.system",
                "subprocess.",
                "socket.",
                "ctypes.",
                "urllib.",
                "http.",
            )
        )
    ]


def test_the_watch_sees_a_stranger(project: Path) -> None:
    assert strangers([["open", "/etc/hostname", "r", "524288"]], project)
    assert strangers([["open", str(ROOT / "specs" / "reef.yaml"), "None", "524288"]], project)
    assert written(["open", "/x", "None", str(os.O_WRONLY | os.O_CREAT)])
    assert started([["socket.getaddrinfo", "example.com"]])


@pytest.mark.parametrize("name", COMMANDS)
def test_a_reading_command_touches_nothing_but_the_project(name: str, checkout: Path) -> None:
    rows, said = called(checkout, *COMMANDS[name])

    assert started(rows) == []
    assert strangers(rows, checkout) == []
    outside = [
        row for row in rows if written(row) and not row[1].startswith(str(checkout / ".renderer"))
    ]
    assert outside == []
    assert CANARY not in said


def test_a_plan_against_a_revision_starts_git_and_nothing_else(checkout: Path) -> None:
    rows, said = called(checkout, "plan", "--base", "HEAD")

    git = os.path.realpath(shutil.which("git") or "")
    begun = [row for row in started(rows) if row[0] == "subprocess.Popen"]
    assert begun
    assert {os.path.realpath(row[1]) for row in begun} == {git}
    assert [
        row for row in started(rows) if row[0].startswith(("socket.", "ctypes.", "os.system"))
    ] == []
    assert CANARY not in said


def test_nothing_but_the_memo_is_left_behind_and_no_key_in_it(checkout: Path) -> None:
    before = {path for path in checkout.rglob("*") if ".git/" not in str(path)}
    for name in ("plan-paid", "verbose", "tasks"):
        called(checkout, *COMMANDS[name])
    fresh = {path for path in checkout.rglob("*") if ".git/" not in str(path)} - before

    assert {path.relative_to(checkout).parts[0] for path in fresh} <= {".renderer"}
    assert [
        path for path in fresh if path.is_file() and CANARY.encode() in path.read_bytes()
    ] == []


@pytest.mark.parametrize("argv", [("validate",), ("plan",), ("plan", "--base", "HEAD")])
def test_no_network_is_needed(argv: tuple[str, ...], checkout: Path) -> None:
    alone = ("unshare", "-rn")
    if (
        shutil.which("unshare") is None
        or subprocess.run([*alone, "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("this machine gives no network namespace to a plain user")
    _, said = called(checkout, *argv, before=alone)

    assert "error" not in said


def test_a_linked_state_folder_leads_no_write_outside(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (project / ".renderer").symlink_to(outside)
    called(project, "plan")
    assert list(outside.iterdir()) == []

    (project / ".renderer").unlink()
    (project / ".renderer").mkdir()
    (project / ".renderer" / "memo-1").symlink_to(outside)
    called(project, "plan")
    assert list(outside.iterdir()) == []


def test_a_local_render_reaches_for_no_network_and_is_given_no_key(checkout: Path) -> None:
    rows, said = called(checkout, "render")

    assert [
        row
        for row in rows
        if row[0] in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen")
    ] == []
    assert CANARY not in said
    made = [path for path in checkout.rglob("*") if path.is_file()]
    assert any(path.suffix == ".mp4" for path in made)
    assert [path for path in made if CANARY.encode() in path.read_bytes()] == []


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    from renderer.adapters.clock import SystemClock
    from renderer.adapters.net.client import Client, Secret

    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    client = Client("https://api.example.com/v1", Secret(CANARY), SystemClock())

    assert not client._http.trust_env
    assert client._http._mounts == {}

"""Git, called so that a repository's own configuration can run nothing and reach nowhere."""

import os
import shlex
import shutil
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from renderer.errors import InputError, MachineError
from renderer.sanitize import one_line

# From the person's own environment; GIT_DIR and its kind, which hooks set, are left out.
_PASSED = (
    "PATH",
    "HOME",
    "XDG_CONFIG_HOME",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "SYSTEMROOT",
    "USERPROFILE",
)
_SET = {
    "LC_ALL": "C",
    "GIT_ALLOW_PROTOCOL": "none",  # a partial clone must not fetch what it lacks
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
}
_OPTIONS = (
    "--no-replace-objects",
    "--no-pager",
    "--literal-pathspecs",
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "safe.bareRepository=explicit",
)
_COMPLAINT = 1 << 12
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a call of git gave; `complaint` is the start of what it wrote to stderr."""

    code: int
    output: bytes
    complaint: str

    @property
    def text(self) -> str:
        """The output as one text without its line end."""
        return self.output.decode("utf-8", "surrogateescape").removesuffix("\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Git:
    """Calls git in one folder; a call ends after `seconds`, whatever it is doing."""

    folder: Path
    seconds: float = 60.0

    def run(self, *arguments: str, given: bytes = b"", limit: int = 1 << 20) -> Ran:
        """Return what git answers; raise InputError if that is over `limit` bytes."""
        command = [_program(), "-C", str(self.folder), *_OPTIONS, *arguments]
        # Files for what goes in and for complaints: no pipe can fill up and block both sides.
        with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as complaints:
            source.write(given)
            source.seek(0)
            code, output = self._called(command, source, complaints, limit)
            complaints.seek(0)
            complaint = complaints.read(_COMPLAINT).decode("utf-8", "replace")
        if len(output) > limit:
            raise InputError(
                f"git answers with more than {limit >> 20} MiB to `{arguments[0]}`",
                "the revision holds too many files, or too large ones, to be planned",
            )
        return Ran(code=code, output=output, complaint=complaint)

    def answer(self, *arguments: str) -> str:
        """Return the one text that git answers with; raise what it complains of."""
        ran = self.run(*arguments)
        if ran.code:
            raise complained(ran, self.folder)
        return ran.text

    def _called(
        self, command: list[str], source: IO[bytes], complaints: IO[bytes], limit: int
    ) -> tuple[int, bytes]:
        with subprocess.Popen(  # noqa: S603 - the program by its full path, no shell
            command, stdin=source, stdout=subprocess.PIPE, stderr=complaints, env=_environment()
        ) as process:
            late = threading.Event()
            timer = threading.Timer(self.seconds, _stop, (process, late))
            timer.daemon = True
            timer.start()
            try:
                output = _bounded(process, limit)
            finally:
                timer.cancel()
        if late.is_set():
            raise MachineError(
                f"git did not finish within {self.seconds:g} s",
                "try the same on a local disk, or without --base",
            )
        return process.returncode, output


def lacking() -> InputError:
    """Return what is to be said where a clone has not all objects of a revision."""
    return InputError(
        "this clone lacks files of that revision (a partial clone, or a damaged one)",
        "fetch them with `git fetch --refetch --no-filter origin`, or look with `git fsck`",
    )


def complained(ran: Ran, folder: Path) -> InputError:
    """Say in one line what git refuses, and what to do."""
    text = ran.complaint
    if "dubious ownership" in text:
        trusted = shlex.quote(_top(folder))
        return InputError(
            f"git refuses {folder}: it belongs to another user (dubious ownership)",
            f"if you trust it, run `git config --global --add safe.directory {trusted}`",
        )
    if "lazy fetching disabled" in text or "promisor" in text:
        return lacking()
    if "not a git repository" in text or "cannot use bare repository" in text:
        return InputError(
            f"{folder} is not in a git repository", "change to one, or create one with `git init`"
        )
    first = next((line for line in text.splitlines() if line.strip()), "no reason given")
    return InputError(
        f"git refuses: {one_line(first.removeprefix('fatal: '), 200)}",
        "look at the repository with `git status` and `git fsck`",
    )


def _top(folder: Path) -> str:
    """Return the repository's own folder, which is what git asks to be trusted."""
    above = (one for one in (folder, *folder.parents) if (one / ".git").exists())
    return str(next(above, folder))


def _program() -> str:
    """Return git's full path: one that is in the folder itself is never taken."""
    found = shutil.which("git")
    if found is None or not Path(found).is_absolute():
        raise MachineError("git is not installed", "install git, or do without it here")
    return found


def _environment() -> dict[str, str]:
    return {**{name: os.environ[name] for name in _PASSED if name in os.environ}, **_SET}


def _stop(process: "subprocess.Popen[bytes]", late: threading.Event) -> None:
    late.set()
    process.kill()


def _bounded(process: "subprocess.Popen[bytes]", limit: int) -> bytes:
    """Read what a process writes; end it as soon as that is over the limit."""
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    found = bytearray()
    while chunk := process.stdout.read(_CHUNK):
        found += chunk
        if len(found) > limit:
            process.kill()
            break
    return bytes(found)

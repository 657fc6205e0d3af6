"""Two things of the machine that a test has to arrange: no permission, and no kernel locks."""

import errno
import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from renderer.adapters.disk.mutex import held
from renderer.errors import MachineError

READ = """
import os, sys
from pathlib import Path
from renderer.adapters.disk.project import ProjectFiles
from renderer.errors import InputError
os.chdir(sys.argv[1])
if os.geteuid() == 0:
    os.seteuid(65534)
try:
    ProjectFiles(root=Path(".")).digest("frame.png", limit=100)
except InputError as error:
    print(error)
"""


def test_an_image_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "frame.png").write_bytes(b"\x89PNG")
    (tmp_path / "frame.png").chmod(0)

    done = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path)], capture_output=True, text=True, check=True
    )

    assert done.stdout == "cannot read frame.png: Permission denied; check its permissions\n"


def test_a_disk_without_locks_is_told_before_anything_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)

    with (
        pytest.raises(MachineError, match="cannot keep two renderers apart"),
        held(tmp_path / "mutex", "render"),
    ):
        raise AssertionError("it went on without a mutex")

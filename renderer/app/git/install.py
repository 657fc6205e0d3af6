"""Use case: configure git to merge and diff the lockfile, in one repository."""

import shlex
import shutil
import sys
from pathlib import Path

from renderer.app.workspace import Workspace
from renderer.errors import InputError, MachineError
from renderer.paths import LOCKFILE

LINE = f"{LOCKFILE} merge=renderer diff=renderer"
_FILE = ".gitattributes"
_SECTIONS = ("merge.renderer", "diff.renderer")


def install(workspace: Workspace) -> list[str]:
    """Set the merge driver and the textconv; return what was done, nothing if all was there."""
    root, disk = workspace.root, workspace.disk
    git, program = workspace.git(), _program()
    git.answer("rev-parse", "--git-dir")
    wanted = {
        "merge.renderer.name": "renderer: joins lockfiles, loses no take",
        "merge.renderer.driver": f"{program} lock merge %O %A %B %P",
        "diff.renderer.textconv": f"{program} lock textconv",
    }
    done = []
    for name, value in wanted.items():
        if git.run("config", "--local", "--get-all", name).text != value:
            git.answer("config", "--local", "--replace-all", name, value)
            done.append(f"set {name} in this repository's own configuration")
    text = _attributes(root)
    if LINE not in text.splitlines():
        gap = "\n" if text and not text.endswith("\n") else ""
        disk.write(root / _FILE, f"{text}{gap}{LINE}\n".encode())
        done.append(f"added '{LINE}' to {_FILE}: commit it, so that it applies to everyone")
    return done


def uninstall(workspace: Workspace) -> list[str]:
    """Undo what `install` does; return what was done."""
    root, disk = workspace.root, workspace.disk
    git = workspace.git()
    git.answer("rev-parse", "--git-dir")
    done = []
    for section in _SECTIONS:
        if git.run("config", "--local", "--get-regexp", f"^{section}\\.").code == 0:
            git.answer("config", "--local", "--remove-section", section)
            done.append(f"removed {section} from this repository's own configuration")
    text = _attributes(root)
    if LINE in text.splitlines():
        rest = "".join(line for line in text.splitlines(keepends=True) if line.strip() != LINE)
        if rest:
            disk.write(root / _FILE, rest.encode())
        else:
            disk.remove(root / _FILE)
        done.append(f"removed '{LINE}' from {_FILE}")
    return done


def _attributes(root: Path) -> str:
    path = root / _FILE
    if path.is_symlink():
        raise InputError(f"{_FILE} is a link, and links are not followed", "put a file there")
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise MachineError(f"cannot read {_FILE}: {error}", "look at the file") from None


def _program() -> str:
    """Return how git can call this program: by name where the PATH has it, else by its path."""
    beside = Path(sys.executable).with_name("renderer")
    if shutil.which("renderer") or not beside.is_file():
        return "renderer"
    return shlex.quote(str(beside))

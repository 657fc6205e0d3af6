"""Use case: configure git to merge and diff the lockfile, and to merge notes, in one repository."""

import shlex
import shutil
import sys
from pathlib import Path

from renderer.app.project.git_attributes import BOTH_KEPT, FILE, add_line, remove_line
from renderer.app.workspace import Workspace
from renderer.paths import LOCKFILE

LINES = (f"{LOCKFILE} merge=renderer diff=renderer", BOTH_KEPT)
_SECTIONS = ("merge.renderer", "diff.renderer")


def install(workspace: Workspace) -> list[str]:
    """Set the merge driver and the textconv; return what was done, nothing if all was there."""
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
    added = [line for line in LINES if add_line(workspace, line)]
    why = "commit it, so that it applies to everyone"
    return [*done, *(f"added '{line}' to {FILE}: {why}" for line in added)]


def uninstall(workspace: Workspace) -> list[str]:
    """Undo what `install` does; return what was done."""
    git = workspace.git()
    git.answer("rev-parse", "--git-dir")
    done = []
    for section in _SECTIONS:
        if git.run("config", "--local", "--get-regexp", f"^{section}\\.").code == 0:
            git.answer("config", "--local", "--remove-section", section)
            done.append(f"removed {section} from this repository's own configuration")
    removed = [line for line in LINES if remove_line(workspace, line)]
    return [*done, *(f"removed '{line}' from {FILE}" for line in removed)]


def _program() -> str:
    """Return how git can call this program: by name where the PATH has it, else by its path."""
    beside = Path(sys.executable).with_name("renderer")
    if shutil.which("renderer") or not beside.is_file():
        return "renderer"
    return shlex.quote(str(beside))

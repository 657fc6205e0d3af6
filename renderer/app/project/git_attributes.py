"""What git is told of the project's files: lines of `.gitattributes`."""

from pathlib import Path

from renderer.app.workspace import Workspace
from renderer.errors import InputError, MachineError
from renderer.paths import REVIEWS

FILE = ".gitattributes"
# What two branches add at one place is no conflict: git has this by itself, and keeps both.
BOTH_KEPT = f"{REVIEWS} merge=union"


def add_line(workspace: Workspace, line: str) -> bool:
    """Add a line, and return whether it was not there."""
    text = _text(workspace.root)
    if line in text.splitlines():
        return False
    gap = "\n" if text and not text.endswith("\n") else ""
    workspace.disk.write(workspace.root / FILE, f"{text}{gap}{line}\n".encode())
    return True


def remove_line(workspace: Workspace, line: str) -> bool:
    """Remove a line, the file with its last one; return whether it was there."""
    text = _text(workspace.root)
    if line not in text.splitlines():
        return False
    rest = "".join(one for one in text.splitlines(keepends=True) if one.strip() != line)
    if rest:
        workspace.disk.write(workspace.root / FILE, rest.encode())
    else:
        workspace.disk.remove(workspace.root / FILE)
    return True


def keep_both(workspace: Workspace) -> bool:
    """Have git keep the notes of both branches, where there is a repository; return if that is new.

    A file that says something of reviews is a person's choice, and so is one that is a link.
    """
    root = workspace.root.resolve()
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return False
    if (workspace.root / FILE).is_symlink() or REVIEWS in _text(workspace.root):
        return False
    return add_line(workspace, BOTH_KEPT)


def _text(root: Path) -> str:
    path = root / FILE
    if path.is_symlink():
        raise InputError(f"{FILE} is a link, and links are not followed", "put a file there")
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise MachineError(f"cannot read {FILE}: {error}", "look at the file") from None

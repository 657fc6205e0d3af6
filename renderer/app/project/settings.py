"""What renderer.yaml says to commands: the provider, and whether a pick needs its reason."""

import re
from typing import TYPE_CHECKING

from renderer.adapters.disk.project import ProjectFiles
from renderer.errors import InputError
from renderer.paths import PROJECT_FILE

if TYPE_CHECKING:  # the file is read as YAML only where it must be
    from renderer.spec.values import Project


def provider_named(files: ProjectFiles) -> str | None:
    """Return the provider that renderer.yaml names, or None; problems are reported elsewhere."""
    project = _project(files, "provider")
    return project.provider if project else None


def why_required(files: ProjectFiles) -> bool:
    """Return whether every pick has to say why; problems are reported elsewhere."""
    project = _project(files, "require_why")
    return project is not None and project.require_why


def _project(files: ProjectFiles, key: str) -> "Project | None":
    """Read renderer.yaml, unless it plainly does not have the key: that saves time."""
    if not files.exists(PROJECT_FILE):
        return None
    content = files.read(PROJECT_FILE, limit=1 << 20)
    if not re.search(rf"""(?:^|[\s{{,"']){key}["']?\s*:""".encode(), content):
        return None
    from renderer.spec.check import parse_project
    from renderer.spec.reader import read

    try:
        return parse_project(read(content, PROJECT_FILE))
    except InputError:
        return None

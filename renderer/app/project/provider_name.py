"""Which provider a project names, told without reading more than it must."""

import re

from renderer.adapters.disk.project import ProjectFiles
from renderer.errors import InputError

PROJECT_FILE = "renderer.yaml"
# Saves reading the file as YAML where it cannot name a provider.
_NAMES_ONE = re.compile(rb"""(?:^|[\s{,"'])provider["']?\s*:""")


def provider_named(files: ProjectFiles) -> str | None:
    """Return the provider that renderer.yaml names, or None; problems are told elsewhere."""
    if not files.exists(PROJECT_FILE):
        return None
    content = files.read(PROJECT_FILE, limit=1 << 20)
    if not _NAMES_ONE.search(content):
        return None
    from renderer.spec.check import parse_project
    from renderer.spec.reader import read

    try:
        return parse_project(read(content, PROJECT_FILE)).provider
    except InputError:
        return None

"""The texts of a project as they are on disk now, with one digest over all of them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from renderer import limits, paths
from renderer.adapters.disk.project import ProjectFiles
from renderer.errors import InputError, Place, Problem

_SPEC_LIMIT = limits.YAML
_TEMPLATE_LIMIT = 1 << 16
_ALL_LIMIT = 32 << 20  # a thousand shots with long prompts have some 2 MiB


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The bytes of renderer.yaml (None: there is none), of the specs and of the templates."""

    project: bytes | None
    specs: Mapping[str, bytes]
    templates: Mapping[str, bytes]
    problems: tuple[Problem, ...] = ()
    broken: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def shared(self) -> str:
        """Return the digest of what every scene depends on: defaults and templates."""
        return digest_of({"": self.project or b"", **self.templates})

    @cached_property
    def digest(self) -> str:
        """Return the digest of all of it."""
        return digest_of({"": self.shared.encode(), **self.specs})


def snapshot(files: ProjectFiles) -> Snapshot:
    """Read all texts of a project; what cannot be read is a problem, and the rest goes on."""
    reading = _Reading(files)
    project = (
        reading.content(paths.PROJECT_FILE, _SPEC_LIMIT)
        if files.exists(paths.PROJECT_FILE)
        else None
    )
    specs = reading.contents(paths.SPECS, paths.SPEC_ENDINGS, _SPEC_LIMIT)
    templates = reading.contents(paths.TEMPLATES, paths.TEMPLATE_ENDINGS, _TEMPLATE_LIMIT)
    return Snapshot(
        project=project,
        specs=specs,
        templates=templates,
        problems=tuple(reading.problems),
        broken=frozenset(reading.broken),
    )


class _Reading:
    """Reads text after text, up to a limit for all of them together."""

    def __init__(self, files: ProjectFiles) -> None:
        self.files = files
        self.left = _ALL_LIMIT
        self.problems: list[Problem] = []
        self.broken: set[str] = set()

    def contents(self, folder: str, suffixes: tuple[str, ...], limit: int) -> dict[str, bytes]:
        """Return the bytes of the files below a folder that could be read."""
        try:
            names = self.files.names(folder, suffixes)
        except InputError as error:
            self._note(folder, error)
            return {}
        found = {name: self.content(name, limit) for name in names}
        return {name: content for name, content in found.items() if content is not None}

    def content(self, name: str, limit: int) -> bytes | None:
        """Return the bytes of one file; None and a problem if it cannot be read."""
        if self.left < 0:  # already reported
            self.broken.add(name)
            return None
        try:
            return self._content(name, limit)
        except InputError as error:
            self._note(name, error)
            return None

    def _content(self, name: str, limit: int) -> bytes:
        if any("\ud800" <= one <= "\udfff" for one in name):
            raise InputError("the name of this file is not UTF-8", "rename it")
        content = self.files.read(name, limit=limit)
        self.left -= len(content)
        if self.left < 0:
            what = f"specs and templates hold more than {_ALL_LIMIT >> 20} MiB together"
            raise InputError(what, "split the project")
        return content

    def _note(self, name: str, error: InputError) -> None:
        self.broken.add(name)
        self.problems += [
            Problem(what=one.what, todo=one.todo, place=one.place or Place(file=name))
            for one in error.problems
        ]


def digest_of(texts: Mapping[str, bytes]) -> str:
    """Return one SHA-256 over names and contents; no two different sets look alike."""
    total = hashlib.sha256()
    for name, content in sorted(texts.items()):
        total.update(f"{len(name.encode())} {len(content)} ".encode() + name.encode())
        total.update(content)
    return total.hexdigest()

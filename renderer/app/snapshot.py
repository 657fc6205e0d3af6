"""The texts of a project as they are on disk now, with one digest over all of them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from renderer.adapters.project import SPECS, ProjectFiles
from renderer.app.named import PROJECT_FILE
from renderer.errors import InputError, Place, Problem

_SPEC_LIMIT = 1 << 20
_TEMPLATE_LIMIT = 1 << 16


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
    problems: list[Problem] = []
    broken: set[str] = set()

    def content(name: str, limit: int) -> bytes | None:
        try:
            return files.read(name, limit=limit)
        except InputError as error:
            broken.add(name)
            problems.extend(
                Problem(what=one.what, todo=one.todo, place=one.place or Place(file=name))
                for one in error.problems
            )
            return None

    project = content(PROJECT_FILE, _SPEC_LIMIT) if files.exists(PROJECT_FILE) else None
    specs = {name: content(name, _SPEC_LIMIT) for name in files.names("specs", SPECS)}
    names = files.names("templates", (".j2",))
    templates = {name: content(name, _TEMPLATE_LIMIT) for name in names}
    return Snapshot(
        project=project,
        specs=_there(specs),
        templates=_there(templates),
        problems=tuple(problems),
        broken=frozenset(broken),
    )


def digest_of(texts: Mapping[str, bytes]) -> str:
    """Return one SHA-256 over names and contents; no two different sets look alike."""
    total = hashlib.sha256()
    for name, content in sorted(texts.items()):
        total.update(f"{len(name.encode())} {len(content)} ".encode() + name.encode())
        total.update(content)
    return total.hexdigest()


def _there(found: Mapping[str, bytes | None]) -> dict[str, bytes]:
    return {name: content for name, content in found.items() if content is not None}

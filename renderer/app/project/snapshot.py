"""The texts of a project as they are on disk now, with one digest over all of them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from renderer import limits, paths
from renderer.adapters.disk.project import ProjectFiles
from renderer.app.project.data_names import data_names
from renderer.errors import InputError, Place, Problem

_SPEC_LIMIT = limits.YAML
_TEMPLATE_LIMIT = 1 << 16
_DATA_LIMIT = 8 << 20
_ALL_LIMIT = 32 << 20  # a thousand shots with long prompts have some 2 MiB


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The bytes of renderer.yaml (None: there is none), of the specs, templates and data files.

    `named` are the data files of each spec that names some; why one is not in `data` is in
    `unread`: that is a problem only of who uses it.
    """

    project: bytes | None
    specs: Mapping[str, bytes]
    templates: Mapping[str, bytes]
    data: Mapping[str, bytes] = field(default_factory=dict)
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unread: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    broken: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def shared(self) -> str:
        """Return the digest of what every scene depends on: defaults and templates."""
        whole = {"": self.project or b"", **self.templates}
        return digest_of(whole | self._data_of(paths.PROJECT_FILE))

    @cached_property
    def digest(self) -> str:
        """Return the digest of all of it."""
        data = {f"data {name}": content for name, content in self.data.items()}
        return digest_of({"": self.shared.encode(), **self.specs, **data})

    def content(self, spec: str) -> bytes:
        """Return the bytes of a spec, and of the data that its shots are made of."""
        data = self._data_of(spec)
        return self.specs[spec] + (digest_of(data).encode() if data else b"")

    def _data_of(self, spec: str) -> dict[str, bytes]:
        names = self.named.get(spec, ())
        return {f"data {name}": self.data[name] for name in names if name in self.data}


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
    texts = {**specs, paths.PROJECT_FILE: project or b""}
    named = {name: found for name, text in texts.items() if (found := data_names(text))}
    data = {name: reading.data(name) for name in dict.fromkeys(chain(*named.values()))}
    return Snapshot(
        project=project,
        specs=specs,
        templates=templates,
        data={name: content for name, content in data.items() if content is not None},
        named=named,
        unread=reading.unread,
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
        self.unread: dict[str, tuple[Problem, ...]] = {}

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

    def data(self, name: str) -> bytes | None:
        """Return the bytes of one data file; None if it cannot be read, for whoever uses it."""
        try:
            return self._content(name, _DATA_LIMIT)
        except InputError as error:
            self.unread[name] = error.problems
            return None

    def _content(self, name: str, limit: int) -> bytes:
        if any("\ud800" <= one <= "\udfff" for one in name):
            raise InputError("the name of this file is not UTF-8", "rename it")
        content = self.files.read(name, limit=limit)
        self.left -= len(content)
        if self.left < 0:
            what = f"specs, templates and data hold more than {_ALL_LIMIT >> 20} MiB together"
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

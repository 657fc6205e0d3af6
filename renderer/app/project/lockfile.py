"""The lockfile of a provider on disk: strict; refuses to overwrite concurrent changes."""

import hashlib
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from renderer import limits
from renderer.adapters.disk.cache import Cache, CachedParts, program
from renderer.adapters.disk.disk import Disk
from renderer.errors import LockfileError, MachineError
from renderer.json_types import JsonObject
from renderer.lock.codec import decode, encode
from renderer.lock.index import Index, IndexData
from renderer.lock.model import Lock
from renderer.providers import PROVIDERS


@dataclass
class LockFile:
    """One lockfile; `text` is what was last read or written, to notice a change by others."""

    path: Path
    lineage: str
    text: str | None = None

    @classmethod
    def of(cls, root: Path, provider: str) -> "LockFile":
        """Return the lockfile of a provider, by its name."""
        row = PROVIDERS[provider]
        return cls(path=root / row.lockfile, lineage=row.lineage)

    def read(self) -> Lock:
        """Return the lock; an absent file is an empty lock, anything else must be sound."""
        self.text = self._content()
        return self._decoded()

    def index(self, cache: Cache) -> Index:
        """Return the lock as planning sees it; one that was read before is not read again."""
        self.text = self._content()
        name, key = f"index-{self.path.name}", f"{program()} {self.digest}"
        kept: IndexData | None = cache.get(name, key)
        if kept is not None:
            return Index.of_data(kept, _Fields(cache, f"{name}-fields", key, self))
        index = Index.of(self.lock)
        cache.put(name, key, index.as_data())
        return index

    @cached_property
    def lock(self) -> Lock:
        """The lock of the text that was read first."""
        return self._decoded()

    def _decoded(self) -> Lock:
        if self.text is None:
            return Lock(lineage=self.lineage)
        return decode(self.text, self.path.name)

    @property
    def digest(self) -> str:
        """The SHA-256 of the text that was last read or written; empty if there is no file."""
        return "" if self.text is None else hashlib.sha256(self.text.encode()).hexdigest()

    def started(
        self, lock: Lock, known: Callable[[], Sequence[str]], new_lineage: Callable[[], str]
    ) -> Lock:
        """Return the lock with a lineage: its own, else those known to the journal, else a new one.

        So a branch without a lockfile finds what this clone has paid for already.
        """
        return lock if lock.lineage else lock.of_lineages(known() or [new_lineage()])

    def write(self, lock: Lock, disk: Disk) -> bool:
        """Write the lock if it differs; return whether it did. Refuses to undo another's write."""
        text = encode(lock)
        now = self._content()
        if now != self.text:
            raise LockfileError(
                f"{self.path.name} was changed by someone else while this ran",
                "check it, then run `renderer render` again: finished takes are kept",
            )
        if text == now:
            return False
        disk.write(self.path, text.encode())
        self.text = text
        return True

    def _content(self) -> str | None:
        if self.path.is_symlink():
            raise LockfileError(
                f"{self.path.name} is a link, and links are not followed",
                "put the file itself there",
            )
        try:
            status = self.path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise LockfileError(
                    f"{self.path.name} is not a regular file", "restore it from git"
                )
            if status.st_size > limits.LOCK:
                raise LockfileError(
                    f"{self.path.name} is over {limits.LOCK} bytes", "restore it from git"
                )
            return self.path.read_bytes().decode("utf-8")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError as error:
            raise LockfileError(
                f"{self.path.name} is damaged: no UTF-8 at byte {error.start}",
                "restore it from git; nothing was rendered",
            ) from None
        except OSError as error:
            raise MachineError(
                f"cannot read {self.path.name}: {error.strerror}", "check its permissions"
            ) from None


class _Fields:
    """The fields of each address, from the cache, or from the lockfile if that is gone.

    They are kept by scene: one edit asks for those of one.
    """

    def __init__(self, cache: Cache, name: str, key: str, lock_file: LockFile) -> None:
        self._source = (cache, name, key)
        self._lock_file = lock_file
        self._scenes: dict[str, Mapping[str, JsonObject]] = {}

    def __call__(self, address: str) -> JsonObject:
        scene = _scene(address)
        if scene not in self._scenes:
            self._scenes[scene] = self._parts_of(scene)
        return self._scenes[scene][address]

    @cached_property
    def _parts(self) -> CachedParts:
        cache, name, _ = self._source
        return cache.parts(name)

    def _parts_of(self, scene: str) -> Mapping[str, JsonObject]:
        key = self._source[2]
        kept: Mapping[str, JsonObject] | None = self._parts.get(scene, key)
        if kept is None:
            scenes = self._by_scene()
            for name, found in scenes.items():
                self._parts.put(name, key, found)
            self._parts.save(scenes)
            kept = scenes[scene]
        return kept

    def _by_scene(self) -> dict[str, dict[str, JsonObject]]:
        scenes: dict[str, dict[str, JsonObject]] = {}
        for address, entry in self._lock_file.lock.entries.items():
            scenes.setdefault(_scene(address), {})[address] = dict(entry.fields)
        return scenes


def _scene(address: str) -> str:
    return address.partition("/")[0]

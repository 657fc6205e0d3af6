"""The bytes of frame images, wherever they come from: a file, a data URI, another shot's take."""

from dataclasses import dataclass

from renderer.adapters.durable import Disk
from renderer.adapters.project import ProjectFiles
from renderer.adapters.stills import Stills
from renderer.adapters.store import Store
from renderer.expand.linked import SOURCE
from renderer.expand.request import data_bytes

_LIMIT = 30 * 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Loads what `files` of a task lead to."""

    files: ProjectFiles
    store: Store

    def load(self, source: str) -> bytes:
        """Return the image of a source; raise InputError if it cannot be had."""
        if source.startswith(SOURCE):
            take, _, moment = source.removeprefix(SOURCE).partition(":")
            return Stills(self.store, Disk()).image(take, moment)
        inline = data_bytes(source)
        return self.files.read(source, limit=_LIMIT) if inline is None else inline

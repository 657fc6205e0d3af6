"""The bytes of frame images, wherever they come from: a file, a data URI, another shot's take."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from renderer.adapters.disk.disk import Disk
from renderer.adapters.disk.project import ProjectFiles
from renderer.adapters.disk.store import Store
from renderer.adapters.media.frame_extract import FrameExtractor
from renderer.errors import InputError, Problem
from renderer.expand.frame_links import SOURCE
from renderer.expand.images import not_pulled
from renderer.expand.lfs import LONGEST_POINTER, pointer
from renderer.expand.request import data_bytes

_LIMIT = 30 * 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageBytes:
    """Loads what `files` of a task lead to."""

    files: ProjectFiles
    store: Store

    def load(self, source: str) -> bytes:
        """Return the image of a source; raise InputError if it cannot be had."""
        if source.startswith(SOURCE):
            take, _, moment = source.removeprefix(SOURCE).partition(":")
            return FrameExtractor(self.store, Disk()).image(take, moment)
        inline = data_bytes(source)
        if inline is not None:
            return inline
        content = self.files.read(source, limit=_LIMIT)
        if pointer(content):
            raise not_pulled(source)
        return content


def not_pulled_yet(files: ProjectFiles, sources: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each image that is a Git LFS pointer: it cannot be sent as it is."""
    for source in sources:
        if not source.startswith((SOURCE, "data:")) and _is_pointer(files, source):
            yield from not_pulled(source).problems


def _is_pointer(files: ProjectFiles, path: str) -> bool:
    try:
        return pointer(files.read(path, limit=LONGEST_POINTER)) is not None
    except InputError:  # too large for one; what else is wrong is said where the image is read
        return False

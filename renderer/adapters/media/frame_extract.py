"""Single frames cut out of takes, without loss, for shots that depend on them."""

import io
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from renderer.adapters.disk.disk import Disk
from renderer.adapters.disk.store import Store
from renderer.errors import InputError

FOLDER = "frames"
# A take may be so much shorter than was asked (see `not_as_asked`) without being refused; a
# moment in what it lacks is its last frame.
SHORTER = Fraction(1, 4)  # seconds
_AGAIN = "run `renderer verify`, and put the take back into the store"


class FrameExtractor:
    """Frames of the takes in a store, as PNG; what was cut out once is kept beside the store.

    A moment is `first`, `last`, seconds (`1.5`), frames (`36f`), or `before` one of these two.
    """

    def __init__(self, store: Store, disk: Disk) -> None:
        self._store = store
        self._disk = disk

    def image(self, take: str, moment: str) -> bytes:
        """Return one frame of the take with these bytes; raise InputError if it is not here."""
        path = self._store.root / FOLDER / f"{take}.{moment.replace(' ', '-')}.png"
        if path.is_file() and not path.is_symlink():
            return path.read_bytes()
        content = self._cut(take, moment)
        self._disk.folder(path.parent)
        self._disk.write(path, content)
        return content

    def _cut(self, take: str, moment: str) -> bytes:
        path = self._store.path(take)
        if not path.is_file():
            raise InputError(
                f"the video {take[:16]}… to continue from is not in the store", _AGAIN
            )
        frame = frame_at(path, moment)
        if frame is None:
            raise InputError(
                f"the video {take[:16]}… has no frame at '{moment}'",
                "name an earlier moment of it, or `frame: last`",
            )
        file = io.BytesIO()
        frame.to_image().save(file, "PNG")
        return file.getvalue()


def frame_at(path: Path, moment: str) -> Any:
    """Return the decoded frame of a video at a moment, None if there is none."""
    import av

    try:
        with av.open(str(path)) as container:
            rate = container.streams.video[0].average_rate or Fraction(24)
            return _chosen(container.decode(video=0), moment, Fraction(rate))
    except (av.error.FFmpegError, IndexError):
        return None


def _chosen(frames: Iterator[Any], moment: str, rate: Fraction) -> Any:
    """Look at the frames one by one: a video is seconds long, and seeking is not exact."""
    before = moment.startswith("before ")
    wanted = moment.removeprefix("before ")
    if wanted == "first":
        return next(frames, None)
    number, found = -1, None
    for number, frame in enumerate(frames):
        if wanted != "last" and _past(wanted, number, frame, before=before) and found is not None:
            return found
        found = frame
    if wanted == "last" or before:  # a cut may end with the take
        return found
    return None if _after(wanted, number + 1, rate) > SHORTER else found


def _past(wanted: str, number: int, frame: Any, *, before: bool) -> bool:
    """Return whether a frame comes after the wanted one."""
    if wanted.endswith("f"):
        at, limit = Fraction(number), Fraction(wanted[:-1])
    else:
        at, limit = Fraction(frame.pts or 0) * frame.time_base, Fraction(wanted)
    return at >= limit if before else at > limit


def _after(wanted: str, count: int, rate: Fraction) -> Fraction:
    """Return by how many seconds a moment is behind the last of so many frames."""
    frame = Fraction(wanted[:-1]) if wanted.endswith("f") else Fraction(wanted) * rate
    return (frame - (count - 1)) / rate

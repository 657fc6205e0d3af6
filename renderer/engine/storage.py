"""What the engine remembers below its folder, so that a restart loses nothing."""

import json
import math
import os
from pathlib import Path
from typing import Any


class Storage:
    """Small JSON records and media files; every write appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self, kind: str, name: str) -> Path:
        """Return where a thing is kept; the name must be one that the engine has checked."""
        path = self.folder / kind / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def note(self, kind: str, name: str, value: object) -> None:
        """Keep a record."""
        self.keep(kind, f"{name}.json", json.dumps(value).encode("ascii"))

    def recall(self, kind: str, name: str) -> Any:
        """Return a record in the form of its kind, or None if there is none that can be read."""
        try:
            return json.loads(self.place(kind, f"{name}.json").read_bytes())
        except (OSError, ValueError, RecursionError):
            return None

    def keep(self, kind: str, name: str, content: bytes) -> None:
        """Keep a file."""
        path = self.place(kind, name)
        part = path.with_name(path.name + ".part")
        part.write_bytes(content)
        os.replace(part, path)  # noqa: PTH105 - the one rename that is atomic everywhere

    def fetch(self, kind: str, name: str) -> bytes | None:
        """Return a file's bytes, or None."""
        try:
            return self.place(kind, name).read_bytes()
        except OSError:
            return None

    def drop(self, kind: str, name: str) -> bool:
        """Forget a file or a record; whether it was there."""
        path = self.place(kind, name)
        there = path.is_file()
        path.unlink(missing_ok=True)
        return there

    def sweep(self, kind: str, before: float) -> None:
        """Forget the files of a kind that were written before a time (seconds since 1970)."""
        folder = self.folder / kind
        for path in folder.iterdir() if folder.is_dir() else ():
            if _written(path) < before:
                path.unlink(missing_ok=True)


def _written(path: Path) -> float:
    """Return when a file was written last; one that was moved in place meanwhile is no old one."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return math.inf

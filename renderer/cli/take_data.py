"""A take as JSON data: what the lockfile knows of it, its file, and what the file is."""

from decimal import Decimal
from typing import TypedDict

from renderer.app.review.take_files import TakeFile, TakeFiles
from renderer.catalog.money import Money, exactly_or_none
from renderer.lock.model import Take
from renderer.lock.takes import Named


class FileData(TypedDict):
    """A take's file; all of it is null where the take is not on this machine.

    `path` is from the project's folder; `duration` is in seconds, `fps` in frames a second.
    """

    path: str | None
    width: int | None
    height: int | None
    duration: float | None
    fps: float | None
    frames: int | None


class TakeMoney(TypedDict):
    """What a take cost, and what it was expected to cost; null if unknown."""

    cost: Money | None
    estimate: Money | None


class TakeData(FileData):
    """One take; `name` is its address and number; `cost` and `estimate` are in dollars."""

    name: str
    address: str
    number: int
    seed: int | None
    sha256: str
    size: int
    format: str
    fingerprint: str
    cost: str | None
    estimate: str | None
    money: TakeMoney
    unsafe: bool


def take_data(named: Named, files: TakeFiles) -> TakeData:
    """Return a take as JSON data."""
    take = named.take
    return {
        "name": named.name,
        "address": named.address,
        "number": take.number,
        "seed": take.seed,
        "sha256": take.sha256,
        "size": take.size,
        "format": take.format,
        "fingerprint": take.fingerprint,
        "cost": None if take.cost is None else str(take.cost),
        "estimate": None if take.estimate is None else str(take.estimate),
        "money": _money(take),
        "unsafe": take.unsafe,
        **file_data(files.file(named)),
    }


def _money(take: Take) -> TakeMoney:
    return {"cost": exactly_or_none(take.cost), "estimate": exactly_or_none(take.estimate)}


def file_data(file: TakeFile) -> FileData:
    """Return a file as JSON data."""
    media = file.media
    return {
        "path": file.path,
        "width": media.width if media else None,
        "height": media.height if media else None,
        "duration": _number(media.duration) if media else None,
        "fps": _number(media.fps) if media else None,
        "frames": media.frames if media else None,
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)

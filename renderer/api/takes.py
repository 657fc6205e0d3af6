"""Takes as scripts and notebooks see them: what was made, where it lies, what is picked."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from renderer.api.html import table
from renderer.app.review.take_files import TakeFiles
from renderer.app.review.takes import ShotTakes, TakeRow
from renderer.render.outcome import Probed


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTake:
    """One take; `path` and `media` are None if its file is not on this machine.

    `picked` is its place in the pick from 1, 0 if it is not picked. `current`: it shows the
    picture that the specs ask for now. `version` is its place in the stack of its shot from 1, the
    newest that is valid; `kind` says what it is, such as `final`. `cost` is in USD, the estimate
    where none was reported.
    """

    name: str
    address: str
    number: int
    path: Path | None
    sha256: str
    size: int
    seed: int | None
    cost: Decimal | None
    current: bool
    version: int
    kind: str
    picked: int
    default: bool
    flags: tuple[str, ...]
    media: Probed | None


class Takes(tuple[ShownTake, ...]):
    """Takes by their shots, the newest that is valid first; a notebook shows them as a table."""

    __slots__ = ()

    @property
    def picked(self) -> "Takes":
        """The picked takes alone."""
        return Takes(one for one in self if one.picked)

    def _repr_html_(self) -> str:
        return table(("", "take", "seed", "size", "cost", "file"), map(_cells, self))


def shown_takes(found: Iterable[ShotTakes], files: TakeFiles) -> Takes:
    """Return the takes of shots with their files."""
    return Takes(_shown(row, files) for shot in found for row in shot.rows)


def _shown(row: TakeRow, files: TakeFiles) -> ShownTake:
    take, file = row.take, files.file(row.named)
    return ShownTake(
        name=row.named.name,
        address=row.named.address,
        number=take.number,
        path=files.root / file.path if file.path else None,
        sha256=take.sha256,
        size=take.size,
        seed=take.seed,
        cost=take.estimate if take.cost is None else take.cost,
        current=row.current,
        version=row.version.place,
        kind=row.version.kind.value,
        picked=row.order,
        default=row.default,
        flags=row.flags,
        media=file.media,
    )


def _cells(take: ShownTake) -> tuple[str, ...]:
    media = take.media
    size = f"{media.width}×{media.height}, {media.duration.normalize():f} s" if media else ""
    mark = "✓" if take.picked else "" if take.kind == "take" else take.kind
    return (
        mark,
        take.name,
        "" if take.seed is None else str(take.seed),
        size,
        "" if take.cost is None else f"${take.cost:f}",
        "/".join(take.path.parts[-3:]) if take.path else "not on this machine",
    )

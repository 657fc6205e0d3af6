"""A video model as data: what it takes, in which sizes, and what it costs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from renderer.catalog.parameter_schema import ParameterSchema
from renderer.json_types import Json

Path = tuple[str, ...]
Size = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRule:
    """Where a draft is asked for, in which resolution, and for how many days it can be promoted.

    `inherits` names the parameters that a promotion takes over from its draft.
    """

    path: Path
    resolution: str
    id_path: Path
    days: int
    inherits: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageLimits:
    """What a frame image may be: bytes, sides in pixels, ratio of width to height."""

    formats: tuple[str, ...]
    max_bytes: int
    max_total_bytes: int
    min_side: int
    max_side: int
    min_ratio: Decimal
    max_ratio: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPrice:
    """So much a million tokens, with sound and without; a draft costs a part of it."""

    extra_frames: int
    pixels_per_token: int
    per_million: Mapping[bool, Decimal]
    draft_factor: Mapping[bool, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondPrice:
    """So much a second, by resolution; None if unknown."""

    per_second: Mapping[str, Decimal | None]


Price = TokenPrice | SecondPrice


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VideoModel:
    """One entry of the catalog; two entries are the same only if they are one object."""

    air: str
    aliases: tuple[str, ...] = ()
    title: str
    fps: int
    schema: ParameterSchema
    defaults: Mapping[str, Json]
    durations: tuple[int, ...]
    sizes: Mapping[str, Mapping[str, Size]]
    audio: Path | None
    draft: DraftRule | None
    images: ImageLimits
    price: Price
    usual_seconds: int
    media_hosts: tuple[str, ...]
    named: Mapping[Size, tuple[str, str]] = field(default_factory=dict)

    @property
    def resolutions(self) -> tuple[str, ...]:
        """The size classes, smallest first."""
        return tuple(self.sizes)

    @property
    def aspects(self) -> tuple[str, ...]:
        """The aspect ratios that at least one resolution has."""
        return tuple(dict.fromkeys(aspect for row in self.sizes.values() for aspect in row))

    def size(self, resolution: str, aspect: str) -> Size | None:
        """Return width and height of a cell of the size table, None where there is none."""
        return self.sizes.get(resolution, {}).get(aspect)

    def name_of(self, width: int, height: int) -> tuple[str, str] | None:
        """Return resolution and aspect of a size, None where the table has no such size."""
        return self.named.get((width, height))

    def draft_size(self, width: int, height: int) -> Size | None:
        """Return the size of a draft with the same aspect as this size."""
        name = self.name_of(width, height)
        return self.size(self.draft.resolution, name[1]) if self.draft and name else None

    def closest(self, width: int, height: int) -> Size:
        """Return the size of the table that differs least in shape and area."""

        def distance(size: Size) -> tuple[float, int]:
            shape = abs(size[0] / size[1] - width / height) / (width / height)
            area = abs(size[0] * size[1] - width * height)
            return (shape + area / (width * height + size[0] * size[1]), area)

        return min(self.named, key=distance)


def at(request: Mapping[str, Json], path: Path) -> Json:
    """Return the value at a path of keys, None where it is missing."""
    value: Json = request
    for key in path:
        # dict first: asking an abstract class costs ten times as much
        if not isinstance(value, dict) and not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value

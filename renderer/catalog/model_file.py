"""The form of a catalog file: one video model as JSON."""

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict

from renderer.catalog.parameter_schema import ParameterSchema


class DraftFile(TypedDict):
    """How a model makes drafts; names of fields are dotted."""

    field: str
    resolution: str
    idField: str
    days: int
    inherits: Sequence[str]


class ImagesFile(TypedDict):
    """What a frame image may be; ratios are decimal text."""

    formats: Sequence[str]
    maxBytes: int
    maxTotalBytes: int
    minSide: int
    maxSide: int
    minRatio: str
    maxRatio: str


class BySound(TypedDict):
    """Two rates, with sound and without; a rate is decimal text."""

    audio: str
    silent: str


class TokenPriceFile(TypedDict):
    """So much a million tokens."""

    currency: str
    kind: Literal["tokens"]
    extraFrames: int
    pixelsPerToken: int
    perMillion: BySound
    draftFactor: BySound


class SecondPriceFile(TypedDict):
    """So much a second, by resolution; null where it is not known."""

    currency: str
    kind: Literal["seconds"]
    perSecond: Mapping[str, str | None]


class AudioFile(TypedDict):
    """Where sound is asked for; the name of the field is dotted."""

    field: str


class ModelFile(TypedDict):
    """One file of the catalog; `sizes` holds width and height by resolution and aspect."""

    version: int
    air: str
    aliases: NotRequired[Sequence[str]]
    title: str
    fps: int
    parameters: ParameterSchema
    sizes: Mapping[str, Mapping[str, tuple[int, int]]]
    audio: AudioFile | None
    draft: DraftFile | None
    images: ImagesFile
    price: TokenPriceFile | SecondPriceFile
    usualSeconds: int
    mediaHosts: Sequence[str]

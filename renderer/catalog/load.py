"""The text of a catalog file -> a video model; a bad file is reported with its name."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from renderer.catalog.parameter_schema import KEYWORDS, ParameterSchema
from renderer.catalog.video_model import (
    DraftRule,
    ImageLimits,
    Path,
    Price,
    SecondPrice,
    Size,
    TokenPrice,
    VideoModel,
)
from renderer.errors import InputError
from renderer.json_types import Json

if TYPE_CHECKING:  # types of a file: at run time they would only be made
    from renderer.catalog.model_file import (
        BySound,
        DraftFile,
        ImagesFile,
        ModelFile,
        SecondPriceFile,
        TokenPriceFile,
    )


def load_model(text: str, name: str) -> VideoModel:
    """Read a catalog file; raise InputError, naming the file, if it cannot be understood."""
    try:
        return _model(json.loads(text))
    except (KeyError, TypeError, AttributeError, ValueError, InvalidOperation) as error:
        reason = f"'{error.args[0]}' is missing" if isinstance(error, KeyError) else str(error)
        raise InputError(
            f"{name}: not a video model of the catalog: {reason}",
            "compare it with another file of the same folder",
        ) from error


def _model(data: "ModelFile") -> VideoModel:
    if data["version"] != 1:
        raise ValueError(f"version {data['version']} is not supported, only 1 is")
    schema, sizes = data["parameters"], _sizes(data["sizes"])
    _refuse_unknown_words(schema)
    _refuse_differences(data, schema)
    return VideoModel(
        air=data["air"],
        aliases=tuple(data.get("aliases", ())),
        title=data["title"],
        fps=data["fps"],
        schema=schema,
        defaults={".".join(path): value for path, value in _defaults(schema, ())},
        durations=tuple(d for d in schema["properties"]["duration"]["enum"] if type(d) is int),
        sizes=sizes,
        audio=_path(data["audio"]["field"]) if data["audio"] else None,
        draft=_draft(data["draft"]) if data["draft"] else None,
        images=_images(data["images"]),
        price=_price(data["price"]),
        usual_seconds=data["usualSeconds"],
        media_hosts=tuple(data["mediaHosts"]),
        named={size: (cls, ratio) for cls, row in sizes.items() for ratio, size in row.items()},
    )


def _refuse_unknown_words(schema: ParameterSchema) -> None:
    unknown = schema.keys() - KEYWORDS
    if unknown:
        raise ValueError(f"a parameter schema may not say {', '.join(sorted(unknown))}")
    parts = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
    for part in [*parts, *([schema["items"]] if "items" in schema else [])]:
        _refuse_unknown_words(part)


def _refuse_differences(data: "ModelFile", schema: ParameterSchema) -> None:
    properties = schema["properties"]
    if properties["resolution"]["enum"] != list(data["sizes"]):
        raise ValueError("`resolution` and `sizes` name different resolutions")
    if properties["model"]["enum"] != [data["air"], *data.get("aliases", ())]:
        raise ValueError("`model` does not name exactly the air and its aliases")


def _defaults(schema: ParameterSchema, path: Path) -> Iterator[tuple[Path, Json]]:
    for key, part in schema.get("properties", {}).items():
        if "default" in part:
            yield (*path, key), part["default"]
        yield from _defaults(part, (*path, key))


def _sizes(data: Mapping[str, Mapping[str, Size]]) -> dict[str, dict[str, tuple[int, int]]]:
    return {cls: {ratio: (w, h) for ratio, (w, h) in row.items()} for cls, row in data.items()}


def _path(text: str) -> Path:
    return tuple(text.split("."))


def _draft(data: "DraftFile") -> DraftRule:
    return DraftRule(
        path=_path(data["field"]),
        resolution=data["resolution"],
        id_path=_path(data["idField"]),
        days=data["days"],
        inherits=tuple(data["inherits"]),
    )


def _images(data: "ImagesFile") -> ImageLimits:
    return ImageLimits(
        formats=tuple(data["formats"]),
        max_bytes=data["maxBytes"],
        max_total_bytes=data["maxTotalBytes"],
        min_side=data["minSide"],
        max_side=data["maxSide"],
        min_ratio=Decimal(data["minRatio"]),
        max_ratio=Decimal(data["maxRatio"]),
    )


def _price(data: "TokenPriceFile | SecondPriceFile") -> Price:
    if data["currency"] != "USD":
        raise ValueError("prices are in USD")
    if data["kind"] == "tokens":
        return TokenPrice(
            extra_frames=data["extraFrames"],
            pixels_per_token=data["pixelsPerToken"],
            per_million=_by_sound(data["perMillion"]),
            draft_factor=_by_sound(data["draftFactor"]),
        )
    if data["kind"] != "seconds":
        raise ValueError(f"the price kind '{data['kind']}' is not known")
    rates = data["perSecond"].items()
    return SecondPrice(per_second={key: None if r is None else _rate(r) for key, r in rates})


def _by_sound(data: "BySound") -> dict[bool, Decimal]:
    return {True: _rate(data["audio"]), False: _rate(data["silent"])}


def _rate(text: object) -> Decimal:
    rate = Decimal(text) if isinstance(text, str) else Decimal(0)
    if not 0 < rate < 1_000_000:
        raise ValueError(f"a price is decimal text above 0, found {text!r}")
    return rate

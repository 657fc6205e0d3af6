"""Requests as people have them, to the spelling that the API documents; with a note for each change.

The API takes, or took, more spellings than it documents; clients write null for what is not set.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from renderer.catalog.parameter_schema import ParameterSchema
from renderer.catalog.video_model import VideoModel
from renderer.json_types import Json, JsonObject, mapping

# They name a place of one's own, often with a token; a scene is committed for all to see.
_PRIVATE = ("webhookURL", "uploadEndpoint")
_WHOLE = re.compile(r"-?[0-9]{1,18}\Z")
_DECIMAL = re.compile(r"-?[0-9]{1,18}\.[0-9]{1,18}\Z")
_WORDS = {"true": True, "false": False}


@dataclass(slots=True)
class Spelling:
    """Rewrites one request; `notes` say what was changed."""

    model: VideoModel
    notes: list[str] = field(default_factory=list)

    def rewritten(self, request: JsonObject) -> dict[str, Json]:
        """Return the request as the API documents it, less what a scene should not hold."""
        found = self._moved(mapping(self._set(request, "")) or {})
        found = self._valued(found, self.model.schema)
        return self._without_secrets(found)

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def _set(self, value: Json, name: str) -> Json:
        """Leave out what is null: it is not set."""
        if isinstance(value, list):
            return [self._set(one, f"{name}[{at}]") for at, one in enumerate(value)]
        if not isinstance(value, Mapping):
            return value
        for key, one in value.items():
            if one is None:
                self._note(f"`{name}{key}` is null, which sets nothing: left out")
        kept = {key: one for key, one in value.items() if one is not None}
        return {key: self._set(one, f"{name}{key}.") for key, one in kept.items()}

    def _moved(self, request: JsonObject) -> dict[str, Json]:
        """Put frame images where they are now, and call each what it is called now."""
        moved = dict(request)
        inputs = moved.get("inputs", {})
        known = self.model.schema["properties"]
        is_old = "frameImages" in moved and "frameImages" not in known
        if is_old and isinstance(inputs, Mapping) and "frameImages" not in inputs:
            moved["inputs"] = {**inputs, "frameImages": moved.pop("frameImages")}
            self._note("`frameImages` is written `inputs.frameImages` now")
        images = moved.get("inputs", {})
        rows = images.get("frameImages") if isinstance(images, Mapping) else None
        if isinstance(images, Mapping) and isinstance(rows, list):
            moved["inputs"] = {**images, "frameImages": [self._image(row) for row in rows]}
        return moved

    def _image(self, row: Json) -> Json:
        if not isinstance(row, Mapping):
            return row
        old = next((key for key in ("inputImage", "inputImages") if key in row), "")
        if not old or "image" in row:
            return row
        self._note(f"`{old}` of a frame image is written `image` now")
        return {"image" if key == old else key: value for key, value in row.items()}

    def _valued(
        self, values: JsonObject, schema: ParameterSchema, at: str = ""
    ) -> dict[str, Json]:
        """Write each value as its schema has it, where there is only one way to read it."""
        found = dict(values)
        for key, inner in schema.get("properties", {}).items():
            if key in found:
                found[key] = self._value(found[key], inner, f"{at}{key}")
        return found

    def _value(self, value: Json, schema: ParameterSchema, name: str) -> Json:
        if isinstance(value, Mapping):
            return self._valued(value, schema, f"{name}.")
        if not isinstance(value, str):
            return value
        meant = next(iter(_readings(value, schema)), value)
        if meant != value or type(meant) is not type(value):
            self._note(f"`{name}` '{value[:40]}' is written {_shown(meant)}")
        return meant

    def _without_secrets(self, request: dict[str, Json]) -> dict[str, Json]:
        kept = dict(request)
        for key in _PRIVATE:
            if kept.pop(key, None) is not None:
                self._note(
                    f"`{key}` is left out: it may hold credentials, and specs are committed; "
                    "add it to `settings` if it holds none"
                )
        inputs = kept.get("inputs")
        inputs = inputs if isinstance(inputs, Mapping) else {}
        images = inputs.get("frameImages")
        if isinstance(images, list) and any(map(_is_private, images)):
            rest = {key: value for key, value in inputs.items() if key != "frameImages"}
            left = self._public(images)
            kept["inputs"] = {**rest, "frameImages": left} if left else rest
            if not kept["inputs"]:
                del kept["inputs"]
        return kept

    def _public(self, images: list[Json]) -> list[Json]:
        """Return the images whose addresses hold nothing secret, each with its position."""
        named = ("first", "last") if len(images) > 1 else ("first",)
        left: list[Json] = []
        for image, place in zip(images, named, strict=False):
            label = image.get("frame", place) if isinstance(image, Mapping) else place
            if not _is_private(image):
                left.append(
                    image if isinstance(image, Mapping) else {"image": image, "frame": label}
                )
                continue
            self._note(
                f"the {label} frame is left out: its address may hold credentials, and is good "
                "for a while only; save the image below the project, and name it under `frames`"
            )
        return left


def _readings(text: str, schema: ParameterSchema) -> Iterator[Json]:
    """Yield what a text must mean for a schema that does not take it as it is."""
    allowed = schema.get("enum")
    if allowed is not None:
        if text not in allowed:
            same = [one for one in allowed if isinstance(one, str) and one.lower() == text.lower()]
            yield from same[:1]
        return
    kind = schema.get("type")
    if kind == "boolean" and text.lower() in _WORDS:
        yield _WORDS[text.lower()]
    if kind in {"integer", "number"} and _WHOLE.match(text):
        yield int(text)
    if kind == "number" and _DECIMAL.match(text):
        yield float(text)


def _shown(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_private(image: Json) -> bool:
    """Return whether an address carries a name with a password, or a query: it may be signed."""
    address = image.get("image") if isinstance(image, Mapping) else image
    if not isinstance(address, str) or not address.lower().startswith(("http:", "https:")):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.query or parts.username or parts.password)

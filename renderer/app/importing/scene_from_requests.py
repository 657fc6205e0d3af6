"""Use case: Runware request JSON to the text of a scene that asks for the same pictures."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from renderer import paths
from renderer.app.importing.positioned_json import JsonText
from renderer.app.importing.requests import GivenRequests, read_requests
from renderer.app.importing.scene_yaml import scene_text
from renderer.catalog.catalog import Catalog
from renderer.json_types import Json, JsonObject, mapping
from renderer.spec.frames import FrameFaultError, classify
from renderer.spec.names import NameFaultError, identifier
from renderer.spec.reader import read
from renderer.templates.text import prompt

_OURS = ("taskType", "taskUUID", "positivePrompt")
_MARKS = re.compile(r"\{(?=[{%#])")
_END_RAW = re.compile(r"\{%[-+]?\s*endraw")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A scene's id and YAML text; `notes` say where the text differs from what was given."""

    scene: str
    text: str
    notes: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Where the scene belongs, from the project's folder."""
        return f"{paths.SPECS}/{self.scene}.yaml"


def import_requests(text: str, name: str, catalog: Catalog) -> Imported:
    """Turn one request, a list, or {title, request} objects into a scene.

    `name` is the file's name, for messages and ids. Raises InputError with all problems.
    """
    given = read_requests(JsonText(text, name), catalog)
    stem = PurePosixPath(name.replace("\\", "/")).stem
    title = given[0].title if len(given) == 1 else ""
    shared = _shared([one.request for one in given])
    ids = _ids(given)
    name = _slug(title) or _slug(stem) or "imported"
    scene: dict[str, Json] = {
        "version": 1,
        "scene": name,
        **({"title": title} if title else {}),
        "settings": shared,
        "shots": [
            _shot(one, at, shared, alone=len(given) == 1)
            for one, at in zip(given, ids, strict=True)
        ],
    }
    notes = tuple(note for one, at in zip(given, ids, strict=True) for note in _notes(one, at))
    text = scene_text(scene)
    read(text, f"{name}.yaml")  # what is too large to be read is not written
    return Imported(scene=name, text=text, notes=notes)


def _shared(requests: Sequence[JsonObject]) -> dict[str, Json]:
    """Return the settings that all requests have alike: these are written once, at the scene."""
    first = requests[0]
    names = [name for name in first if name not in _OURS and name != "inputs"]
    alike = [n for n in names if all(n in r and _same(r[n], first[n]) for r in requests)]
    return {name: first[name] for name in alike}


def _same(one: Json, other: Json) -> bool:
    """Compare as JSON does: true is not 1, and 8 is not written 8.0."""
    return repr(one) == repr(other)


def _shot(one: GivenRequests, id_: str, shared: JsonObject, *, alone: bool) -> dict[str, Json]:
    own = {k: v for k, v in one.request.items() if k not in _OURS and k not in shared}
    frames, inputs = _frames(own.pop("inputs", None))
    settings = own if inputs is None else {**own, "inputs": inputs}
    return {
        "id": id_,
        **({"title": one.title} if one.title and not alone else {}),
        "prompt": verbatim(prompt(str(one.request["positivePrompt"]))),
        **({"frames": frames} if frames else {}),
        **({"settings": settings} if settings else {}),
    }


def _frames(inputs: Json) -> tuple[dict[str, str], Json]:
    """Take out the frame images where `frames:` says exactly the same; else leave them."""
    given = mapping(inputs) or {}
    images = given.get("frameImages")
    pairs = [_frame(image) for image in images] if isinstance(images, list) else []
    found = [pair for pair in pairs if pair is not None]
    places = [place for place, _ in found]
    if len(found) < len(pairs) or places not in (["first"], ["last"], ["first", "last"]):
        return {}, inputs
    rest = {key: value for key, value in given.items() if key != "frameImages"}
    return dict(found), rest or None


def _frame(image: Json) -> tuple[str, str] | None:
    """Return position and image where `frames:` says exactly the same, else None."""
    if not isinstance(image, Mapping) or image.keys() != {"image", "frame"}:
        return None
    place, source = image["frame"], image["image"]
    try:
        same = isinstance(source, str) and classify(source).text == source
    except FrameFaultError:
        return None
    return (place, source) if same and isinstance(place, str) and isinstance(source, str) else None


def verbatim(text: str) -> str:
    """Return a template that renders to exactly this text."""
    if not _MARKS.search(text):
        return text
    if _END_RAW.search(text):
        return _MARKS.sub("{{ '{' }}", text)
    return f"{{% raw %}}{text}{{% endraw %}}"


def _notes(one: GivenRequests, id_: str) -> Iterator[str]:
    given = str(one.request["positivePrompt"])
    if prompt(given) != given:
        yield f"shot '{id_}': its prompt was tidied: no spaces at the ends of lines, LF, NFC"
    yield from (f"shot '{id_}': {note}" for note in one.notes)


def _ids(given: Sequence[GivenRequests]) -> list[str]:
    ids: list[str] = []
    for number, one in enumerate(given, start=1):
        wanted = (_slug(one.title) if len(given) > 1 else "") or f"shot-{number}"
        free = (f"{wanted[:59]}-{n}".replace("--", "-") for n in range(2, len(given) + 2))
        ids.append(wanted if wanted not in ids else next(name for name in free if name not in ids))
    return ids


def _slug(text: str) -> str:
    """Return a text as an id, or an empty text if nothing of it can be part of one."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:63].strip("-")
    try:
        return identifier(slug)
    except NameFaultError:
        return f"{slug}-1" if slug else ""

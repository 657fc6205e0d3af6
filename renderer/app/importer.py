"""Use case: Runware request JSON to the text of a scene that asks for the same pictures."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from renderer.app.jsontext import JsonText
from renderer.app.scenetext import scene_text
from renderer.catalog.check import check
from renderer.catalog.model import Catalog
from renderer.errors import InputError, Problem
from renderer.spec.faults import FORBIDDEN, show
from renderer.spec.frames import FrameFaultError, classify
from renderer.spec.names import NameFaultError, identifier

Json = Any
Path = tuple[str | int, ...]
_ENVELOPE = ("title", "request", "response")
_OURS = ("taskType", "taskUUID", "positivePrompt")
_LONGEST_TEXT = 60_000  # a scalar of a spec ends at 64 KiB
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
        return f"specs/{self.scene}.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """One request as it stands in the file."""

    path: Path
    title: str
    request: Mapping[str, Json]


def import_requests(text: str, name: str, catalog: Catalog) -> Imported:
    """Turn one request, a list, or {title, request} objects into a scene.

    `name` is the file's name, for messages and ids. Raises InputError with all problems.
    """
    source = JsonText(text, name)
    given, problems = _given(source)
    problems += [problem for one in given for problem in _problems(source, one, catalog)]
    if problems:
        raise InputError(problems)
    stem = PurePosixPath(name.replace("\\", "/")).stem
    title = given[0].title if len(given) == 1 else ""
    shared = _shared([one.request for one in given])
    ids = _ids(given)
    scene: dict[str, Json] = {
        "version": 1,
        "scene": _slug(title) or _slug(stem) or "imported",
        **({"title": title} if title else {}),
        "settings": shared,
        "shots": [
            _shot(one, at, shared, alone=len(given) == 1)
            for one, at in zip(given, ids, strict=True)
        ],
    }
    notes = tuple(note for one, at in zip(given, ids, strict=True) for note in _notes(one, at))
    return Imported(scene=scene["scene"], text=scene_text(scene), notes=notes)


def _given(source: JsonText) -> tuple[list[_Given], list[Problem]]:
    rows = source.value if isinstance(source.value, list) else [source.value]
    found: list[_Given] = []
    problems: list[Problem] = []
    if not rows:
        problems.append(_problem(source, (), "the list is empty", "give it a request"))
    for at, row in enumerate(rows):
        path: Path = (at,) if isinstance(source.value, list) else ()
        if not isinstance(row, dict):
            problems.append(_problem(source, path, "this is no request", "a request is an object"))
        elif "request" in row and "positivePrompt" not in row:
            problems += _envelope_problems(source, path, row)
            if isinstance(row["request"], dict):
                title = row.get("title")
                title = " ".join(title.split())[:200] if isinstance(title, str) else ""
                found.append(_Given(path=(*path, "request"), title=title, request=row["request"]))
        else:
            found.append(_Given(path=path, title="", request=row))
    return found, problems


def _envelope_problems(source: JsonText, path: Path, row: Mapping[str, Json]) -> Iterator[Problem]:
    for key in row:
        if key not in _ENVELOPE:
            what = f"unknown key '{show(key)}' beside `request`"
            yield _problem(source, (*path, key), what, f"known here: {', '.join(_ENVELOPE)}")
    if not isinstance(row["request"], dict):
        yield _problem(source, (*path, "request"), "this is no request", "a request is an object")
    yield from _text_problems(source, (*path, "title"), row.get("title"))
    if not isinstance(row.get("title", ""), str):
        yield _problem(source, (*path, "title"), "a title is text", "put it in quotes")


def _problems(source: JsonText, one: _Given, catalog: Catalog) -> Iterator[Problem]:
    task = one.request.get("taskType", "videoInference")
    if task != "videoInference":
        what = f"this is a task of the type '{show(str(task))}', no video"
        yield _problem(source, (*one.path, "taskType"), what, _todo_of(task))
        return
    yield from _text_problems(source, one.path, one.request)
    if one.request.get("model") is None:
        yield _problem(source, one.path, "the request names no `model`", "add it")
        return
    try:
        model = catalog.get(str(one.request["model"]))
    except InputError as error:
        for problem in error.problems:
            yield _problem(source, (*one.path, "model"), problem.what, problem.todo)
        return
    prompt = one.request.get("positivePrompt")
    if isinstance(prompt, str) and prompt and not tidy(prompt):
        what = "`positivePrompt` holds nothing but spaces"
        yield _problem(source, (*one.path, "positivePrompt"), what, "say what the video shows")
    for fault in check(model, one.request):
        yield _problem(source, (*one.path, *fault.path), fault.what, fault.todo)


def _todo_of(task: Json) -> str:
    if task == "authentication":
        return "remove it: a key is read from RUNWARE_API_KEY, never from a file"
    return "only videoInference can be imported: remove it"


def _text_problems(source: JsonText, path: Path, value: Json) -> Iterator[Problem]:
    if isinstance(value, Mapping | list):
        for step, inner in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _text_problems(source, (*path, step), inner)
    elif isinstance(value, str) and len(value) > _LONGEST_TEXT:
        todo = "save it as a file below the project, and name it under `frames`"
        yield _problem(
            source, path, f"this text of {len(value)} characters is too long for a spec", todo
        )
    elif isinstance(value, str) and (hit := FORBIDDEN.search(value.replace("\r\n", "\n"))):
        yield _problem(
            source, path, f"this text holds the character {show(hit.group())}", "remove it"
        )


def _problem(source: JsonText, path: Path, what: str, todo: str) -> Problem:
    return Problem(what=what, todo=todo, place=source.place(path))


def _shared(requests: Sequence[Mapping[str, Json]]) -> dict[str, Json]:
    """Return the settings that all requests have alike: these stand once, at the scene."""
    first = requests[0]
    names = [name for name in first if name not in _OURS and name != "inputs"]
    alike = [n for n in names if all(n in r and _same(r[n], first[n]) for r in requests)]
    return {name: first[name] for name in alike}


def _same(one: Json, other: Json) -> bool:
    """Compare as JSON does: true is not 1, and 8 is not written 8.0."""
    return repr(one) == repr(other)


def _shot(one: _Given, id_: str, shared: Mapping[str, Json], *, alone: bool) -> dict[str, Json]:
    own = {k: v for k, v in one.request.items() if k not in _OURS and k not in shared}
    frames, inputs = _frames(own.pop("inputs", None))
    settings = own if inputs is None else {**own, "inputs": inputs}
    return {
        "id": id_,
        **({"title": one.title} if one.title and not alone else {}),
        "prompt": verbatim(tidy(one.request["positivePrompt"])),
        **({"frames": frames} if frames else {}),
        **({"settings": settings} if settings else {}),
    }


def _frames(inputs: Json) -> tuple[dict[str, str], Json]:
    """Take out the frame images where `frames:` says exactly the same; else leave them."""
    images = inputs.get("frameImages") if isinstance(inputs, Mapping) else None
    if not isinstance(images, list) or not all(map(_is_friendly, images)):
        return {}, inputs
    places = [image["frame"] for image in images]
    if places not in (["first"], ["last"], ["first", "last"]):
        return {}, inputs
    rest = {key: value for key, value in inputs.items() if key != "frameImages"}
    return {image["frame"]: image["image"] for image in images}, rest or None


def _is_friendly(image: Json) -> bool:
    if not isinstance(image, Mapping) or image.keys() != {"image", "frame"}:
        return False
    try:
        return bool(classify(str(image["image"])).text == image["image"])
    except FrameFaultError:
        return False


def tidy(prompt: str) -> str:
    """Return a prompt as every rendered prompt is: NFC, LF, no spaces at the ends of lines."""
    text = unicodedata.normalize("NFC", prompt).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def verbatim(prompt: str) -> str:
    """Return a template that renders to exactly this prompt."""
    if not _MARKS.search(prompt):
        return prompt
    if _END_RAW.search(prompt):
        return _MARKS.sub("{{ '{' }}", prompt)
    return f"{{% raw %}}{prompt}{{% endraw %}}"


def _notes(one: _Given, id_: str) -> Iterator[str]:
    if tidy(one.request["positivePrompt"]) != one.request["positivePrompt"]:
        yield f"shot '{id_}': spaces at the ends of the prompt's lines were dropped"


def _ids(given: Sequence[_Given]) -> list[str]:
    ids: list[str] = []
    for number, one in enumerate(given, start=1):
        wanted = (_slug(one.title) if len(given) > 1 else "") or f"shot-{number}"
        free = (f"{wanted[:59]}-{n}".replace("--", "-") for n in range(2, len(given) + 2))
        ids.append(wanted if wanted not in ids else next(name for name in free if name not in ids))
    return ids


def _slug(text: str) -> str:
    """Return a text as an id, or an empty text if nothing of it can stand in one."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:63].strip("-")
    try:
        return identifier(slug)
    except NameFaultError:
        return f"{slug}-1" if slug else ""

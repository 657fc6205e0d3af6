"""The requests that a person hands in to be imported, read and checked: all problems at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from renderer.app.importing.file_kinds import kind_of
from renderer.app.importing.positioned_json import JsonText
from renderer.app.importing.spelling import Spelling
from renderer.catalog.catalog import Catalog
from renderer.catalog.check import check
from renderer.errors import InputError, Problem
from renderer.json_types import Json, JsonObject, mapping, text
from renderer.spec.faults import first_refused, show
from renderer.templates.errors import PromptError
from renderer.templates.text import prompt

Path = tuple[str | int, ...]
_ENVELOPE = ("title", "request", "response")
_LONGEST_TEXT = 60_000  # a scalar of a spec ends at 64 KiB


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRequests:
    """One request as it is in the file; `notes` say what was written in other words."""

    path: Path
    title: str
    request: JsonObject
    notes: tuple[str, ...] = ()


def read_requests(source: JsonText, catalog: Catalog) -> list[GivenRequests]:
    """Return the requests of a file; raise InputError with every problem of every one."""
    given, problems = _given(source)
    given = [_rewritten(one, catalog) for one in given]
    problems += [problem for one in given for problem in _problems(source, one, catalog)]
    if problems:
        raise InputError(problems)
    return given


def _given(source: JsonText) -> tuple[list[GivenRequests], list[Problem]]:
    rows = list(_rows(source))
    found: list[GivenRequests] = []
    problems: list[Problem] = []
    if not rows:
        problems.append(_problem(source, (), "the list is empty", "give it a request"))
    for path, row in rows:
        kind, body = kind_of(row), mapping(row) or {}
        inner = body.get("request")
        if kind and "request" not in body:
            problems.append(_problem(source, path, *kind))
        elif "request" in body and "positivePrompt" not in body:
            problems += _envelope_problems(source, path, body)
            if isinstance(inner, dict):
                title = " ".join((text(body.get("title")) or "").split())[:200]
                found.append(GivenRequests(path=(*path, "request"), title=title, request=inner))
        else:
            found.append(GivenRequests(path=path, title="", request=body))
    return found, problems


def _rows(source: JsonText) -> Iterator[tuple[Path, Json]]:
    """Yield what may be a request; where values follow each other, each may be a list of them."""
    if not isinstance(source.value, list):
        yield (), source.value
        return
    for at, row in enumerate(source.value):
        if source.starts and isinstance(row, list):
            yield from (((at, inner), one) for inner, one in enumerate(row))
        else:
            yield (at,), row


def _rewritten(one: GivenRequests, catalog: Catalog) -> GivenRequests:
    """Return a request in the spelling of its model; one without a known model as it is."""
    try:
        spelling = Spelling(catalog.get(str(one.request.get("model"))))
    except InputError:
        return one
    request = spelling.rewritten(one.request)
    return replace(one, request=request, notes=tuple(spelling.notes))


def _envelope_problems(source: JsonText, path: Path, row: JsonObject) -> Iterator[Problem]:
    for key in row:
        if key not in _ENVELOPE:
            what = f"unknown key '{show(key)}' beside `request`"
            yield _problem(source, (*path, key), what, f"known here: {', '.join(_ENVELOPE)}")
    if not isinstance(row["request"], dict):
        yield _problem(
            source, (*path, "request"), "this is not a request", "a request is an object"
        )
    yield from _text_problems(source, (*path, "title"), row.get("title"))
    if not isinstance(row.get("title", ""), str):
        yield _problem(source, (*path, "title"), "a title is text", "put it in quotes")


def _problems(source: JsonText, one: GivenRequests, catalog: Catalog) -> Iterator[Problem]:
    task = one.request.get("taskType", "videoInference")
    if task != "videoInference":
        what = f"this is a task of type '{show(str(task))}', not a video"
        yield _problem(source, (*one.path, "taskType"), what, _todo_of(task))
        return
    yield from _text_problems(source, one.path, one.request)
    if one.request.get("model") is None:
        yield _problem(source, one.path, "the request has no `model`", "add it")
        return
    try:
        model = catalog.get(str(one.request["model"]))
    except InputError as error:
        for problem in error.problems:
            yield _problem(source, (*one.path, "model"), problem.what, problem.todo)
        return
    yield from _prompt_problems(source, one)
    for fault in check(model, one.request):
        yield _problem(source, (*one.path, *fault.path), fault.what, fault.todo)


def _prompt_problems(source: JsonText, one: GivenRequests) -> Iterator[Problem]:
    given = one.request.get("positivePrompt")
    if isinstance(given, str) and given and not first_refused(given):
        try:
            prompt(given)
        except PromptError as fault:
            yield _problem(source, (*one.path, "positivePrompt"), fault.what, fault.todo)


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
    elif isinstance(value, str) and (hit := first_refused(value.replace("\r\n", "\n"))):
        yield _problem(
            source, path, f"this text holds the character {show(hit.group())}", "remove it"
        )


def _problem(source: JsonText, path: Path, what: str, todo: str) -> Problem:
    return Problem(what=what, todo=todo, place=source.place(path))

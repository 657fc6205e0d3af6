"""What a file is that was handed in to be imported and holds no request: called by its name."""

import re
from collections.abc import Mapping

from renderer.json_types import Json

Kind = tuple[str, str]

_WRITE = "import the request that was sent, as JSON"
_TEXTS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (
        re.compile(r"(\$ ?)?curl\b"),
        ("this is a shell command, not JSON", "save the text after -d or --data in a file"),
    ),
    (re.compile(r"<"), ("this is HTML or XML, not JSON", _WRITE)),
    (
        re.compile(r"(?:#[^\n]*\n|---\n|\s)*(?:version|scene|shots|settings):"),
        (
            "this is YAML, perhaps a scene already",
            "put it into specs/, and run `renderer validate`",
        ),
    ),
    (
        re.compile(r"(?:import |from |const |let |await |[A-Za-z_.]+\()"),
        ("this is program text, not JSON", _WRITE),
    ),
    (
        re.compile(r"[\[{]\s*'|\{\s*[A-Za-z_]+\s*:"),
        ("this is not JSON: its names are not in double quotes", _WRITE),
    ),
)
# The keys that a kind of object has, of which the first that fits gives the name.
_OBJECTS: tuple[tuple[frozenset[str], Kind], ...] = (
    (
        frozenset({"lineage", "tasks"}),
        ("this is a lockfile, not a request", "leave it beside specs/"),
    ),
    (
        frozenset({"summary", "tasks"}),
        ("this is a plan, not a request", "render it with `renderer render --plan FILE`"),
    ),
    (
        frozenset({"version", "tasks"}),
        (
            "this is a list of tasks, not of requests",
            "write it with `renderer tasks --format requests`",
        ),
    ),
    (frozenset({"picks"}), ("these are picks, not a request", "use `renderer pick --from FILE`")),
    (
        frozenset({"errors"}),
        ("this is an error response of the API, not a request", _WRITE),
    ),
    (frozenset({"error"}), ("this is an error response, not a request", _WRITE)),
    (frozenset({"data"}), ("this is a response of the API, not a request", _WRITE)),
    (frozenset({"videoURL"}), ("this is the result of a task, not a request", _WRITE)),
    (frozenset({"videoUUID"}), ("this is the result of a task, not a request", _WRITE)),
    (frozenset({"nodes", "links"}), ("this is a ComfyUI workflow, not a request", _WRITE)),
    (frozenset({"messages"}), ("this is a chat, not a request for a video", _WRITE)),
    (
        frozenset({"content", "model"}),
        (
            "this is a request in the form of the vendor's own API",
            "write it as Runware takes it: positivePrompt, width, height, duration",
        ),
    ),
    *(
        (
            frozenset({key}),
            (
                f"this is a request in the form of another API: it has `{key}`",
                "write it as Runware takes it: positivePrompt, width, height, duration",
            ),
        )
        for key in ("prompt", "input", "prompt_text", "promptText", "text_prompt")
    ),
    *(
        (
            frozenset({key}),
            (
                f"this is an object with `{key}`, not a request",
                f"import what is in `{key}` alone: one request, or a list of them",
            ),
        )
        for key in ("tasks", "requests", "body", "payload")
    ),
)
_REQUEST = frozenset({"positivePrompt", "taskType"})


def kind_of_text(text: str) -> Kind | None:
    """Return what a text is that is not JSON, and what to do; None if unknown."""
    start = text.lstrip()[:2000]
    return next((kind for look, kind in _TEXTS if look.match(start)), None)


def kind_of(value: Json) -> Kind | None:
    """Return what a JSON value is that is not a request, and what to do; None for a request."""
    if not isinstance(value, Mapping):
        words = {str: "a text", bool: "true or false", type(None): "null", list: "a list"}
        what = words.get(type(value), "a number")
        return f"this is {what}, not a request", "a request is an object"
    if not value:
        return "this is an empty object, not a request", "a request has model and positivePrompt"
    if _REQUEST & value.keys():
        return _result(value)
    if any(isinstance(one, Mapping) and "class_type" in one for one in value.values()):
        return "this is a ComfyUI workflow, not a request", _WRITE
    return next((kind for keys, kind in _OBJECTS if keys <= value.keys()), None)


def _result(value: Mapping[str, Json]) -> Kind | None:
    if "positivePrompt" in value or not {"videoURL", "videoUUID", "status"} & value.keys():
        return None
    return "this is the result of a task, not a request", _WRITE

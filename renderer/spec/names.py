"""Names that a person may give: ids, variables, axes, templates, and why one is refused."""

import keyword
import re

from renderer import paths
from renderer.spec.faults import SlipError

_ID = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?")
_VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_AXIS = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*")
_LOCALE = re.compile(r"[A-Za-z0-9]{1,16}(?:[-_][A-Za-z0-9]{1,16}){0,3}")
_TEMPLATE = re.compile(r"[a-z0-9_-]+(?:/[a-z0-9_-]+)*\.j2")

ID_PATTERN = r"^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$"
SHOT_PATTERN = r"^([a-z0-9][a-z0-9_-]{0,62}/)?[a-z0-9][a-z0-9_-]{0,62}$"
VARIABLE_PATTERN = r"^[A-Za-z][A-Za-z0-9_]*$"
AXIS_PATTERN = r"^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$"
LOCALE_PATTERN = r"^[A-Za-z0-9]{1,16}([-_][A-Za-z0-9]{1,16}){0,3}$"
TEMPLATE_PATTERN = r"^[a-z0-9_-]+(/[a-z0-9_-]+)*\.j2$"

_MAX_NAME = 63
_MAX_AXIS = 127
_MAX_TEMPLATE = 200
_TEMPLATE_WORDS = frozenset(
    ["loop", "super", "self", "caller", "varargs", "kwargs", "range", "true", "false", "none"]
)
_PORTS = {f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"}
RESERVED = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"} | _PORTS)

# Words of ours that are not axes: each with what to do instead.
_NO_AXIS = {
    "prompt": "use a variable in the prompt, and the variable as the axis",
    "frames": "write a shot for each",
    "keyframes": "write a shot for each",
    "skip": "use exclude",
    "id": "write a shot for each",
    "scene": "write a scene file for each",
    "shots": "write the matrix in the scene or in a shot",
    "title": "a title changes no picture; use a variable",
    "notes": "notes change no picture; use a variable",
    "settings": "name the setting itself, such as seed or resolution",
    "vars": "name the variable itself",
    "numberResults": "takes are counted, not crossed: put numberResults under settings",
    "positivePrompt": "use a variable in the prompt, and the variable as the axis",
}


class NameFaultError(SlipError):
    """A name that is refused."""


def is_template(text: str) -> bool:
    """Return whether a text is evaluated for each row of a shot with `each`."""
    return "{{" in text or "{%" in text


def identifier(text: str) -> str:
    """Return the id of a scene or a shot; it is safe as a file name on every system."""
    if not _ID.fullmatch(text):
        raise NameFaultError(*_why_no_id(text))
    if text in RESERVED:
        raise NameFaultError("is a reserved name on Windows", "choose another id")
    return text


def _why_no_id(text: str) -> tuple[str, str]:
    rule = "an id is 1 to 63 of a-z, 0-9, '-' and '_'"
    if not text:
        return "is empty", rule
    if len(text) > _MAX_NAME:
        return f"has {len(text)} characters, an id has at most {_MAX_NAME}", "shorten it"
    if re.fullmatch(r"[A-Za-z0-9_-]+", text):
        if text.lower() != text and _ID.fullmatch(text.lower()):
            return "has capital letters", f"write {text.lower()}"
        return "starts or ends with '-' or '_'", "an id starts and ends with a letter or a digit"
    if is_template(text):
        what = "is a template, which an id is only in a shot with `each`"
        return what, "add `each: {file: data/products.csv}` to the shot, or write the id itself"
    plain = re.sub(r"[^a-z0-9_]+", "-", text.lower()).strip("-_")
    return "contains a character not allowed in ids", f"{rule}: {plain}" if plain else rule


def shot(text: str) -> str:
    """Return the name of a shot as another one gives it: its id, or `scene/shot`."""
    parts = text.split("/")
    if len(parts) > 2:
        raise NameFaultError("is not the name of a shot", "write its id, or scene/shot")
    for part in parts:
        identifier(part)
    return text


def variable(text: str) -> str:
    """Return the name of a prompt variable, which a template can write as it is."""
    rule = "a variable is letters, digits and '_', and starts with a letter"
    if not _VARIABLE.fullmatch(text):
        raise NameFaultError("is not a name that a template can use", rule)
    if len(text) > _MAX_NAME:
        raise NameFaultError(f"is longer than {_MAX_NAME} characters", "shorten it")
    if keyword.iskeyword(text) or text.lower() in _TEMPLATE_WORDS:
        raise NameFaultError("is a word of the template language", "choose another name")
    return text


def axis(text: str) -> str:
    """Return the name of a matrix axis: a setting, also dotted, one of our words, a variable."""
    if text in _NO_AXIS:
        raise NameFaultError("is not an axis", _NO_AXIS[text])
    for prefix in ("settings.", "vars."):
        if text.startswith(prefix):
            raise NameFaultError(f"needs no '{prefix}'", f"write {text.removeprefix(prefix)}")
    if not _AXIS.fullmatch(text) or len(text) > _MAX_AXIS:
        todo = "an axis is a setting such as seed, also dotted, or a variable of the prompt"
        raise NameFaultError("is not the name of an axis", todo)
    return text


def locale(text: str) -> str:
    """Return a locale as a line's texts and an axis name it: en, de-AT, zh_Hant."""
    if not _LOCALE.fullmatch(text):
        raise NameFaultError("is not the name of a locale", "write it like en, de-AT or pt_BR")
    return text


def template(text: str) -> str:
    """Return the name of a template, relative to templates/."""
    parts = text.split("/")
    if _TEMPLATE.fullmatch(text) and len(text) <= _MAX_TEMPLATE:
        _check_parts(parts, text)
        return text
    raise NameFaultError(*_why_no_template(text, parts))


def _check_parts(parts: list[str], text: str) -> None:
    if parts[0] == paths.TEMPLATES and len(parts) > 1:
        todo = f"write {text.removeprefix(f'{paths.TEMPLATES}/')}"
        raise NameFaultError("names its folder: names are relative to templates/", todo)
    for part in parts:
        if part.removesuffix(".j2") in RESERVED:
            raise NameFaultError(f"holds '{part}', a reserved name on Windows", "rename it")


def _why_no_template(text: str, parts: list[str]) -> tuple[str, str]:
    rule = "write a name below templates/ of a-z, 0-9, '-', '_' and '/', such as market/rain.j2"
    if ".." in parts or text.startswith(("/", "~")) or "\\" in text or ":" in text:
        return "does not stay inside templates/", rule
    if not text.endswith(".j2"):
        return "is not a template: its name does not end in .j2", rule
    if text.lower() != text and _TEMPLATE.fullmatch(text.lower()):
        return "has capital letters", f"rename the file, and write {text.lower()}"
    return "is not the name of a template", rule

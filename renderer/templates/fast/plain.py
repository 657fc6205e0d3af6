"""Prompts that only name values, `{{ look }}` or `{{ cast.hero }}`, without any parser.

Most inline prompts are such. They are split by one expression, which costs a hundredth of a
compilation, and Jinja2 is not imported. What is not surely plain is left to `parse.py` and
`statements.py`, which are the truth: a property test compares the two.
"""

import hashlib
import re
from typing import Any

from renderer.templates.dependency import Use
from renderer.templates.errors import PromptError, Run
from renderer.templates.values import Exec, Frame, Missing, member, written

_WORD = "[A-Za-z][A-Za-z0-9_]*"
_NAME = re.compile(rf"\{{\{{ *({_WORD}(?:\.{_WORD})*) *\}}\}}")
# Far below the budgets of the parser: of its marks and its nesting.
_NAMES = 200
_PARTS = 32
_MARKS = ("{{", "{%", "{#")
_RESERVED = frozenset(
    {
        *("true", "false", "none", "True", "False", "None", "not", "and", "or", "in", "is"),
        *("if", "else", "elif", "self", "super", "caller", "varargs", "kwargs", "import"),
        *("loop", "recursive", "range"),
    }
)


def paths(text: str) -> tuple[list[str], list[list[str]]] | None:
    """Return the texts and the dotted paths between them; None if the text is not plain."""
    parts = _NAME.split(text)
    texts, names = parts[::2], [name.split(".") for name in parts[1::2]]
    plain = not any(mark in part for part in texts for mark in _MARKS)
    reserved = any(word in _RESERVED for name in names for word in name)
    # A brace beside another would be a longer mark for the parser: `{{{ x }}`, `{ {{ x }}`.
    touching = any(part.endswith("{") for part in texts[:-1])
    return (texts, names) if plain and not reserved and not touching else None


def _few_paths(text: str) -> tuple[list[str], list[list[str]]] | None:
    found = paths(text)
    few = found and len(found[1]) <= _NAMES and all(len(name) <= _PARTS for name in found[1])
    return found if few else None


def plain_uses(text: str, name: str) -> tuple[Use, ...] | None:
    """Return what can reach a plain text, as `template_uses` would; None leaves it to that.

    A text without a name is an inline prompt, which is no use of itself.
    """
    found = _few_paths(text)
    if found is None:
        return None
    uses = {Use(kind="variable", name=".".join(path)) for path in found[1]}
    if name:
        uses.add(Use(kind="template", name=name, digest=_digest(*found)))
    return tuple(sorted(uses))


def _digest(texts: list[str], names: list[list[str]]) -> str:
    """Return the digest that the parser's tree would have."""
    parts: list[Any] = []
    last = texts[-1].removesuffix("\n")  # as the parser does with the end of a file
    for data, path in zip([*texts[:-1], last], [*names, []], strict=True):
        if data:
            parts.append(("text", " ".join(data.split())))
        if path:
            parts.append(_tree(path))
    body = [("Output", parts)] if parts else []
    return hashlib.sha256(repr(body).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _tree(path: list[str]) -> Any:
    tree: Any = ("Name", path[0], "load")
    for part in path[1:]:
        tree = ("Getattr", tree, part, "load")
    return tree


def plain(text: str, name: str) -> Exec | None:
    """Return a body for a plain text; None leaves it to the parser."""
    found = _few_paths(text)
    if found is None:
        return None
    texts, names = found
    lines = [1 + sum(map(_breaks, texts[: at + 1])) for at in range(len(names))]
    steps = list(zip(texts, [*names, []], [*lines, 0], strict=True))

    def execute(run: Run, frame: Frame, out: list[str]) -> None:
        for data, path, at in steps:
            try:
                out.append(run.write(data))
                if path:
                    out.append(run.write(_read(frame, path)))
            except PromptError as fault:
                run.passed(fault.at(name, at))

    return execute


def _breaks(text: str) -> int:
    return text.count("\n")


def _read(frame: Frame, path: list[str]) -> str:
    value = frame.find(path[0])
    for at, part in enumerate(path[1:], start=1):
        if isinstance(value, Missing):
            break
        value = member(value, part, ".".join(path[:at]))
    if isinstance(value, Missing):
        raise value.fault()
    return written(value)

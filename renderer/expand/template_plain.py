"""Prompts that only name values, `{{ look }}` or `{{ cast.hero }}`, without any parser.

Most inline prompts are such. They are split by one expression, which costs a hundredth of a
compilation, and Jinja2 is not imported. What is not surely plain is left to the parser.
"""

import re

from renderer.expand.template_fault import Run, TemplateFault
from renderer.expand.template_values import Exec, Frame, Missing, member, written

_WORD = "[A-Za-z][A-Za-z0-9_]*"
_NAME = re.compile(rf"\{{\{{ *({_WORD}(?:\.{_WORD})*) *\}}\}}")
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


def plain(text: str, name: str) -> Exec | None:
    """Return a body for a plain text; None leaves it to the parser."""
    found = paths(text)
    if found is None or len(found[1]) > 200:
        return None
    texts, names = found
    lines = [1 + sum(map(_breaks, texts[: at + 1])) for at in range(len(names))]
    steps = list(zip(texts, [*names, []], [*lines, 0], strict=True))

    def execute(run: Run, frame: Frame, out: list[str]) -> None:
        at = 0
        try:
            for data, path, at in steps:  # noqa: B007 - read where a fault is placed
                out.append(run.write(data))
                if path:
                    out.append(run.write(_read(frame, path)))
        except TemplateFault as fault:
            raise fault.at(name, at)  # noqa: B904 - it is the same fault, now placed

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

"""Texts that go into a template and come out of it: checked, and in one spelling."""

import re
import unicodedata

from renderer.spec.faults import first_refused
from renderer.spec.source import character
from renderer.templates.errors import MARKS, SOURCE_BYTES, PromptError

NAME = re.compile(r"[a-z0-9/_-]{1,200}\.j2\Z")
_CONFLICT = re.compile(r"^(?:<{7}|\|{7}|>{7})(?: .*)?$", re.MULTILINE)


def source(text: str, name: str) -> str:
    """Return a template's text with LF line ends; raise on what no parser may see."""
    if len(text) > SOURCE_BYTES or len(text.encode("utf-8", "surrogatepass")) > SOURCE_BYTES:
        what = f"the template is larger than {SOURCE_BYTES} bytes"
        raise PromptError(what, "split it, and include the parts").at(name, 1)
    if sum(map(text.count, ("{{", "{%", "{#"))) > MARKS:
        fault = PromptError(f"the template has more than {MARKS} marks like {{{{", "split it")
        raise fault.at(name, 1)
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if hit := first_refused(text):
        raise _character(hit).at(name, text.count("\n", 0, hit.start()) + 1)
    if hit := _CONFLICT.search(text):
        fault = PromptError("unresolved merge conflict", "keep the lines of one side")
        raise fault.at(name, text.count("\n", 0, hit.start()) + 1)
    return text


def _character(hit: re.Match[str]) -> PromptError:
    what, todo = character(hit.group())
    return PromptError(what, todo)


def prompt(text: str) -> str:
    """Return a rendered text as it is sent: NFC, LF, no space at line ends, not empty."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if hit := first_refused(text):
        raise _character(hit)
    if "\n" in text:
        text = "\n".join(line.rstrip() for line in text.split("\n"))
    text = text.strip()
    if not text:
        raise PromptError("the prompt is empty after rendering", "write what is to be seen")
    return text

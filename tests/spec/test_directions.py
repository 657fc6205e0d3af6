"""Scripts that run from right to left: the marks that they need are text; a turned line is not."""

import pytest

from renderer.errors import InputError
from renderer.sanitize import visible
from renderer.spec.reader import read
from renderer.templates.render import PromptError, Templates
from tests.harness.boards import MODEL, requests

HEBREW = "\u05e9\u05dc\u05d8: \u05e7\u05e4\u05d4 24/7\u200f, \u05e8\u05d7\u05d5\u05d1"
ARABIC = "She says \u2068\u0645\u0631\u062d\u0628\u0627\u2069 and smiles."
NESTED = "a \u2067b \u2066c\u2069 d\u2069 \u2068e\u2069 \u200e\u061c"
SETTINGS = f"settings: {{model: '{MODEL}', resolution: 480p, duration: 4}}\n"


def escaped(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode()


@pytest.mark.parametrize("text", [HEBREW, ARABIC, NESTED], ids=["hebrew", "arabic", "nested"])
@pytest.mark.parametrize("style", ['"{}"', "'{}'", "|\n      {}", ">\n      {}"])
def test_marks_and_balanced_isolates_are_sent_as_written(text: str, style: str) -> None:
    scene = f"{SETTINGS}shots:\n  - id: a\n    prompt: {style.format(text)}\n"
    assert requests(scene)[0]["positivePrompt"] == text
    if style == '"{}"':
        assert requests(scene.replace(text, escaped(text)))[0]["positivePrompt"] == text


def test_they_are_shown_where_a_plan_shows_them() -> None:
    assert visible("7\u200f \u2068x\u2069") == "7<U+200F> <U+2068>x<U+2069>"


TURNED = {
    "never closed": ("a \u2067b", [2]),
    "never opened": ("a b\u2069", [2]),
    "closed on the next line": ("a \u2068b\n  c\u2069", [2, 3]),
    "an override": ("a \u202eb", [2]),
    "an embedding inside an isolate": ("a \u2068\u202bb\u2069", [2]),
    "closed twice": ("\u2066b\u2069\u2069", [2]),
}


@pytest.mark.parametrize("name", TURNED)
def test_what_turns_text_outside_its_line_is_refused_at_its_place(name: str) -> None:
    text, lines = TURNED[name]
    with pytest.raises(InputError) as caught:
        read(f"x: |\n  {text}\n", "s.yaml")
    assert [one.place and one.place.line for one in caught.value.problems] == lines
    with pytest.raises(PromptError):
        Templates({}).render_text(text, {})


@pytest.mark.parametrize(
    "text", ['x: ["a \u2067b", "c\u2069"]', "x: [a \u2067b, c\u2069]", 'x: "\\u2067" # \u2069', "\u2067a: b\u2069"]
)  # fmt: skip
def test_isolates_are_balanced_in_each_value_by_itself(text: str) -> None:
    with pytest.raises(InputError):
        read(text + "\n", "s.yaml")

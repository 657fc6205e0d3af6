"""Lines of a shot: what prompts see of them, and whether they can be heard and read."""

import pytest

from renderer.expand.lines import reading_of, rows_of, width
from renderer.expand.listed import Lister
from renderer.expand.result import Expansion
from renderer.expand.storyboard import Storyboard
from renderer.expand.tasks import expand
from renderer.spec.check import parse_scene
from renderer.spec.reader import read
from renderer.templates.render import Templates
from tests.harness.boards import CATALOG, MODEL, expanded

SHOT = f"""\
settings: {{model: "{MODEL}", resolution: 480p, duration: 5}}
shots:
- id: a
  prompt: "{{{{ look | default('A pier') }}}}. {{{{ lines }}}}"
"""


def shot(*lines: str, more: str = "", prompt: str = "") -> str:
    text = SHOT + "".join(f"  {part}\n" for part in more.split("\n") if part)
    if prompt:
        text = (
            text[: text.index("  prompt:")]
            + f"  prompt: {prompt}\n"
            + "".join(f"  {part}\n" for part in more.split("\n") if part)
        )
    return text + ("  lines:\n" + "".join(f"  - {line}\n" for line in lines) if lines else "")


def said(found: Expansion) -> list[tuple[str, str]]:
    """Return severity and place of all that was found, below the shot."""
    both = (*found.problems, *found.warnings)
    return [(one.severity, one.what) for one in both]


def prompt(text: str) -> str:
    (task,) = expanded(text).sound()
    return str(task.request["positivePrompt"])


GO = "{at: 0.5, for: 2, who: Mara, text: We leave.}"
NOW = "{at: 3, for: 1, text: 'Say \"now\".'}"


def test_a_prompt_has_the_dialogue_as_plain_text_in_the_order_written() -> None:
    caption = "{at: 0, for: 1, text: A PIER, kind: caption}"

    assert prompt(shot(GO, caption, NOW)) == 'A pier. Mara: "We leave." "Say \'now\'."'


def test_a_template_can_go_through_the_lines_one_by_one() -> None:
    each = (
        "'{% for line in lines %}{{ line.at }}+{{ line.for }} {{ line.who }}={{ line.text }};"
        "{% endfor %}{{ lines | length }}'"
    )

    assert prompt(shot(GO, "{at: 72f, for: 12f, who: B, text: Go}", prompt=each)) == (
        "0.5+2.0 Mara=We leave.;3.0+0.5 B=Go;2"
    )


def test_a_shot_without_lines_has_none_to_say() -> None:
    assert prompt(shot()) == "A pier."
    assert prompt(shot(prompt='"A pier{% if lines %} {{ lines }}{% endif %}."')) == "A pier."


def test_a_variable_of_that_name_is_what_it_was_where_there_are_no_lines() -> None:
    assert prompt(shot(more="vars: {lines: three}")) == "A pier. three"
    assert ("error", "'lines' are the lines of a shot that has some") in said(
        expanded(shot(GO, more="vars: {lines: three}"))
    )
    assert len(expanded(shot(GO, more="matrix: {lines: [a, b]}")).problems) == 1


def test_lines_change_no_picture_unless_the_prompt_has_them() -> None:
    silent = [shot(*lines, prompt="A pier.") for lines in ((), (GO,), (GO, NOW))]
    spoken = [shot(*lines) for lines in ((), (GO,), (GO, NOW))]
    later = shot(GO.replace("0.5", "1"))

    assert len({expanded(one).sound()[0].fingerprint for one in silent}) == 1
    assert len({expanded(one).sound()[0].fingerprint for one in spoken}) == 3
    assert expanded(later).sound()[0].fingerprint == expanded(spoken[1]).sound()[0].fingerprint


LOCALES = "{at: 0.5, for: 2, text: {en: We leave., de: Wir gehen.}}"


def test_the_text_is_that_of_the_locale() -> None:
    axis = expanded(shot(LOCALES, more="matrix: {locale: [en, de]}")).sound()
    variable = expanded(shot(LOCALES, more="vars: {locale: de}")).sound()

    assert [task.request["positivePrompt"] for task in (*axis, *variable)] == [
        'A pier. "We leave."',
        'A pier. "Wir gehen."',
        'A pier. "Wir gehen."',
    ]


@pytest.mark.parametrize(
    ("more", "named"),
    [("matrix: {locale: [en, fr]}", "'fr'"), ("vars: {locale: fr}", "'fr'"), ("", "no locale")],
)
def test_a_locale_without_a_text_is_named(more: str, named: str) -> None:
    (problem,) = expanded(
        shot(LOCALES, more=more, prompt="'A pier {{ locale | default }}.'")
    ).problems

    assert named in problem.what
    assert problem.place is not None
    assert problem.place.line >= 8


CAPTION = "{at: 0.5, for: 2, text: One., kind: caption}"


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([GO, NOW], []),
        (["{at: 4, for: 2, text: Late.}"], ["warning"]),
        (["{at: 4, for: 1, text: Just.}"], []),
        (["{at: 96f, for: 24f, text: Just.}"], []),
        (["{at: 5, for: 1, text: Never.}"], ["error"]),
        (["{at: 1, for: 0, text: No.}"], ["error"]),
        ([GO, GO.replace("0.5", "1")], ["error"]),
        ([GO.replace("0.5", "2.5"), GO], []),
        ([GO.replace("0.5", "1.5"), GO], ["error"]),
        ([GO, GO.replace("Mara", "Jon")], ["warning"]),
        ([GO, CAPTION], []),
        ([CAPTION, CAPTION.replace("0.5", "1")], ["error"]),
        (["{at: 0, for: 5, who: A, text: x}", "{at: 1, for: 1, who: B, text: y}",
          "{at: 3, for: 1, who: A, text: z}"], ["error", "warning"]),
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_an_error_and_what_is_odd_a_warning(
    lines: list[str], found: list[str]
) -> None:
    assert [severity for severity, _ in said(expanded(shot(*lines, prompt="A pier.")))] == found


def test_a_line_is_judged_by_the_takes_of_each_cell() -> None:
    late = "{at: 3.5, for: 1, text: Late.}"
    found = expanded(shot(late, more="matrix: {duration: [4, 8]}", prompt="A pier."))

    assert [severity for severity, _ in said(found)] == ["warning"]
    assert "4 s" in found.warnings[0].what


@pytest.mark.parametrize(
    ("text", "seconds", "figures"),
    [
        ("x" * 40, 2, []),
        ("x" * 41, 2, ["20.5"]),
        ("word " * 8 + "xx", 5, []),
        ("word " * 15 + "xxx", 5, []),
        ("word " * 18, 5, ["3 rows"]),
        ("x" * 43, 5, ["43"]),
        ("one\ntwo\nthree", 5, ["3 rows"]),
        ("word " * 8 + "xxx\ntwo", 5, ["43"]),
        ("\u3044" * 13, 4, []),
        ("\u3044" * 20, 5, []),
        ("\u3044" * 21, 5, ["4.2"]),
        ("\u3044" * 20 + "\u4e00" * 7, 5, ["5.4", "3 rows"]),
        ("\u4e00" * 32, 4, []),
        ("\u4e00" * 33, 4, ["3 rows"]),
        ("\u4e00" * 20, 2, ["10.0"]),
        ("\uac00" * 16, 2, []),
        ("\uac00" * 26, 2, ["13.0"]),
        ("e\u0301" * 40, 2, []),
    ],
)
def test_reading_speed_and_rows_are_warned_of_with_their_figures(
    text: str, seconds: int, figures: list[str]
) -> None:
    line = f'{{at: 0, for: {seconds}, text: "{text}"}}'.replace("\n", "\\n")
    found = expanded(shot(line, prompt="A pier."))

    assert len(found.warnings) == len(figures)
    assert all(figure in one.what for figure, one in zip(figures, found.warnings, strict=True))
    assert all(str(one.place).startswith("specs/pier.yaml:") for one in found.warnings)


def test_a_narrow_letter_among_wide_ones_counts_half() -> None:
    assert width("\u65e5\u672cAB") == 3
    assert width("AB") == 2
    assert reading_of("\u4e16\u754c", "ja-JP").row == 13
    assert rows_of("one two", 42) == ["one two"]


def test_a_line_of_a_row_is_judged_at_the_row() -> None:
    text = SHOT.replace("id: a", 'id: "a-{{ item.n }}"')
    lines = "  each: [{n: 1, t: Go.}, {n: 2, t: " + "x" * 80 + "}]\n"
    lines += '  lines: [{at: 0, for: 1, who: "{{ item.n }}", text: "{{ item.t }}"}]\n'
    document = read(f"version: 1\nscene: pier\n{text}{lines}", "specs/pier.yaml")
    listed = Lister(catalog=CATALOG, tables=lambda *_: None).scene(document, parse_scene(document))
    made = expand(Storyboard(catalog=CATALOG, templates=Templates({}), sheets=[listed.sheet]))

    assert [task.shot for task in made.tasks] == ["a-1", "a-2"]
    assert made.tasks[0].request["positivePrompt"] == 'A pier. 1: "Go."'
    assert [str(one.place) for one in made.warnings] == ["specs/pier.yaml:7:26"] * 2

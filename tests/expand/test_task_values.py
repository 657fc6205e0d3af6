"""Prompts can say of their task what it has, and nothing else."""

import pytest

from renderer.expand.result import Expansion
from renderer.expand.storyboard import Sheet, Storyboard
from renderer.expand.tasks import expand
from renderer.spec.check import parse_scene
from renderer.spec.reader import read
from renderer.templates.render import PromptError, Templates
from tests.expand.test_addresses import CATALOG

NAMES = ("duration", "width", "height", "aspect", "resolution", "seed")


def expanded(prompt: str, settings: str, more: str = "", **sources: str) -> Expansion:
    text = (
        "version: 1\nscene: a\n"
        f"settings: {{model: 'bytedance:seedance@1.5-pro', {settings}}}\n{more}"
        f"shots:\n  - id: x\n    prompt: {prompt}\n"
    )
    document = read(text, "specs/a.yaml")
    sheet = Sheet(document=document, scene=parse_scene(document))
    files = {f"{name}.j2": source for name, source in sources.items()}
    return expand(Storyboard(catalog=CATALOG, templates=Templates(files), sheets=[sheet]))


def prompts(prompt: str, settings: str, more: str = "", **sources: str) -> list[str]:
    made = expanded(prompt, settings, more, **sources)
    assert not made.problems
    return [str(task.request["positivePrompt"]) for task in made.tasks]


ALL = "'" + "|".join(f"{{{{ task.{name} }}}}" for name in NAMES) + "'"
WIDE = 'aspect: "16:9"\n'


@pytest.mark.parametrize(
    ("settings", "more", "said"),
    [
        ("resolution: 720p, duration: 8, seed: 7", WIDE, "8|1280|720|16:9|720p|7"),
        ("width: 1280, height: 720, duration: 8, seed: 7", "", "8|1280|720|16:9|720p|7"),
        ("resolution: 720p, duration: 8.0, seed: 7", WIDE, "8|1280|720|16:9|720p|7"),
        (
            "resolution: 720p, duration: 8, seed: 7",
            WIDE + "draft: true\n",
            "8|864|496|16:9|480p|7",
        ),
    ],
)
def test_a_prompt_says_what_its_request_has(settings: str, more: str, said: str) -> None:
    assert prompts(ALL, settings, more) == [said]


def test_each_cell_says_its_own() -> None:
    more = WIDE + "matrix: {seed: [7, 17], duration: [4, 8]}\n"

    said = prompts(
        "{file: x.j2}", "resolution: 480p", more, x="{{ task.seed }}/{{ task.duration }}"
    )

    assert said == ["7/4", "7/8", "17/4", "17/8"]


@pytest.mark.parametrize("name", ["seed", "sed", "numberResults", "prompt"])
def test_what_a_task_does_not_have_is_an_undefined_name(name: str) -> None:
    (problem,) = expanded(f"'{{{{ task.{name} }}}}'", "resolution: 480p", WIDE).problems

    assert problem.place is not None
    assert (problem.place.line, problem.what) == (7, f"'{name}' is not a value of task")


def test_a_prompt_can_ask_whether_there_is_a_seed() -> None:
    prompt = "'{% if task.seed is defined %}seed {{ task.seed }}{% else %}free{% endif %}'"

    assert prompts(prompt, "resolution: 480p", WIDE) == ["free"]
    assert prompts(prompt, "resolution: 480p, seed: 7", WIDE) == ["seed 7"]


def test_a_variable_of_that_name_is_still_the_author_s() -> None:
    assert prompts("'{{ task }}'", "resolution: 480p", WIDE + "vars: {task: sweep}\n") == ["sweep"]


def test_a_size_that_cannot_be_is_said_once() -> None:
    (problem,) = expanded("'{{ task.width }}'", "duration: 4", WIDE).problems
    assert "resolution" in problem.what + problem.todo
    (problem,) = expanded("'{{ task.width }}'", "resolution: 8k, duration: 4", WIDE).problems
    assert problem.place is not None
    assert problem.place.line == 3


def test_a_seed_that_a_prompt_says_makes_another_picture() -> None:
    settings = "resolution: 480p, numberResults: 2"
    more = WIDE + "matrix: {seed: [7, 8]}\n"
    one, other = expanded("'take {{ task.seed }}'", settings, more).tasks
    alike = expanded("'take'", settings, more).tasks

    assert one.seedless != other.seedless
    assert len({task.seedless for task in alike}) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ '%02d' | format(7) }}", "07"),
        ("x{{ '%3d|%-3d|%d' | format(7, 8, 9) }}", "x  7|8  |9"),
        ("{{ '%.1f s, 100%%' | format(2) }}", "2.0 s, 100%"),
        ("{{ '%05.1f' | format(2.25) }}", "002.2"),
        ("{% for n in range(2) %}{{ '%02d' | format(n) }} {% endfor %}", "00 01"),
        ("{{ '%02d' | format(2.0) }}", "02"),
        ("{{ '%02d' | format(-1) }}", "-1"),
    ],
)
def test_a_number_can_be_padded(text: str, said: str) -> None:
    assert Templates({}).render_text(text, {}) == said


WRONG = [
    ("%0999999999d", "7"),
    ("%999d", "7"),
    ("%.99f", "7"),
    ("%s", "'x'"),
    ("%(x)d", "7"),
    ("%*d", "7, 7"),
    ("%x", "7"),
    ("%c", "7"),
    ("%d", "'7'"),
    ("%d", "true"),
    ("%d", "1.5"),
    ("%d", "none"),
    ("%.1d", "7"),
    ("%d %d", "7"),
    ("%d", "7, 8"),
    ("%", ""),
]


@pytest.mark.parametrize(("places", "values"), WRONG)
def test_nothing_else_can_be_formatted(places: str, values: str) -> None:
    with pytest.raises(PromptError):
        Templates({}).render_text(f"{{{{ '{places}' | format({values}) }}}}", {})

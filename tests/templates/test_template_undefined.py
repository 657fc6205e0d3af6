"""Every name that is not there is found at once, wherever it stands."""

import pytest

from renderer.templates.render import Templates
from tests.harness.boards import MODEL, expanded

CAST = (
    "{% macro hero(coat) %}{{ coat }}\n{{ hat }} {{ boots ~ belt }}{% endmacro %}\n"
    "{% macro crowd() %}{{ crew }}{% endmacro %}"
)
WHOLE = """\
{% import 'cast.j2' as cast %}
{{ look }} {{ weather }}
{% if storm %}rain{% endif %}
{% set sky = clouds %}{{ sky }}
{% for gull in gulls %}x{% endfor %}
{{ cast.hero('red') }} {{ cast.crwd() }}
{{ person.name }} {{ person['age'] }} {{ rain|upper }} {{ a and b }}
{{ given|default(0) }} {% if given is defined %}{{ never }}{% endif %}
"""
MISSING = (
    *("'look'", "'weather'", "'storm'", "'clouds'", "'gulls'", "'hat'", "'boots'", "'belt'"),
    *("'crwd'", "'name'", "'age'", "'rain'", "'a'"),
)


def found(text: str) -> list[str]:
    templates = Templates({"cast.j2": CAST})
    faults = templates.undefined(text, {"person": {}}, file=False)
    return [f"{one.template}:{one.line} {one.what.split(' is ')[0]}" for one in faults]


def test_all_names_of_a_template_and_of_what_it_imports_are_found() -> None:
    names = {one.split(" ")[1] for one in found(WHOLE)}
    assert names == set(MISSING)


def test_each_is_placed_where_it_stands() -> None:
    placed = set(found(WHOLE))
    assert {
        ":2 'look'",
        ":2 'weather'",
        ":3 'storm'",
        "cast.j2:2 'hat'",
        "cast.j2:2 'belt'",
    } < placed


@pytest.mark.parametrize("text", ["{{ one }} {{ two }}\n{{ three.part }}", "{{ one }}{% if 1 %}{{ two }}{% endif %} {{ three }}"])  # fmt: skip
def test_the_quick_reading_finds_what_the_parser_finds(text: str) -> None:
    assert [one.split(" ")[1] for one in found(text)] == ["'one'", "'two'", "'three'"]


def test_a_survey_is_as_bounded_as_a_render() -> None:
    loops = (
        "{% for a in range(1000) %}{% for b in range(1000) %}{{ nope }}{% endfor %}{% endfor %}"
    )
    assert found(loops) == [":1 'nope'"]


def test_a_module_that_was_surveyed_is_judged_anew() -> None:
    templates = Templates(
        {"m.j2": "{% set a = nope %}", "n.j2": "{% import 'm.j2' as m %}{{ m.a }} xx"}
    )
    assert templates.undefined("n.j2", {}, file=True)
    assert templates.undefined("n.j2", {}, file=True)


def test_a_scene_reports_all_of_them_with_their_places() -> None:
    scene = (
        f"settings: {{model: '{MODEL}', resolution: 480p, duration: 3}}\nshots:\n"
        "  - id: a\n    prompt: |\n      {{ one }}\n      {{ two }} and {{ three }}\n"
    )
    lines = [one.place.line for one in expanded(scene).problems if one.place]
    assert sorted(lines) == [3, 7, 8, 8]

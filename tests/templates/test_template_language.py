"""The language of prompts: what authors need works, and mistakes are told with their line."""

from typing import Any

import pytest

from renderer.templates.render import PromptError, Templates

VARIABLES: dict[str, Any] = {
    "look": "rain-slick night",
    "wet": True,
    "count": 3,
    "share": 0.5,
    "nothing": None,
    "props": ["bell", "coin", "lantern"],
    "cast": {"hero": {"name": "Ada", "age": 31}, "foe": {"name": "Bo", "age": 44}},
    "shot": {"id": "bell", "name": "The bell"},
}


def text(template: str, sources: dict[str, str] | None = None, **more: Any) -> str:
    return Templates(sources or {}).render_text(template, VARIABLES | more)


def fault(template: str, sources: dict[str, str] | None = None) -> PromptError:
    with pytest.raises(PromptError) as caught:
        Templates(sources or {}).render_text(template, VARIABLES)
    return caught.value


@pytest.mark.parametrize(
    ("template", "wanted"),
    [
        ("plain words", "plain words"),
        ("{{ look }}.", "rain-slick night."),
        ("{{ cast.hero.name }} {{ cast['foe'].name }} {{ props[0] }} {{ props[-1] }}", None),
        ("{{ props.1 }}", "coin"),
        ("{{ look|upper }} {{ look|capitalize }} {{ look|title }}", None),
        ('{{ "don\'t stop"|title }}', "Don't Stop"),
        ("{{ '  x '|trim }}{{ '..x'|trim('.') }}", "xx"),
        ("{{ look|replace('night', 'dawn') }}", "rain-slick dawn"),
        ("{{ 'aaa'|replace('a', 'b', 2) }}", "bba"),
        ("{{ props|join(', ') }} and {{ props|length }}", "bell, coin, lantern and 3"),
        ("{{ cast.values is defined }}", "false"),
        ("{{ cast|items|map('first')|join(' ') }}", "hero foe"),
        ("{{ cast|dictsort|map('last')|map(attribute='name')|join(' ') }}", "Bo Ada"),
        ("{{ [cast.hero, cast.foe]|map(attribute='name')|join('+') }}", "Ada+Bo"),
        (
            "{{ [cast.hero, cast.foe]|selectattr('age', 'gt', 40)|map(attribute='name')|first }}",
            "Bo",
        ),
        ("{{ [cast.hero, cast.foe]|rejectattr('age', 'gt', 40)|join(attribute='name') }}", "Ada"),
        ("{{ [cast.hero, cast.foe]|sum(attribute='age') }}", "75"),
        ("{{ [cast.foe, cast.hero]|sort(attribute='age')|join(attribute='name') }}", "AdaBo"),
        ("{{ [1, 2, 3, 4]|select('even')|join }}{{ [0, 1]|select|join }}", "241"),
        ("{{ [1, 2, 3, 4]|reject('divisibleby', 3)|join }}", "124"),
        ("{{ ['b', 'A', 'c']|sort|join }}{{ [2, 1]|sort(reverse=true)|join }}", "Abc21"),
        ("{{ ['a', 'b', 'a']|unique|join }}{{ 'ab'|reverse }}{{ [1, 2]|reverse|join }}", "abba21"),
        ("{{ [3, 1, 2]|min }}{{ [3, 1, 2]|max }}{{ [3, 1]|sum }}", "134"),
        ("{{ props|first }}{{ props|last }}{{ 'xyz'|first }}", "belllanternx"),
        ("{{ '7'|int + 1 }} {{ 'x'|int(5) }} {{ '1.5'|float }} {{ 2.7|int }}", "8 5 1.5 2"),
        ("{{ -3|abs }} {{ 2.567|round(2) }} {{ 2.1|round(0, 'ceil') }}", "3 2.57 3.0"),
        (
            "{{ missing|default('none') }} {{ nothing|d('x', true) }} {{ cast.z|d('y') }}",
            "none x y",
        ),
        (
            "{{ missing is defined }} {{ look is defined }} {{ nothing is none }}",
            "false true true",
        ),
        ("{{ wet }} {{ count }} {{ share }} {{ 4.0 }} {{ 0.1 + 0.2 }}", None),
        ("{{ 7 // 2 }} {{ 7 % 2 }} {{ 7 / 2 }} {{ 2 * 3 - 1 }} {{ -count }} {{ +count }}", None),
        ("{{ 'a' ~ 1 ~ true }} {{ 'a' + 'b' }} {{ ([1] + [2])|join }}", "a1true ab 12"),
        ("{{ 1 < 2 < 3 }} {{ 'a' <= 'b' }} {{ 2 in [1, 2] }} {{ 'x' not in 'abc' }}", None),
        ("{{ 'hero' in cast }} {{ [1, [2]] == [1, [2]] }} {{ {'a': 1} == {'a': 2} }}", None),
        ("{{ 'wet' if wet else 'dry' }} {{ not wet }} {{ wet and 'a' }} {{ '' or 'b' }}", None),
        ("{{ props[1:]|join(' ') }} {{ look[:4] }} {{ props[::-1]|join }}", None),
        ("{{ 'even' if count is even else 'odd' }} {{ count is divisibleby 3 }}", "odd true"),
        ("{{ look is string }} {{ props is sequence }} {{ 'a' is in props }}", "true true false"),
        ("{% if count > 5 %}many{% elif count > 2 %}some{% else %}few{% endif %}", "some"),
        (
            "{% for p in props %}{{ loop.index }}{{ p }}{{ '' if loop.last else ', ' }}{% endfor %}",
            None,
        ),
        ("{% for p in props if p != 'coin' %}{{ p }}/{{ loop.length }} {% endfor %}", None),
        ("{% for p in [] %}x{% else %}nothing{% endfor %}", "nothing"),
        ("{% for k, v in cast|items %}{{ k }}={{ v.age }} {% endfor %}", "hero=31 foe=44"),
        ("{% for k in cast %}{{ k }} {% endfor %}", "hero foe"),
        (
            "{% for p in props %}{{ loop.previtem|d('-') }}<{{ loop.nextitem|d('-') }} {% endfor %}",
            None,
        ),
        (
            "{% for n in range(3) %}{% for m in range(2) %}{{ n }}{{ m }} {% endfor %}{% endfor %}",
            None,
        ),
        ("{% set a = 1 %}{% set b, c = [2, 3] %}{{ a }}{{ b }}{{ c }}", "123"),
        ("{% set a %}{{ look }}!{% endset %}{{ a|upper }}", "RAIN-SLICK NIGHT!"),
        ("{% set a = 1 %}{% for n in range(2) %}{% set a = 5 %}{% endfor %}{{ a }}", "1"),
        ("{% set a = 1 %}{% if wet %}{% set a = 5 %}{% endif %}{{ a }}", "5"),
        ("{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}", "3"),
        ("{% raw %}{{ x }}{% endraw %}{# a remark #}", "{{ x }}"),
        (
            "{% macro hi(name, mark='!') %}hi {{ name }}{{ mark }}{% endmacro %}{{ hi('A') }}",
            "hi A!",
        ),
        ("{% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(b=2, a=1) }}{{ m(3) }}", "1233"),
        ("{% macro m(a) %}{{ a is defined }}{% endmacro %}{{ m() }} {{ m(1) }}", "false true"),
        ("{% macro a() %}A{{ b() }}{% endmacro %}{% macro b() %}B{% endmacro %}{{ a() }}", "AB"),
        ("{% macro m() %}{{ look }}{% endmacro %}{{ m() }}", "rain-slick night"),
        ("{{ 'x'|float }} {{ 'inf'|float }} {{ '1e400'|int(7) }} {{ props|int }}", "0.0 0.0 7 0"),
        ("{{ ('9' * 1 if 0 else '9')|int }} {{ '1234567890' ~ '1234567890' ~ '12'|int }}", None),
        (
            "{{ 'a' == 'a' }}{{ {'a': 1} == {} }}{{ [1] == [] }}{{ 1 == 'a' }}",
            "truefalsefalsefalse",
        ),
        ("{{ 'e' is in 'text' }} {{ 'k' in {'k': 1} }} {{ count is eq 3 }}", "true true true"),
        ("{{ props|list|length }} {{ 'abc'|string|length }} {{ look|wordcount }}", "3 3 2"),
        ("{{ (missing|default(cast)).hero.name }}", "Ada"),
        ("{%- if wet -%}  a  {%- endif -%}  b", "ab"),
    ],
    ids=str,
)
def test_what_authors_need_works(template: str, wanted: str | None) -> None:
    found = text(template)
    assert found
    assert wanted is None or found == wanted


def test_blocks_on_lines_of_their_own_leave_no_lines() -> None:
    template = "a\n  {% if wet %}\n  b\n  {% endif %}\nc\n"
    assert text(template) == "a\n  b\nc"


def test_booleans_and_numbers_are_written_the_same_everywhere() -> None:
    template = "{{ wet }} {{ 10 }} {{ 4.0 }} {{ 0.1 + 0.2 }} {{ 1e22 }} {{ 1e-7 }}"
    assert text(template) == "true 10 4.0 0.30000000000000004 1e+22 1e-07"


def test_the_rendered_text_is_tidy() -> None:
    assert text("\n\n a  \r\nb\t\r c \n\n") == "a\nb\n c"
    assert text("ne\u0301") == "n\u00e9"


@pytest.mark.parametrize("template", ["", " \n ", "{{ '' }}", "{% raw %}{% endraw %}", "{# x #}"])
def test_a_prompt_that_is_empty_after_rendering_is_a_fault(template: str) -> None:
    assert "empty after rendering" in fault(template).what


LIBRARY = {
    "cast.j2": (
        "{% set coat = 'brass coat' %}"
        "{% macro courier(wears=coat) %}a courier in a {{ wears }}{% endmacro %}"
        "{% macro mood() %}{{ look }}{% endmacro %}"
    ),
    "looks/night.j2": "Night, {{ look }}{% set secret = 1 %}",
    "bell.j2": "{% include 'looks/night.j2' %}. {{ shot.name }}",
    "line.j2": "one\ntwo {{ oops }}\n",
    "calls.j2": "{% from 'cast.j2' import courier %}\n\n{{ courier(1, 2) }}",
    "macro-line.j2": "{% macro m() %}\n\n{{ oops }}{% endmacro %}",
}


@pytest.mark.parametrize(
    ("template", "wanted"),
    [
        ("{% from 'cast.j2' import courier %}{{ courier() }}", "a courier in a brass coat"),
        ("{% from 'cast.j2' import courier as c, coat %}{{ c('x') }}{{ coat }}", None),
        ("{% import 'cast.j2' as cast %}{{ cast.courier(wears='cap') }}", "a courier in a cap"),
        ("{% import 'cast.j2' as cast %}{{ cast.coat }}", "brass coat"),
        ("{% import 'cast.j2' as c with context %}{{ c.mood() }}", "rain-slick night"),
        ("{% include 'looks/night.j2' %}!", "Night, rain-slick night!"),
        ("{% set look = 'fog' %}{% include 'looks/night.j2' %}", "Night, fog"),
        ("{% for look in props %}{% include 'looks/night.j2' %};{% endfor %}", None),
        ("{% include 'looks/night.j2' %}{{ secret is defined }}", "Night, rain-slick nightfalse"),
    ],
    ids=str,
)
def test_templates_of_the_project_can_be_included_and_imported(
    template: str, wanted: str | None
) -> None:
    found = text(template, LIBRARY)
    assert found
    assert wanted is None or found == wanted


def test_a_prompt_can_stand_in_a_file() -> None:
    templates = Templates(LIBRARY)
    for _ in range(2):
        assert templates.render_file("bell.j2", VARIABLES) == "Night, rain-slick night. The bell"


@pytest.mark.parametrize(
    ("template", "line", "what", "todo"),
    [
        ("{{ shot.naame }}", 1, "'naame' is not a value of shot", "did you mean 'name'?"),
        ("a\nb {{ lok }}", 2, "'lok' is not defined", "did you mean 'look'?"),
        ("{{ look|upper }}\n{{ lok|upper }}", 2, "'lok' is not defined", "did you mean 'look'?"),
        ("{{ cast.hero.namee|upper }}", 1, "'namee' is not a value of cast.hero", "'name'"),
        ("{{ props[7] }}", 1, "props has no entry [7]", "it has"),
        ("{{ look.upper }}", 1, "a text has no part 'upper'", "|upper"),
        ("{{ shot.name", 1, "unclosed {{", "}}"),
        ("{% if wet", 1, "unclosed {%", "%}"),
        ("x {# y", 1, "unclosed {#", "#}"),
        ("a\n{% if wet %}b", 2, "nexpected end of template", "correct"),
        ("a\n{% whhile x %}", 2, "unknown tag 'whhile'", "correct"),
        ("{{ 1 + }}", 1, "unexpected 'end of print statement'", "correct"),
        ("{{ props }}", 1, "a list cannot be written as text", "|join(', ')"),
        ("{{ cast }}", 1, "a mapping cannot be written", "|items"),
        ("{{ nothing }}", 1, "null cannot be written", "default"),
        ("{{ props|map('upper') }}", 1, "a list cannot be written", "|join"),
        ("{{ 1/0 }}", 1, "division by zero", "another number"),
        ("{{ 'a' * 3 }}", 1, "'*' takes two numbers, found a text and a number", "~"),
        ("{{ 'a' + 1 }}", 1, "'+' takes two numbers", "~"),
        ("{{ -look }}", 1, "a sign takes a number", "number"),
        ("{{ 1 < 'a' }}", 1, "a number and a text have no order", "two numbers"),
        ("{{ 1 in 'a' }}", 1, "a number cannot be in a text", "=="),
        ("{{ 1 in 2 }}", 1, "nothing can be in a number", "list"),
        ("{{ 2 ** 2 }}", 1, "** is not allowed", "multiply"),
        ("{{ look|upppper }}", 1, "filter 'upppper' is not allowed", "did you mean 'upper'?"),
        ("{{ props|random }}", 1, "filter 'random' is not allowed", "the same on every run"),
        ("{{ props|join('a', 'b', 'c') }}", 1, "filter 'join' has 3 values", "d, attribute"),
        ("{{ props|join(glue='a') }}", 1, "no argument 'glue'", "d"),
        ("{{ look|replace('a') }}", 1, "filter 'replace' has 1 values", "old, new, count"),
        ("{{ count is evn }}", 1, "test 'evn' is not allowed", "did you mean 'even'?"),
        ("{{ look is even }}", 1, "takes a whole number, found a text", "|int"),
        ("{{ count is divisibleby }}", 1, "takes 1 value", "divisibleby 3"),
        ("{{ 'x' if wet }}", 1, "'if' without 'else' writes nothing", "else ''"),
        ("{{ cast.items() }}", 1, "not '.items()'", "write |items"),
        ("{{ look() }}", 1, "found a text", "remove the brackets"),
        ("{{ hero() }}", 1, "'hero' is not defined", "known here"),
        ("{{ props[0](1) }}", 1, "only macros and range() may be called", "filter"),
        ("{% for a in look %}{% endfor %}", 1, "a text cannot be looped over", "list"),
        ("{% for a, b in props %}{% endfor %}", 1, "2 names take a list of 2", "|items"),
        (
            "{% macro m(a) %}{{ a }}{% endmacro %}{{ m() }}",
            1,
            "'a' is not a value of the call",
            "",
        ),
        ("{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}", 1, "takes 1 values, found 2", "a"),
        ("{% macro m(aa) %}x{% endmacro %}{{ m(ab=1) }}", 1, "no parameter 'ab'", "aa"),
        ("{% macro m(a) %}x{% endmacro %}{{ m(1, a=2) }}", 1, "gets 'a' twice", "remove"),
        ("{% macro m(a, a) %}x{% endmacro %}x", 1, "a parameter twice", "rename"),
        ("{% macro m() %}x{% endmacro %}{{ m }}", 1, "a macro cannot be written", "call it: m()"),
        ("{% include look %}", 1, "include takes a fixed name", "quotes"),
        ("x\n{% include 'looks/nigt.j2' %}", 2, "no templates/looks/nigt.j2", "looks/night.j2"),
        ("{% if not wet %}{% include 'gone.j2' %}{% endif %}", 1, "no templates/gone.j2", ""),
        ("{% include 'Night.j2' %}", 1, "not the name of a template", "lower case"),
        ("{% from 'cast.j2' import curier %}", 1, "has no 'curier'", "did you mean 'courier'?"),
        (
            "{% import 'cast.j2' as c %}{{ c.curier() }}",
            1,
            "'curier' is not a value of",
            "courier",
        ),
        ("{% extends 'cast.j2' %}", 1, "extends is not allowed", "include"),
        ("{% autoescape true %}{% endautoescape %}", 1, "autoescape is not allowed", "remove"),
        (
            "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs",
            1,
            "unresolved merge conflict",
            "one side",
        ),
        ("a\x07", 1, "control character U+0007", "remove"),
        ("a\n\u202eb", 2, "invisible character U+202E", "remove"),
        ("{{ [1]|sum|first }}", 1, "a number is not a list", "list"),
        ("{{ []|first }}", 1, "a list is empty", "test it"),
        ("{{ []|max }}", 1, "the list is empty", "test it"),
        ("{{ 5|length }}", 1, "a number has no length", "text"),
        ("{{ props|sum }}", 1, "sum adds numbers", "|join"),
        ("{{ props|map('nope') }}", 1, "map takes the name of a filter", "known"),
        ("{{ props|select('nope')|join }}", 1, "'nope' is not a test", "'none'"),
        ("{{ look|items }}", 1, "a text is not a mapping", "|items"),
        ("{{ {props: 1} }}", 1, "a list cannot be a key", "text"),
        ("{{ look|abs }}", 1, "abs takes a number, found a text", "number"),
        ("{{ count|round(0, 'up') }}", 1, "round knows common, ceil and floor", "floor"),
        ("{{ props|selectattr|join }}", 1, "has 0 values", "attr"),
        ("{{ 'abc'|list }}", 1, "a text is not a list", "list"),
        ("{{ look is even(n=1) }}", 1, "no named values", "alone"),
        ("{% set a | upper %}x{% endset %}", 1, "a set block has no filter", "filter"),
        ("{% include 'cast.j2' ignore missing %}", 1, "ignore missing is not allowed", "remove"),
        ("{{ ''|replace('', 'x') }}", 1, "looks for an empty text", "replaced"),
        ("{{ count[1:] }}", 1, "a number cannot be sliced", "slice"),
        ("{{ props['a':] }}", 1, "a slice takes whole numbers", "[0:3]"),
        ("{{ props[none] }}", 1, "a list has no element by null", "position"),
    ],
    ids=str,
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(
    template: str, line: int, what: str, todo: str
) -> None:
    found = fault(template, LIBRARY)
    assert (found.template, found.line) == ("", line)
    assert what in found.what
    assert todo in found.todo


@pytest.mark.parametrize(
    ("template", "file", "line"),
    [
        ("{% include 'line.j2' %}", "line.j2", 2),
        ("\n\n{% from 'macro-line.j2' import m %}{{ m() }}", "macro-line.j2", 3),
        ("{% include 'calls.j2' %}", "calls.j2", 3),
    ],
)
def test_a_mistake_in_another_template_is_told_there(template: str, file: str, line: int) -> None:
    found = fault(template, LIBRARY)
    assert (found.template, found.line) == (file, line)
    assert str(found).startswith(f"{file}:{line}: ")


def test_a_missing_file_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(PromptError, match=r"there is no templates/bel\.j2") as caught:
        Templates(LIBRARY).render_file("bel.j2", {})
    assert caught.value.todo == "did you mean 'bell.j2'?"


def test_rendering_again_gives_the_same_text() -> None:
    templates = Templates(LIBRARY)
    template = "{% from 'cast.j2' import courier %}{{ courier() }} {{ look }}"
    first = templates.render_text(template, VARIABLES)
    assert all(templates.render_text(template, VARIABLES) == first for _ in range(3))


def test_very_many_different_prompts_can_be_rendered() -> None:
    templates = Templates({})
    for number in range(1_100):
        wanted = f"{number} rain-slick night"
        assert templates.render_text(f"{number} {{{{ look }}}}", VARIABLES) == wanted

"""Templates that would exhaust the machine: each is refused before it can."""

import pytest

from renderer.templates.render import PromptError, Templates

BIG = "B" * 60_000
LONG = list(range(5_000))
VARIABLES = {
    "x": list(range(900)),
    "big": BIG,
    "long": LONG,
    "words": ["word"] * 5_000,
    "deep": {"a": {"b": LONG}},
    "mixed": [number * 7_919 % 5_000 for number in range(5_000)],
    "one": 1,
}


def nest(opening: str, closing: str, times: int, inner: str = "") -> str:
    return opening * times + inner + closing * times


def doubling(times: int) -> str:
    return "{% set a0 = 'AAAAAAAA' %}" + "".join(
        f"{{% set a{n + 1} = a{n} ~ a{n} %}}" for n in range(times)
    )


def lists(name: str, times: int) -> str:
    return f"{{% set {name}0 = [1] %}}" + "".join(
        f"{{% set {name}{n + 1} = [{name}{n}, {name}{n}] %}}" for n in range(times)
    )


def fan(levels: int) -> str:
    first = "{% macro m0() %}x{% endmacro %}"
    calls = (
        f"{{% macro m{n + 1}() %}}{{{{ m{n}() ~ m{n}() }}}}{{% endmacro %}}" for n in range(levels)
    )
    return first + "".join(calls) + f"{{{{ m{levels}() }}}}"


LOOP = "{% for a in x %}{% for b in x %}"
DONE = "{% endfor %}{% endfor %}"

SUMS = "{% macro m(n=" + "+".join(["1"] * 40) + ") %}{{ n }}{% endmacro %}"

PAYLOADS = [
    # numbers
    "{{ 'A' * 10**9 }}",
    "{{ 'A' * 1000000000 }}",
    "{{ [0] * 1000000000 }}",
    "{{ (10 ** (10 ** 8)) > 1 }}",
    "{{ 2 ** 0.5 }}",
    "{{ 9999999999 * 9999999999 }}",
    "{{ 9223372036854775807 + 1 }}",
    "{{ 99999999999999999999 }}",
    "{{ -9999999999999999999 }}",
    "{{ " + "9" * 4_000 + " }}",
    "{{ " + "9" * 6_000 + " }}",
    "{{ 1e999 }}",
    "{{ 1e308 * 10 }}",
    "{{ 1e308 + 1e308 }}",
    "{{ 1 / 0 }}",
    "{{ 1 // 0 }}",
    "{{ 1 % 0 }}",
    "{{ 1.5 % 0 }}",
    "{{ 1 is divisibleby 0 }}",
    "{{ 5|round(1000000) }}",
    "{{ 0xfffffffffffffffff }}",
    # text
    "{{ '%1000000000d' % 1 }}",
    "{{ '{:>1000000000}'.format('x') }}",
    "{{ 'x'|center(1000000000) }}",
    "{{ 'x'.ljust(1000000000) }}",
    "{{ 'x'.zfill(1000000000) }}",
    "{{ 'x'|indent(1000000000) }}",
    "{{ 'a\tb'.expandtabs(1000000000) }}",
    "{{ 'a b'|wordwrap(1) }}",
    "{{ [[1]]|tojson(indent=1000000000) }}",
    "{{ lipsum(n=100000) }}",
    "{{ big ~ big }}",
    "{{ big + big }}",
    "{{ big }}{{ big }}{{ big }}{{ big }}{{ big }}",
    "{{ big|replace('B', big) }}",
    "{{ big|replace('', big) }}",
    "{{ x|join(big) }}",
    "{{ range(1000)|join('B' * 100000) }}",
    "{{ range(1000)|join(big) }}",
    "{{ [big, big]|join }}",
    doubling(40) + "{{ a40 }}",
    doubling(14) + "{{ a14 }}",
    "{% set a %}{{ big }}{{ big }}{% endset %}{{ a }}",
    "{% macro m(s) %}{{ s }}{{ s }}{% endmacro %}{{ m(m(m(m(m(m(m(m(m(m(big)))))))))) }}",
    "{% macro m() %}" + "text " * 2_000 + "{% endmacro %}{% for a in x %}{{ m() }}{% endfor %}",
    "{% for a in x %}" + "text " * 2_000 + "{% endfor %}",
    # loops and lists
    "{{ range(10**9)|list }}",
    "{{ range(1001)|length }}",
    "{{ range(9223372036854775807)|length }}",
    "{{ range(0, 9223372036854775806, 1)|sum }}",
    "{{ range(1, 5, 0)|sum }}",
    "{{ range('5') }}",
    "{{ range(true)|sum }}",
    "{{ range()|sum }}",
    "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
    "{% for a in range(999) %}{% for b in range(999) %}x{% endfor %}{% endfor %}",
    "{% for a in x %}{% for b in x %}{% for c in x %}{% endfor %}{% endfor %}{% endfor %}",
    LOOP + DONE,
    LOOP + "{{ long|sum }}" + DONE,
    "{% for a in x %}{{ long|sum }}{% endfor %}",
    "{% for a in x %}{{ long|sort|first }}{% endfor %}",
    "{% for a in x %}{{ 'z' in words }}{% endfor %}",
    "{% for a in x %}{{ long == words }}{{ long == long }}{% endfor %}",
    "{% for a in x %}{{ 'z' in big }}{% endfor %}",
    "{% for a in x %}{{ big == big ~ '' }}{% endfor %}",
    "{% for a in x %}{{ (big|upper)[0] }}{% endfor %}",
    "{% for a in x %}{% set y = long + long %}{% endfor %}done",
    "{% for a in x %}{% if a in long and 4999 in long and -1 in long %}{% endif %}{% endfor %}",
    "{% for a in x if long|sum %}{% endfor %}done",
    "{% for a in x if -1 in long %}{% endfor %}done",
    "{{ long|unique|length }}",
    "{{ mixed|sort|first }}",
    "{{ long + long + long }}",
    "{{ [1]|slice(100000000)|list }}",
    "{{ [1]|batch(100000000, 'x')|list }}",
    "{{ x|groupby('a') }}",
    "{{ 'abc'|list }}",
    "{% for c in big %}{{ c }}{% endfor %}",
    "{% set ns = namespace(s='A') %}{% for i in x %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
    lists("a", 40) + lists("b", 40) + "{{ a40 == b40 }}",
    lists("a", 40) + "{{ a40 }}",
    lists("a", 40) + "{{ a40|join }}",
    # calls
    "{% macro m(n) %}{{ m(n) }}{% endmacro %}{{ m(1) }}",
    "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}",
    "{% macro m(n=m()) %}{{ n }}{% endmacro %}{{ m() }}",
    fan(15),
    fan(40),
    SUMS + "{% for a in x %}{{ m() ~ m() ~ m() ~ m() }}{% endfor %}",
    "{% include 'self.j2' %}",
    "{% include 'ping.j2' %}",
    "{% import 'self-import.j2' as a %}{{ a.b }}",
    "{% from 'fan5.j2' import a %}{{ a() }}",
    "{% include 'fan9.j2' %}",
    "{% for a in x %}{% include 'fan1.j2' %}{% endfor %}",
    # depth
    nest("{% if 1 %}", "{% endif %}", 300),
    nest("{% if 1 %}", "{% endif %}", 21, "x"),
    nest("{% with %}", "{% endwith %}", 30, "x"),
    nest("{% set a %}", "{% endset %}", 400, "x"),
    "{{ " + nest("(", ")", 2_000, "1") + " }}",
    "{{ " + nest("[", "]", 25, "1")[:50] + "|join }}",
    "{{ " + nest("{'a': ", "}", 200, "1") + " }}",
    "{{ " + "not " * 2_500 + "1 }}",
    "{{ " + "-" * 2_500 + "1 }}",
    "{{ " + "+".join(["1"] * 1_400) + " }}",
    "{{ one" + "|abs" * 1_200 + " }}",
    "{{ deep" + ".a" * 1_200 + " }}",
    "{{ deep" + ".a" * 1_200 + "|upper }}",
    "{{ deep" + ".a" * 70 + " }}",
    "{{ deep" + "['a']" * 700 + " }}",
    "{{ " + "1 if 1 else " * 500 + "1 }}",
    "{{ " + "1 and " * 900 + "1 }}",
    "{{ one" + " is defined" * 900 + " }}",
    # size
    "{{ x }}" * 150_000,
    "{{ one }}" * 801,
    "{# #}" * 10_000,
    "{% set a = 1 %}" * 1_000 + "x",
    "{{ [" + "1," * 3_000 + "]|sum }}",
    "{{ one ~ " + " ~ ".join(["one"] * 1_600) + " }}",
    "x" * 70_000,
    "é" * 40_000,
    "{{ '" + "\\x41" * 16_000 + "' ~ big }}",
    "{{" * 700,
    "{%" * 700,
    "{#" * 700,
    "{% raw %}" * 700,
]

SOURCES = {
    "self.j2": "{% include 'self.j2' %}",
    "ping.j2": "{% include 'pong.j2' %}",
    "pong.j2": "{% include 'ping.j2' %}",
    "self-import.j2": "{% import 'self-import.j2' as a %}{% set b = a.b %}",
    "fan0.j2": "x" * 100,
    **{f"fan{n + 1}.j2": f"{{% include 'fan{n}.j2' %}}" * 30 for n in range(9)},
    "fan5.j2": "{% macro a() %}{% include 'fan4.j2' %}{% endmacro %}",
}


def test_there_are_more_payloads_than_the_promise_names() -> None:
    assert len(set(PAYLOADS)) >= 100


@pytest.mark.parametrize("text", PAYLOADS, ids=lambda text: f"{text[:40]}-{len(text)}")
def test_a_template_that_would_exhaust_the_machine_is_refused(text: str) -> None:
    with pytest.raises(PromptError) as caught:
        Templates(SOURCES).render_text(text, VARIABLES)
    assert caught.value.what
    assert caught.value.todo
    assert caught.value.line >= 1
    assert len(str(caught.value)) < 1_000


def test_a_suggestion_is_cheap_among_very_many_long_names() -> None:
    names = {f"{'n' * 200}{number}": 1 for number in range(20_000)}
    with pytest.raises(PromptError, match="not defined"):
        Templates({}).render_text("{{ " + "n" * 199 + " }}", names)


def test_what_is_missing_is_asked_for_cheaply_in_a_loop() -> None:
    names = {f"name{number}": 1 for number in range(20_000)}
    text = "{% for a in range(999) %}{{ many.zzz|default('') }}{% endfor %}done"
    assert Templates({}).render_text(text, {"many": names}) == "done"


@pytest.mark.parametrize("parts", [1, 31, 32, 61, 63, 70, 900, 1_400])
def test_a_path_nests_as_deep_alone_as_in_a_longer_expression(parts: int) -> None:
    """The quick reader of plain prompts takes no longer path than the parser does."""
    value: dict[str, object] = {"a": "mist"}
    for _ in range(parts - 1):
        value = {"a": value}
    path = "deep" + ".a" * parts
    found = []
    for text in (f"{{{{ {path} }}}}", f"{{{{ {path} ~ '' }}}}"):
        try:
            found.append(Templates({}).render_text(text, {"deep": value}))
        except PromptError:
            found.append("refused")
    assert found == ["mist" if parts <= 61 else "refused"] * 2

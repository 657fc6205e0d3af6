"""Ways out of Jinja2's sandbox that were published, and their kin: each is refused."""

import pytest

from renderer.templates.render import PromptError, Templates

VARIABLES = {
    "x": ["a", "b"],
    "s": "{0.__class__}",
    "shot": {"id": "bell", "items": "three", "__class__": "own"},
    "n": 3,
}

ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ ''['__cl' ~ 'ass__'] }}",
    "{{ ''[\"\\x5f\\x5fclass\\x5f\\x5f\"] }}",
    "{{ shot['__class__'] }}",
    "{{ shot.__class__ }}",
    "{{ shot._hidden }}",
    "{{ [].__class__.__base__ }}",
    "{{ {}.__init__.__globals__ }}",
    "{{ ().__class__.__bases__[0].__subclasses__()[40]('/etc/passwd').read() }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ range.__init__ }}",
    "{{ range.__class__ }}",
    "{{ self }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ self._TemplateReference__context.cycler.__init__.__globals__.os }}",
    "{{ super() }}",
    "{{ caller() }}",
    "{{ varargs }}",
    "{% macro m() %}{{ kwargs }}{% endmacro %}{{ m(a=1) }}",
    "{% macro m() %}{{ varargs }}{% endmacro %}{{ m(1) }}",
    "{% macro m() %}{{ caller }}{% endmacro %}{{ m() }}",
    "{{ config }}",
    "{{ request.application.__globals__ }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ url_for.__globals__ }}",
    "{{ dict.__base__ }}",
    "{{ dict(a=1) }}",
    "{{ __builtins__ }}",
    "{{ __import__('os') }}",
    "{{ environment }}",
    "{{ context }}",
    "{{ loop.__init__ }}",
    "{% for a in x %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "{% for a in x %}{{ loop._iterator }}{% endfor %}",
    "{% for a in x %}{{ loop }}{% endfor %}",
    "{% for a in x %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% for a in x recursive %}{{ loop(x) }}{% endfor %}",
    "{{ ('{0.__class__}'|attr('format'))(1) }}",
    "{{ ''|attr('__class__') }}",
    "{{ ''|attr(['__cl','ass__']|join) }}",
    "{{ x|map(attribute='__class__')|list }}",
    "{{ x|map(attribute='__class__.__base__')|join }}",
    "{{ x|map('attr', '__class__')|list }}",
    "{{ x|map('{0.__class__}'.format)|list }}",
    "{{ x|map('format')|join }}",
    "{{ x|selectattr('__class__')|list }}",
    "{{ x|sort(attribute='__class__') }}",
    "{{ x|sum(attribute='__class__') }}",
    "{{ x|groupby('__class__') }}",
    "{{ '{0.__class__}'.format(1) }}",
    "{{ '{0.__class__}'.format_map({}) }}",
    "{{ s.format(1) }}",
    "{{ s|format(1) }}",
    "{{ '%s'|format(x) }}",
    "{{ '%(a)s' % {'a': 1} }}",
    "{{ x.append('c') }}",
    "{{ x.sort() }}",
    "{{ shot.items() }}",
    "{{ shot.update({'a': 1}) }}",
    "{{ shot.get('id') }}",
    "{{ 'a'.upper() }}",
    "{{ n.bit_length() }}",
    "{{ (1).real }}",
    "{{ x[0].join }}",
    "{{ x['__len__'] }}",
    "{{ x()}}",
    "{{ range(1)() }}",
    "{{ x|map }}",
    "{{ x|pprint }}",
    "{{ x|tojson }}",
    "{{ x|xmlattr }}",
    "{{ '<b>'|safe }}",
    "{{ 'a'|urlize }}",
    "{{ 'a'|filesizeformat }}",
    "{{ 'a' is callable }}",
    "{{ 'a' is sameas 'a' }}",
    "{{ 'upper' is filter }}",
    "{{ x|select('sameas', 1)|list }}",
    "{{ x|select('callable')|list }}",
    "{% set ns = namespace(a=1) %}{% set ns.a = 2 %}{{ ns.a }}",
    "{% set x.y = 2 %}",
    "{% extends 'a.j2' %}",
    "{% extends x %}",
    "{% block a %}b{% endblock %}",
    "{% include x %}",
    "{% include ['a.j2', 'b.j2'] %}",
    "{% include '../../etc/passwd' %}",
    "{% include '/proc/self/environ' %}",
    "{% include 'a.j2' ignore missing %}",
    "{% include 'a\\n.j2' %}",
    "{% import x as y %}",
    "{% from s import y %}",
    "{% from 'lib.j2' import __name__ %}",
    "{% import 'lib.j2' as lib %}{{ lib.__class__ }}",
    "{% import 'lib.j2' as lib %}{{ lib._body_stream }}",
    "{% import 'lib.j2' as lib %}{{ lib['__class__'] }}",
    "{% import 'lib.j2' as lib %}{{ lib._hidden() }}",
    "{% import 'lib.j2' as lib %}{{ lib.hero.__class__ }}",
    "{% import 'lib.j2' as lib %}{{ lib.hero.name }}",
    "{% import 'lib.j2' as lib %}{{ lib.hero }}",
    "{% import 'lib.j2' as lib %}{{ lib }}",
    "{% import 'lib.j2' as lib %}{{ lib ~ 'a' }}",
    "{% import 'lib.j2' as lib %}{{ [lib]|join }}",
    "{% import 'lib.j2' as lib %}{{ lib|string }}",
    "{% import 'lib.j2' as lib %}{{ lib.hero|upper }}",
    "{% filter upper %}a{% endfilter %}",
    "{% call m() %}a{% endcall %}",
    "{% autoescape true %}a{% endautoescape %}",
    "{% do x.append(1) %}",
    "{% trans %}a{% endtrans %}",
    "{% debug %}",
    "{% raw %}",
    "{{ x|join(**shot) }}",
    "{{ x|join(*x) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(*x) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(**shot) }}",
    "{{ undefined_thing|default(self) }}",
    "{{ undefined_thing|default(range) }}",
    "{{ range }}",
    "{{ range ~ '' }}",
    "{{ [range]|join }}",
    "{{ none }}",
    "{{ missing }}",
    "{{ missing.__class__ }}",
    "{{ (missing or 1).__class__ }}",
    "{{ x|map('upper') }}",
    "{{ x }}",
    "{{ shot }}",
    "{{ x|reverse }}",
    "{{ x|random }}",
    "{{ [1, 2]|shuffle }}",
    "{{ now() }}",
    "{{ '\\u202e' }}",
    "{{ '\\x1b[31m' }}",
    "{{ '\\ud800' }}",
    "{{ '\\u2028' }}",
    "{{ '\\x00' }}",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_a_way_out_is_refused(text: str) -> None:
    templates = Templates(
        {
            "lib.j2": "{% macro hero(name) %}{{ name }}{% endmacro %}"
            "{% macro _hidden() %}secret{% endmacro %}",
            "a.j2": "a",
        }
    )
    with pytest.raises(PromptError) as caught:
        templates.render_text(text, VARIABLES)
    assert caught.value.what
    assert caught.value.todo
    assert caught.value.line >= 1
    assert "object at 0x" not in str(caught.value)


def test_a_value_that_looks_like_a_template_is_never_rendered() -> None:
    found = Templates({}).render_text("{{ x }} {{ x|upper }}", {"x": "{{ n }}{% if %}", "n": 1})
    assert found == "{{ n }}{% if %} {{ N }}{% IF %}"


@pytest.mark.parametrize(
    "name",
    ["x'\nimport os\n'.j2", "../a.j2", "/etc/passwd", "a.J2", "a.j2\n", "A.j2", "a.txt", ""],
)
def test_a_name_that_no_template_may_have_is_refused_even_if_it_is_there(name: str) -> None:
    templates = Templates({name: "text"})
    with pytest.raises(PromptError, match="not the name of a template"):
        templates.render_file(name, {})

"""What a prompt uses: exactly what can reach it, each with a digest of its own."""

from renderer.templates.render import Templates, Use

SOURCES = {
    "cast.j2": (
        "{% set coat = 'brass coat' %}\n"
        "{% macro face(kind) %}a {{ kind }} face{% endmacro %}\n"
        "{% macro courier(mood='grim') %}{{ mood }} courier, {{ face('thin') }}, {{ coat }}"
        "{% endmacro %}\n"
        "{% macro guard() %}a guard{% endmacro %}\n"
    ),
    "look.j2": "Night, {{ look }}{% include 'grain.j2' %}",
    "grain.j2": ", {{ film.stock }} grain",
    "bell.j2": (
        "{% from 'cast.j2' import courier %}{% include 'look.j2' %}. "
        "{{ courier(mood=shot.title) }} rings."
    ),
}


def vias(text: str, sources: dict[str, str] | None = None) -> list[str]:
    return sorted(use.via for use in Templates(sources or SOURCES).uses_text(text))


def digests(sources: dict[str, str], name: str = "bell.j2") -> dict[str, str]:
    return {use.via: use.digest for use in Templates(sources).uses_file(name)}


def changed(name: str, old: str, new: str) -> set[str]:
    before, after = digests(SOURCES), digests(SOURCES | {name: SOURCES[name].replace(old, new)})
    assert SOURCES[name] != SOURCES[name].replace(old, new)
    return {via for via in before.keys() | after.keys() if before.get(via) != after.get(via)}


def test_a_file_uses_its_includes_its_macros_and_what_these_use() -> None:
    assert sorted(digests(SOURCES)) == [
        "templates/bell.j2",
        "templates/cast.j2:coat",
        "templates/cast.j2:courier",
        "templates/cast.j2:face",
        "templates/grain.j2",
        "templates/look.j2",
        "vars.film.stock",
        "vars.look",
        "vars.shot.title",
    ]


def test_touching_a_macro_that_is_not_called_changes_nothing() -> None:
    assert changed("cast.j2", "a guard", "two guards") == set()
    assert changed("cast.j2", "{% set coat", "{# the coat #}\n{% set coat") == set()


def test_recasting_a_macro_changes_that_macro_alone() -> None:
    assert changed("cast.j2", "{{ mood }} courier", "{{ mood }} rider") == {
        "templates/cast.j2:courier"
    }
    assert changed("cast.j2", "a {{ kind }} face", "a {{ kind }} mask") == {
        "templates/cast.j2:face"
    }
    assert changed("cast.j2", "brass coat", "green coat") == {"templates/cast.j2:coat"}


def test_a_changed_include_is_named_and_its_includer_is_not() -> None:
    assert changed("grain.j2", "grain", "dust") == {"templates/grain.j2"}
    assert changed("bell.j2", "rings", "tolls") == {"templates/bell.j2"}


def test_white_space_in_a_macro_is_no_change() -> None:
    assert changed("cast.j2", "{{ mood }} courier, ", "{{ mood }}\n  courier,   ") == set()


def test_a_call_through_an_imported_module_uses_that_macro() -> None:
    text = "{% import 'cast.j2' as cast %}{{ cast.guard() }} {{ cast['coat'] }}"
    assert vias(text) == ["templates/cast.j2:coat", "templates/cast.j2:guard"]


def test_an_alias_leads_to_the_macro() -> None:
    text = "{% from 'cast.j2' import guard as watch %}{{ watch() }}"
    assert vias(text) == ["templates/cast.j2:guard"]


def test_an_import_that_is_not_called_is_no_use() -> None:
    assert vias("{% from 'cast.j2' import guard %}{{ look }}") == ["vars.look"]


def test_variables_are_as_deep_as_they_are_written() -> None:
    text = (
        "{{ look }}{{ cast.hero.name }}{{ cast['foe'] }}{{ list[0].a }}{{ names[who] }}"
        "{{ a.b|upper }}{% if c.d is defined %}{{ e|default(f) }}{% endif %}"
    )
    assert vias(text) == [
        *("vars.a.b", "vars.c.d", "vars.cast.foe", "vars.cast.hero.name", "vars.e", "vars.f"),
        *("vars.list.0.a", "vars.look", "vars.names", "vars.who"),
    ]


def test_names_that_the_template_sets_are_no_variables() -> None:
    text = (
        "{% set a = x %}{{ a }}{% for b, c in y|items if b != z %}{{ b }}{{ loop.index }}{{ c }}"
        "{% endfor %}{% with d = w %}{{ d }}{% endwith %}{% set e %}{{ v }}{% endset %}{{ e }}"
        "{% macro m(f, g=u) %}{{ f }}{{ g }}{{ a }}{% endmacro %}{{ m(1) }}{{ range(2)|sum }}"
    )
    assert vias(text) == ["vars.u", "vars.v", "vars.w", "vars.x", "vars.y", "vars.z"]


def test_a_name_that_is_set_under_a_condition_may_still_be_the_variable() -> None:
    assert vias("{% if rain %}{% set sky = 'grey' %}{% endif %}{{ sky }}") == [
        "vars.rain",
        "vars.sky",
    ]


def test_an_include_sees_the_names_of_its_includer() -> None:
    sources = {"part.j2": "{{ who }} {{ hero() }} {{ place }}", **SOURCES}
    text = (
        "{% from 'cast.j2' import guard as hero %}{% for who in all %}{% include 'part.j2' %}"
        "{% endfor %}"
    )
    assert vias(text, sources) == [
        "templates/cast.j2:guard",
        "templates/part.j2",
        "vars.all",
        "vars.place",
    ]


def test_without_context_no_variable_is_reached() -> None:
    sources = {
        "part.j2": "{% set a = 1 %}{{ a }}",
        "lib.j2": "{% macro m() %}{{ q }}{% endmacro %}",
    }
    assert vias("{% include 'part.j2' without context %}x", sources) == ["templates/part.j2"]
    assert vias("{% from 'lib.j2' import m %}{{ m() }}", sources) == ["templates/lib.j2:m"]
    assert vias("{% from 'lib.j2' import m with context %}{{ m() }}", sources) == [
        "templates/lib.j2:m",
        "vars.q",
    ]


def test_templates_that_call_each_other_are_followed_once() -> None:
    sources = {"a.j2": "{% include 'b.j2' %}{{ x }}", "b.j2": "{% include 'a.j2' %}{{ y }}"}
    assert vias("{% include 'a.j2' %}", sources) == [
        "templates/a.j2",
        "templates/b.j2",
        "vars.x",
        "vars.y",
    ]


def test_a_variable_has_no_digest_and_everything_else_has_one() -> None:
    for use in Templates(SOURCES).uses_file("bell.j2"):
        assert bool(use.digest) == (use.kind != "variable")
    assert Use(kind="variable", name="look").via == "vars.look"


def test_a_value_that_is_set_twice_has_one_digest_of_both() -> None:
    def digest(second: str) -> str:
        lib = "{% set a = 'x' %}{% if q %}{% set a = " + second + " %}{% else %}-{% endif %}"
        uses = Templates({"lib.j2": lib}).uses_text("{% from 'lib.j2' import a %}{{ a }}")
        return next(use.digest for use in uses if use.name == "lib.j2:a")

    assert digest("'y'") == digest("'y'")
    assert digest("'y'") != digest("'z'")


def test_a_set_block_of_a_library_carries_what_it_includes() -> None:
    sources = {"lib.j2": "{% set a %}{% include 'part.j2' %}{% endset %}", "part.j2": "p"}
    assert vias("{% import 'lib.j2' as lib %}{{ lib.a }}{{ lib }}", sources) == [
        "templates/lib.j2:a",
        "templates/part.j2",
    ]

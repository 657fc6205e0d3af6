from typing import Any

import pytest
import yaml

from renderer.errors import InputError, Place
from renderer.spec.builder import build
from renderer.spec.faults import Faults
from renderer.spec.reader import read
from tests.harness.inside import inside

PARSERS = [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)]


def told(text: str | bytes) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(text, "s.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_a_file_over_one_mebibyte_is_refused_before_it_is_read() -> None:
    (line,) = told("a: " + "x" * (1024 * 1024))
    assert line.startswith("s.yaml: the file has 1048579 bytes, the limit is 1048576 (1 MiB)")


def test_the_size_is_counted_in_bytes() -> None:
    assert "the limit is" in told("# " + "é" * (512 * 1024))[0]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 30_000 + "]" * 30_000,
        "- " * 30_000 + "x",
        "{a: " * 30_000,
        "? " * 30_000,
        "[{" * 30_000,
        "[a: " * 30_000,
    ],
)
def test_deep_nesting_is_refused_where_it_grows_too_deep(text: str) -> None:
    (line,) = told(text)
    assert "nested deeper than 64" in line


def test_the_deepest_nesting_that_is_allowed_is_read() -> None:
    assert read("[" * 64 + "]" * 64, "s.yaml").value
    assert told("[" * 65 + "]" * 65) == ["s.yaml:1:65: nested deeper than 64; flatten it"]


@pytest.mark.parametrize("deep", [65, 500, 999, 1000, 1001, 5000])
@pytest.mark.parametrize(
    ("shape", "column"), [("[", 67), ("{a: ", 253), ("{a: [", 160), ("- ", 129)]
)
@pytest.mark.parametrize("end", ["", "@", "'"])
@pytest.mark.parametrize("loader", PARSERS)
def test_too_deep_is_answered_at_one_place_however_far_a_parser_reads_ahead(
    deep: int, shape: str, column: int, end: str, loader: Any
) -> None:
    faults = Faults("s.yaml")
    build("notes: '[[['\nshots:\n  - " + shape * deep + end, faults, loader)
    (problem,) = faults.problems
    assert problem.place == Place(file="s.yaml", line=3, column=column)
    assert "deeper than 64" in problem.what


@pytest.mark.parametrize("loader", PARSERS)
@pytest.mark.parametrize(
    "text",
    [
        "a: ['" + "[" * 2000,
        "a: {b: [" + "[]," * 300 + "@",
        "a: [1] # " + "[" * 2000 + "\nb: '",
        "a: " + "[" * 60 + "]" * 60 + "'",
        "'" + "{" * 2000,
    ],
)
def test_brackets_that_open_nothing_are_not_counted(text: str, loader: Any) -> None:
    faults = Faults("s.yaml")
    build(text, faults, loader)
    assert faults.problems
    assert not any("64" in problem.what for problem in faults.problems)


def test_aliases_count_with_the_depth_of_what_they_name() -> None:
    text = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 90))
    assert "nested deeper than 64" in told(text)[0]


def test_a_long_value_is_refused_at_its_place() -> None:
    (line,) = told("a: 0x" + "f" * 100_000)
    assert line.startswith(
        "s.yaml:1:4: a value has 100002 characters, the limit is 65536 (64 KiB)"
    )


def test_a_value_of_64_kib_is_read() -> None:
    assert len(inside(read("a: '" + "x" * 65_536 + "'\n", "s.yaml").value, "a")) == 65_536


def test_too_many_values_are_refused() -> None:
    (line,) = told("[" + "a," * 250_000 + "]")
    assert "more than 100000 values and keys" in line


@pytest.mark.parametrize("digits", [5_000, 60_000])
def test_a_number_of_thousands_of_digits_is_no_traceback(digits: int) -> None:
    assert "quotes" in told("a: " + "9" * digits)[0]


def laughs(levels: int, wide: int) -> str:
    lines = ["a0: &a0 [ha, ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * wide)}]" for n in range(1, levels)]
    return "\n".join(lines)


def merges(levels: int, wide: int) -> str:
    lines = ["a0: &a0 {x: 1}"]
    lines += [
        f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * wide)}]}}" for n in range(1, levels)
    ]
    return "\n".join(lines)


@pytest.mark.parametrize("text", [laughs(9, 9), laughs(30, 2), merges(7, 9), merges(30, 2)])
def test_an_expansion_bomb_is_refused_before_it_goes_off(text: str) -> None:
    (line,) = told(text)
    assert "written out, the aliases are larger than" in line


def test_one_long_text_behind_many_aliases_is_a_bomb_too() -> None:
    text = f"a: &a '{'x' * 60_000}'\nb: [{', '.join(['*a'] * 1000)}]\n"
    assert "aliases are larger" in told(text)[0]


@pytest.mark.parametrize(
    "text", ["a: &a [*a]\n", "a: &a {b: *a}\n", "&a {<<: *a}\n", "a: &a {<<: [*a]}\n"]
)
def test_an_alias_inside_what_it_names_is_answered(text: str) -> None:
    assert "*a refers to a value that contains it" in told(text)[0]


def test_sharing_settings_over_a_thousand_shots_is_honest() -> None:
    head = "base: &base {model: x, duration: 8, look: 'rain-slick blue night, grounded'}\nshots:\n"
    text = head + "  - {<<: *base, id: a}\n" * 1000
    assert len(inside(read(text, "s.yaml").value, "shots")) == 1000


@pytest.mark.parametrize(
    "text",
    [
        "a: ~\n" * 20_000,
        "- ~\n" * 20_000,
        "<<<<<<< x\n" * 20_000,
        "\x07\n" * 20_000,
        "- [a]: 1\n" * 20_000,
        "- {{{{x}}}}\n" * 20_000,
    ],
)
def test_a_file_full_of_problems_is_answered_with_the_first_hundred(text: str) -> None:
    lines = told(text)
    assert len(lines) == 101
    assert any("only the first are shown" in line for line in lines)

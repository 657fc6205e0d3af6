"""No two cells share an address or a file, whatever their values are."""

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.adapters.disk.resources import model_texts
from renderer.catalog.catalog import Catalog
from renderer.catalog.load import load_model
from renderer.errors import Problem
from renderer.expand.address import address, file_names, former_addresses
from renderer.expand.result import Expansion
from renderer.expand.storyboard import Sheet, Storyboard
from renderer.expand.tasks import expand
from renderer.spec.check import parse_scene
from renderer.spec.reader import read
from renderer.templates.render import Templates

CATALOG = Catalog.of(load_model(text, name) for name, text in model_texts().items())
HEAD = """\
version: 1
scene: harbour
aspect: "16:9"
settings: {model: "bytedance:seedance@1.5-pro", resolution: 480p, duration: 4}
shots:
  - id: quay
    prompt: "A ferry, {{ n }}, {{ m|default('') }}."
    matrix:
"""
SCALARS = (
    st.text("aAbB \u00e9e\u0301:.;,=#@/~-", max_size=4)
    | st.text(min_size=100, max_size=140)
    | st.integers(-2, 2)
    | st.booleans()
    | st.sampled_from([0.0, 1.0, 1.5, "1", "1.0", "true", "", "16:9", "16.9"])
)
CELLS = st.dictionaries(st.sampled_from(["n", "m", "N", "M"]), SCALARS, min_size=1)


def expanded(matrix: str) -> Expansion:
    document = read(HEAD + matrix, "specs/harbour.yaml")
    sheet = Sheet(document=document, scene=parse_scene(document))
    return expand(Storyboard(catalog=CATALOG, templates=Templates({}), sheets=[sheet]))


def problems(matrix: str) -> tuple[Problem, ...]:
    return expanded(matrix).problems


def alike(digits: int) -> tuple[str, str]:
    """Return two values that had the same short name while it carried so few digits."""
    seen: dict[str, str] = {}
    for number in itertools.count():
        value = "".join("!?"[bit == "1"] for bit in f"{number:016b}")
        name = re.sub(f"(~.{{{digits}}}).*", r"\1", address("a", "b", {"n": value}))
        if name in seen:
            return seen[name], value
        seen[name] = value
    raise AssertionError


@settings(max_examples=300)
@given(st.lists(CELLS, min_size=2, max_size=6))
def test_cells_that_differ_have_addresses_and_files_of_their_own(
    cells: list[dict[str, str | int | float | bool]],
) -> None:
    addresses = {address("a", "b", cell) for cell in cells}
    files = file_names(addresses)

    assert len({name.lower() for name in files.values()}) == len(addresses)
    assert max(map(len, files.values())) <= 120
    assert all(re.fullmatch(r"[A-Za-z0-9_.@=,~+-]+", name) for name in files.values())


def test_values_that_shared_the_short_digest_of_before_are_two_tasks() -> None:
    one, other = alike(4)

    made = expanded(f'      n: ["{one}", "{other}"]\n')

    assert not made.problems
    assert len({task.address for task in made.tasks}) == 2
    former = {former_addresses(task.address, task.cell) for task in made.tasks}
    assert len(former) == 1


@pytest.mark.parametrize(
    ("matrix", "line"),
    [
        ('      n: [1]\n      include: [{n: "1"}]\n', 10),
        ('      n: [true]\n      include: [{n: "true"}]\n', 10),
        ('      include: [{n: 1}, {n: "1"}]\n', 9),
        ('      include: [{n: 7, m: ""}, {n: 7, m: ""}]\n', 9),
        ('      n: ["\u00e9", "e\u0301"]\n', 9),
    ],
)
def test_cells_that_are_written_alike_are_an_error_at_their_place(matrix: str, line: int) -> None:
    (found,) = problems(matrix)

    assert found.place is not None
    assert (found.place.file, found.place.line) == ("specs/harbour.yaml", line)
    assert "harbour/quay@" in found.what


@pytest.mark.parametrize(
    "matrix",
    [
        '      include: [{n: 7}, {n: 7, m: "x"}]\n',
        '      n: ["a=1,m=2", "a", "A", "a/b", "a@b", "a#1"]\n',
        '      n: [1, "1.0", true, "True", -1]\n',
    ],
)
def test_cells_that_only_look_alike_are_tasks_of_their_own(matrix: str) -> None:
    made = expanded(matrix)

    assert not made.problems
    assert len({task.address for task in made.tasks}) == len(made.tasks) > 1


def test_file_names_leave_the_scene_to_its_folder_and_carry_a_digest_only_where_they_must() -> (
    None
):
    names = file_names(["a/b@aspect=16:9", "a/b@who=ada", "a/c@who=Ada", "a/c@who=ada"])

    assert names["a/b@aspect=16:9"] == "b@aspect=16.9"
    assert names["a/b@who=ada"] == "b@who=ada"
    assert names["a/c@who=Ada"].startswith("c@who=Ada~")
    assert names["a/c@who=ada"].startswith("c@who=ada~")

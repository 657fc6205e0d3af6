"""Which films a project is: every combination of the delivered axes that a shot has, each once."""

import random
from collections.abc import Mapping, Sequence
from itertools import combinations, permutations, product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from renderer.catalog.money import FREE
from renderer.errors import InputError
from renderer.expand.address import address
from renderer.expand.deliverable import (
    Deliverable,
    agree,
    deliverable_of,
    deliverables,
    is_for,
    slot_of,
    words,
)
from renderer.expand.film_asked import wanted
from renderer.expand.task import Task
from renderer.expand.values import canonical
from renderer.json_types import Scalar

Cell = Mapping[str, Scalar]
AXES = ("aspect", "cut", "locale", "seed")
DELIVERED = ("aspect", "cut", "locale")  # `seed` is an alternative
VALUES = (1, 2, 3)


def task(shot: str, cell: Cell, deliver: tuple[str, ...] = DELIVERED) -> Task:
    return Task(
        address=address("ad", shot, cell),
        scene="ad",
        shot=shot,
        title=shot,
        cell=cell,
        model="m",
        request={},
        files={},
        wanted=1,
        fingerprint=f"v1-{canonical(dict(cell))}",
        fields={},
        cost=FREE,
        deliver=deliver,
    )


def tasks_of(shots: Sequence[Sequence[Cell]]) -> list[Task]:
    return [task(f"s{at}", cell) for at, cells in enumerate(shots) for cell in cells]


def key(film: Deliverable) -> frozenset[tuple[str, str]]:
    return frozenset((axis, canonical(value)) for axis, value in film.items())


def one_shot(axes: Sequence[str]) -> st.SearchStrategy[list[Cell]]:
    """Cells of one shot: some of the product of its axes, the others being excluded."""
    cells = [dict(zip(axes, values, strict=True)) for values in product(VALUES, repeat=len(axes))]
    return st.lists(st.sampled_from(cells), min_size=1, max_size=6, unique_by=canonical)


SHOTS = st.lists(
    st.sets(st.sampled_from(AXES)).map(sorted).flatmap(one_shot), min_size=1, max_size=5
)


@given(SHOTS)
def test_every_task_is_in_a_film(shots: list[list[Cell]]) -> None:
    tasks = tasks_of(shots)
    films = [key(film) for film in deliverables(tasks)]
    for one in tasks:
        assert any(key(deliverable_of(one)) <= film for film in films), one.address


@given(SHOTS)
def test_a_film_is_made_of_nothing_but_what_shots_have(shots: list[list[Cell]]) -> None:
    tasks = tasks_of(shots)
    keys = [key(deliverable_of(one)) for one in tasks]
    for film in map(key, deliverables(tasks)):
        assert film == frozenset().union(*(one for one in keys if one <= film))


@given(SHOTS)
def test_no_film_is_a_part_of_another(shots: list[list[Cell]]) -> None:
    for one, other in combinations(deliverables(tasks_of(shots)), 2):
        assert not agree(one, other)


# No other film has what the third shot has: the second has it for either cut.
BRAIDED: list[list[Cell]] = [
    [{"aspect": 1, "cut": 1}, {"aspect": 2, "cut": 1}],
    [{"aspect": 1, "locale": 1}, {"aspect": 2, "locale": 1}],
    [{"cut": 2, "locale": 1}],
]
# Any two of these agree in one film, and not all three.
CIRCLE: list[list[Cell]] = [
    [{"cut": 1, "locale": 1}],
    [{"aspect": 1, "cut": 1}],
    [{"aspect": 1, "locale": 2}],
]


@given(SHOTS)
@example(BRAIDED)
def test_a_shot_gives_a_film_one_place_or_is_excluded(shots: list[list[Cell]]) -> None:
    tasks = tasks_of(shots)
    for film in deliverables(tasks):
        for shot in {one.shot for one in tasks}:
            serving = {slot_of(one) for one in tasks if one.shot == shot and is_for(one, film)}
            assert len(serving) <= 1, (words(film), serving)


@given(SHOTS, st.randoms(use_true_random=False))
def test_the_order_of_shots_and_cells_makes_no_other_films(
    shots: list[list[Cell]], chance: random.Random
) -> None:
    tasks = tasks_of(shots)
    films = deliverables(tasks)
    assert deliverables(tasks) == films
    shuffled = chance.sample(tasks, len(tasks))
    assert {key(film) for film in deliverables(shuffled)} == {key(film) for film in films}


def test_the_order_of_a_circle_makes_no_other_films() -> None:
    found = {frozenset(map(key, deliverables(tasks_of(shots)))) for shots in permutations(CIRCLE)}
    assert len(found) == 1


def test_films_come_in_the_order_of_the_specs() -> None:
    cells = [
        {"aspect": a, "locale": lo} for lo, a in product(("en", "de", "fr"), ("16:9", "9:16"))
    ]
    assert list(deliverables(tasks_of([[{}], cells, [{"locale": "de"}]]))) == cells


def test_a_value_that_is_added_last_comes_last() -> None:
    cells = [{"locale": lo} for lo in ("en", "de")]
    before = deliverables(tasks_of([cells]))
    assert deliverables(tasks_of([[*cells, {"locale": "fr"}]]))[: len(before)] == before


def test_a_shot_without_axes_serves_all() -> None:
    tasks = tasks_of([[{}], [{"locale": "en"}, {"locale": "de"}]])
    assert all(is_for(tasks[0], film) for film in deliverables(tasks))


@pytest.mark.parametrize(
    ("shots", "films"),
    [
        ([[{}]], [{}]),
        ([[{"seed": 1}, {"seed": 2}]], [{}]),
        (
            [[{"locale": "en"}, {"locale": "de"}], [{"aspect": "1:1"}, {"aspect": "9:16"}]],
            [{"aspect": a, "locale": lo} for a, lo in product(("1:1", "9:16"), ("en", "de"))],
        ),
        # German is excluded in 9:16, and no shot has it there.
        (
            [
                [
                    {"aspect": "1:1", "locale": "en"},
                    {"aspect": "1:1", "locale": "de"},
                    {"aspect": "9:16", "locale": "en"},
                ],
                [{"locale": "en"}, {"locale": "de"}],
                [{"aspect": "1:1"}, {"aspect": "9:16"}],
            ],
            [
                {"aspect": "1:1", "locale": "en"},
                {"aspect": "1:1", "locale": "de"},
                {"aspect": "9:16", "locale": "en"},
            ],
        ),
        # A locale of one shot alone is a film in each format of the others.
        (
            [[{"locale": "en"}, {"locale": "fr"}], [{"aspect": "1:1", "locale": "en"}]],
            [{"aspect": "1:1", "locale": "en"}, {"locale": "fr"}],
        ),
    ],
)
def test_the_films_of_some_projects(shots: list[list[Cell]], films: list[Deliverable]) -> None:
    found = deliverables(tasks_of(shots))
    assert {key(film) for film in found} == {key(film) for film in films}
    assert len(found) == len(films)


def test_a_scene_that_drops_an_axis_gives_each_shot_one_place_in_all_films() -> None:
    dropped = [task("s0", {"locale": one}, ()) for one in ("en", "de")]
    kept = [task("s1", {"locale": one}) for one in ("en", "de")]
    assert {slot_of(one) for one in dropped} == {"ad/s0"}
    assert len(deliverables([*dropped, *kept])) == 2


SCALARS = st.one_of(
    st.text(min_size=1, max_size=12),
    st.sampled_from(
        [
            "de",
            "1",
            "1.5",
            "true",
            "null",
            "de,aspect=9:16",
            'a "b"',
            "grün, blau",
            "-",
            " x ",
            "ü",
            "u\u0308",
        ]
    ),
    st.integers(-5, 99999),
    st.booleans(),
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False),
)


def no_two_alike(values: list[Scalar]) -> bool:
    """Whether values are cells of their own, as a matrix has them: no two of one address."""
    names = {address("ad", "s", {"locale": value}) for value in values}
    return len(names) == len(values)


@given(st.lists(SCALARS, min_size=1, max_size=4).filter(no_two_alike))
def test_a_film_is_found_by_the_name_that_is_written_for_it(values: list[Scalar]) -> None:
    tasks = tasks_of([[{"locale": value, "aspect": "9:16"} for value in values]])
    films = deliverables(tasks)
    assert len({words(film) for film in films}) == len(films) == len(values)
    for film in films:
        assert key(wanted(words(film), tasks)) == key(film)


@given(st.lists(SCALARS, min_size=2, max_size=4).filter(no_two_alike))
def test_a_name_of_no_film_is_refused(values: list[Scalar]) -> None:
    here = tasks_of([[{"locale": value} for value in values[1:]]])
    absent = {"locale": values[0]}
    unquoted = {canonical(str(one)) for one in values[1:]}
    if canonical(str(values[0])) in unquoted:  # 1 for "1": a text needs no quotes
        return
    with pytest.raises(InputError):
        wanted(words(absent), here)


TASKS = tasks_of(
    [
        [
            {"aspect": "1:1", "locale": "de"},
            {"aspect": "1:1", "locale": "grün, blau"},
            {"aspect": "9:16", "locale": "de"},
        ]
    ]
)


@pytest.mark.parametrize(
    ("text", "film"),
    [
        ("locale=de,aspect=9:16", {"locale": "de", "aspect": "9:16"}),
        (" locale = de , aspect = 9:16 ", {"locale": "de", "aspect": "9:16"}),
        ("locale=de", {"locale": "de"}),
        ("locale=de,", {"locale": "de"}),
        ('locale="de"', {"locale": "de"}),
        ('locale="grün, blau"', {"locale": "grün, blau"}),
        ('locale="gru\u0308n, blau",aspect=1:1', {"locale": "grün, blau", "aspect": "1:1"}),
    ],
)
def test_a_person_names_a_film(text: str, film: Deliverable) -> None:
    assert wanted(text, TASKS) == film


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["no deliverable is named; there are: "]),
        (" , ", ["no deliverable is named"]),
        ("locale", ["'locale' has no value; write AXIS=VALUE"]),
        ("de", ["'de' has no value"]),
        ("locale=", ['no deliverable has locale=; there are: de, "grün, blau"']),
        ("=de", ["'' is not an axis of the deliverables; there are: aspect, locale"]),
        ("locale=en", ["no deliverable has locale=en"]),
        ("lang=de,size=1", ["'lang' is not an axis", "'size' is not an axis"]),
        ("locale=de,locale=de", ["'locale' is named twice"]),
        ('locale="de', ["""'locale="de' is not an axis and its value"""]),
        ('locale="grün, blau",aspect=9:16', ["there is no deliverable", "aspect=1:1,locale=de; "]),
    ],
)
def test_what_is_no_film_is_refused_with_what_there_is(text: str, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        wanted(text, TASKS)
    said = "\n".join(map(str, caught.value.problems))
    assert all(word in said for word in words), said


def test_a_project_of_one_film_has_no_name() -> None:
    with pytest.raises(InputError, match="there are: none"):
        wanted("locale=de", tasks_of([[{}]]))
    with pytest.raises(InputError, match="is one film"):
        wanted("", tasks_of([[{}]]))


def test_a_long_name_is_read_in_no_time() -> None:
    for text in (" " * 200_000 + '"', "=" * 200_000, 'a="' + "\\" * 200_000):
        with pytest.raises(InputError):
            wanted(text, TASKS)

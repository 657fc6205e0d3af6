"""The matrix: which cells there are, and what they are called."""

import math

from hypothesis import given
from hypothesis import strategies as st

from renderer.expand.address import address
from renderer.expand.matrix import Cross, cells, idle_excludes

AXES = st.dictionaries(
    st.sampled_from(["seed", "resolution", "look", "duration"]),
    st.lists(st.integers(0, 9) | st.text("abc ", min_size=1), min_size=1, max_size=4, unique=True),
    max_size=3,
)


def names(cross: Cross) -> list[dict[str, object]]:
    return [dict(cell.name) for cell in cells(cross)]


def test_a_shot_without_a_matrix_has_one_cell() -> None:
    assert names(Cross()) == [{}]


def test_axes_are_crossed_in_the_order_written() -> None:
    cross = Cross(axes={"seed": [1, 2], "resolution": ["480p", "720p"]})

    assert names(cross) == [
        {"seed": 1, "resolution": "480p"},
        {"seed": 1, "resolution": "720p"},
        {"seed": 2, "resolution": "480p"},
        {"seed": 2, "resolution": "720p"},
    ]


def test_exclude_leaves_out_every_cell_that_it_matches() -> None:
    cross = Cross(axes={"seed": [1, 2], "resolution": ["480p", "720p"]}, exclude=[{"seed": 2}])

    assert [cell["seed"] for cell in names(cross)] == [1, 1]


def test_include_adds_to_the_cells_that_it_matches() -> None:
    cross = Cross(axes={"seed": [1, 2]}, include=[{"seed": 2, "look": "wet"}])

    found = cells(cross)

    assert [dict(cell.values) for cell in found] == [{"seed": 1}, {"seed": 2, "look": "wet"}]
    assert dict(found[1].name) == {"seed": 2}


def test_include_that_matches_nothing_is_a_cell_of_its_own() -> None:
    cross = Cross(axes={"seed": [1]}, include=[{"seed": 9, "look": "dry"}])

    assert names(cross) == [{"seed": 1}, {"seed": 9, "look": "dry"}]


def test_a_cell_left_out_may_be_put_back_in_another_form() -> None:
    cross = Cross(
        axes={"seed": [1, 2]}, exclude=[{"seed": 2}], include=[{"seed": 2, "look": "dry"}]
    )

    assert names(cross) == [{"seed": 1}, {"seed": 2, "look": "dry"}]


def test_an_exclude_that_matches_nothing_is_named() -> None:
    assert idle_excludes(Cross(axes={"seed": [1]}, exclude=[{"seed": 1}, {"seed": 7}])) == (1,)


def test_true_and_1_are_different_values() -> None:
    assert idle_excludes(Cross(axes={"draft": [True]}, exclude=[{"draft": 1}])) == (0,)


def test_the_count_is_known_without_making_a_cell() -> None:
    cross = Cross(axes={str(at): list(range(10)) for at in range(10)})

    assert cross.count() == 10**10


@given(AXES)
def test_every_cell_has_an_address_of_its_own(axes: dict[str, list[int | str]]) -> None:
    cross = Cross(axes=axes)

    found = [address("scene", "shot", cell.name) for cell in cells(cross)]

    assert len(set(found)) == len(found) == math.prod(map(len, axes.values()))


@given(AXES.filter(bool), st.integers(100, 110))
def test_a_new_value_on_an_axis_renames_no_other_task(
    axes: dict[str, list[int | str]], value: int
) -> None:
    first = next(iter(axes))
    longer = {**axes, first: [*axes[first], value]}

    before = {address("scene", "shot", cell.name) for cell in cells(Cross(axes=axes))}
    after = {address("scene", "shot", cell.name) for cell in cells(Cross(axes=longer))}

    assert before < after


def test_the_order_of_axes_is_free() -> None:
    assert (
        address("a", "b", {"y": 1, "x": 2}) == address("a", "b", {"x": 2, "y": 1}) == "a/b@x=2,y=1"
    )


def test_values_that_a_file_name_cannot_hold_are_bent_and_told_apart() -> None:
    one, other = (address("a", "b", {"look": value}) for value in ("wet, dark", "wet; dark"))

    assert one != other
    assert one.startswith("a/b@look=wet--dark~")

"""Which of two reports of a provider are one result."""

from dataclasses import replace

import pytest

from renderer.render.results import ResultState, not_among
from renderer.render.task_state import TaskState
from tests.harness.orders import order


def merged(*answers: tuple[ResultState, ...]) -> tuple[ResultState, ...]:
    """Return the results of a task after some answers."""
    task = TaskState(order=order("bell", count=2), uuid="u")
    for results in answers:
        task = task.learn(results)
    return task.results


def test_a_result_is_known_again_by_its_name_its_path_or_its_seed() -> None:
    plain = ResultState(key="url-1", url="https://x/a.mp4?sig=1", seed=7)
    named = ResultState(key="V-1", url="https://x/a.mp4?sig=2", seed=7)
    other = ResultState(key="url-2", url="https://x/b.mp4", seed=7)
    for first, second in ((plain, named), (named, plain), (named, replace(named, key="v-1"))):
        assert merged((first,), (second,)) == (first,)
    assert merged((other,), (plain, other)) == (other, plain)
    moved = replace(plain, url="https://y/c.mp4")
    assert merged((plain,), (moved,)) == (plain,)
    alike = merged((plain, *(replace(plain, seed=seed) for seed in (8, 9))))
    assert [one.key for one in alike] == ["url-1", "url-1-2", "url-1-3"]


def test_a_result_is_safe_unless_the_provider_says_otherwise() -> None:
    assert not ResultState(key="a", url="https://x/a").unsafe


ONE, TWO = "https://x/one.mp4", "https://x/two.mp4"


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        # named both: the name decides, in any spelling; place and seed say nothing
        (("A", ONE, 7), ("a", TWO, 8), True),
        (("A", ONE, 7), ("B", ONE, 7), False),
        (("A", ONE, None), ("B", ONE, None), False),
        (("A", ONE, 7), ("B", TWO, 7), False),
        # one without a name: the path decides, unless two seeds differ
        (("url-1", ONE, 7), ("B", ONE, 7), True),
        (("url-1", ONE, None), ("B", ONE, 7), True),
        (("url-1", ONE, 7), ("B", ONE, None), True),
        (("url-1", ONE, 7), ("B", ONE, 8), False),
        # another path: the seed decides, if there is one
        (("url-1", ONE, 7), ("B", TWO, 7), True),
        (("url-1", ONE, None), ("B", TWO, None), False),
        (("url-1", ONE, 7), ("B", TWO, 8), False),
        (("url-1", ONE, 7), ("url-2", ONE, 7), True),
        (("url-1", "", 7), ("url-2", "", 8), False),
        (("url-1", "", None), ("url-2", "", None), False),
    ],
)
def test_two_rows_are_one_result_by_name_then_by_path_then_by_seed(
    first: tuple[str, str, int | None], second: tuple[str, str, int | None], *, same: bool
) -> None:
    one, other = (ResultState(key=k, url=u, seed=s) for k, u, s in (first, second))
    for known, found in ((one, other), (other, one)):
        assert not_among([known], [found]) == ([] if same else [found])

"""A seed of one picture belongs to one task; what is bought are exactly the seeds that were checked."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.cli.main import run
from renderer.plan.seed_ranges import overlaps
from renderer.render.seeds import free_runs
from tests.expand.test_selection import task as named
from tests.harness.repo import Repo
from tests.harness.world import order

Out = pytest.CaptureFixture[str]
HEAD = """\
version: 1
scene: {scene}
aspect: "16:9"
settings: {{model: "bytedance:seedance@1.5-pro", resolution: 480p, duration: 4}}
"""


def scene(name: str, *shots: str) -> str:
    return HEAD.format(scene=name) + "shots:\n" + "".join(f"  - {one}\n" for one in shots)


def shot(name: str, seed: str, results: int, more: str = "", prompt: str = "A pier.") -> str:
    return (
        f"{{id: {name}, prompt: {prompt}, settings: {{numberResults: {results}, {seed}}}{more}}}"
    )


def project(root: Path, **scenes: str) -> Path:
    (root / "specs").mkdir(exist_ok=True)
    for name, text in scenes.items():
        (root / "specs" / f"{name}.yaml").write_text(text)
    return root


def call(root: Path, *argv: str) -> int:
    return run(["-C", str(root), *argv])


README = scene(
    "a", "{id: x, prompt: A pier., settings: {numberResults: 2}, matrix: {seed: [7, 8]}}"
)


def test_an_axis_of_seeds_that_are_too_close_is_an_error_at_the_axis(
    tmp_path: Path, capsys: Out
) -> None:
    project(tmp_path, a=README)

    assert call(tmp_path, "validate") == 2

    said = capsys.readouterr().out
    assert said.startswith("specs/a.yaml:6:")
    assert "a/x@seed=7 (seeds 7 to 8)" in said
    assert "a/x@seed=8 (seeds 8 to 9)" in said
    assert "seed 9 instead of 8" in said
    for command in (["plan"], ["render"], ["show", "a/x@seed=7"], ["tasks"], ["plan"]):
        assert call(tmp_path, *command) == 2
    project(tmp_path, a=README.replace("8]", "9]"))
    assert call(tmp_path, "validate") == 0


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        (shot("x", "seed: 7", 3), shot("y", "seed: 9", 1), 1),
        (shot("x", "seed: 9", 1), shot("y", "seed: 7", 3), 1),
        (shot("x", "seed: 7", 4), shot("y", "seed: 8", 2), 1),
        (shot("x", "seed: 7", 3), shot("y", "seed: 10", 3), 0),
        (shot("x", "seed: 7", 3), shot("y", "seed: 7", 1), 0),
        (shot("x", "seed: 7", 3), shot("y", "seed: 8", 1, prompt="A quay."), 0),
        (shot("x", "seed: 7", 3), shot("y", "seed: 8, ttl: 60", 1), 1),
        (shot("x", "seed: 7", 3), shot("y", "seed: 8, duration: 5", 1), 0),
        (shot("x", "ttl: 60", 3), shot("y", "seed: 8", 1), 0),
    ],
)
def test_ranges_are_compared_across_shots_and_scenes(
    tmp_path: Path, one: str, other: str, count: int, capsys: Out
) -> None:
    project(tmp_path, a=scene("a", one, other))
    assert call(tmp_path, "validate") == (2 if count else 0)
    assert capsys.readouterr().out.count("would be paid for twice") == count

    project(tmp_path, a=scene("a", one), b=scene("b", other))
    for spec in ("specs/a.yaml", "specs/b.yaml"):
        assert call(tmp_path, "validate", spec) == (2 if count else 0)
    # Scenes that were worked out before are compared with each other as well.
    assert call(tmp_path, "plan") == call(tmp_path, "plan") == (2 if count else 0)


def test_scenes_that_are_each_sound_are_compared_when_both_are_recalled(tmp_path: Path) -> None:
    both = {"a": scene("a", shot("x", "seed: 7", 3)), "b": scene("b", shot("y", "seed: 8", 1))}
    project(tmp_path, a=both["a"])
    assert call(tmp_path, "plan") == 0
    (tmp_path / "specs" / "a.yaml").rename(tmp_path / "a")
    project(tmp_path, b=both["b"])
    assert call(tmp_path, "plan") == 0

    project(tmp_path, **both)

    assert call(tmp_path, "plan") == call(tmp_path, "plan") == 2


def test_frames_of_different_takes_are_different_pictures(tmp_path: Path) -> None:
    bell = "{id: bell, prompt: A bell.}"
    chase = "{id: chase, prompt: A chase., settings: {numberResults: 2}, frames: {first: {shot: bell}}}"
    matrix = "matrix: {seed: [7, 8]}\n"
    project(tmp_path, a=scene("a", bell, chase).replace("shots:", matrix + "shots:"))

    assert call(tmp_path, "validate") == 0


def test_the_last_result_is_within_what_the_model_takes(tmp_path: Path, capsys: Out) -> None:
    most = 2**63 - 1
    project(tmp_path, a=scene("a", shot("x", f"seed: {most}", 2), shot("y", "seed: 1", 1)))
    assert call(tmp_path, "validate") == 2
    assert f"at most {most - 1}" in capsys.readouterr().out

    project(tmp_path, a=scene("a", shot("x", f"seed: {most - 1}", 2)))
    assert call(tmp_path, "validate") == 0


def test_a_branch_that_puts_its_seeds_right_can_be_compared_with_its_base(
    tmp_path: Path,
) -> None:
    repo = Repo(root=tmp_path, project=tmp_path)
    repo.git("init", "-q")
    project(tmp_path, a=README)
    repo.commit("base")
    project(tmp_path, a=README.replace("8]", "9]"))

    assert call(tmp_path, "plan", "--base", "HEAD", "--provider", "runware") == 0


RANGES = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 4)), min_size=1, max_size=8)


@given(RANGES)
def test_the_seeds_that_are_proposed_overlap_no_more(ranges: Sequence[tuple[int, int]]) -> None:
    tasks = [
        replace(named("a", f"s{at}", {}), seed=seed, seedless="f", wanted=wanted)
        for at, (seed, wanted) in enumerate(ranges)
    ]
    found = list(overlaps(tasks))
    starts = {one.task.address: one.start for one in found}
    moved = [replace(task, seed=starts.get(task.address, task.seed)) for task in tasks]

    clash = any(
        one[0] != other[0] and set(range(one[0], sum(one))) & set(range(other[0], sum(other)))
        for one, other in combinations(ranges, 2)
    )
    assert bool(found) == clash
    assert not list(overlaps(moved))


@given(
    st.integers(0, 50),
    st.integers(1, 6),
    st.lists(st.none() | st.integers(0, 60), max_size=8),
)
def test_what_is_asked_for_is_free_and_within_the_range(
    start: int, wanted: int, had: list[int | None]
) -> None:
    missing = max(wanted - len(had), 0)

    runs = free_runs(start, wanted, had, missing)

    seeds = [seed + at for seed, count in runs for at in range(count)]
    assert seeds == sorted(set(seeds))
    assert not set(seeds) & set(had)
    assert all(start <= seed < start + wanted for seed in seeds)
    assert len(seeds) == missing
    assert all(one + count < other for (one, count), (other, _) in pairwise(runs))


@given(st.integers(1, 4), st.lists(st.none() | st.integers(5, 12), max_size=4))
def test_the_rest_of_an_order_asks_for_no_seed_outside_of_it(
    count: int, came: list[int | None]
) -> None:
    rest = order("bell", count=count, seed=5).rest(len(came), tuple(came))

    assert (rest is None) == (len(came) >= count)
    if rest:
        first = int(str(rest.request["seed"]))
        asked = set(range(first, first + rest.count))
        assert asked <= set(range(5, 5 + count)) - set(came)
        assert rest.count <= count - len(came)

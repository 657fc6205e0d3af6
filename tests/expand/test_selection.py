"""A name means the same tasks wherever it is given, and a hint never names another one."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.catalog.money import Cost
from renderer.cli.main import run
from renderer.errors import InputError
from renderer.expand.address import address
from renderer.expand.selection import covered, one_task, selected
from renderer.expand.task import Task
from renderer.json_types import Scalar

Out = pytest.CaptureFixture[str]


def task(scene: str, shot: str, cell: Mapping[str, Scalar]) -> Task:
    return Task(
        address=address(scene, shot, cell),
        scene=scene,
        shot=shot,
        title=shot,
        cell=cell,
        model="m",
        request={},
        files={},
        wanted=1,
        fingerprint="f",
        fields={},
        cost=Cost(low=Decimal(1), high=Decimal(1)),
    )


PACK = [
    task("ad", "pack", {"locale": locale, "aspect": aspect, "seed": seed})
    for locale in ("en", "ja", "pt-BR")
    for aspect in ("16:9", "9:16")
    for seed in (1, 2, 11)
]
WET = task("ad", "wet", {"look": "wet, dark"})
WIDER = task("ad", "wet", {"look": "wet, dark", "seed": 3})
S1, S2 = task("promo", "s1", {}), task("promo", "s2", {})
END, OTHER_END = task("ad", "end", {}), task("promo", "end", {})
ALL = [*PACK, WET, WIDER, S1, S2, END, OTHER_END]


def meant(name: str) -> list[str]:
    return [one.address for one in covered(ALL, name)]


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.address)
def test_a_task_is_named_by_its_axes_in_any_order(one: Task) -> None:
    shot, at, rest = one.address.partition("@")
    for axes in permutations(rest.split(",")):
        assert meant(f"{shot}{at}{','.join(axes)}") == [one.address]


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("ad/pack@locale=ja", 6),
        ("ad/pack@locale=j*", 6),
        ("ad/pack@locale=ja,seed=1", 2),
        ("ad/pack@seed=1,locale=ja", 2),
        ("ad/pack@seed=1*", 12),
        ("*@seed=1", 6),
        ("ad@locale=pt-BR", 6),
        ("pack", 18),
        ("pack@aspect=9:16,seed=2", 3),
        ("ad/pack", 18),
        ("ad", 21),
        ("ad/*", 21),
        ("*", 24),
        ("ad/pack@*locale=en*", 6),
        ("ad/wet@look=wet, dark", 1),
        ("s1", 1),
        ("promo", 3),
        ("ad/pack@locale=fr", 0),
        ("ad/pack@place=ja", 0),
        ("s3", 0),
        ("ack", 0),
    ],
)
def test_a_name_means_all_that_agree_with_it(name: str, count: int) -> None:
    assert len(meant(name)) == count


def test_who_names_a_task_exactly_means_no_other() -> None:
    assert one_task(ALL, WET.address) is WET


def test_a_shot_id_that_two_scenes_have_is_asked_back() -> None:
    with pytest.raises(InputError) as caught:
        covered(ALL, "end")

    assert "ad/end, promo/end" in str(caught.value)


def test_several_names_mean_what_each_means() -> None:
    assert selected(ALL, ["s2", "ad/end"]) == (S2, END)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("ad/pakc@locale=ja", "did you mean 'ad/pack@locale=ja'?"),
        ("pakc", "did you mean 'pack'?"),
        ("AD/Pack", "did you mean 'ad/pack'?"),
        ("ad/pack@locale=fr", "the values of 'locale' in ad/pack are: en, ja, pt-BR"),
        ("ad/pack@seed=7", "the values of 'seed' in ad/pack are: 1, 2, 11"),
        ("ad/pack@place=ja", "the axes of ad/pack are: aspect, locale, seed"),
        ("s1@seed=1", "promo/s1 has no axes: write promo/s1"),
    ],
)
def test_a_hint_says_what_is_wrong_and_names_no_other_task(name: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        one_task(ALL, name)

    assert hint in str(caught.value)


@dataclass(frozen=True)
class Bent:
    """A name with one character changed."""

    name: str
    of: Task


NAMES = st.sampled_from(ALL).flatmap(
    lambda one: st.builds(
        lambda at, letter: Bent(one.address[:at] + letter + one.address[at + 1 :], one),
        st.integers(0, len(one.address) - 1),
        st.sampled_from("abz19@=,/*"),
    )
)


@given(NAMES)
def test_what_a_hint_proposes_is_found_and_is_as_large_as_what_was_asked(bent: Bent) -> None:
    try:
        one_task(ALL, bent.name)
    except InputError as error:
        (problem,) = error.problems
        proposed = problem.todo.partition("did you mean '")[2].partition("'?")[0]
        if proposed:
            assert proposed != bent.name
            assert proposed.partition("@")[2] == bent.name.partition("@")[2]


PROJECT = """\
version: 1
scene: a
aspect: "16:9"
settings: {model: "bytedance:seedance@1.5-pro", resolution: 480p}
matrix: {seed: [1, 2], duration: [4, 5], who: [Ada, Bo]}
shots:
  - {id: pier, prompt: "{{ who }} at a pier."}
"""


@pytest.mark.parametrize("command", [["show"], ["takes"], ["plan", "--only"], ["tasks", "--only"]])
def test_every_command_takes_the_axes_in_the_order_of_the_spec(
    tmp_path: Path, command: list[str], capsys: Out
) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "a.yaml").write_text(PROJECT)

    assert run(["-C", str(tmp_path), *command, "a/pier@seed=1,duration=4,who=Ada"]) == 0

    said = capsys.readouterr().out
    if command != ["takes"]:
        assert "duration=4,seed=1,who=Ada" in said
        assert "seed=2" not in said


def test_a_pick_is_taken_back_by_the_id_of_its_shot(tmp_path: Path, capsys: Out) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "a.yaml").write_text(PROJECT)

    assert run(["-C", str(tmp_path), "pick", "--undo", "pier"]) == 2
    assert "a/pier has no pick" in capsys.readouterr().err

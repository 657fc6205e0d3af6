"""Shots of rows in a plan: what one cell, one row or one file of data changes, and through what."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from renderer.adapters.disk.project import ProjectFiles
from renderer.app.project.watched_files import WatchedFiles
from renderer.cli.main import run
from tests.harness.boards import MODEL
from tests.harness.repo import Repo
from tests.tooling.pretend import pretend_made

Plan = Callable[..., dict[str, dict[str, Any]]]
SPEC = f"""\
version: 1
scene: ad
settings: {{model: "{MODEL}", resolution: 480p, duration: 5}}
shots:
- {{id: intro, prompt: A blue hour.}}
- id: "pack-{{{{ item.sku }}}}"
  each: {{file: data/products.csv}}
  title: "{{{{ item.name }}}}"
  vars: {{price: "{{{{ item.price }}}}"}}
  settings: {{duration: "{{{{ item.seconds }}}}"}}
  prompt: The {{{{ item.name }}}}, for {{{{ price }}}}.
"""
ROWS = [[f"p{at:03}", f"Lamp {at}", f"{at} EUR", "5"] for at in range(300)]


def csv(rows: list[list[str]], mark: str = ",", end: str = "\n") -> str:
    header = ["sku", "name", "price", "seconds"]
    return "".join(mark.join(row) + end for row in (header, *rows))


def with_cell(at: int, column: int, cell: str) -> list[list[str]]:
    return [
        [cell if (at, column) == (a, c) else old for c, old in enumerate(row)]
        for a, row in enumerate(ROWS)
    ]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of 300 products, all made."""
    root = tmp_path_factory.mktemp("products")
    for name, text in {"specs/ad.yaml": SPEC, "data/products.csv": csv(ROWS)}.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    pretend_made(root)
    return root


@pytest.fixture
def root(whole: Path, tmp_path: Path) -> Path:
    """A copy of it; its media are never opened, so they are not copied."""

    def copy(source: str, target: str) -> None:
        (os.link if "objects" in source else shutil.copy2)(source, target)

    shutil.copytree(whole, tmp_path / "products", copy_function=copy)
    return tmp_path / "products"


@pytest.fixture
def plan(root: Path, capsys: pytest.CaptureFixture[str]) -> Plan:
    """Write the data, and return the steps of the plan that are not kept, by address."""

    def planned(data: str, *argv: str) -> dict[str, dict[str, Any]]:
        (root / "data" / "products.csv").write_text(data)
        wanted = ["plan", "--provider", "runware", "--format", "json", *argv]
        assert run(["-C", str(root), *wanted]) == 0
        steps = json.loads(capsys.readouterr().out)["tasks"]
        return {one["address"]: one for one in steps if one["action"] != "keep"}

    return planned


def causes(step: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["field"], one["cause"]) for one in step["reasons"]]


def test_one_price_renders_one_shot_again_and_names_its_row(plan: Plan) -> None:
    assert not plan(csv(ROWS))
    found = plan(csv(with_cell(41, 2, "-20 %")))

    assert list(found) == ["ad/pack-p041"]
    assert causes(found["ad/pack-p041"]) == [("positivePrompt", "data/products.csv:row sku=p041")]


def test_a_row_at_the_top_renders_one_and_a_row_that_goes_removes_one(plan: Plan) -> None:
    more = plan(csv([["new", "Sofa", "9 EUR", "4"], *ROWS]))
    less = plan(csv(ROWS[1:]))

    assert {name: one["action"] for name, one in more.items()} == {"ad/pack-new": "create"}
    assert {name: one["action"] for name, one in less.items()} == {"ad/pack-p000": "remove"}


def test_a_setting_of_a_row_is_a_change_through_the_row(plan: Plan) -> None:
    found = plan(csv(with_cell(7, 3, "8")))

    assert causes(found["ad/pack-p007"]) == [("duration", "data/products.csv:row sku=p007")]


def test_data_that_is_written_otherwise_renders_nothing(plan: Plan) -> None:
    quoted = [[f'"{cell}"' for cell in row] for row in reversed(ROWS)]

    assert not plan("\ufeff" + csv(quoted, ";", "\r\n"))
    assert not plan(csv(with_cell(3, 1, "Lamp  3")))  # white space makes no picture


def test_a_title_of_a_row_costs_nothing(plan: Plan, root: Path) -> None:
    spec = root / "specs" / "ad.yaml"
    spec.write_text(SPEC.replace('title: "{{ item.name }}"', 'title: "The {{ item.name }}"'))

    assert not plan(csv(ROWS))


def test_an_edit_of_the_data_is_seen_after_a_plan_that_found_nothing_to_do(
    plan: Plan, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["-C", str(root), "plan", "--provider", "runware"]) == 0
    assert run(["-C", str(root), "plan", "--provider", "runware"]) == 0
    capsys.readouterr()

    assert list(plan(csv(with_cell(0, 2, "1 USD")))) == ["ad/pack-p000"]
    (root / "data" / "products.csv").unlink()
    assert run(["-C", str(root), "plan", "--provider", "runware"]) == 2


def test_the_same_rows_are_recalled_and_others_are_not(plan: Plan, root: Path) -> None:
    other = root / "specs" / "other.yaml"
    other.write_text(
        "version: 1\nscene: other\nsettings: {resolution: 480p, duration: 5}\nshots:\n"
    )
    with other.open("a") as file:
        file.write(f"- {{id: a, prompt: A pier., settings: {{model: '{MODEL}'}}}}\n")
    assert list(plan(csv(ROWS))) == ["other/a"]

    assert list(plan(csv(with_cell(0, 2, "1 USD")))) == ["ad/pack-p000", "other/a"]
    assert list(plan(csv(ROWS))) == ["other/a"]


def test_an_axis_of_the_project_from_data_is_part_of_what_every_scene_depends_on(
    plan: Plan, root: Path
) -> None:
    (root / "renderer.yaml").write_text("version: 1\nmatrix: {seed: {file: data/seeds.csv}}\n")
    (root / "data" / "seeds.csv").write_text("seed\n1\n")
    assert "ad/intro@seed=1" in plan(csv(ROWS))
    (root / "data" / "seeds.csv").write_text("seed\n2\n")

    assert "ad/intro@seed=2" in plan(csv(ROWS))


def test_a_watch_sees_the_data_also_while_it_is_wrong(root: Path) -> None:
    sight = WatchedFiles(ProjectFiles(root=root))
    before = sight.look()
    (root / "data" / "products.csv").unlink()
    gone = sight.look()
    (root / "specs" / "ad.yaml").write_text(SPEC.replace("data/products", "other/items"))
    named = sight.look()

    assert before["data/products.csv"] is not None
    assert gone["data/products.csv"] is None
    assert "other/items.csv" in named
    assert "data/products.csv" not in named


def test_the_plan_against_a_revision_reads_the_data_of_that_revision(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repo = Repo.start(tmp_path / "repo")
    texts = {
        "specs/ad.yaml": SPEC,
        "data/products.csv": csv(ROWS[:5]),
        ".gitignore": ".renderer/\n",
    }
    for name, text in texts.items():
        (repo.root / name).parent.mkdir(exist_ok=True)
        (repo.root / name).write_text(text)
    repo.commit()
    (repo.root / "data" / "products.csv").write_text(csv(with_cell(2, 2, "now 2")[:5]))

    argv = ["plan", "--base", "HEAD", "--provider", "runware", "--format", "json"]
    assert run(["-C", str(repo.root), *argv]) == 0
    shots = json.loads(capsys.readouterr().out)["tasks"]

    assert [one["address"] for one in shots if one["reasons"]] == ["ad/pack-p002"]
    (reason,) = next(one["reasons"] for one in shots if one["reasons"])
    assert reason["cause"] == "data/products.csv:row sku=p002"


def test_show_says_which_row_gave_a_value(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(root), "show", "ad/pack-p005", "--format", "json"]) == 0
    origins = json.loads(capsys.readouterr().out)["origins"]

    assert origins["duration"]["row"] == {"key": "sku=p005", "place": "data/products.csv:7:1"}
    assert origins["duration"]["place"] == "specs/ad.yaml:10:24"
    assert "row" not in origins["resolution"]


def test_validate_of_one_spec_says_what_is_wrong_with_its_data_and_not_with_others(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "specs" / "other.yaml").write_text(
        SPEC.replace("scene: ad", "scene: other").replace("products.csv", "items.yaml")
    )
    (root / "data" / "items.yaml").write_text(
        "- {sku: a, name: [x], price: 1, seconds: 99}\n- 2\n"
    )

    assert run(["-C", str(root), "validate", "specs/ad.yaml"]) == 0
    capsys.readouterr()
    assert run(["-C", str(root), "validate", "specs/other.yaml"]) == 2
    assert "data/items.yaml:2" in capsys.readouterr().out


FRAMED = f"""\
version: 1
scene: ad
settings: {{model: "{MODEL}", resolution: 480p, duration: 5}}
shots:
- id: "p-{{{{ item.sku }}}}"
  each: {{file: data/p.json}}
  frames: {{first: "assets/{{{{ item.img }}}}", last: assets/end.png}}
  prompt: A lamp.
- {{id: own, prompt: A sofa., frames: {{first: assets/a.png}}}}
"""
ROW = "data/p.json:row sku=a"


@pytest.mark.parametrize(
    ("edits", "cause"),
    [
        ({"data/p.json": "b.png"}, ROW),
        ({"assets/a.png": "c"}, "assets/a.png"),
        ({"assets/end.png": "c"}, "assets/end.png"),
        ({"data/p.json": "b.png", "assets/b.png": "c"}, ROW),
        ({"data/p.json": "b.png", "assets/end.png": "c"}, f"assets/end.png, {ROW}"),
    ],
)
def test_a_frame_of_a_row_changes_through_the_row_or_through_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], edits: dict[str, str], cause: str
) -> None:
    found = changed_frames(tmp_path, capsys, edits)

    assert found["ad/p-a"] == [("inputs.frameImages", cause)]


def test_a_frame_that_a_shot_names_itself_is_changed_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edited = FRAMED.replace("first: assets/a.png", "first: assets/b.png")
    found = changed_frames(tmp_path, capsys, {"specs/ad.yaml": edited})

    assert found == {"ad/own": [("inputs.frameImages", "frames")]}


def changed_frames(
    root: Path, capsys: pytest.CaptureFixture[str], edits: dict[str, str]
) -> dict[str, list[tuple[str, str]]]:
    """Make a project, edit it, and return the reasons of what its plan would make."""
    whole = {"specs/ad.yaml": FRAMED, "data/p.json": "a.png"}
    whole |= {f"assets/{name}.png": name for name in ("a", "b", "end")}
    put(root, whole)
    pretend_made(root)
    put(root, edits)
    assert run(["-C", str(root), "plan", "--provider", "runware", "--format", "json"]) == 0
    steps = json.loads(capsys.readouterr().out)["tasks"]
    return {one["address"]: causes(one) for one in steps if one["action"] != "keep"}


def put(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        if name.endswith(".png"):
            Image.new("L", (1280, 720), ord(text[0])).save(root / name)
        elif name.endswith(".json"):
            (root / name).write_text(json.dumps([{"sku": "a", "img": text}]))
        else:
            (root / name).write_text(text)

"""On the example project: who is touched by a change, and through what."""

import json
from pathlib import Path
from typing import Any

import pytest

from renderer.cli.main import run
from tests.tooling.pretend import copy_example, pretend_made

Out = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_example(tmp_path_factory.mktemp("example"))
    pretend_made(root)
    return root


def changes(project: Path, capsys: Out) -> dict[str, list[Any]]:
    capsys.readouterr()
    assert run(["-C", str(project), "plan", "--provider", "runware", "--format", "json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert {step["action"] for step in plan["tasks"]} <= {"change", "keep"}
    return {
        step["address"]: step["reasons"] for step in plan["tasks"] if step["action"] == "change"
    }


def edited(path: Path, old: str, new: str) -> str:
    before = path.read_text()
    assert before.count(old) == 1
    path.write_text(before.replace(old, new))
    return before


def test_recasting_a_person_lists_the_shots_with_that_person_each_via_the_macro(
    made: Path, capsys: Out
) -> None:
    cast = made / "templates" / "cast.j2"
    before = edited(cast, "a short grey coat", "a long red coat")

    found = changes(made, capsys)
    cast.write_text(before)

    using = {
        path.stem
        for path in (made / "templates" / "clocktower").iterdir()
        if "cast.courier(" in path.read_text()
    }
    assert {address.split("@")[0] for address in found} == {f"clocktower/{one}" for one in using}
    for reasons in found.values():
        (reason,) = reasons
        assert reason["field"] == "positivePrompt"
        assert reason["cause"] == "templates/cast.j2:courier"
        assert "grey coat" in reason["old"]
        assert "red coat" in reason["new"]


def test_touching_a_macro_that_no_shot_uses_lists_none(made: Path, capsys: Out) -> None:
    cast = made / "templates" / "cast.j2"
    before = cast.read_text()
    cast.write_text(
        before + "\n{% macro ferryman(doing) -%}\nnobody yet {{ doing }}\n{%- endmacro %}\n"
    )

    found = changes(made, capsys)
    cast.write_text(before.replace("", "", 1))

    assert found == {}


def test_a_variable_of_the_project_is_named_as_the_cause(made: Path, capsys: Out) -> None:
    project = made / "renderer.yaml"
    before = edited(project, "fine 35 mm grain", "coarse 16 mm grain")

    found = changes(made, capsys)
    project.write_text(before)

    assert found
    for reasons in found.values():
        assert [reason["cause"] for reason in reasons] == ["vars.grade"]


def test_a_new_picture_in_an_input_file_is_named_as_the_cause(made: Path, capsys: Out) -> None:
    image = made / "assets" / "marsh-first.jpg"
    before = image.read_bytes()
    image.write_bytes(before + b"\0")

    found = changes(made, capsys)
    image.write_bytes(before)

    assert list(found) == ["marsh/wade"]
    (reason,) = found["marsh/wade"]
    assert (reason["field"], reason["cause"]) == (
        "inputs.frameImages",
        "assets/marsh-first.jpg",
    )


def test_a_default_of_a_layer_is_named_as_the_cause(made: Path, capsys: Out) -> None:
    scene = made / "specs" / "marsh.yaml"
    before = scene.read_text()
    scene.write_text(before.replace("settings:\n", "settings:\n  outputQuality: 90\n", 1))

    found = changes(made, capsys)
    scene.write_text(before)

    assert {address.split("/")[0] for address in found} == {"marsh"}
    causes = {reason["cause"] for reasons in found.values() for reason in reasons}
    assert causes == {"scene settings.outputQuality"}


def test_without_the_records_the_digests_still_tell_which_field(made: Path, capsys: Out) -> None:
    kept = made / ".renderer" / "requests"
    aside = kept.with_name("aside")
    kept.rename(aside)
    cast = made / "templates" / "cast.j2"
    before = edited(cast, "a short grey coat", "a long red coat")

    assert run(["-C", str(made), "plan", "--provider", "runware"]) == 0
    told = capsys.readouterr().out
    cast.write_text(before)
    aside.rename(kept)

    assert "positivePrompt  (old prompt not available here; `--base REV` shows it" in told

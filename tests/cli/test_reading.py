"""The commands that only read: validate, tasks, show, plan."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from renderer.cli.main import run
from tests.conftest import SCENE, Write

Out = pytest.CaptureFixture[str]


def call(project: Path, *argv: str) -> int:
    return run(["-C", str(project), *argv])


def edit(project: Path, old: str, new: str, name: str = "specs/harbour.yaml") -> None:
    path = project / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_a_sound_project_validates(project: Path, capsys: Out) -> None:
    assert call(project, "validate") == 0
    assert capsys.readouterr().out == "OK: 1 scene, 2 tasks\n"


def test_all_problems_are_told_at_once_each_with_its_place(project: Path, capsys: Out) -> None:
    edit(project, "duration: 4", "duration: 3")
    edit(project, "{{ look }}. A ferry", "{{ lok }}. A ferry")
    edit(project, "keeper() }}", "keper() }}", "templates/lamp.j2")

    assert call(project, "validate") == 2
    told = capsys.readouterr().out
    assert "specs/harbour.yaml:16:7: 'lok'" in told
    assert "specs/harbour.yaml:9:13: " in told
    assert "templates/lamp.j2:1" in told
    assert "harbour/lamp" in told
    assert "did you mean 'look'" in told


def test_a_limit_of_the_model_is_told_where_the_value_is_written(
    project: Path, capsys: Out
) -> None:
    edit(project, "duration: 4", "duration: 3")

    assert call(project, "validate") == 2
    assert "specs/harbour.yaml:9:13: " in capsys.readouterr().out


def test_github_annotations_name_file_line_and_column(project: Path, capsys: Out) -> None:
    edit(project, "duration: 4", "duration: 3")

    call(project, "validate", "--format", "github")

    assert capsys.readouterr().out.startswith("::error file=specs/harbour.yaml,line=9,col=13::")


def _latin(template: Path) -> None:
    template.write_bytes(b"caf\xe9")


def _linked(place: Path) -> None:
    place.rename(place.with_name("elsewhere"))
    place.symlink_to("elsewhere")


@pytest.mark.parametrize(
    ("name", "spoil", "said"),
    [
        ("templates/lamp.j2", _latin, "it is not UTF-8 at byte 3"),
        ("templates/lamp.j2", _linked, "is a link, and links are not followed"),
        ("templates/cast.j2", _latin, "it is not UTF-8 at byte 3"),
        ("templates", _linked, "is a link, and links are not followed"),
    ],
)
def test_a_template_that_cannot_be_read_is_told_once_and_never_as_missing(
    project: Path, capsys: Out, name: str, spoil: Callable[[Path], None], said: str
) -> None:
    spoil(project / name)
    assert call(project, "validate") == 2
    told, count = capsys.readouterr().out.splitlines()
    assert told.startswith(f"{name}: ")
    assert said in told
    assert count == "1 problem"


def test_validation_of_one_file_leaves_out_the_others(
    project: Path, write: Write, capsys: Out
) -> None:
    write("specs/other.yaml", "version: 1\nscene: other\nshotz: []\n")

    assert call(project, "validate", "specs/harbour.yaml") == 0
    assert call(project, "validate", "specs/other.yaml", "--format", "json") == 2
    report = json.loads(capsys.readouterr().out.partition("\n")[2])
    assert {one["file"] for one in report["problems"]} == {"specs/other.yaml"}


def test_two_scenes_with_one_id_are_refused(project: Path, write: Write, capsys: Out) -> None:
    write("specs/z.yaml", SCENE)

    assert call(project, "validate") == 2
    assert "scene 'harbour' is already in specs/harbour.yaml" in capsys.readouterr().out


def test_tasks_as_requests_are_wire_objects_less_their_id(project: Path, capsys: Out) -> None:
    assert call(project, "tasks", "--format", "requests") == 0
    first, second = json.loads(capsys.readouterr().out)

    assert first["taskType"] == "videoInference"
    assert (first["width"], first["height"], first["seed"]) == (864, 496, 7)
    assert "resolution" not in first
    assert "taskUUID" not in first
    assert first["positivePrompt"].startswith("blue hour, wet stone. A ferry")
    assert second["positivePrompt"] == (
        "blue hour, wet stone. The keeper in a yellow coat lights a lamp."
    )
    assert second["providerSettings"] == {"bytedance": {"audio": False}}


def test_the_plan_names_every_task_and_its_price(project: Path, capsys: Out) -> None:
    assert call(project, "plan", "--provider", "runware", "--format", "json") == 0
    plan = json.loads(capsys.readouterr().out)

    assert [task["address"] for task in plan["tasks"]] == ["harbour/quay", "harbour/lamp"]
    assert plan["summary"]["create"] == 2
    assert plan["summary"]["cost"] == {"low": "0.14614", "high": "0.14614", "currency": "USD"}


def test_the_local_plan_is_free_and_says_what_it_would_cost(project: Path, capsys: Out) -> None:
    call(project, "plan")

    assert "free, 2 takes (local); through runware $0.14614" in capsys.readouterr().out


def test_exit_code_3_tells_that_there_are_changes(project: Path) -> None:
    assert call(project, "plan", "--exit-code") == 3


def test_only_narrows_the_plan_and_a_slip_is_answered(project: Path, capsys: Out) -> None:
    call(project, "plan", "--only", "harbour/lamp", "--format", "json")
    assert [task["address"] for task in json.loads(capsys.readouterr().out)["tasks"]] == [
        "harbour/lamp"
    ]

    assert call(project, "plan", "--only", "harbour/lmp") == 2
    assert "did you mean 'harbour/lamp'?" in capsys.readouterr().err


def test_show_says_where_each_value_came_from(project: Path, capsys: Out) -> None:
    assert call(project, "show", "harbour/lamp", "--format", "json") == 0
    shown = json.loads(capsys.readouterr().out)["origins"]

    assert shown["width"]["layer"] == "scene (aspect)"
    assert shown["duration"]["place"] == "specs/harbour.yaml:9:13"
    assert shown["providerSettings.bytedance.audio"]["layer"] == "shot"
    assert shown["outputFormat"]["layer"] == "catalog default"
    assert shown["includeCost"]["layer"] == "built in"


def test_a_folder_without_a_project_is_answered(tmp_path: Path, capsys: Out) -> None:
    assert call(tmp_path, "plan") == 2
    assert "renderer init" in capsys.readouterr().err


def test_an_unknown_command_gets_a_suggestion(capsys: Out) -> None:
    assert run(["rendr"]) == 2
    assert "did you mean 'render'?" in capsys.readouterr().err


def test_errors_of_a_json_command_are_one_json_object(project: Path, capsys: Out) -> None:
    edit(project, "duration: 4", "duration: 3")

    assert call(project, "plan", "--format", "json") == 2
    captured = capsys.readouterr()
    error = json.loads(captured.out)["error"]
    assert (error["file"], error["line"], error["col"]) == ("specs/harbour.yaml", 9, 13)


def test_an_axis_that_changes_nothing_is_refused(project: Path, capsys: Out) -> None:
    edit(project, "vars:", "matrix: {sed: [1, 2]}\nvars:")

    assert call(project, "validate") == 2
    told = capsys.readouterr().out
    assert "specs/harbour.yaml:11:10: " in told
    assert "axis 'sed' changes nothing" in told
    assert "did you mean 'seed'?" in told


def test_a_matrix_over_the_limit_is_refused_before_it_is_expanded(
    project: Path, capsys: Out
) -> None:
    axes = ", ".join(f"v{at}: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]" for at in range(10))
    edit(project, "vars:", f"matrix: {{{axes}}}\nvars:")

    assert call(project, "validate") == 2
    assert "has 10000000000 tasks, the limit is 10000" in capsys.readouterr().out


def test_a_skipped_shot_is_no_task(project: Path, capsys: Out) -> None:
    edit(project, "  - id: lamp\n", "  - id: lamp\n    skip: true\n")

    call(project, "tasks", "--format", "json")

    assert len(json.loads(capsys.readouterr().out)["tasks"]) == 1


def test_cosmetic_edits_change_no_fingerprint(project: Path, capsys: Out) -> None:
    def fingerprints() -> list[str]:
        call(project, "tasks", "--format", "json")
        return [task["fingerprint"] for task in json.loads(capsys.readouterr().out)["tasks"]]

    before = fingerprints()
    edit(project, "title: Harbour at Dusk", "title: Another title # said better")
    edit(project, "  resolution: 480p\n  duration: 4\n", "  duration: 4\n  resolution: 480p\n")
    edit(project, "look: blue", "unused: {a: 1}\n  look: blue")
    edit(project, "quay; ropes", "quay;\n      ropes")
    edit(project, "duration: 4\n", "duration: 4\n  outputFormat: MP4\n")
    edit(project, "lights", "{# a remark #}lights", "templates/lamp.j2")
    (project / "specs" / "harbour.yaml").rename(project / "specs" / "renamed.yml")

    assert fingerprints() == before


def test_an_unknown_option_is_answered_in_one_sentence(capsys: Out) -> None:
    assert run(["plan", "-Q"]) == 2
    assert capsys.readouterr().err == "error: No such option '-Q'; see `renderer plan --help`\n"


def test_axis_values_that_python_holds_equal_are_prompts_of_their_own(
    project: Path, capsys: Out
) -> None:
    edit(project, "  - id: lamp\n", "    matrix: {n: [1, true]}\n  - id: lamp\n")
    edit(project, "A ferry", "{{ n }} A ferry")

    assert call(project, "tasks", "--format", "requests") == 0
    prompts = [one["positivePrompt"] for one in json.loads(capsys.readouterr().out)]
    assert [prompt.split()[4] for prompt in prompts[:2]] == ["1", "true"]

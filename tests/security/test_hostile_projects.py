"""Hostile and broken projects are answered: where, what and what to do; never a traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.hostile import Case, cases
from tests.harness.limits import answered, lay

CASES = {case.name: case for case in cases()}
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_project_is_answered_at_its_place(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    code, said = answered(lay(case, tmp_path), "validate")

    assert case.said in said
    assert code == (2 if case.said else 0)
    assert "Traceback" not in said
    assert "canary" not in said


def test_a_plan_gives_the_same_answer_as_validation(tmp_path: Path) -> None:
    for at, case in enumerate(CASES.values()):
        code, said = answered(lay(case, tmp_path / str(at)), "plan")
        assert (code, case.said in said) == (2 if case.said else 0, True), case.name


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="limits are set as on Linux")
def test_every_answer_comes_within_256_mib_and_without_a_signal(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.harness.limits", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]

    assert len(rows) == len(CASES)
    assert [row["name"] for row in rows if row["code"] not in (0, 2) or row["signal"]] == []


def sources(name: str, text: str) -> Case:
    return Case(name, "", {"specs/s.yaml": text.encode()})


def test_line_ends_and_spellings_of_one_letter_change_no_fingerprint(tmp_path: Path) -> None:
    scene = CASES["yaml-mark"].files["specs/s.yaml"].decode("utf-8-sig")
    scene = scene.replace("gulls over a pier", "|\n      a caf\u00e9\n      at dawn").replace(
        "{id: gulls, prompt: ", "id: gulls\n    prompt: "
    )
    scene = scene.replace("dawn}", "dawn")
    forms = [
        scene,
        scene.replace("\n", "\r\n"),
        scene.replace("\u00e9", "e\u0301"),
        "\ufeff" + scene,
    ]
    seen = set()
    for at, form in enumerate(forms):
        code, said = answered(
            lay(sources("", form), tmp_path / str(at)), "tasks", "--format", "json"
        )
        assert code == 0, said
        seen.add(json.loads(said)["tasks"][0]["fingerprint"])

    assert len(seen) == 1


def test_many_files_are_counted_before_they_are_held(tmp_path: Path) -> None:
    big = b"# " + b"x" * ((1 << 20) - 3) + b"\n"
    files = {f"specs/s{at:02}.yaml": big for at in range(34)}
    code, said = answered(lay(Case("", "", files), tmp_path), "validate")

    assert code == 2
    assert said.count("hold more than 32 MiB together") == 1


def test_a_file_name_that_is_no_text_is_answered(tmp_path: Path) -> None:
    lay(CASES["yaml-mark"], tmp_path)
    odd = bytes(tmp_path) + b"/specs/\xff\x1b[2J.yaml"
    with open(odd, "wb") as file:  # noqa: PTH123 - a name that is no text
        file.write(b"version: 1\n")
    for form in ("text", "json", "github"):
        code, said = answered(tmp_path, "validate", "--format", form)
        assert code == 2
        assert "the name of this file is not UTF-8" in said
        assert "\x1b" not in said


def test_the_work_of_all_templates_of_a_project_is_bounded(tmp_path: Path) -> None:
    axis = ", ".join(map(str, range(100)))
    loops = "{% for a in range(70) %}{% for b in range(100) %}{{ b }}{% endfor %}{% endfor %}"
    scene = CASES["yaml-mark"].files["specs/s.yaml"].decode("utf-8-sig")
    scene = scene.replace("shots:", f"matrix: {{y: [{axis}], z: [{axis}]}}\nshots:")
    scene = scene.replace("gulls over a pier", "{file: a.j2}")
    body = (
        "{% if y == 1000 %}{{ z }}{% endif %}{% set all %}"
        + loops
        + "{% endset %}gulls {{ y }} {{ z }}"
    )
    files = {"specs/s.yaml": scene.encode(), "templates/a.j2": body.encode()}
    code, said = answered(lay(Case("", "", files), tmp_path), "validate")

    assert code == 2
    assert "the prompts of this project do more work than all may ask for" in said

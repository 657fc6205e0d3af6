"""validate shows all problems at once: one fault hides no other; warnings change no exit code."""

import json
from pathlib import Path
from typing import Any

import pytest

from renderer.cli.main import run
from tests.conftest import Write

Out = pytest.CaptureFixture[str]
PROJECT = """\
version: 1
aspect: "16:9"
settings: {model: "bytedance:seedance@1.5-pro", resolution: 480p, duration: 4}
vars: {look: wet}
"""
SOUND = """\
version: 1
scene: sound
shots:
  - {id: a, prompt: "{{ look }} gulls"}
"""


def report(root: Path, capsys: Out, *specs: str) -> tuple[int, Any]:
    code = run(["-C", str(root), "validate", *specs, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def lines(rows: list[dict[str, Any]]) -> list[str]:
    return [f"{row['file']}:{row['line']}" for row in rows]


BROKEN = """\
version: 1
scene: pier
titel: Fog
vars: {weather: mist, storms: [null]}
matrix: {swell: 3}
shots:
  - {id: A, prompt: one}
  - id: b
    prompt: "{{ lok }} {{ storms }} {{ swell }} {{ wether }}"
    settings: {duration: 3}
  - {id: c, prompt: {file: none.j2}}
  - {id: d, prompt: x, skip: perhaps}
  - {id: e, prompt: "{{ weather }} rain", frames: {first: assets/none.png}}
"""


def test_a_structural_fault_hides_no_fault_of_sound_shots(
    tmp_path: Path, write: Write, capsys: Out
) -> None:
    write("renderer.yaml", PROJECT)
    write("specs/pier.yaml", BROKEN)
    code, found = report(tmp_path, capsys)
    structure, shots = [3, 4, 5, 7, 12], [9, 9, 10, 11, 13]
    assert code == 2
    assert lines(found["problems"]) == [
        f"specs/pier.yaml:{at}" for at in sorted(structure + shots)
    ]


def test_a_fault_of_the_project_hides_none_of_its_scenes(
    tmp_path: Path, write: Write, capsys: Out
) -> None:
    write("renderer.yaml", PROJECT.replace("vars: {look: wet}", "vars: {look: [null]}\ntitel: x"))
    write(
        "specs/pier.yaml",
        SOUND.replace("look }}", "look }} {{ lok }}").replace("scene: sound", "scene: pier"),
    )
    write("specs/sound.yaml", SOUND.replace("gulls", "gulls {{ nobody }}"))
    _, found = report(tmp_path, capsys)
    assert lines(found["problems"]) == [
        *("renderer.yaml:4", "renderer.yaml:5", "specs/pier.yaml:4", "specs/sound.yaml:4"),
    ]


SLIPS = """\
version: 1
scene: pier
title: yes
settings: {seed: 0x10, duration: 3}
shots:
  - {id: a, prompt: "{{ lok }} gulls", draft: on}
  - {id: b, prompt: "{{ wether }} gulls"}
  - {id: B, prompt: "x"}
  - {id: d, prompt: !x gulls, id: e}
"""


def test_a_slip_of_the_text_hides_no_other_fault_and_is_told_once(
    tmp_path: Path, write: Write, capsys: Out
) -> None:
    write("renderer.yaml", PROJECT)
    write("specs/pier.yaml", SLIPS)
    _, found = report(tmp_path, capsys)
    assert lines(found["problems"]) == [f"specs/pier.yaml:{at}" for at in (3, 4, 4, 6, 7, 8, 9, 9)]


@pytest.mark.parametrize(
    "text",
    ["version: 1\nscene: *a\nshots: [{id: a, prompt: '{{ b }}'}]", "version: 1\n[a]: b\nscene: a",
     "version: 2\nscene: a\nshots: [{id: a, prompt: '{{ b }}'}]", "[1]", "version: 1\nscene: a\nshots: 3",
     "version: 1\nscene: a\nsettings: 3\nshots: [{id: a, prompt: x}]"],
)  # fmt: skip
def test_what_cannot_be_read_further_is_told_once(
    text: str, tmp_path: Path, write: Write, capsys: Out
) -> None:
    write("renderer.yaml", PROJECT)
    write("specs/a.yaml", text)
    code, found = report(tmp_path, capsys)
    assert (code, len(found["problems"])) == (2, 1)


def test_a_broken_scene_makes_no_more_than_a_sound_one_may(
    tmp_path: Path, write: Write, capsys: Out
) -> None:
    axes = ", ".join(f"v{at}: [{', '.join(map(str, range(10)))}]" for at in range(4))
    prompt = " ".join(f"{{{{ v{at} }}}}" for at in range(4))
    shots = "".join(f'  - {{id: s{at}, prompt: "{prompt}"}}\n' for at in range(900))
    write("renderer.yaml", PROJECT)
    write("specs/a.yaml", f"version: 1\nscene: a\ntitel: x\nmatrix: {{{axes}}}\nshots:\n{shots}")
    code, found = report(tmp_path, capsys)
    assert code == 2
    assert any("9000000 tasks" in row["message"] for row in found["problems"])


UNUSED = """\
version: 1
scene: pier
vars: {weather: mist, wether: rain}
shots:
  - {id: a, prompt: "{{ weather }} and {{ look }}", vars: {coat: red}}
  - {id: b, prompt: {file: b.j2}, vars: {hat: blue}}
"""


def test_variables_that_no_prompt_uses_are_warnings(
    tmp_path: Path, write: Write, capsys: Out
) -> None:
    write("renderer.yaml", PROJECT.replace("look: wet", "look: wet, grade: cold"))
    write("specs/pier.yaml", UNUSED)
    write("templates/b.j2", "{% if 0 %}{{ hat }}{% endif %}gulls\n")
    code, found = report(tmp_path, capsys)
    assert (code, found["problems"]) == (0, [])
    assert lines(found["warnings"]) == [
        "renderer.yaml:4",
        "specs/pier.yaml:3",
        "specs/pier.yaml:5",
    ]
    assert {row["severity"] for row in found["warnings"]} == {"warning"}


def test_a_prompt_that_is_not_sound_makes_no_variable_look_unused(
    tmp_path: Path, write: Write, capsys: Out
) -> None:
    write("renderer.yaml", PROJECT)
    write("specs/pier.yaml", UNUSED.replace("{{ weather }}", "{% if %}"))
    write("templates/b.j2", "gulls and {{ hat }}\n")
    _, found = report(tmp_path, capsys)
    assert found["warnings"] == []


FILE = SOUND.replace('"{{ look }} gulls"', "{file: a.j2}")
LINKED = SOUND.replace("scene: sound", "scene: b").replace(
    '"}', '", frames: {first: {shot: sound/a}}}'
)
FAULTS: dict[str, dict[str, str | bytes]] = {
    "the project": {"renderer.yaml": PROJECT + "draft: 3\n"},
    "a layer above": {"renderer.yaml": PROJECT.replace("duration: 4", "duration: [4]")},
    "a value above": {"renderer.yaml": PROJECT.replace("duration: 4", "duration: 3")},
    "its template": {"specs/a.yaml": FILE, "templates/a.j2": "{{ x }}"},
    "a template that is no text": {"specs/a.yaml": FILE, "templates/a.j2": b"\xff"},
    "a scene that it takes a frame from": {
        "specs/a.yaml": SOUND.replace("gulls", "gulls {{ x }}"),
        "specs/b.yaml": LINKED,
    },
}


@pytest.mark.parametrize("name", FAULTS)
def test_validate_of_a_file_says_ok_only_if_its_scene_can_be_planned(
    name: str, tmp_path: Path, write: Write, capsys: Out
) -> None:
    files = FAULTS[name]
    sound: dict[str, str | bytes] = {"renderer.yaml": PROJECT, "specs/a.yaml": SOUND}
    for path, text in {**sound, **files}.items():
        write(path, text)
    asked = "specs/b.yaml" if "specs/b.yaml" in files else "specs/a.yaml"
    assert run(["-C", str(tmp_path), "validate", asked]) == 2
    assert "OK" not in capsys.readouterr().out


def test_problems_of_other_scenes_are_no_exit_code_of_a_sound_file_but_are_told(
    tmp_path: Path, write: Write, capsys: Out
) -> None:
    write("renderer.yaml", PROJECT)
    write("specs/a.yaml", SOUND)
    write("specs/b.yaml", SOUND.replace("scene: sound", "scene: b").replace("look", "lok"))
    assert run(["-C", str(tmp_path), "validate", "specs/a.yaml"]) == 0
    said = capsys.readouterr().out
    assert "OK" not in said
    assert "1 problem in other files" in said

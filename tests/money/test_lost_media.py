"""Media that is not here: said, fetched again for nothing, and never bought again unasked."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.harness.paying import Call
from tests.harness.served import Served

Out = pytest.CaptureFixture[str]
RUNWARE = ("--provider", "runware")


@pytest.fixture
def made(engine: Served, paid: Call) -> Served:
    assert paid() == 0
    engine.calls.clear()
    return engine


@pytest.fixture
def clone(project: Path, made: Served) -> Path:  # noqa: ARG001 - made before
    """Leave what a colleague's clone has: specs and lockfile."""
    shutil.rmtree(project / ".renderer")
    shutil.rmtree(project / "renders")
    return project


def objects(project: Path) -> list[Path]:
    return [one for one in (project / ".renderer" / "objects").rglob("*") if one.is_file()]


def bought(engine: Served) -> int:
    return len(engine.store.billing.charged)


def forget(engine: Served) -> None:
    """Have the provider know nothing any more of what it made until now."""
    old = {line.task_uuid for line in engine.store.billing.charged}

    def change(answer: bytes) -> bytes:
        body: dict[str, Any] = json.loads(answer)
        rows = [row for row in body.get("data", ()) if row.get("taskUUID") not in old]
        return json.dumps({**body, "data": rows}).encode()

    engine.change = change


def wipe(project: Path, what: str) -> None:
    shutil.rmtree(project / what)


@pytest.mark.usefixtures("clone")
def test_a_clone_says_what_is_not_here_and_that_is_no_change(
    made: Served, call: Call, capsys: Out
) -> None:
    capsys.readouterr()
    for _ in range(2):  # the second plan remembers the first
        assert call("plan", *RUNWARE, "--exit-code") == 0
        said = capsys.readouterr().out
        assert "Nothing to do" in said
        assert "2 takes are not on this machine" in said
    assert call("lock", "check", *RUNWARE) == 0
    assert call("status", *RUNWARE) == 0
    assert "2 takes are not on this machine" in capsys.readouterr().out
    assert call("plan", *RUNWARE, "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)["not_here"]
    assert found == ["harbour/quay#1", "harbour/lamp#1"]
    assert made.calls == []


def test_render_fetches_from_the_provider_what_is_nowhere_else(
    clone: Path, made: Served, call: Call, capsys: Out
) -> None:
    assert call("render", *RUNWARE) == 0  # nothing is bought, so nobody is asked

    assert bought(made) == 2
    assert made.bodies("videoInference") == []
    assert len(objects(clone)) == len(list((clone / "renders").rglob("*.mp4"))) == 2
    assert call("verify", *RUNWARE) == 0
    capsys.readouterr()
    assert call("plan", *RUNWARE) == 0
    assert "not on this machine" not in capsys.readouterr().out


def test_what_getresponse_has_no_more_the_archive_may_have(
    clone: Path, made: Served, call: Call
) -> None:
    def change(answer: bytes) -> bytes:
        body: dict[str, Any] = json.loads(answer)
        if any("response" in row for row in body.get("data", ())):
            return answer  # the archive
        return b'{"data": []}'

    made.change = change

    assert call("render", *RUNWARE) == 0
    assert len(objects(clone)) == 2
    assert bought(made) == 2


@pytest.mark.parametrize("results", [1, 2])
def test_a_video_without_a_name_is_known_by_its_bytes(
    project: Path, engine: Served, paid: Call, call: Call, results: int
) -> None:
    spec = project / "specs" / "harbour.yaml"
    text = spec.read_text().replace("duration: 4", f"duration: 4\n  numberResults: {results}")
    spec.write_text(text)
    assert paid("--only", "harbour/quay") == 0
    wipe(project, ".renderer")
    wipe(project, "renders")
    engine.change = lambda answer: answer.replace(b'"videoUUID"', b'"video"')

    assert call("render", *RUNWARE, "--only", "harbour/quay") == 0

    assert len(objects(project)) == bought(engine) == results


def test_a_copy_on_this_disk_comes_before_the_provider(
    project: Path, made: Served, call: Call
) -> None:
    wipe(project, ".renderer/objects")
    (project / "elsewhere").mkdir()
    (lamp,) = (project / "renders").rglob("lamp*.mp4")
    lamp.rename(project / "elsewhere" / "old copy.bin")

    assert call("render", *RUNWARE) == 0

    assert made.calls == []
    assert len(objects(project)) == 2


def test_what_nobody_has_is_bought_again_only_when_it_is_named(
    clone: Path, made: Served, call: Call, paid: Call, capsys: Out
) -> None:
    forget(made)
    assert call("render", *RUNWARE) == 1
    assert "renderer render --provider runware --again" in capsys.readouterr().err
    assert paid() == 1
    assert bought(made) == 2

    before = json.loads((clone / "renderer.lock").read_text())["tasks"]["harbour/quay"]
    assert call("render", *RUNWARE, "--again", "harbour/quay#1") == 4  # nobody to ask
    assert paid("--again", "harbour/quay#1", "--max-cost", "0.01") == 4
    assert bought(made) == 2
    assert paid("--again", "harbour/quay#1") == 0
    assert bought(made) == 3
    after = json.loads((clone / "renderer.lock").read_text())["tasks"]["harbour/quay"]
    assert list(before["takes"]) == ["#1"]
    assert list(after["takes"]) == ["#1", "#2"]
    assert after["takes"]["#2"]["seed"] == before["takes"]["#1"]["seed"]
    assert after["takes"]["#2"]["taskUUID"] != before["takes"]["#1"]["taskUUID"]
    made.change = None
    assert paid() == 0  # and the other one is fetched after all
    assert bought(made) == 3


def test_what_could_not_be_had_is_said_after_a_render_that_made_something(
    clone: Path, made: Served, paid: Call, capsys: Out
) -> None:
    forget(made)
    spec = clone / "specs" / "harbour.yaml"
    spec.write_text(spec.read_text() + "  - {id: gate, prompt: A gate is shut.}\n")

    def change(answer: bytes) -> bytes:
        if any(b"A gate is shut" in body for body in made.bodies("videoInference")):
            made.change = None
        return forgetful(answer)

    forgetful = made.change or bytes
    made.change = change

    assert paid() == 1

    assert bought(made) == 3
    assert "2 takes are not in renders/" in capsys.readouterr().err


def test_a_copy_on_this_disk_needs_no_key(
    project: Path, made: Served, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    wipe(project, ".renderer/objects")
    monkeypatch.delenv("RUNWARE_API_KEY")

    assert call("render", *RUNWARE) == 0

    assert made.calls == []
    assert len(objects(project)) == 2


def test_takes_that_are_bought_anew_have_their_seeds_and_numbers_of_their_own(
    project: Path, engine: Served, call: Call, paid: Call, capsys: Out
) -> None:
    spec = project / "specs" / "harbour.yaml"
    spec.write_text(spec.read_text().replace("duration: 4", "duration: 4\n  numberResults: 3"))
    assert paid("--only", "harbour/quay") == 0
    before = takes_of(project)
    for name in ("#1", "#3"):
        sha = before[name]["sha256"]
        for one in [*objects(project), *(project / "renders").rglob("*.mp4")]:
            if hashlib.sha256(one.read_bytes()).hexdigest() == sha:
                one.unlink()
    forget(engine)
    assert call("render", *RUNWARE, "--only", "harbour/quay") == 1
    count = bought(engine)

    names = ("--again", "harbour/quay#1", "--again", "harbour/quay#3")
    assert paid(*names) == 0

    after = takes_of(project)
    assert bought(engine) - count == 2
    assert {name: take["seed"] for name, take in after.items()} == {
        "#1": 7,
        "#2": 8,
        "#3": 9,
        "#4": 7,
        "#5": 9,
    }
    made = json.loads(plan_text(call, capsys))["tasks"]
    assert all(not task["takes"] for task in made if task["address"] == "harbour/quay")


def plan_text(call: Call, capsys: Out) -> str:
    capsys.readouterr()
    assert call("plan", *RUNWARE, "--format", "json") == 0
    return capsys.readouterr().out


def takes_of(project: Path) -> Any:
    found = json.loads((project / "renderer.lock").read_text())["tasks"]
    return found["harbour/quay"]["takes"]


@pytest.mark.parametrize(("name", "code"), [("harbour/quay#1", 4), ("harbour/quay#9", 2)])
def test_a_take_that_is_here_or_never_was_is_not_bought_again(
    made: Served, paid: Call, name: str, code: int
) -> None:
    assert paid("--again", name) == code
    assert bought(made) == 2


@pytest.mark.parametrize("same_size", [True, False])
def test_a_damaged_file_is_never_laid_out_and_repaired_for_nothing(
    project: Path, made: Served, call: Call, capsys: Out, *, same_size: bool
) -> None:
    wipe(project, "renders")
    for one in objects(project):
        content = one.read_bytes()
        one.chmod(0o644)
        one.write_bytes(b"x" * (len(content) - (0 if same_size else 1)))
    assert call("render", *RUNWARE) == 1
    assert list((project / "renders").rglob("*.mp4")) == []
    assert call("verify", *RUNWARE) == 1
    said = capsys.readouterr().out
    assert "renderer verify --repair" in said

    assert call("verify", *RUNWARE, "--repair") == 0

    assert len(list((project / "renders").rglob("*.mp4"))) == 2
    assert call("render", *RUNWARE) == 0
    assert bought(made) == 2


def test_a_provider_with_other_bytes_under_the_same_id_is_not_believed(
    clone: Path, made: Served, call: Call, capsys: Out
) -> None:
    path = clone / "renderer.lock"
    text = path.read_text()
    sha = json.loads(text)["tasks"]["harbour/quay"]["takes"]["#1"]["sha256"]
    path.write_text(text.replace(sha, "0" * 64))

    assert call("render", *RUNWARE) == 1
    assert "harbour/quay#1: not here: the provider's file has changed" in capsys.readouterr().err
    assert bought(made) == 2


def test_the_embedded_engine_makes_its_own_again(project: Path, call: Call, capsys: Out) -> None:
    assert call("render") == 0
    lock = (project / "renderer.local.lock").read_text()
    for what in (".renderer", "renders"):
        wipe(project, what)
    capsys.readouterr()
    assert call("plan", "--exit-code") == 0
    assert "2 takes are not on this machine" in capsys.readouterr().out

    assert call("render") == 0

    assert len(list((project / "renders").rglob("*.mp4"))) == 2
    assert call("verify") == 0
    tasks = json.loads(lock)["tasks"]
    assert (
        json.loads((project / "renderer.local.lock").read_text())["tasks"].keys() == tasks.keys()
    )

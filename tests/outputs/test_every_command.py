"""What every command prints with `--format json` is as its schema says: no more, no less."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from renderer.cli.documents import DOCUMENTS, document_schema
from renderer.cli.main import group, run
from renderer.runware.messages import TaskError
from tests.conftest import Write
from tests.harness.inside import inside
from tests.harness.served import KEY, Served
from tests.outputs.conftest import (
    COVERED,
    PAID,
    RENDER,
    SPEC,
    STORY,
    Caller,
    Json,
    covers,
    ended,
    lasting,
    leaves,
    sound,
    speaks_json,
)

Out = pytest.CaptureFixture[str]
SCHEMAS = Path(__file__).parents[2] / "schemas" / "output"
# Commands that print no JSON of ours, and why.
EXCEPTIONS = {
    "schema": "prints a JSON Schema",
    "lock textconv": "git reads its lines",
}
NOT_COMMANDS = {"error", "plan-base"}
# Names from before keys were snake_case; each stands beside its new name.
OLD_NAMES = {"taskUUID": "task_uuid", "atRisk": "money"}
MEDIA = {"width": 480, "height": 320, "fps": 24.0}


def test_every_command_prints_json_or_is_a_named_exception() -> None:
    every = {" ".join(path) for path in leaves(group)}
    speaking = {" ".join(path) for path in leaves(group) if speaks_json(path)}
    assert every - speaking == EXCEPTIONS.keys()
    assert speaking == COVERED
    assert {one.replace(" ", "-") for one in speaking} | NOT_COMMANDS == DOCUMENTS.keys()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_schema_that_ships_is_written_from_the_types(name: str, capsys: Out) -> None:
    assert run(["schema", name]) == 0
    printed = capsys.readouterr().out
    assert (SCHEMAS / f"{name}.schema.json").read_text() == printed, (
        f"run: renderer schema {name} > schemas/output/{name}.schema.json"
    )
    Draft7Validator.check_schema(json.loads(printed))


def test_no_schema_ships_of_a_document_that_is_not_there() -> None:
    names = {path.name.removesuffix(".schema.json") for path in SCHEMAS.iterdir()}
    assert names == DOCUMENTS.keys()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_keys_are_snake_case_and_old_names_have_new_ones_beside_them(name: str) -> None:
    for part in inside(document_schema(name), "definitions").values():
        assert part["description"]
        for key in part["properties"]:
            assert re.fullmatch(r"[a-z][a-z0-9_]*", key) or OLD_NAMES[key] in part["properties"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_schema_lets_later_versions_add_keys_and_takes_nothing_away(name: str) -> None:
    assert '"additionalProperties": false' not in json.dumps(document_schema(name))
    wrong = list(Draft7Validator(document_schema(name)).iter_errors({}))
    assert wrong


@covers("validate", "tasks", "show", "plan")
def test_what_is_asked_for_and_what_would_be_done(json_of: Caller) -> None:
    found = json_of.document("validate")
    assert (found["scenes"], found["tasks"], len(found["warnings"])) == (1, 2, 1)
    tasks = json_of.document("tasks")["tasks"]
    assert [one["address"] for one in tasks] == ["harbour/bell", "harbour/chase"]
    assert tasks[0]["request"]["positivePrompt"] == "A bell tolls over the harbour."
    assert tasks[1]["frames"]["first"]["mode"] == "pin"
    assert json_of.document("show", "bell")["origins"]["seed"]["layer"] == "scene"
    plan = json_of.document("plan", *PAID)
    assert (plan["summary"]["create"], plan["warnings"]) == (2, [])
    assert plan["summary"]["cost"]["currency"] == "USD"


@covers("plan")
def test_warnings_are_in_the_plan(json_of: Caller, write: Write) -> None:
    write(SPEC, STORY.replace("vars:", "matrix: {seed: [7]}\nvars:") + "    settings: {seed: 9}\n")
    (warning,) = json_of.document("plan")["warnings"]
    assert (warning["severity"], warning["line"]) == ("warning", 15)


@covers("validate")
def test_problems_are_documents_too(json_of: Caller, write: Write) -> None:
    write(SPEC, STORY.replace("seed: 7", "seed: x"))
    (problem,) = json_of.document("validate", code=2)["problems"]
    assert (problem["file"], problem["line"]) == (SPEC, 5)
    for command in ("tasks", "plan", "status", "picks", "review"):
        assert json_of.error(command)["error"]["code"] == 2
    assert json_of.error("show", "bell")["problems"] == [problem]


@covers("render")
def test_a_paid_render(json_of: Caller, paid: list[Json]) -> None:
    events = paid
    assert [one["event"] for one in events if one["event"] != "progress"] == [
        "planned",
        "take",
        "take",
        "ended",
    ]
    takes = [one for one in events if one["event"] == "take"]
    for take in takes:
        assert (json_of.root / take["path"]).stat().st_size == take["size"]
        assert take["path"].startswith("renders/harbour/")
        assert {key: take[key] for key in MEDIA} == MEDIA
        assert take["frames"] == pytest.approx(take["duration"] * take["fps"], abs=1)
    steps = [one for one in events if one["event"] == "progress"]
    assert {one["state"] for one in steps} >= {"submitted", "recorded"}
    end = events[-1]
    assert (end["exit_code"], end["made"], end["failed"]) == (0, 2, [])
    spent = Decimal(end["spent"]["low"])
    assert spent == sum(Decimal(one["money"]["cost"]["low"]) for one in takes) > 0


@covers("status", "cost")
def test_what_was_spent(json_of: Caller, paid: list[Json]) -> None:
    spent = Decimal(paid[-1]["spent"]["high"])
    status = json_of.document("status", *PAID)
    assert (status["made"], status["takes"], status["open"]) == (2, 2, [])
    assert Decimal(status["money"]["spent"]["high"]) == spent == Decimal(status["spent"])
    cost = json_of.document("cost")
    assert Decimal(cost["total"]["money"]["counted"]["high"]) == spent


@covers("takes", "show", "verify")
def test_a_take_is_the_same_wherever_it_is_listed(json_of: Caller, paid: list[Json]) -> None:
    made = next(one for one in paid if one["event"] == "take")
    first = {key: value for key, value in made.items() if key not in ("event", "version")}
    (row,) = json_of.document("takes", "bell", *PAID)["shots"]
    assert {key: row["takes"][0][key] for key in first} == first
    (shown,) = json_of.document("show", "bell", *PAID)["made"]
    assert shown == {key: first[key] for key in shown}
    verified = json_of.document("verify", *PAID)["takes"]
    assert [one["state"] for one in verified] == ["whole", "whole"]
    assert verified[0]["width"] == 480
    assert (json_of.root / verified[0]["path"]).is_file()


def test_what_is_not_here_has_no_path_and_no_measures(json_of: Caller, paid: list[Json]) -> None:
    assert paid
    (lost,) = [one for one in json_of.document("verify", *PAID)["takes"] if "bell" in one["name"]]
    (json_of.root / lost["path"]).unlink()
    for path in (json_of.root / "renders").rglob("*.mp4"):
        path.unlink()
    (one,) = json_of.document("takes", "bell", *PAID)["shots"][0]["takes"]
    gone = ("path", "width", "height", "duration", "fps", "frames")
    assert [one[key] for key in gone] == [None] * 6
    states = {
        one["name"]: one["state"] for one in json_of.document("verify", *PAID, code=1)["takes"]
    }
    assert states == {"harbour/bell#1": "missing", "harbour/chase#1": "whole"}
    events = json_of.events("render", *RENDER)
    assert [one["found"] for one in events if one["event"] == "fetched"] == [True]
    assert json_of.document("verify", "--repair", *PAID)["takes"][0]["state"] == "whole"


@covers("render")
def test_a_render_with_nothing_to_do_a_refused_one_and_a_wrong_one(
    json_of: Caller, engine: Served, rendered: tuple[Path, list[Json]]
) -> None:
    engine.calls.clear()
    (error,) = json_of.events("render", *PAID, "--max-cost", "0.001", code=4)
    assert (error["event"], error["error"]["code"]) == ("error", 4)
    (error,) = json_of.events("render", *PAID, code=4)
    assert "--yes" in error["error"]["hint"] + error["error"]["message"]
    (error,) = json_of.events("render", "--only", "nothing", code=2)
    (error,) = json_of.events("render", "--no-such-option", code=2)
    assert engine.calls == []
    shutil.copytree(rendered[0], json_of.root, dirs_exist_ok=True)
    events = json_of.events("render", *RENDER)
    assert [one["event"] for one in events] == ["planned", "ended"]
    assert events[0]["plan"]["summary"]["takes"] == events[1]["made"] == 0


@covers("render")
@pytest.mark.usefixtures("engine")
def test_a_dry_run_is_events_too(json_of: Caller) -> None:
    events = json_of.events("render", *PAID, "--dry-run")
    assert [one["event"] for one in events] == ["judged", "judged_all"]
    assert events[0]["address"] == "harbour/bell"
    assert Decimal(events[-1]["price"]["low"]) > 0


@covers("render")
def test_what_failed_is_in_the_last_event(json_of: Caller, engine: Served) -> None:
    error = TaskError(code="videoFailed", message="no film today")
    engine.store.options = replace(engine.store.options, outcome=lambda *_: error)
    events = json_of.events("render", *RENDER, code=1)
    assert (events[-1]["made"], events[-1]["exit_code"]) == (0, 1)
    (failed,) = events[-1]["failed"]
    assert (failed["address"], failed["code"]) == ("harbour/bell", "videoFailed")
    assert events[-1]["waiting"] == ["harbour/chase"]


@covers("notes", "notes add", "notes resolve", "notes reopen", "notes verdict")
def test_what_is_said_of_takes(json_of: Caller, paid: list[Json]) -> None:
    assert paid
    said = ("--who", "Ann", *PAID)
    found = json_of.document("notes add", "bell#1", "the rope", "--at", "0-2f", *said)
    (note,) = found["notes"]
    assert (found["file"], note["at"], note["resolved"]) == ("reviews.yaml", "0-2f", False)
    assert json_of.document("notes resolve", note["id"])["notes"][0]["resolved"]
    assert not json_of.document("notes reopen", note["id"])["notes"][0]["resolved"]
    assert json_of.document("notes verdict", "bell#1", "circle", *said)["verdict"]["who"] == "Ann"
    (take,) = json_of.document("notes", *PAID)["takes"]
    assert (take["take"], take["verdict"]["verdict"], take["here"]) == (
        note["take"],
        "circle",
        True,
    )
    assert [one["id"] for one in take["notes"]] == [note["id"]]
    assert json_of.document("notes verdict", "bell#1", "none", *PAID)["verdict"] is None
    assert json_of.error("notes add", "bell#9", "x", *said)["error"]["code"] == 2


@covers("pick", "picks", "repin")
def test_choosing(json_of: Caller, paid: list[Json], write: Write) -> None:
    assert paid
    (row,) = json_of.document("takes", "bell", *PAID)["shots"]
    found = json_of.document("pick", "bell#1:0.25-12f", *PAID)
    (part,) = found["picked"][0]["parts"]
    assert (part["sha256"], part["in"], part["out"]) == (row["takes"][0]["sha256"], "0.25", "12f")
    states = [one["state"] for one in json_of.document("picks", *PAID)["shots"]]
    assert states == ["picked", "to review"]
    saved = {"version": 1, "picks": {"harbour/bell": {**part, "in": 0, "out": 1}}}
    path = write("choices.json", json.dumps(saved))
    assert len(json_of.document("pick", "--from", str(path), *PAID)["picked"]) == 1
    assert json_of.document("pick", "--undo", "bell", *PAID)["undone"][0]["shot"] == "harbour/bell"
    assert json_of.error("pick", "--undo", "bell", *PAID)["problems"]
    assert json_of.document("repin", "chase", *PAID)["addresses"] == ["harbour/chase"]


@covers("review")
def test_a_page_that_is_written(json_of: Caller, paid: list[Json]) -> None:
    assert paid
    found = json_of.document("review", *PAID)
    assert Path(found["page"]).is_file()
    assert (found["shots"], found["takes"]) == (2, 2)


@covers("account")
@pytest.mark.usefixtures("engine")
def test_the_account(json_of: Caller) -> None:
    found = json_of.document("account")
    assert found["money"]["balance"]["low"] == found["balance"]


@covers("init", "import")
def test_a_new_project_and_a_scene_of_requests(
    json_of: Caller, tmp_path: Path, write: Write
) -> None:
    target = tmp_path / "new"
    files = json_of.document("init", str(target))["files"]
    assert all((target / name).is_file() for name in files)
    assert json_of.error("init", str(target))["problems"]
    request: Json = {"taskType": "videoInference", "model": "bytedance:seedance@1.5-pro"}
    request |= {"positivePrompt": "A tug.  \n", "duration": 4, "width": 864, "height": 496}
    path = write("tug.json", json.dumps(request))
    found = json_of.document("import", str(path), "--stdout")
    assert (found["scene"], found["file"], len(found["notes"])) == ("tug", None, 1)
    written = json_of.document("import", str(path))
    assert Path(written["file"]).read_text() == written["text"] == found["text"]
    assert json_of.error("import", str(path))["problems"]


def git(folder: Path, *argv: str) -> None:
    names = dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "x@y")
    names |= dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "x")
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(
        ["git", *argv], cwd=folder, env={**kept, **names, **alone}, check=True, capture_output=True
    )


@covers("plan", "lock check", "lock merge", "git install", "git uninstall")
def test_what_git_and_ci_ask(
    json_of: Caller, rendered: tuple[Path, list[Json]], write: Write
) -> None:
    root = json_of.root
    assert json_of.document("lock check", *PAID, code=4)["in_sync"] is False
    shutil.copytree(rendered[0], json_of.root, dirs_exist_ok=True)
    assert json_of.document("lock check", *PAID)["in_sync"] is True
    git(root, "init", "-q")
    write(".gitignore", ".renderer/\n")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    write(SPEC, STORY.replace("tolls", "rings"))
    found = json_of.document("plan", "--base", "HEAD", *PAID, name="plan-base")
    assert found["summary"]["changed"] >= 1
    assert len(json_of.document("git install")["changes"]) == 5
    assert json_of.document("git install")["changes"] == []
    assert len(json_of.document("git uninstall")["changes"]) == 4
    assert json_of.document("lock merge")["joined"] is False
    names = [str(root / name) for name in ("renderer.lock", "ours.lock", "renderer.lock")]
    write("ours.lock", (root / "renderer.lock").read_bytes())
    found = json_of.document("lock merge", *names)
    assert (found["joined"], found["tasks"], found["takes"]) == (True, 2, 2)
    write("ours.lock", "{")
    assert json_of.error("lock merge", *names, code=1)["error"]["code"] == 1


def first(child: "subprocess.Popen[str]", name: str) -> Json:
    assert child.stdout is not None
    return sound(json.loads(child.stdout.readline()), name)


@covers("watch")
def test_a_watch_is_events_until_it_is_ended(story: Path, write: Write) -> None:
    write(SPEC, STORY[: STORY.index("  - id: chase")])
    seen: list[Json] = []
    with lasting(story, "watch") as child:
        assert child.stdout is not None
        for line in child.stdout:
            seen.append(sound(json.loads(line), "watch"))
            ends = [one for one in seen if one["event"] == "ended"]
            if seen[-1]["event"] == "ended" and len(ends) == 1:
                write(SPEC, STORY.replace("seed: 7", "seed: x"))
            if seen[-1]["event"] == "problems":
                break
        seen += [sound(one, "watch") for one in ended(child)]
        assert child.returncode == 0
    names = [one["event"] for one in seen if one["event"] != "progress"]
    assert names == ["watching", "planned", "take", "ended", "problems", "stopped"]
    take = seen[[one["event"] for one in seen].index("take")]
    assert (story / take["path"]).is_file()


@covers("engine", "webhook", "review")
def test_servers_say_where_they_are(story: Path) -> None:
    with lasting(story, "engine", "--port", "0") as child:
        found = first(child, "engine")
        assert found["url"].endswith("/v1")
        assert found["key"]
        assert ended(child) == []
    with lasting(story, "webhook", "--port", "0", extra={"RUNWARE_API_KEY": KEY}) as child:
        assert first(child, "webhook")["url"].startswith("http://127.0.0.1:")
        assert ended(child) == []
    with lasting(story, "review", "--serve", "--port", "0") as child:
        assert "/#" in first(child, "review")["url"]
        assert ended(child) == []

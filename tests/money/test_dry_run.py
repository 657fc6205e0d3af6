"""A dry run is judged and priced by the provider, and buys nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.harness.paying import Call
from tests.harness.served import Served, environment

Out = pytest.CaptureFixture[str]


def dry(call: Call, *argv: str) -> int:
    return call("render", "--provider", "runware", "--dry-run", *argv)


def test_each_order_is_priced_under_the_header_and_none_is_bought(
    project: Path, engine: Served, call: Call, capsys: Out
) -> None:
    before = sorted(project.rglob("*.lock"))
    assert dry(call) == 0
    told = capsys.readouterr().out
    assert "harbour/quay      1     0.09743     0.09743" in told
    assert "Provider: $0.14614 for 2 of 2." in told
    assert engine.paid == {}
    assert [headers.get("x-runware-dry-run") for headers, _ in engine.calls] == ["1", "1"]
    assert [len(json.loads(body)) for _, body in engine.calls] == [1, 1]  # the first goes alone
    assert sorted(project.rglob("*.lock")) == before
    assert not (project / ".renderer" / "journal.db").exists()


def test_it_works_against_the_embedded_engine_without_key_or_network(
    project: Path, call: Call, capsys: Out
) -> None:
    assert project.is_dir()
    assert call("render", "--dry-run") == 0
    assert "Provider: $0.14614 for 2 of 2." in capsys.readouterr().out


def test_a_refusal_is_told_with_code_message_parameter_and_task(
    project: Path, engine: Served, call: Call, capsys: Out
) -> None:
    def refuse(answer: bytes) -> bytes:
        body: dict[str, Any] = json.loads(answer)
        row = body["data"].pop()
        refusal = {"code": "unsupportedDuration", "message": "no\x1b[31m", "parameter": "duration"}
        body["errors"] = [{**refusal, "taskUUID": row["taskUUID"], "allowedValues": [5, 10]}]
        return json.dumps(body).encode()

    assert project.is_dir()
    engine.change = refuse
    assert dry(call, "--only", "harbour/quay") == 5
    (task,) = json.loads(engine.calls[0][1])
    told = capsys.readouterr().out
    assert (
        "refused: unsupportedDuration: no^[[31m (parameter duration); allowed: 5, 10, "
        f"task {task['taskUUID']}"
    ) in told
    assert "for 0 of 1" in told


def test_an_order_that_is_taken_without_a_price_stops_everything(
    project: Path, engine: Served, call: Call, capsys: Out
) -> None:
    def silent(answer: bytes) -> bytes:
        body = json.loads(answer)
        for row in body["data"]:
            row.pop("cost", None)
        return json.dumps(body).encode()

    assert project.is_dir()
    engine.change = silent
    assert dry(call) == 4
    assert "may have been executed and billed: task " in capsys.readouterr().err
    assert len(engine.calls) == 1


def test_a_price_over_the_limit_is_refused(
    project: Path, engine: Served, call: Call, capsys: Out
) -> None:
    assert project.is_dir()
    assert dry(call, "--max-cost", "0.1") == 4
    assert "the provider's price is $0.14614, and the limit is $0.1" in capsys.readouterr().err
    assert engine.paid == {}


def test_a_wrong_key_is_an_error_of_the_provider(
    project: Path, engine: Served, call: Call, capsys: Out
) -> None:
    assert project.is_dir()
    with environment(RUNWARE_API_KEY="WRONG-CANARY"):
        assert dry(call) == 5
    told = capsys.readouterr()
    assert "invalidApiKey" in told.err
    assert "WRONG-CANARY" not in told.err + told.out
    assert engine.paid == {}


def test_images_go_inline_so_that_nothing_is_left_behind(
    project: Path, engine: Served, call: Call
) -> None:
    import io

    from PIL import Image

    picture = io.BytesIO()
    Image.effect_noise((1200, 680), 90).convert("RGB").save(picture, "PNG")
    assert len(picture.getvalue()) > 256 * 1024
    (project / "assets").mkdir()
    (project / "assets" / "first.png").write_bytes(picture.getvalue())
    scene = project / "specs" / "harbour.yaml"
    scene.write_text(
        scene.read_text().replace(
            "- id: quay\n", "- id: quay\n    frames: {first: assets/first.png}\n"
        )
    )

    assert dry(call, "--only", "harbour/quay") == 0
    assert engine.bodies("mediaStorage") == []
    assert b"data:image/png;base64," in engine.calls[0][1]


def test_made_takes_ask_for_nothing(
    project: Path, engine: Served, call: Call, paid: Call, capsys: Out
) -> None:
    assert project.is_dir()
    assert paid() == 0
    before = len(engine.calls)
    assert dry(call) == 0
    assert "every take is made" in capsys.readouterr().out
    assert len(engine.calls) == before

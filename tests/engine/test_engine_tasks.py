"""Accepting tasks, refusing them, and asking for their results."""

import base64
import json
import time
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from renderer.engine.ids import draft_id, is_uuid4, video_uuid
from renderer.engine.options import Archive, Dedupe, Delivery
from renderer.runware.messages import TaskError, parse_answer

Json = Any
Build = Callable[..., Any]
DRAFT = {"bytedance": {"draft": True, "audio": True}}


def png(width: int = 400, height: int = 400, colour: str = "red") -> str:
    file = BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def codes(answer: Any) -> list[str]:
    return [error["code"] for error in answer.json()["errors"]]


def test_a_task_is_acknowledged_once_whatever_the_number_of_results(
    bench: Build, request_of: Build
) -> None:
    task = request_of(numberResults=3)
    answer = bench().post(task)
    expected = [{"taskType": "videoInference", "taskUUID": task["taskUUID"]}]
    assert (answer.status_code, answer.json()) == (200, {"data": expected})


def test_each_result_has_a_seed_and_a_name_of_its_own(bench: Build, request_of: Build) -> None:
    task = request_of(numberResults=3)
    rows = bench().rows(task)
    assert [row["seed"] for row in rows] == [7, 8, 9]
    assert [row["videoUUID"] for row in rows] == [
        video_uuid(task["taskUUID"], i) for i in range(3)
    ]
    assert all(row["videoURL"].endswith(f"/v/{row['videoUUID']}.mp4") for row in rows)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"seed": None},
        {"seed": None, "duration": "auto", "numberResults": 3},
        {"seed": None, "resolution": "480p", "width": None, "height": None},
        {"seed": None, "providerSettings": {"bytedance": {"draft": True}}},
        {"seed": None, "inputs": {"frameImages": [png(700, 400)]}},
    ],
)
def test_a_request_makes_the_same_videos_under_any_task_id(
    bench: Build, request_of: Build, more: Json
) -> None:
    engine = bench()
    made = []
    for number in (1, 2):
        task = request_of(number, includeCost=number == 2, **more)
        rows = engine.rows({key: value for key, value in task.items() if value is not None})
        assert all(row["seed"] < 2**32 for row in rows)
        made.append([engine.http("GET", row["videoURL"]).content for row in rows])
    assert made[0] == made[1]
    assert len(set(made[0])) == more.get("numberResults", 1)


def test_a_drawn_seed_goes_up_with_the_take_however_takes_were_asked_for(
    bench: Build, request_of: Build
) -> None:
    engine, seeds = bench(), []
    for number, (first, count) in enumerate([(1, 3), (1, 1), (2, 2)]):
        task = request_of(number, numberResults=count)
        del task["seed"]
        slate = json.dumps([{"taskUUID": task["taskUUID"], "shot": "a/b", "take": first}])
        seeds.append([row["seed"] for row in engine.rows(task, X_Renderer_Slate=slate)])
    assert seeds[0] == seeds[1] + seeds[2]
    assert len(set(seeds[0])) == 3


def test_a_picture_of_its_own_has_a_drawn_seed_of_its_own(bench: Build, request_of: Build) -> None:
    engine, seeds = bench(), set()
    others: list[Json] = [{}, {"duration": 5}, {"positivePrompt": "A bell tolls"}]
    for number, more in enumerate(others):
        task = request_of(number, **more)
        del task["seed"]
        seeds.add(engine.rows(task)[0]["seed"])
    assert len(seeds) == 3


def test_both_addresses_take_tasks(bench: Build, request_of: Build) -> None:
    engine = bench()
    assert engine.http("POST", "/", json=[request_of()]).status_code == 200


def test_the_cost_is_told_only_when_asked_for(bench: Build, request_of: Build) -> None:
    engine = bench()
    assert "cost" not in engine.rows(request_of(1))[0]
    row = engine.rows(request_of(2, width=1280, height=720, duration=8, includeCost=True))[0]
    assert row["cost"] == 0.41688


def test_the_ledger_holds_a_line_for_each_result(bench: Build, request_of: Build) -> None:
    engine = bench()
    engine.post(request_of(numberResults=2, width=1280, height=720, duration=8))
    lines = engine.store.billing.charged
    assert [(line.seed, line.cost) for line in lines] == [
        (7, Decimal("0.41688")),
        (8, Decimal("0.41688")),
    ]


def test_a_dry_run_tells_the_cost_and_makes_nothing(bench: Build, request_of: Build) -> None:
    engine, task = bench(), request_of(width=1920, height=1080, duration=8, numberResults=2)
    answer = engine.post(task, X_Runware_Dry_Run="1")
    assert answer.json()["data"][0]["cost"] == pytest.approx(2 * 0.93798)
    assert engine.poll(task["taskUUID"]) == {"data": []}
    assert not engine.store.billing.lines


def test_a_task_sent_twice_is_refused_as_a_conflict(bench: Build, request_of: Build) -> None:
    engine = bench()
    engine.post(request_of())
    answer = engine.post(request_of())
    assert (answer.status_code, codes(answer)) == (400, ["conflictTaskUUID"])
    assert answer.json()["errors"][0]["taskUUID"] == request_of()["taskUUID"]
    assert len(engine.store.billing.charged) == 1


def test_letters_of_a_task_id_do_not_make_another_task(bench: Build, request_of: Build) -> None:
    engine = bench()
    engine.post(request_of())
    task = request_of() | {"taskUUID": request_of()["taskUUID"].upper()}
    assert codes(engine.post(task)) == ["conflictTaskUUID"]


def test_a_provider_that_forgets_finished_tasks_takes_the_id_again(
    bench: Build, request_of: Build
) -> None:
    engine = bench(dedupe=Dedupe.IN_FLIGHT)
    engine.post(request_of())
    assert engine.post(request_of()).status_code == 200
    assert len(engine.store.billing.charged) == 2


def test_tasks_of_one_call_are_judged_one_by_one(bench: Build, request_of: Build) -> None:
    answer = bench().post(request_of(1), request_of(2, duration=3), {"taskType": "dance"})
    assert answer.status_code == 200
    assert [row["taskUUID"] for row in answer.json()["data"]] == [request_of(1)["taskUUID"]]
    assert codes(answer) == ["unsupportedDuration", "unsupportedTaskType"]


@pytest.mark.parametrize(
    ("change", "code", "parameter"),
    [
        ({"duration": 3}, "unsupportedDuration", "duration"),
        ({"model": "nobody:nothing@1"}, "invalidModel", "model"),
        ({"positivePrompt": "x"}, "invalidPositivePromptLength", "positivePrompt"),
        ({"positivePrompt": 7}, "invalidPositivePrompt", "positivePrompt"),
        ({"positivePrompt": None}, "missingPositivePrompt", "positivePrompt"),
        ({"fps": 24}, "unsupportedParameter", "fps"),
        ({"width": 641}, "invalidParameter", "width"),
        ({"resolution": "720p"}, "incompatibleParameters", "resolution"),
        ({"outputFormat": "GIF"}, "invalidParameter", "outputFormat"),
        ({"ttl": 3}, "invalidParameter", "ttl"),
        ({"taskUUID": "7"}, "invalidParameter", "taskUUID"),
        (
            {"inputs": {"frameImages": [{"frame": "first"}]}},
            "missingParameter",
            "inputs.frameImages[0].image",
        ),
        (
            {"inputs": {"draftId": "cgt-20260101000000-abcde"}},
            "invalidParameter",
            "inputs.draftId",
        ),
    ],
)
def test_a_wrong_parameter_is_named_with_its_code(
    bench: Build, request_of: Build, change: Json, code: str, parameter: str
) -> None:
    task = {key: value for key, value in request_of(**change).items() if value is not None}
    engine = bench()
    answer = engine.post(task)
    error = answer.json()["errors"][0]
    assert answer.status_code == 400
    assert (error["code"], error["parameter"]) == (code, parameter)
    assert error["taskUUID"] == task["taskUUID"]
    assert error["message"]
    assert not engine.store.billing.lines


def test_allowed_values_come_with_the_error(bench: Build, request_of: Build) -> None:
    errors = bench().post(request_of(duration=3, outputFormat="GIF")).json()["errors"]
    assert {tuple(error["allowedValues"]) for error in errors} == {
        (4, 5, 6, 7, 8, 9, 10, 11, 12, "auto"),
        ("MP4", "WEBM", "MOV"),
    }


def test_missing_dimensions_are_named_together(bench: Build, request_of: Build) -> None:
    task = request_of()
    del task["width"], task["height"]
    error = bench().post(task).json()["errors"][0]
    assert error["code"] == "missingDimensionParameters"
    assert {"width", "height", "resolution"} < set(error["parameter"])


def test_a_refused_task_may_be_corrected_under_its_id(bench: Build, request_of: Build) -> None:
    engine = bench()
    engine.post(request_of(duration=3))
    assert engine.post(request_of()).status_code == 200


def test_an_unknown_task_is_an_empty_answer(bench: Build, request_of: Build) -> None:
    assert bench().poll(request_of()["taskUUID"]) == {"data": []}


def test_several_tasks_are_asked_for_in_one_call(bench: Build, request_of: Build) -> None:
    engine = bench()
    engine.post(request_of(1), request_of(2))
    rows = engine.poll(
        request_of(1)["taskUUID"], request_of(2)["taskUUID"], request_of(3)["taskUUID"]
    )
    assert [row["status"] for row in rows["data"]] == ["success", "success"]


def test_a_running_task_shows_its_videos_and_progress(bench: Build, request_of: Build) -> None:
    engine = bench(delay=30.0)
    row = engine.rows(request_of())[0]
    assert (row["status"], row["videoUUID"]) == ("processing", video_uuid(row["taskUUID"], 0))
    assert 0 <= row["progress"] < 100
    engine.now[0] += 30
    assert engine.poll(row["taskUUID"])["data"][0]["status"] == "success"


def test_processing_rows_can_be_hidden(bench: Build, request_of: Build) -> None:
    assert bench(delay=30.0, show_processing=False).rows(request_of()) == []


def test_results_can_be_readable_a_few_times_only(bench: Build, request_of: Build) -> None:
    engine = bench(reads=2)
    uuid = engine.rows(request_of())[0]["taskUUID"]
    assert engine.poll(uuid)["data"]
    assert engine.poll(uuid) == {"data": []}
    assert codes(engine.post(request_of())) == ["conflictTaskUUID"]


def test_results_can_be_readable_for_some_time_only(bench: Build, request_of: Build) -> None:
    engine = bench(seconds=60.0)
    uuid = engine.rows(request_of())[0]["taskUUID"]
    engine.now[0] += 61
    assert engine.poll(uuid) == {"data": []}


def test_a_failing_result_is_an_error_beside_the_others_and_is_not_billed(
    bench: Build, request_of: Build
) -> None:
    fault = TaskError(code="timeoutProvider", message="The provider gave up.")
    engine = bench(outcome=lambda _, index: fault if index == 1 else None)
    engine.post(request_of(numberResults=3))
    body = engine.poll(request_of()["taskUUID"])
    assert [row["seed"] for row in body["data"]] == [7, 9]
    assert [(row["code"], row["status"]) for row in body["errors"]] == [
        ("timeoutProvider", "error")
    ]
    assert len(engine.store.billing.charged) == 2
    assert parse_answer(body).errors[0].task_uuid == request_of()["taskUUID"]


def test_a_failing_maker_is_an_error_and_no_crash(bench: Build, request_of: Build) -> None:
    def broken(*_: Json) -> None:
        raise ZeroDivisionError

    engine = bench(make=broken)
    engine.post(request_of())
    assert engine.poll(request_of()["taskUUID"])["errors"][0]["code"] == "inferenceError"
    assert not engine.store.billing.charged


def test_details_hold_the_request_and_the_answer(bench: Build, request_of: Build) -> None:
    engine = bench()
    engine.rows(request_of())
    row = engine.post({"taskType": "getTaskDetails", "taskUUID": request_of()["taskUUID"]}).json()[
        "data"
    ][0]
    assert row["request"] == [request_of()]
    assert row["response"]["data"][0]["status"] == "success"


@pytest.mark.parametrize("archive", [Archive.OVERWRITTEN, Archive.OFF])
def test_details_can_be_lost(bench: Build, request_of: Build, archive: Archive) -> None:
    engine = bench(archive=archive)
    engine.post(request_of())
    engine.post(request_of())
    answer = engine.post({"taskType": "getTaskDetails", "taskUUID": request_of()["taskUUID"]})
    if archive is Archive.OFF:
        assert codes(answer) == ["taskNotFound"]
    else:
        response = answer.json()["data"][0]["response"]
        assert response["errors"][0]["code"] == "conflictTaskUUID"


def test_the_balance_goes_down_and_ends(bench: Build, request_of: Build) -> None:
    engine = bench(credit=Decimal("0.50"))
    big = {"width": 1280, "height": 720, "duration": 8}
    assert engine.post(request_of(1, **big)).status_code == 200
    answer = engine.post(request_of(2, **big))
    assert (answer.status_code, codes(answer)) == (402, ["insufficientCredits"])
    account = {"taskType": "accountManagement", "operation": "getDetails"}
    row = engine.post(account | {"taskUUID": request_of(3)["taskUUID"]}).json()["data"][0]
    assert row["balance"] == {
        "amount": pytest.approx(0.08312),
        "freeBalance": 0,
        "currency": "USD",
    }


def test_half_an_image_is_refused_before_the_task_is_accepted(
    bench: Build, request_of: Build
) -> None:
    whole = base64.b64decode(png(500, 500).partition(",")[2])
    for length in (len(whole) // 2, len(whole) - 20):
        half = "data:image/png;base64," + base64.b64encode(whole[:length]).decode()
        engine = bench()
        answer = engine.post(request_of(inputs={"frameImages": [half]}))
        assert (answer.status_code, codes(answer)) == (400, ["invalidValueUploadFailed"])
        assert not engine.store.billing.lines


def test_a_price_that_nobody_knows_is_no_number(bench: Build, request_of: Build) -> None:
    unpriced = {"model": "bytedance:seedance@1.0-pro", "width": 640, "height": 640, "duration": 5}
    row = bench().rows(request_of(1, includeCost=True, **unpriced))[0]
    assert row["status"] == "success"
    assert "cost" not in row
    answer = bench(credit=Decimal(100)).post(request_of(2, **unpriced))
    assert codes(answer) == ["insufficientCredits"]


def test_a_full_line_is_answered_with_a_time_to_wait(bench: Build, request_of: Build) -> None:
    engine = bench(queue=3)
    answer = engine.post(request_of(1, numberResults=4))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
    assert codes(answer) == ["rateLimitExceeded"]
    assert "taskUUID" not in answer.json()["errors"][0]
    assert engine.post(request_of(1, numberResults=3)).status_code == 200


def test_a_draft_is_promoted_to_full_size_with_its_content(
    bench: Build, request_of: Build
) -> None:
    engine = bench()
    draft = engine.rows(request_of(1, providerSettings=DRAFT, duration=6, seed=41))[0]
    name = draft["outputs"]["draftId"]
    assert name == draft_id(draft["videoUUID"])
    task = request_of(2, inputs={"draftId": name}, resolution="1080p", includeCost=True)
    for key in ("width", "height", "duration", "seed"):
        del task[key]
    final = engine.rows(task)[0]
    assert (final["seed"], final["cost"], "outputs" in final) == (41, 0.70470, False)
    brief = engine.http("GET", final["videoURL"]).text
    assert "width=1440, height=1440, duration=6" in brief


def test_a_draft_id_has_the_shape_of_the_provider(bench: Build, request_of: Build) -> None:
    row = bench().rows(request_of(providerSettings=DRAFT))[0]
    head, moment, tail = row["outputs"]["draftId"].split("-")
    assert (head, len(moment), moment.isdigit(), len(tail), tail.isalnum()) == (
        "cgt",
        14,
        True,
        5,
        True,
    )


def test_a_draft_expires_after_seven_days(bench: Build, request_of: Build) -> None:
    engine = bench()
    name = engine.rows(request_of(1, providerSettings=DRAFT))[0]["outputs"]["draftId"]
    engine.now[0] += 7 * 86400 + 1
    assert codes(engine.post(request_of(2, inputs={"draftId": name}))) == ["invalidParameter"]


def test_a_draft_is_known_after_a_restart(bench: Build, request_of: Build) -> None:
    name = bench().rows(request_of(1, providerSettings=DRAFT))[0]["outputs"]["draftId"]
    assert bench().post(request_of(2, inputs={"draftId": name})).status_code == 200


def test_a_restarted_engine_knows_its_tasks_and_bills_nothing_again(
    bench: Build, request_of: Build
) -> None:
    before = bench().rows(request_of())
    engine = bench()
    assert engine.poll(request_of()["taskUUID"])["data"] == before
    assert codes(engine.post(request_of())) == ["conflictTaskUUID"]
    assert engine.http("GET", before[0]["videoURL"]).status_code == 200
    assert not engine.store.billing.lines


def test_a_task_cut_off_by_a_stop_is_made_when_it_is_next_asked_for(
    bench: Build, request_of: Build
) -> None:
    engine = bench()
    engine.store.close()
    engine.post(request_of())
    assert engine.poll(request_of()["taskUUID"])["data"][0]["status"] == "processing"
    assert bench().poll(request_of()["taskUUID"])["data"][0]["status"] == "success"


def test_what_is_old_can_be_swept_away(bench: Build, request_of: Build) -> None:
    engine = bench()
    row = engine.rows(request_of(1, providerSettings=DRAFT))[0]
    engine.now[0] = time.time() + 3600
    engine.store.sweep()
    assert engine.http("GET", row["videoURL"]).status_code == 200
    engine.now[0] += 2 * 86400
    engine.store.sweep()
    assert engine.http("GET", row["videoURL"]).status_code == 404
    promotion = request_of(2, inputs={"draftId": row["outputs"]["draftId"]})
    assert engine.post(promotion).status_code == 200


def test_a_disk_that_cannot_be_written_takes_no_task_and_bills_nothing(
    bench: Build, request_of: Build, tmp_path: Path
) -> None:
    engine = bench()
    (tmp_path / "engine").write_text("a file where the folder should be", encoding="utf-8")
    answer = engine.post(request_of())
    assert (answer.status_code, codes(answer)) == (500, ["internalServerError"])
    assert not engine.store.billing.lines


def test_an_upload_is_named_by_its_content_and_can_be_a_frame(
    bench: Build, request_of: Build
) -> None:
    engine, task = bench(), request_of(9)["taskUUID"]
    upload = {"taskType": "mediaStorage", "taskUUID": task, "operation": "upload", "media": png()}
    first, again = (engine.post(upload).json()["data"][0] for _ in range(2))
    assert first == again
    assert is_uuid4(first["mediaUUID"])
    assert engine.http("GET", first["mediaURL"]).headers["content-type"] == "image/png"
    inputs = {"frameImages": [first["mediaUUID"]]}
    assert engine.post(request_of(1, inputs=inputs)).status_code == 200
    delete = upload | {"operation": "delete", "media": first["mediaUUID"]}
    assert engine.post(delete).status_code == 200
    assert codes(engine.post(delete)) == ["mediaNotFound"]
    assert codes(engine.post(request_of(2, inputs=inputs))) == ["invalidValueUploadFailed"]


def test_the_old_image_upload_works(bench: Build, request_of: Build) -> None:
    task = {"taskType": "imageUpload", "taskUUID": request_of()["taskUUID"], "image": png()}
    row = bench().post(task).json()["data"][0]
    assert is_uuid4(row["imageUUID"])
    assert row["imageUUID"] in row["imageURL"]


@pytest.mark.parametrize(
    "image",
    [
        "data:image/png;base64,AAAA",
        png(100, 100),
        png(1200, 400),
        "A" * 64,
        "sha256:" + "0" * 64,
        "11111111-1111-4111-8111-111111111111",
    ],
)
def test_an_image_that_cannot_be_used_is_refused(
    bench: Build, request_of: Build, image: str
) -> None:
    answer = bench().post(request_of(inputs={"frameImages": [image]}))
    assert codes(answer) == ["invalidValueUploadFailed"]
    assert "inputs.frameImages" in answer.json()["errors"][0]["parameter"]


def test_a_frame_image_gives_the_shape_where_only_a_resolution_is_asked(
    bench: Build, request_of: Build
) -> None:
    task = request_of(inputs={"frameImages": [png(400, 700)]}, resolution="480p")
    del task["width"], task["height"]
    engine = bench()
    brief = engine.http("GET", engine.rows(task)[0]["videoURL"]).text
    assert "width=496, height=864" in brief


def test_auto_lengths_are_chosen_by_the_seed(bench: Build, request_of: Build) -> None:
    engine = bench()
    lengths = set()
    for number in range(6):
        row = engine.rows(request_of(number, duration="auto", seed=number))[0]
        text = engine.http("GET", row["videoURL"]).text
        lengths.add(int(text.split("duration=")[1].split(",")[0]))
    assert len(lengths) > 1
    assert lengths <= set(range(4, 13))


def test_each_result_is_sent_to_the_webhook_and_uploaded(bench: Build, request_of: Build) -> None:
    sent: list[Delivery] = []

    def sender(delivery: Delivery) -> int:
        sent.append(delivery)
        return 200

    engine = bench(sender=sender)
    task = request_of(
        numberResults=2, webhookURL="https://a.test/h?k=1", uploadEndpoint="https://b.test/u"
    )
    engine.rows(task)
    hooks = [
        json.loads(s.content) for s in sent if s.method == "POST" and isinstance(s.content, bytes)
    ]
    assert [body["data"][0]["seed"] for body in hooks] == [7, 8]
    files = [s for s in sent if s.method == "PUT"]
    assert all(isinstance(s.content, Path) and s.content.is_file() for s in files)
    assert {s.url for s in sent} == {"https://a.test/h?k=1", "https://b.test/u"}


def test_a_receiver_that_is_away_is_tried_again_and_harms_nothing(
    bench: Build, request_of: Build
) -> None:
    tries: list[str] = []

    def sender(delivery: Delivery) -> int:
        tries.append(delivery.url)
        if len(tries) == 1:
            raise ConnectionError
        return 503

    row = bench(sender=sender).rows(request_of(webhookURL="https://a.test/h"))[0]
    assert (len(tries), row["status"]) == (3, "success")


def test_names_for_the_slate_come_in_a_header(bench: Build, request_of: Build) -> None:
    engine, task = bench(), request_of(numberResults=2)
    slate = json.dumps([{"taskUUID": task["taskUUID"], "shot": "clocktower/bell", "take": 3}])
    rows = engine.rows(task, X_Renderer_Slate=slate)
    told = [engine.http("GET", row["videoURL"]).text for row in rows]
    assert "shot='clocktower/bell', take='take 3'" in told[0]
    assert "take='take 4'" in told[1]


@pytest.mark.parametrize("header", ["{", "[1]", '{"a": 1}', '[{"taskUUID": 1}]', "[" * 9000])
def test_a_slate_that_cannot_be_read_is_left_out(
    bench: Build, request_of: Build, header: str
) -> None:
    engine = bench()
    row = engine.rows(request_of(), X_Renderer_Slate=header)[0]
    assert "shot='no name given', take=''" in engine.http("GET", row["videoURL"]).text


@settings(max_examples=60, deadline=None)
@given(task=st.uuids(version=4), index=st.integers(0, 3))
def test_names_follow_from_the_task_and_never_meet(task: Any, index: int) -> None:
    names = {video_uuid(str(task), i) for i in range(4)}
    assert len(names) == 4
    assert all(map(is_uuid4, names))
    assert video_uuid(str(task).upper(), index) in names

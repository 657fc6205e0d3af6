"""What each error means for a task: one cell for each moment, kind, address and status."""

from typing import Any

import pytest

from renderer.render.answers.archive import of_archive
from renderer.render.answers.calls import Answered
from renderer.render.answers.poll import of_poll
from renderer.render.answers.submit import of_submit
from renderer.render.stage import Event
from renderer.runware.codes import KINDS, Kind, kind_of
from renderer.runware.messages import UnreadableBodyError, parse_answer

U, V = "aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"
# One code of each kind.
CODES = {kind: code for code, kind in reversed(KINDS.items())} | {Kind.UNKNOWN: "brandNewCode"}
STATUSES = (200, 400, 401, 402, 404, 429, 500, 503)
R, L, A, N = Event.REFUSED, Event.NO_RESPONSE, Event.ACCEPTED, Event.NOT_TAKEN
B, G, S = Event.ACCOUNT_ERROR, Event.EXPIRED, Event.NOT_FOUND

#                 at the POST              in a poll               in the archive
#                 ours   alone  in a batch  ours   ours, ended loose  plain  ended
CELLS = {
    Kind.REQUEST: (R, R, N, R, R, L, R, R),
    Kind.MODEL: (R, R, N, R, R, L, R, R),
    Kind.SAFETY: (R, R, N, R, R, L, R, R),
    Kind.CANCELLED: (R, R, N, R, R, L, R, R),
    Kind.GONE: (R, R, N, G, G, L, G, G),
    Kind.TIMEOUT: (L, L, L, R, R, L, S, R),
    Kind.PROVIDER: (L, L, L, R, R, L, S, R),
    Kind.UNKNOWN: (L, L, L, L, R, L, S, R),
    Kind.SERVER: (L, L, L, L, L, L, S, S),
    Kind.RATE: (N, N, N, L, L, L, S, S),
    Kind.KEY: (B, B, B, B, B, B, S, S),
    Kind.MONEY: (B, B, B, B, B, B, S, S),
    Kind.DUPLICATE: (A, A, L, L, L, L, Event.SEEN, Event.SEEN),
}


def answered(status: int, body: Any) -> Answered:
    return Answered(status=status, answer=parse_answer(body))


def row(kind: Kind, *, ours: bool = True, ended: bool = False) -> Any:
    address = {"taskUUID": U} if ours else {}
    status = {"status": "error"} if ended else {}
    return {"code": CODES[kind], "message": "?", **address, **status}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("kind", Kind)
def test_each_error_means_one_thing_at_each_moment_whatever_the_http_status(
    kind: Kind, status: int
) -> None:
    def submitted(*, ours: bool, alone: bool) -> Event:
        call = answered(status, {"errors": [row(kind, ours=ours)]})
        return of_submit(call, [U] if alone else [U, V])[U].event

    def polled(*, ours: bool, ended: bool) -> Event:
        call = answered(status, {"data": [], "errors": [row(kind, ours=ours, ended=ended)]})
        return of_poll(call, {U: 1, V: 1})[U].event

    def archived(*, ended: bool) -> Event:
        kept = {"taskUUID": U, "response": {"errors": [row(kind, ended=ended)]}}
        return of_archive(answered(200, {"data": [kept]}), {U: 1})[U].event

    cell = (
        submitted(ours=True, alone=False),
        submitted(ours=False, alone=True),
        submitted(ours=False, alone=False),
        polled(ours=True, ended=False),
        polled(ours=True, ended=True),
        polled(ours=False, ended=False),
        archived(ended=False),
        archived(ended=True),
    )
    assert cell == CELLS[kind]


def test_an_error_that_nobody_can_place_is_believed_once_nobody_knew_the_task() -> None:
    call = answered(400, {"errors": [row(Kind.UNKNOWN)]})
    assert of_submit(call, [U])[U].event is Event.NO_RESPONSE
    assert of_submit(call, [U], {U})[U].event is Event.REFUSED


def test_of_several_errors_the_most_careful_counts() -> None:
    both = {"errors": [row(Kind.REQUEST), row(Kind.TIMEOUT)]}
    assert of_submit(answered(400, both), [U])[U].event is Event.NO_RESPONSE
    known = {"errors": [row(Kind.REQUEST), row(Kind.DUPLICATE)]}
    assert of_submit(answered(400, known), [U])[U].event is Event.ACCEPTED


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("videoInferenceInsufficientCredits", Kind.MONEY),
        ("imageInferenceInsufficientCredits", Kind.MONEY),
        ("insufficientCredits", Kind.MONEY),
        ("videoInferenceRateLimitExceeded", Kind.RATE),
        ("modelDisabled", Kind.MODEL),
        ("modelUnavailable", Kind.MODEL),
        ("unknownModel", Kind.MODEL),
        ("invalidModel", Kind.MODEL),
        ("invalidAnythingElse", Kind.REQUEST),
        ("unsupportedFutureThing", Kind.REQUEST),
        ("upstreamTimeout", Kind.TIMEOUT),
        ("somethingElse", Kind.UNKNOWN),
        ("", Kind.UNKNOWN),
    ],
)
def test_a_code_that_nobody_listed_is_placed_by_its_form(code: str, kind: Kind) -> None:
    assert kind_of(code) is kind


@pytest.mark.parametrize("status", ["failed", "cancelled", "canceled", "error", "FAILED"])
@pytest.mark.parametrize("error", [{}, {"error": None}, {"error": ""}])
def test_a_row_whose_status_says_that_it_ended_is_a_verdict(status: str, error: Any) -> None:
    call = answered(200, {"data": [{"taskUUID": U, "status": status, **error}]})
    heard = of_poll(call, {U: 1})[U]
    assert heard.event is Event.REFUSED
    assert heard.error is not None


def success(name: str | None, url: object, seed: int | None = None) -> Any:
    named = {} if name is None else {"videoUUID": name}
    seeded = {} if seed is None else {"seed": seed}
    return {"taskUUID": U, "status": "success", "videoURL": url, **named, **seeded}


def test_a_result_that_is_listed_twice_is_one() -> None:
    rows = [success("a", "https://x/a.mp4?1"), success("A", "https://x/a.mp4?2")]
    heard = of_poll(answered(200, {"data": rows}), {U: 2})[U]
    assert (heard.event, [result.key for result in heard.results]) == (Event.SOME, ["a"])
    whole = [*rows, success("b", "https://x/b.mp4?1")]
    assert of_poll(answered(200, {"data": whole}), {U: 2})[U].event is Event.COMPLETE


@pytest.mark.parametrize("url", [None, "", [], {}, 0])
def test_a_success_without_a_url_is_still_on_its_way(url: object) -> None:
    rows = [success("a", "https://x/a.mp4"), success("b", url)]
    heard = of_poll(answered(200, {"data": rows}), {U: 2})[U]
    assert (heard.event, len(heard.results)) == (Event.SEEN, 1)
    assert of_poll(answered(200, {"data": rows[1:]}), {U: 1})[U].event is Event.SEEN


def test_videos_without_names_are_told_apart() -> None:
    def found(*rows: Any) -> int:
        return len(of_poll(answered(200, {"data": list(rows)}), {U: 9})[U].results)

    one = success(None, "https://x/a.mp4?sig=1", 7)
    assert found(one, one) == 1
    assert found(one, success(None, "https://x/a.mp4?sig=2", 8)) == 2
    assert found(one, success(None, "https://x/b.mp4?sig=2", 7)) == 2
    assert found(success(None, "https://x/a.mp4?1"), success(None, "https://x/b.mp4?1")) == 2


def test_fewer_rows_than_there_should_be_are_some_until_the_count_is_known() -> None:
    rows = [success("a", "https://x/a.mp4")]
    for count in (None, 2):
        assert of_poll(answered(200, {"data": rows}), {U: count})[U].event is Event.SOME
    assert of_poll(answered(200, {"data": rows}), {U: 1})[U].event is Event.COMPLETE
    running = [*rows, {"taskUUID": U, "status": "processing"}]
    assert of_poll(answered(200, {"data": running}), {U: None})[U].event is Event.SEEN


@pytest.mark.parametrize(
    ("rows", "errors", "event"),
    [(0, 1, Event.SOME), (1, 1, Event.SOME), (2, 1, Event.COMPLETE), (0, 3, Event.REFUSED)],
)
def test_an_error_row_is_the_end_of_one_result(rows: int, errors: int, event: Event) -> None:
    body = {
        "data": [success(f"v{n}", f"https://x/{n}.mp4") for n in range(rows)],
        "errors": [row(Kind.PROVIDER, ended=True)] * errors,
    }
    heard = of_poll(answered(200, body), {U: 3})[U]
    assert (heard.event, len(heard.results)) == (event, rows)
    assert heard.error is not None


def archive(*answers: Any, request: Any = None, error: Any = None) -> Answered:
    rows = [{"taskUUID": U, "request": request, "response": answer} for answer in answers]
    return answered(200, {"data": rows, "errors": [error] if error else []})


def test_trouble_with_the_archive_is_no_silence() -> None:
    for kind in Kind:
        heard = of_archive(archive(error=row(kind)), {U: 1})[U].event
        trouble = {Kind.KEY: Event.ACCOUNT_ERROR, Kind.MONEY: Event.ACCOUNT_ERROR}
        lost = {Kind.RATE, Kind.SERVER, Kind.UNKNOWN, Kind.DUPLICATE}
        assert heard is trouble.get(kind, Event.NO_RESPONSE if kind in lost else Event.NOT_FOUND)
    assert of_archive(answered(503, {"data": []}), {U: 1})[U].event is Event.NO_RESPONSE
    assert of_archive(answered(200, {"data": []}), {U: 1})[U].event is Event.NOT_FOUND


def test_the_archive_is_read_whatever_lies_beside_the_result() -> None:
    result = {"data": [success("a", "https://x/a.mp4")]}
    upper = {"data": [{**success("a", "https://x/a.mp4"), "taskUUID": U.upper()}]}
    conflict, ack = {"errors": [row(Kind.DUPLICATE)]}, {"data": [{"taskUUID": U}]}
    for answers in ([upper], [conflict, result], [ack, result], [{**result, **conflict}]):
        assert of_archive(archive(*answers), {U: 1})[U].event is Event.COMPLETE
    assert of_archive(archive(conflict), {U: 1})[U].event is Event.SEEN


@pytest.mark.parametrize("request_", [[{"taskUUID": U, "numberResults": 3}], {"numberResults": 3}])
def test_the_archive_tells_how_many_results_were_asked_for(request_: Any) -> None:
    call = archive({"data": [success("a", "https://x/a.mp4")]}, request=request_)
    heard = of_archive(call, {U: None})[U]
    assert (heard.event, heard.listed) == (Event.SOME, 3)
    one = archive({"data": [success("a", "https://x/a.mp4")]}, request={"taskUUID": U})
    assert of_archive(one, {U: None})[U].event is Event.COMPLETE


def test_rows_without_an_id_are_those_of_the_one_task_that_was_asked_about() -> None:
    bare = {
        key: value for key, value in success("a", "https://x/a.mp4").items() if key != "taskUUID"
    }
    call = answered(200, {"data": [bare]})
    assert of_poll(call, {U: 1})[U].event is Event.COMPLETE
    heard = of_poll(call, {U: 1, V: 1})
    assert {one.event for one in heard.values()} == {Event.NO_RESPONSE}
    assert all(one.alone for one in heard.values())


def test_an_answer_about_tasks_that_nobody_asked_about_is_no_silence() -> None:
    stranger = {"taskUUID": "11111111-1111-4111-8111-111111111111", "status": "queued"}
    call = answered(200, {"data": [stranger]})
    assert of_poll(call, {U: 1})[U].event is Event.NO_RESPONSE
    assert of_archive(call, {U: 1})[U].event is Event.NO_RESPONSE


@pytest.mark.parametrize("data", [float("nan"), "x", 17, [None], ["x"], [[]], None, True])
def test_data_that_cannot_be_read_is_no_empty_answer(data: Any) -> None:
    with pytest.raises(UnreadableBodyError):
        parse_answer({"data": data})

"""Every odd answer of the API, through the whole client: what it means, and that nobody pays twice."""

import asyncio
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.harness.engine import Fault, Script, ScriptedEngine, Switches
from tests.harness.virtual import run_virtual
from tests.harness.world import KEY, World, order

Json = dict[str, object]


def world(root: Path, script: Script | None = None, switches: Switches | None = None) -> World:
    now = lambda: asyncio.get_running_loop().time()  # noqa: E731
    provider = ScriptedEngine(now, script=script, switches=switches, sleep=asyncio.sleep)
    return World(root=root, engine=provider)


def once(kind: str, fault: Fault, *, at: int = 1) -> Script:
    """Return a script with one fault at the n-th call of a kind."""
    return lambda called, n, _: fault if (called, n) == (kind, at) else None


def errors(*rows: Json) -> bytes:
    return json.dumps({"data": [], "errors": rows}).encode()


DEEP = b"[" * 100_000
LOST = {
    "reset before the answer": Fault(reset=True),
    "bad gateway in HTML": Fault(status=502, body=b"<html><body>Bad \x1b[31mGateway"),
    "empty object": Fault(body=b"{}"),
    "empty list": Fault(body=b"[]"),
    "null": Fault(body=b"null"),
    "text": Fault(body=b'"ok"'),
    "number": Fault(body=b"17"),
    "cut JSON": Fault(cut=9),
    "deep JSON": Fault(body=DEEP),
    "no UTF-8": Fault(body=b'{"data": "\xe9"}'),
    "key twice": Fault(body=b'{"data": [], "data": []}'),
    "ack without our id": Fault(body=b'{"data": [{"taskUUID": "another"}]}'),
    "compressed": Fault(headers={"content-encoding": "gzip"}),
    "moved": Fault(status=302, headers={"location": "https://evil.example/"}, body=b""),
    "server error without id": Fault(status=500, body=errors({"code": "internalServerError"})),
    "later than the deadline": Fault(delay=100.0),
    "17 MB": Fault(body=b" " * 17_000_000),
}


@pytest.mark.parametrize("taken", [True, False], ids=["taken", "not taken"])
@pytest.mark.parametrize("name", LOST)
def test_a_lost_answer_to_a_submit_is_settled_and_paid_once(
    tmp_path: Path, name: str, *, taken: bool
) -> None:
    fault = LOST[name]
    fault.taken = taken
    here = world(tmp_path, once("videoInference", fault))
    outcome = run_virtual(here.render([order("bell")]))
    assert len(outcome.recorded) == 1
    assert here.engine.paid == {"bell/0": 1}
    kinds = [kind for kind, _ in here.engine.log]
    assert kinds[:3] == ["getResponse", "videoInference", "getResponse"]
    assert ("getTaskDetails" in kinds) is not taken
    assert all(head["authorization"] == f"Bearer {KEY}" for head in here.engine.headers[:3])


@pytest.mark.parametrize("header", ["3", "Wed, 21 Oct 2099 07:28:00 GMT", "soon", "-1", "1e9"])
def test_too_many_requests_is_waited_out_under_the_same_id(tmp_path: Path, header: str) -> None:
    fault = Fault(taken=False, status=429, headers={"retry-after": header}, body=b"slow down")
    here = world(tmp_path, once("videoInference", fault))

    async def timed() -> float:
        outcome = await here.render([order("bell")])
        assert len(outcome.recorded) == 1
        return asyncio.get_running_loop().time()

    assert run_virtual(timed()) < 130
    sent = [tasks[0]["taskUUID"] for kind, tasks in here.engine.log if kind == "videoInference"]
    assert len(sent) == 2
    assert len(set(sent)) == 1


def test_what_was_perhaps_taken_is_not_sent_after_the_provider_may_have_forgotten_it(
    tmp_path: Path,
) -> None:
    """The machine sleeps while it waits to send again: a POST of then may be paid a second time."""

    def script(kind: str, n: int, _: object) -> Fault | None:
        if kind != "videoInference" or n > 2:
            return None
        if n == 1:
            return Fault(taken=False, reset=True)
        here.clock.shift = 3600.0
        return Fault(taken=False, status=429, body=b"")

    here = world(tmp_path, script)
    outcome = run_virtual(here.render([order("bell")]))
    assert here.engine.calls["videoInference"] == 2
    assert [pending.order.shot for pending in outcome.unknown] == ["bell"]
    assert not here.engine.paid


def test_too_many_requests_for_ever_ends_unsent(tmp_path: Path) -> None:
    def script(kind: str, _: int, __: object) -> Fault | None:
        return Fault(taken=False, status=429, body=b"") if kind == "videoInference" else None

    here = world(tmp_path, script)
    outcome = run_virtual(here.render([order("bell")]))
    assert outcome.unsent[0].code == "rateLimitExceeded"
    assert not here.engine.paid


@pytest.mark.parametrize("addressed", [True, False])
def test_a_conflict_at_the_first_try_means_accepted_earlier(
    tmp_path: Path, *, addressed: bool
) -> None:
    def script(kind: str, n: int, tasks: list[dict[str, str]]) -> Fault | None:
        if (kind, n) != ("videoInference", 1):
            return None
        row: Json = {"code": "conflictTaskUUID", "message": "known"}
        row |= {"taskUUID": tasks[0]["taskUUID"]} if addressed else {}
        return Fault(taken=True, status=400, body=errors(row))

    here = world(tmp_path, script)
    outcome = run_virtual(here.render([order("bell")]))
    assert len(outcome.recorded) == 1
    assert here.engine.calls["videoInference"] == 1


def test_a_refused_task_fails_and_its_batch_goes_on(tmp_path: Path) -> None:
    here = world(tmp_path)
    here.engine.refuse["bell"] = {"code": "invalidDuration", "message": f"no {KEY} \x1b[2J"}
    outcome = run_virtual(here.render([order("bell"), order("dusk")]))
    assert [r.order.shot for r in outcome.recorded] == ["dusk"]
    (failure,) = outcome.failed
    assert failure.code == "invalidDuration"
    assert failure.text == "invalidDuration: no *** ^[[2J"
    assert not failure.paid


def test_a_batch_of_which_one_task_is_not_acknowledged_asks_for_that_one(tmp_path: Path) -> None:
    def script(kind: str, n: int, tasks: list[dict[str, str]]) -> Fault | None:
        if (kind, n) != ("videoInference", 1):
            return None
        return Fault(body=json.dumps({"data": [{"taskUUID": tasks[0]["taskUUID"]}]}).encode())

    here = world(tmp_path, script)
    outcome = run_virtual(here.render([order("bell"), order("dusk")]))
    assert len(outcome.recorded) == 2
    assert set(here.engine.paid.values()) == {1}


@pytest.mark.parametrize("status", [200, 400, 402])
def test_spent_credit_stops_submitting_and_collects_the_rest(tmp_path: Path, status: int) -> None:
    def script(kind: str, n: int, _: object) -> Fault | None:
        broke = kind == "videoInference" and n == 2
        row: Json = {"code": "insufficientCredits", "message": "top up"}
        return Fault(taken=False, status=status, body=errors(row)) if broke else None

    here = world(tmp_path, script)
    orders = [order("bell"), order("dusk"), order("dawn")]
    outcome = run_virtual(here.render(orders, in_flight=1))
    assert [r.order.shot for r in outcome.recorded] == ["bell"]
    assert [failure.order.shot for failure in outcome.unsent] == ["dusk", "dawn"]
    assert outcome.stopped is not None
    assert here.engine.calls["videoInference"] == 2
    again = run_virtual(here.render(orders))
    assert len(again.recorded) == 2
    assert set(here.engine.paid.values()) == {1}


def test_a_wrong_key_ends_the_run_before_anything_is_sent(tmp_path: Path) -> None:
    def script(*_: object) -> Fault:
        return Fault(taken=False, status=401, body=errors({"code": "invalidApiKey"}))

    here = world(tmp_path, script)
    outcome = run_virtual(here.render([order("bell")]))
    assert outcome.unsent[0].code == "invalidApiKey"
    assert not here.engine.calls["videoInference"]


def test_a_key_revoked_in_the_middle_fails_no_running_task(tmp_path: Path) -> None:
    revoked = [False]

    def script(kind: str, *_: object) -> Fault | None:
        if kind == "videoInference":
            revoked[0] = True
            return None
        bad = Fault(taken=False, status=401, body=errors({"code": "invalidApiKey"}))
        return bad if revoked[0] else None

    here = world(tmp_path, script)
    outcome = run_virtual(here.render([order("bell")]))
    assert [pending.order.shot for pending in outcome.running] == ["bell"]
    assert not outcome.failed
    here.engine.script = lambda *_: None
    assert len(run_virtual(here.render([order("bell")])).recorded) == 1
    assert here.engine.paid == {"bell/0": 1}


@pytest.mark.parametrize("cost", [0, -1, None, "free", float("nan"), float("inf"), True])
def test_a_cost_that_is_no_price_counts_as_the_estimate(tmp_path: Path, cost: object) -> None:
    here = world(tmp_path, switches=Switches(cost=cost))
    outcome = run_virtual(here.render([order("bell")]))
    assert outcome.recorded[0].take.cost is None
    assert "the estimate is counted" in outcome.recorded[0].take.flags[0]
    assert str(outcome.spent) == "0.1"


def test_a_cost_far_over_the_estimate_is_flagged_and_stops_the_next_submit(tmp_path: Path) -> None:
    here = world(tmp_path, switches=Switches(cost=5))
    outcome = run_virtual(
        here.render([order("bell"), order("dusk")], in_flight=1, limit=Decimal(1))
    )
    assert outcome.recorded[0].take.flags == ("cost: $5 was billed, $0.1 was expected",)
    assert outcome.unsent[0].code == "overBudget"


def test_a_surrogate_in_a_message_is_made_safe_before_it_is_kept(tmp_path: Path) -> None:
    here = world(tmp_path)
    here.engine.doom["bell"] = {"code": "invalidProviderContent", "message": "\ud800 no"}
    outcome = run_virtual(here.render([order("bell")]))
    assert outcome.failed[0].text.encode("utf-8")


# Polls


def test_empty_answers_to_polls_are_waiting(tmp_path: Path) -> None:
    here = world(tmp_path, switches=Switches(show_processing=False, seconds=50))
    outcome = run_virtual(here.render([order("bell")]))
    assert len(outcome.recorded) == 1
    assert here.engine.calls["videoInference"] == 1


def test_silence_for_ever_after_an_ack_is_unknown_and_never_sent_again(tmp_path: Path) -> None:
    switches = Switches(retention_reads=0, archive="off", show_processing=False)
    here = world(tmp_path, switches=switches)
    outcome = run_virtual(here.render([order("bell")]))
    assert str(outcome.unknown[0].risk) == "0.1"
    again = run_virtual(here.render([order("bell")]))
    assert [pending.task_uuid for pending in again.unknown] == [outcome.unknown[0].task_uuid]
    assert here.engine.calls["videoInference"] == 1
    uuid = outcome.unknown[0].task_uuid
    here.engine.switches = Switches()
    bought = run_virtual(here.render([order("bell")], again=frozenset({uuid})))
    assert len(bought.recorded) == 1
    assert bought.recorded[0].take.task_uuid != uuid


@pytest.mark.parametrize("word", ["queued", "SUCCEEDED?"])
def test_an_unknown_status_word_is_waiting(tmp_path: Path, word: str) -> None:
    def script(kind: str, n: int, tasks: list[dict[str, str]]) -> Fault | None:
        if kind != "getResponse" or n not in {2, 3}:
            return None
        row = {"taskUUID": tasks[0]["taskUUID"], "status": word}
        return Fault(body=json.dumps({"data": [row]}).encode())

    here = world(tmp_path, script)
    assert len(run_virtual(here.render([order("bell")])).recorded) == 1


@pytest.mark.parametrize("url", [{}, {"videoURL": None}, {"videoURL": []}, {"videoURL": ""}])
def test_a_success_whose_url_is_not_there_yet_is_asked_for_again(
    tmp_path: Path, url: Json
) -> None:
    def script(kind: str, n: int, tasks: list[dict[str, str]]) -> Fault | None:
        if kind != "getResponse" or n not in {2, 3}:
            return None
        row = {"taskUUID": tasks[0]["taskUUID"], "status": "success", "videoUUID": "v", **url}
        return Fault(body=json.dumps({"data": [row]}).encode())

    here = world(tmp_path, script)
    assert len(run_virtual(here.render([order("bell")])).recorded) == 1
    assert here.engine.paid == {"bell/0": 1}


def test_a_success_that_never_names_a_file_is_unknown_without_a_second_payment(
    tmp_path: Path,
) -> None:
    def script(kind: str, n: int, tasks: list[dict[str, str]]) -> Fault | None:
        if kind == "getTaskDetails":
            return Fault(body=b'{"data": []}')
        if kind != "getResponse" or n < 2:
            return None
        row = {"taskUUID": tasks[0]["taskUUID"], "status": "success", "videoUUID": "v"}
        return Fault(body=json.dumps({"data": [row]}).encode())

    here = world(tmp_path, script)
    outcome = run_virtual(here.render([order("bell")]))
    assert [pending.order.shot for pending in outcome.unknown] == ["bell"]
    assert here.engine.calls["videoInference"] == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_trouble_with_a_poll_is_no_verdict(tmp_path: Path, status: int) -> None:
    def script(kind: str, n: int, _: object) -> Fault | None:
        return (
            Fault(status=status, body=b"busy") if kind == "getResponse" and n in {2, 3} else None
        )

    here = world(tmp_path, script)
    assert len(run_virtual(here.render([order("bell")])).recorded) == 1


def test_a_provider_timeout_is_tried_again_under_a_new_id_and_counts(tmp_path: Path) -> None:
    here = world(tmp_path)
    here.engine.doom["bell"] = {"code": "timeoutProvider", "message": "gave up"}
    outcome = run_virtual(here.render([order("bell")], limit=Decimal("0.25")))
    ids = [tasks[0]["taskUUID"] for kind, tasks in here.engine.log if kind == "videoInference"]
    assert len(ids) == len(set(ids)) == 2
    assert outcome.unsent[0].code == "overBudget"


def test_partial_success_keeps_the_good_takes_and_the_next_run_asks_for_the_rest(
    tmp_path: Path,
) -> None:
    here = world(tmp_path)
    here.engine.doom["bell"] = {"code": "invalidProviderContent", "message": "no", "after": 1}
    outcome = run_virtual(here.render([order("bell", count=3, seed=5)]))
    assert [r.take.seed for r in outcome.recorded] == [5]
    assert outcome.failed[0].order.count == 2
    here.engine.doom.clear()
    again = run_virtual(here.render([order("bell", count=3, seed=5)]))
    assert sorted(r.take.seed or 0 for r in again.recorded) == [6, 7]
    assert sorted(take["number"] for take in here.book.takes()) == [1, 2, 3]


def test_a_provider_without_batches_is_asked_one_by_one(tmp_path: Path) -> None:
    here = world(tmp_path, switches=Switches(batches=False))
    outcome = run_virtual(here.render([order("bell"), order("dusk"), order("dawn")]))
    assert len(outcome.recorded) == 3
    assert set(here.engine.paid.values()) == {1}


def test_a_second_machine_with_only_the_lockfile_adopts_what_runs(tmp_path: Path) -> None:
    here = world(tmp_path / "a", switches=Switches(seconds=100))
    there = World(root=tmp_path / "b", engine=here.engine)
    here.root.mkdir()
    there.root.mkdir()

    async def both() -> None:
        first = asyncio.create_task(here.render([order("bell")]))
        await asyncio.sleep(5)
        second = await there.render([order("bell")])
        assert len(second.recorded) == len((await first).recorded) == 1

    run_virtual(both())
    assert here.engine.paid == {"bell/0": 1}
    assert here.engine.calls["videoInference"] == 1


# Answers that look like an end, and are none


def addressed(code: str, tasks: list[dict[str, str]], **more: object) -> bytes:
    return errors(
        *({"code": code, "message": "?", "taskUUID": t["taskUUID"], **more} for t in tasks)
    )


TROUBLES = (
    "insufficientCredits", "videoInferenceInsufficientCredits", "rateLimitExceeded",
    "providerRateLimitExceeded", "serviceUnavailable", "internalServerError", "unauthorized",
    "invalidApiKey", "brandNewCode",
)  # fmt: skip


@pytest.mark.parametrize("status", [200, 400, 402, 429, 500])
@pytest.mark.parametrize("code", TROUBLES)
def test_an_error_of_a_poll_that_is_no_verdict_kills_no_running_task(
    tmp_path: Path, code: str, status: int
) -> None:
    def script(kind: str, n: int, tasks: list[dict[str, str]]) -> Fault | None:
        if kind != "getResponse" or n not in {2, 3}:
            return None
        return Fault(status=status, body=addressed(code, tasks))

    here = world(tmp_path, script)
    outcome = run_virtual(here.render([order("bell"), order("dusk")]))
    again = run_virtual(here.render([order("bell"), order("dusk")]))
    assert len(outcome.recorded) + len(again.recorded) == 2
    assert set(here.engine.paid.values()) == {1}


@pytest.mark.parametrize("hidden", [True, False])
@pytest.mark.parametrize("code", ["timeout", "providerGatewayTimeout", "timeoutProvider",
                                  "providerError", "internalServerError", "brandNewCode"])  # fmt: skip
def test_an_error_of_the_post_of_a_task_that_was_taken_is_settled_by_asking(
    tmp_path: Path, code: str, *, hidden: bool
) -> None:
    def script(kind: str, n: int, tasks: list[dict[str, str]]) -> Fault | None:
        return (
            Fault(status=400, body=addressed(code, tasks))
            if (kind, n) == ("videoInference", 1)
            else None
        )

    here = world(tmp_path, script, Switches(seconds=40, show_processing=not hidden))
    outcome = run_virtual(here.render([order("bell")]))
    assert len(outcome.recorded) == 1
    assert here.engine.paid == {"bell/0": 1}
    ids = {tasks[0]["taskUUID"] for kind, tasks in here.engine.log if kind == "videoInference"}
    assert len(ids) == 1


def test_a_provider_that_answers_each_post_with_trouble_is_left_in_doubt_not_bought_anew(
    tmp_path: Path,
) -> None:
    def script(kind: str, _: int, tasks: list[dict[str, str]]) -> Fault | None:
        trouble = Fault(taken=False, status=500, body=addressed("providerError", tasks))
        return trouble if kind == "videoInference" else None

    here = world(tmp_path, script)
    outcome = run_virtual(here.render([order("bell")]))
    assert [pending.order.shot for pending in outcome.unknown] == ["bell"]
    ids = {tasks[0]["taskUUID"] for kind, tasks in here.engine.log if kind == "videoInference"}
    assert len(ids) == 1
    here.engine.script = lambda *_: None
    assert len(run_virtual(here.render([order("bell")])).recorded) == 1
    assert here.engine.paid == {"bell/0": 1}


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_a_status_that_ends_a_task_is_its_end(tmp_path: Path, status: str) -> None:
    def script(kind: str, n: int, tasks: list[dict[str, str]]) -> Fault | None:
        if (kind, n) != ("getResponse", 2):
            return None
        row = {"taskUUID": tasks[0]["taskUUID"], "status": status}
        return Fault(body=json.dumps({"data": [row]}).encode())

    here = world(tmp_path, script)
    outcome = run_virtual(here.render([order("bell")]))
    cancelled = status == "cancelled"
    assert len(outcome.failed) == cancelled
    assert here.engine.calls["videoInference"] == (1 if cancelled else 2)


@pytest.mark.parametrize("seeds", [True, False])
def test_two_results_without_names_and_with_new_signatures_are_two_takes(
    tmp_path: Path, *, seeds: bool
) -> None:
    here = world(tmp_path)
    plain = here.engine._results

    def unnamed(job: Any, out: dict[str, Any]) -> None:
        before = len(out["data"])
        plain(job, out)
        for row in out["data"][before:]:
            del row["videoUUID"]
            row["videoURL"] += f"&again={here.engine.calls['getResponse']}"
            if not seeds:
                del row["seed"]

    here.engine._results = unnamed  # type: ignore[method-assign]
    outcome = run_virtual(here.render([order("bell", count=2, seed=5)]))
    assert len({recorded.take.sha256 for recorded in outcome.recorded}) == 2
    assert here.engine.paid == {"bell/5": 1, "bell/6": 1}


def test_a_model_that_is_not_served_is_asked_for_once(tmp_path: Path) -> None:
    here = world(tmp_path)
    shots = [f"shot-{n}" for n in range(5)]
    for shot in shots:
        here.engine.refuse[shot] = {"code": "modelDisabled", "message": "gone"}
    outcome = run_virtual(here.render([order(shot) for shot in shots]))
    assert here.engine.calls["videoInference"] == 1
    assert len(outcome.failed) == 5

    one_by_one = world(tmp_path / "b")
    one_by_one.root.mkdir()
    one_by_one.engine.refuse = here.engine.refuse
    other = order("dusk", request={**order("dusk").request, "model": "other:model@1"})
    orders = [*(order(shot) for shot in shots), other]
    outcome = run_virtual(one_by_one.render(orders, in_flight=1))
    sent = [task["positivePrompt"] for kind, tasks in one_by_one.engine.log
            for task in tasks if kind == "videoInference"]  # fmt: skip
    assert sent == ["shot-0", "dusk"]
    assert {failure.code for failure in (*outcome.failed, *outcome.unsent)} == {"modelDisabled"}


def test_a_new_account_without_credit_stops_once(tmp_path: Path) -> None:
    def script(kind: str, _: int, tasks: list[dict[str, str]]) -> Fault | None:
        code = "videoInferenceInsufficientCredits"
        broke = Fault(taken=False, status=400, body=addressed(code, tasks))
        return broke if kind == "videoInference" else None

    here = world(tmp_path, script)
    outcome = run_virtual(here.render([order("bell"), order("dusk")]))
    assert here.engine.calls["videoInference"] == 1
    assert outcome.stopped is not None
    assert [failure.order.shot for failure in outcome.unsent] == ["bell", "dusk"]
    here.engine.script = lambda *_: None
    assert len(run_virtual(here.render([order("bell"), order("dusk")])).recorded) == 2
    assert set(here.engine.paid.values()) == {1}


# Results that are listed one after the other


@pytest.mark.parametrize("shown", [True, False])
@pytest.mark.parametrize("archive", ["on", "off"])
@pytest.mark.parametrize("lost", [True, False])
def test_results_that_are_listed_late_are_waited_for_and_not_bought_again(
    tmp_path: Path, archive: str, *, shown: bool, lost: bool
) -> None:
    switches = Switches(trickle=30.0, show_processing=shown, archive=archive)
    script = once("videoInference", Fault(reset=True)) if lost else None
    here = world(tmp_path, script, switches)
    outcome = run_virtual(here.render([order("bell", count=4, seed=5)], limit=Decimal("0.4")))
    assert sorted(recorded.take.seed or 0 for recorded in outcome.recorded) == [5, 6, 7, 8]
    assert set(here.engine.paid.values()) == {1}
    assert len(here.engine.jobs) == 1


def test_an_error_of_one_result_leaves_the_others_to_be_collected(tmp_path: Path) -> None:
    here = world(tmp_path, switches=Switches(show_processing=False))
    plain = here.engine._results

    def late(job: Any, out: dict[str, Any]) -> None:
        """List the error at once, and the results half a minute later."""
        if here.engine.now() < job.done + 30:
            error = {"code": "contentPolicyViolation", "message": "no", "status": "error"}
            out["errors"].append({**error, "taskUUID": job.task["taskUUID"]})
        else:
            plain(job, out)

    here.engine._results = late  # type: ignore[method-assign]
    here.engine.doom["bell"] = {"code": "contentPolicyViolation", "message": "no", "after": 2}
    outcome = run_virtual(here.render([order("bell", count=3, seed=5)]))
    assert sorted(recorded.take.seed or 0 for recorded in outcome.recorded) == [5, 6]
    assert [failure.order.count for failure in outcome.failed] == [1]


@pytest.mark.parametrize("code", ["rateLimitExceeded", "internalServerError", "brandNewCode"])
def test_trouble_with_the_archive_is_asked_again(tmp_path: Path, code: str) -> None:
    def script(kind: str, n: int, tasks: list[dict[str, str]]) -> Fault | None:
        if (kind, n) == ("videoInference", 1):
            return Fault(reset=True)
        if (kind, n) == ("getTaskDetails", 1):
            return Fault(body=addressed(code, tasks))
        return None

    manners = Switches(seconds=1, dedupe="running", retention_reads=0)
    here = world(tmp_path, script, manners)
    assert len(run_virtual(here.render([order("bell")])).recorded) == 1
    assert here.engine.paid == {"bell/0": 1}


@pytest.mark.parametrize("archive", ["on", "off"])
def test_an_attempt_that_failed_in_a_run_whose_journal_is_lost_is_stepped_over(
    tmp_path: Path, archive: str
) -> None:
    here = world(tmp_path, switches=Switches(archive=archive))
    here.engine.doom["bell"] = {"code": "invalidProviderContent", "message": "no"}
    assert len(run_virtual(here.render([order("bell")])).failed) == 1
    here.engine.doom.clear()
    for file in (tmp_path / ".renderer").glob("state.db*"):
        file.unlink()
    assert len(run_virtual(here.render([order("bell")])).recorded) == 1
    assert here.engine.paid == {"bell/0": 1}


@pytest.mark.parametrize("shown", [True, False])
def test_results_that_are_listed_minutes_apart_are_waited_for(
    tmp_path: Path, *, shown: bool
) -> None:
    here = world(tmp_path, switches=Switches(trickle=400.0, show_processing=shown))
    outcome = run_virtual(here.render([order("bell", count=3, seed=5)]))
    assert len(outcome.recorded) == 3
    assert len(here.engine.jobs) == 1
    assert set(here.engine.paid.values()) == {1}


@pytest.mark.parametrize("found", ["before the POST", "by the POST"])
def test_what_another_clone_ordered_is_collected_and_is_nothing_that_was_spent(
    tmp_path: Path, found: str
) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    one = world(tmp_path / "one")
    assert str(run_virtual(one.render([order("bell", count=2)])).spent) == "0.2"

    def blind(kind: str, n: int, _: Any) -> Fault | None:
        hidden = found == "by the POST" and kind == "getResponse" and n == looks + 1
        return Fault(body=b'{"data": []}') if hidden else None

    looks = one.engine.calls["getResponse"]
    other = World(root=tmp_path / "other", engine=one.engine, clock=one.clock)
    one.engine.script = blind
    posts = one.engine.calls["videoInference"]
    outcome = run_virtual(other.render([order("bell", count=2), order("dusk")]))

    assert (len(outcome.recorded), outcome.collected, str(outcome.spent)) == (3, 2, "0.1")
    assert one.engine.calls["videoInference"] - posts == 1  # together, where both are sent
    assert one.engine.paid == {"bell/0": 1, "bell/1": 1, "dusk/0": 1}

"""Random fault schedules: a seed gives the faults, the provider's manners and the interrupts."""

import json
import random
from typing import Any

from tests.harness.engine import Fault, Script, Switches

Json = Any


def switches(chance: random.Random) -> Switches:
    """Return one set of manners; it never forgets a running task."""
    return Switches(
        seconds=chance.choice([0.5, 2.0, 30.0]),
        dedupe=chance.choice(["forever", "forever", "running"]),
        show_processing=chance.random() < 0.7,
        archive=chance.choice(["on", "on", "overwritten"]),
        cost=chance.choice([0.1, 0.1, 0, None, "0.1"]),
        batches=chance.random() < 0.8,
        trickle=chance.choice([0.0, 0.0, 15.0]),
    )


def schedule(chance: random.Random, share: float) -> Script:
    """Return a script in which each call meets a fault with this probability."""

    def script(kind: str, _: int, __: list[dict[str, Json]]) -> Fault | None:
        if chance.random() >= share:
            return None
        return _media(chance) if kind == "GET" else _call(chance, kind)

    return script


def _media(chance: random.Random) -> Fault:
    return chance.choice(
        [
            Fault(cut=chance.randrange(2000)),
            Fault(body=b"<html>"),
            Fault(status=chance.choice([403, 404, 410, 429, 500, 503])),
            Fault(headers={"etag": '"another"'}, cut=700),
            Fault(reset=True),
        ]
    )


def _call(chance: random.Random, kind: str) -> Fault:
    taken = chance.random() < 0.5
    loose = {"code": chance.choice(["rateLimitExceeded", "internalServerError"]), "message": "?"}
    stray = {
        "taskType": kind,
        "taskUUID": "11111111-1111-4111-8111-111111111111",
        "status": "queued",
        "progress": 400,
    }
    faults = [
        Fault(taken=taken, reset=True),
        Fault(taken=taken, status=502, body=b"<html>"),
        Fault(taken=taken, status=503, body=b""),
        Fault(taken=taken, cut=chance.randrange(1, 60)),
        Fault(taken=taken, body=b"{}"),
        Fault(taken=taken, body=b'{"data": NaN}'),
        Fault(taken=taken, body=json.dumps({"data": [stray]}).encode()),
        Fault(taken=taken, delay=100.0),
        Fault(taken=taken, headers={"content-encoding": "gzip"}),
        Fault(taken=False, status=429, body=b"", headers={"retry-after": "7"}),
        Fault(taken=False, status=408, body=b"late"),
        Fault(taken=False, body=json.dumps({"data": [], "errors": [loose]}).encode()),
    ]
    return chance.choice(faults)

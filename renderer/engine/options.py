"""How the engine behaves where the real provider's ways are not known, or are to be tested."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from renderer.animatic.spec import AnimaticSpec
from renderer.runware.messages import TaskError

Clock = Callable[[], float]  # seconds since 1970
Maker = Callable[[AnimaticSpec, Path, Callable[[int], None]], None]


class Dedupe(StrEnum):
    """How long a taskUUID is known as used."""

    FOREVER = "forever"
    IN_FLIGHT = "in flight"


class Archive(StrEnum):
    """What getTaskDetails holds."""

    ON = "on"
    OFF = "off"
    OVERWRITTEN = "overwritten"  # a refused replay replaces the answer that was stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Something the engine sends out: a webhook (POST of JSON) or an upload (PUT of a file)."""

    method: str
    url: str
    content: bytes | Path
    media_type: str


Sender = Callable[[Delivery], int]  # returns the HTTP status; called in a worker's thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The switches; the defaults are what a user of the local provider wants.

    `reads` and `seconds` bound how often and how long a finished task can be asked for;
    `delay` is how many seconds a task is shown as processing at least; `credit` is the balance
    in USD (None: it never ends); `dated` writes into a draft's id when it was made;
    `outcome` may make a result (taskUUID, index) fail; `make` stands in for the making of
    animatics; `marked` says in a header of each answer that an embedded engine gave it: without
    it nothing distinguishes the engine from the provider. With no `workers` a task is made within its
    request.
    """

    workers: int = 2
    queue: int = 1000
    body_limit: int = 64 * 2**20
    retry_after: int = 5
    dedupe: Dedupe = Dedupe.FOREVER
    archive: Archive = Archive.ON
    show_processing: bool = True
    reads: int | None = None
    seconds: float | None = None
    delay: float = 0.0
    credit: Decimal | None = None
    outcome: Callable[[str, int], TaskError | None] = lambda task, index: None  # noqa: ARG005
    sender: Sender | None = None
    dated: bool = False
    make: Maker | None = None
    marked: bool = True

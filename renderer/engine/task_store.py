"""The engine's state: tasks that were accepted, their results, and the making of them."""

import hashlib
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TypedDict

from renderer.animatic.spec import FORMATS, AnimaticSpec
from renderer.catalog.catalog import Catalog
from renderer.engine.billing import Billing, Payment
from renderer.engine.ids import draft_id, is_uuid4, video_uuid
from renderer.engine.options import Archive, Clock, Dedupe, Maker, Options
from renderer.engine.requests import Draft, VideoRequest, order
from renderer.engine.responses import RequestError, Row, error
from renderer.engine.storage import Storage
from renderer.engine.uploads import UnusableImageError, Uploads
from renderer.engine.workers import Workers
from renderer.json_types import Json, JsonObject
from renderer.runware.messages import TaskError

_DAY = 86_400.0


@dataclass(slots=True, kw_only=True)
class StoredResult:
    """One video of a task: its name, and how far it is."""

    index: int
    video: str
    progress: int = 0
    done_at: float | None = None
    etag: str = ""
    failure: Row | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.done_at is not None


@dataclass(slots=True, kw_only=True)
class StoredTask:
    """One accepted task."""

    order: VideoRequest
    slate: JsonObject
    accepted_at: float
    results: list[StoredResult]
    reads: int = 0
    replay: Row | None = None

    @property
    def uuid(self) -> str:
        """The taskUUID as it was sent."""
        return str(self.order.request["taskUUID"])

    @property
    def format(self) -> str:
        """The file format, in the API's letters."""
        return str(self.order.request.get("outputFormat", "MP4"))

    @property
    def ended(self) -> bool:
        """Whether all results are there or have failed."""
        return all(result.ended for result in self.results)


class _DraftRecord(TypedDict):
    request: dict[str, Json]
    seed: int
    made_at: float
    until: float


class _ResultRecord(TypedDict):
    done_at: float | None
    etag: str
    failure: Row | None


class _TaskRecord(TypedDict):
    request: dict[str, Json]
    slate: JsonObject
    accepted_at: float
    results: list[_ResultRecord]


class TaskStore:
    """Accepts orders and makes them; all methods may be called from any thread."""

    def __init__(
        self, *, catalog: Catalog, memory: Storage, clock: Clock, options: Options
    ) -> None:
        self.catalog, self.options, self.clock = catalog, options, clock
        self.memory, self.shelf, self.billing = memory, Uploads(memory), Billing()
        self.on_end: Callable[[StoredTask, StoredResult], None] = lambda _, __: None
        self._tasks: dict[str, StoredTask] = {}
        self._mutex = threading.RLock()
        self._workers = Workers(options.workers)
        self._waiting = 0

    def order(self, request: dict[str, Json], slate: JsonObject) -> VideoRequest:
        """Judge a request; raise RequestError with every fault."""
        take = slate.get("take")
        number = take if isinstance(take, int) else 1
        return order(self.catalog, self.shelf, request, self._draft, number)

    def room(self) -> int:
        """Return how many more results fit in the line."""
        return self.options.queue - self._waiting

    def task(self, uuid: object) -> StoredTask | None:
        """Return a task that was accepted, now or before a restart."""
        if not is_uuid4(uuid):
            return None
        with self._mutex:
            return self._tasks.get(uuid.lower()) or self._recalled(uuid.lower())

    def video(self, name: str) -> tuple[StoredTask, StoredResult] | None:
        """Return the task and the result that a finished video belongs to."""
        owner = self.memory.recall("owners", name.lower()) if is_uuid4(name) else None
        task = self.task(owner) if isinstance(owner, str) else None
        found = [result for result in task.results if result.video == name] if task else []
        return (task, found[0]) if task and found and found[0].etag else None

    def accept(self, given: VideoRequest, slate: JsonObject) -> None:
        """Take an order: bill it and put it in line; raise RequestError for a taskUUID in use."""
        with self._mutex:
            self._refuse_replay(given)
            self._refuse_poor(given)
            uuid = str(given.request["taskUUID"])
            results = [
                StoredResult(index=i, video=video_uuid(uuid, i)) for i in range(given.count)
            ]
            task = StoredTask(order=given, slate=slate, accepted_at=self.clock(), results=results)
            self._register(task)
            for index in range(given.count):
                self.billing.charge(_paid(given, index))
            self._tasks[uuid.lower()] = task
        self._begin(task)

    def _register(self, task: StoredTask) -> None:
        """Write down what is accepted before it is billed; raise OSError if the disk says no."""
        for result in task.results:
            self.memory.note("owners", result.video, task.uuid.lower())
        self._note(task)

    def _refuse_replay(self, given: VideoRequest) -> None:
        known = self.task(str(given.request["taskUUID"]))
        if known is None or (known.ended and self.options.dedupe is Dedupe.IN_FLIGHT):
            return
        row = error(
            "conflictTaskUUID",
            "A task with this taskUUID was accepted before.",
            given.request,
            parameter="taskUUID",
        )
        if self.options.archive is Archive.OVERWRITTEN:
            known.replay = row
        raise RequestError([row])

    def _refuse_poor(self, given: VideoRequest) -> None:
        credit = self.options.credit
        if credit is None:
            return
        if given.cost is None or self.billing.spent + given.cost * given.count > credit:
            message = "Insufficient credits: the balance of this engine is spent."
            raise RequestError([error("insufficientCredits", message, given.request)], 402)

    def _begin(self, task: StoredTask) -> None:
        for result in task.results:
            if not result.ended:
                with self._mutex:
                    self._waiting += 1
                self._workers.add(partial(self._work, task, result))

    def _work(self, task: StoredTask, result: StoredResult) -> None:
        try:
            failure = _failed(self.options.outcome(task.uuid, result.index), task)
            if failure is None:
                self._make(task, result)
            else:
                result.failure = failure
        except UnusableImageError as fault:
            result.failure = error(
                "mediaNotFound", f"A frame image cannot be used: {fault}.", task.order.request
            )
        except OSError as fault:
            message = (
                f"The engine could not write the video: {fault.strerror or type(fault).__name__}."
            )
            result.failure = error("processingFailed", message, task.order.request)
        except Exception as fault:  # noqa: BLE001 - a video that fails is an answer, not a crash
            message = f"The engine could not make the video ({type(fault).__name__})."
            result.failure = error("inferenceError", message, task.order.request)
        finally:
            self._end(task, result)

    def _end(self, task: StoredTask, result: StoredResult) -> None:
        with self._mutex:
            self._waiting -= 1
            if self._workers.stopping.is_set() and not result.etag:
                return
            result.done_at = self.clock()
            if result.failure is not None:
                self.billing.refund(task.uuid, result.index)
            with suppress(OSError):  # a full disk: the answer stands for as long as this runs
                if result.failure is None and task.order.draft:
                    self._keep_draft(task, result)
                self._note(task)
        self.on_end(task, result)

    def _make(self, task: StoredTask, result: StoredResult) -> None:
        path = self.file(task, result)
        part = path.with_name(f"{path.name}.part")

        def progress(share: int) -> None:
            result.progress = share
            if self._workers.stopping.is_set():
                raise InterruptedError("the engine is closing")

        brief = _named(task, result, task.order.brief(result.index, self.shelf))
        try:
            (self.options.make or _maker())(brief, part, progress)
            result.etag = _digest(part)
            os.replace(part, path)  # noqa: PTH105 - the one rename that is atomic everywhere
        finally:
            part.unlink(missing_ok=True)

    def file(self, task: StoredTask, result: StoredResult) -> Path:
        """Return where the video of a result is kept."""
        return self.memory.place("videos", f"{result.video}.{FORMATS[task.format]}")

    def draft_name(self, result: StoredResult) -> str:
        """Return the id of the draft that a result is."""
        return draft_id(result.video, result.done_at if self.options.dated else None)

    def _draft(self, name: str) -> Draft | None:
        kept: _DraftRecord | None = self.memory.recall(
            "drafts", hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
        )
        if kept is None or self.clock() > kept["until"]:
            return None
        return Draft(request=kept["request"], seed=kept["seed"], made_at=kept["made_at"])

    def _keep_draft(self, task: StoredTask, result: StoredResult) -> None:
        model = self.catalog.get(str(task.order.request["model"]))
        name = hashlib.sha256(self.draft_name(result).encode()).hexdigest()
        made_at = result.done_at or 0.0
        days = model.draft.days if model.draft else 0
        size = dict(zip(("width", "height"), task.order.size, strict=True))
        picture = {key: v for key, v in task.order.picture.items() if key != "resolution"}
        seed = task.order.seed_of(result.index)
        length = task.order.duration
        record: _DraftRecord = {
            "request": {**picture, **size, "duration": length},
            "seed": seed,
            "made_at": made_at,
            "until": made_at + days * _DAY,
        }
        self.memory.note("drafts", name, record)

    def _note(self, task: StoredTask) -> None:
        results: list[_ResultRecord] = [
            {"done_at": r.done_at, "etag": r.etag, "failure": r.failure} for r in task.results
        ]
        record: _TaskRecord = {
            "request": task.order.request,
            "slate": dict(task.slate),
            "accepted_at": task.accepted_at,
            "results": results,
        }
        self.memory.note("tasks", task.uuid.lower(), record)

    def _recalled(self, uuid: str) -> StoredTask | None:
        """Take a task up again that an earlier run of the engine had accepted."""
        kept: _TaskRecord | None = self.memory.recall("tasks", uuid)
        if kept is None:
            return None
        try:
            given = self.order(kept["request"], kept["slate"])
        except RequestError:
            return None
        results = [
            StoredResult(index=i, video=video_uuid(uuid, i), **row)
            for i, row in enumerate(kept["results"])
        ]
        task = StoredTask(
            order=given, slate=kept["slate"], accepted_at=kept["accepted_at"], results=results
        )
        self._tasks[uuid] = task
        self._begin(task)
        return task

    def sweep(self) -> None:
        """Delete what nobody can ask for any more: videos of a day, records of eight days."""
        now = self.clock()
        self.memory.sweep("videos", now - _DAY)
        for kind in ("tasks", "owners", "drafts", "media"):
            self.memory.sweep(kind, now - 8 * _DAY)

    def close(self, wait: float = 10.0) -> None:
        """Stop the work; what is not made yet is taken up when it is next asked for."""
        self._workers.close(wait)


def _maker() -> Maker:
    # Late: numpy, Pillow and the codecs take half a second, and only a video needs them.
    made: Maker = import_module("renderer.animatic.make").make
    return made


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _paid(given: VideoRequest, index: int) -> Payment:
    return Payment(
        task_uuid=str(given.request["taskUUID"]),
        index=index,
        prompt=str(given.picture["positivePrompt"]),
        seed=given.seed_of(index),
        cost=given.cost or Decimal(0),
    )


def _failed(fault: TaskError | None, task: StoredTask) -> Row | None:
    return None if fault is None else error(fault.code, fault.message, task.order.request)


def _named(task: StoredTask, result: StoredResult, brief: AnimaticSpec) -> AnimaticSpec:
    """Put the names on the slate; never the task's own id, which differs between two attempts."""
    shot = str(task.slate.get("shot") or "no name given")[:300]
    take = task.slate.get("take")
    if isinstance(take, int):
        return replace(brief, shot=shot, take=f"take {take + result.index}")
    several = f"result {result.index + 1} of {len(task.results)}" if len(task.results) > 1 else ""
    return replace(brief, shot=shot, take=str(take)[:60] if take else several)

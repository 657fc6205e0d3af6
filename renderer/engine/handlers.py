"""Each kind of task, and what it is answered."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from renderer.engine.ids import is_uuid4, media_uuid
from renderer.engine.options import Archive
from renderer.engine.responses import Reply, RequestError, Row, error
from renderer.engine.task_store import StoredResult, StoredTask, TaskStore
from renderer.engine.uploads import UnusableImageError
from renderer.engine.webhooks import deliveries, send
from renderer.json_types import Json, JsonObject, mapping

Request = dict[str, Json]
Slates = Mapping[str, JsonObject]
_PLAY_MONEY = Decimal(1000)
_MOST = 4


class Handlers:
    """Answers tasks out of the store; `base_url` begins every URL that it hands out."""

    def __init__(self, store: TaskStore, base_url: str) -> None:
        self.store, self._base = store, base_url.rstrip("/")
        store.on_end = self._send
        self._kinds: dict[str, Callable[[Request, Reply], None]] = {
            "getResponse": self._get_response,
            "getTaskDetails": self._details,
            "mediaStorage": self._storage,
            "imageUpload": self._upload,
            "accountManagement": self._account,
        }

    def answer(self, tasks: list[Request], slates: Slates, *, dry: bool) -> Reply:
        """Answer the tasks of one call, each by itself; raise RequestError if the line is full."""
        reply = Reply()
        wanted = [task for task in tasks if task.get("taskType") == "videoInference"]
        self._refuse_crowd(wanted)
        for task in tasks:
            try:
                self._one(task, slates, reply, dry=dry)
            except RequestError as refused:
                for row in refused.errors:
                    reply.refuse(row, refused.status)
            except OSError as fault:
                message = f"The engine cannot write: {fault.strerror or type(fault).__name__}."
                reply.refuse(error("internalServerError", message, task), 500)
        return reply

    def _refuse_crowd(self, wanted: list[Request]) -> None:
        asked = sum(map(_results, wanted))
        if asked > self.store.room():
            message = (
                f"Too many videos are waiting: {asked} asked for, room for {self.store.room()}."
            )
            row = error("rateLimitExceeded", message)
            raise RequestError([row], 429, self.store.options.retry_after)

    def _one(self, task: Request, slates: Slates, reply: Reply, *, dry: bool) -> None:
        kind = task.get("taskType")
        if kind != "videoInference" and kind not in self._kinds:
            raise RequestError(
                [_unknown_kind(task, [*self._kinds, "videoInference", "authentication"])]
            )
        if not is_uuid4(task.get("taskUUID")):
            message = "The taskUUID parameter must be a UUID v4."
            code = "invalidParameter" if "taskUUID" in task else "missingParameter"
            raise RequestError([error(code, message, task, parameter="taskUUID", type="string")])
        if kind == "videoInference":
            self._infer(task, slates, reply, dry=dry)
        else:
            self._kinds[str(kind)](task, reply)

    def _infer(self, task: Request, slates: Slates, reply: Reply, *, dry: bool) -> None:
        slate = slates.get(str(task["taskUUID"]).lower(), {})
        given = self.store.order(task, slate)
        row = _row(task)
        if not dry:
            self.store.accept(given, slate)
        elif given.cost is not None:
            row["cost"] = float(given.cost * given.count)
        reply.data.append(row)

    def _get_response(self, task: Request, reply: Reply) -> None:
        known = self.store.task(task["taskUUID"])
        if known is None or self._expired(known):
            return  # as the real one: a task that is not known is an empty answer
        shown = [self.item(known, result) for result in known.results]
        if self._shown_ended(known):
            known.reads += 1
        for row in shown:
            if row["status"] == "error":
                reply.errors.append(row)
            elif row["status"] != "processing" or self.store.options.show_processing:
                reply.data.append(row)

    def _expired(self, task: StoredTask) -> bool:
        options = self.store.options
        if not self._shown_ended(task):
            return False
        ended = max(result.done_at or 0.0 for result in task.results)
        often = options.reads is not None and task.reads >= options.reads
        return often or (
            options.seconds is not None and self.store.clock() > ended + options.seconds
        )

    def _shown_ended(self, task: StoredTask) -> bool:
        return task.ended and self.store.clock() >= task.accepted_at + self.store.options.delay

    def item(self, task: StoredTask, result: StoredResult) -> Row:
        """Return the row of one result as it is."""
        early = self.store.clock() < task.accepted_at + self.store.options.delay
        if result.ended and not early:
            return self._final(task, result)
        more: Row = {"videoUUID": result.video, "progress": min(99, result.progress)}
        return {**_row(task.order.request), "status": "processing", **more}

    def _send(self, task: StoredTask, result: StoredResult) -> None:
        """Send a finished result to the addresses that its request gives."""
        sender = self.store.options.sender
        if sender is not None:
            video = self.store.file(task, result) if result.etag else None
            for delivery in deliveries(task.order.request, self._final(task, result), video):
                send(sender, delivery)

    def _final(self, task: StoredTask, result: StoredResult) -> Row:
        row = _row(task.order.request)
        if result.failure is not None:
            return row | result.failure | {"status": "error"}
        given = task.order
        row |= {"status": "success", "videoUUID": result.video}
        row["videoURL"] = f"{self._base}/v/{self.store.file(task, result).name}"
        row["seed"] = given.seed_of(result.index)
        if given.request.get("includeCost") and given.cost is not None:
            row["cost"] = float(given.cost)
        if given.draft:
            row["outputs"] = {"draftId": self.store.draft_name(result)}
        safety = mapping(given.request.get("safety")) or {}
        if safety.get("mode", "fast" if safety.get("checkContent") else "none") != "none":
            row["NSFWContent"] = False
        return row

    def _details(self, task: Request, reply: Reply) -> None:
        known = self.store.task(task["taskUUID"])
        if known is None or self.store.options.archive is Archive.OFF:
            message = "No task with this taskUUID is known."
            raise RequestError([error("taskNotFound", message, task, parameter="taskUUID")], 404)
        items = [self.item(known, result) for result in known.results]
        response: Row = {"data": [item for item in items if item["status"] != "error"]}
        failed: list[Json] = [item for item in items if item["status"] == "error"]
        if known.replay is not None:
            response, failed = {"data": []}, [known.replay]
        if failed:
            response["errors"] = failed
        reply.data.append(_row(task) | {"request": [known.order.request], "response": response})

    def _storage(self, task: Request, reply: Reply) -> None:
        operation = task.get("operation")
        media = task.get("media", task.get("mediaUUID"))
        if operation not in {"upload", "delete"}:
            message = "Invalid value for operation parameter."
            raise _unknown_operation(task, message, "upload", "delete")
        row = _row(task) | {"operation": operation}
        if operation == "upload":
            name = self._shelve(task, media, "media")
            row |= {"mediaUUID": name, "mediaURL": f"{self._base}/m/{name}"}
        elif is_uuid4(media) and self.store.shelf.drop(str(media)):
            row["mediaUUID"] = media
        else:
            raise RequestError(
                [error("mediaNotFound", "No media has this UUID.", task, parameter="media")], 404
            )
        reply.data.append(row)

    def _upload(self, task: Request, reply: Reply) -> None:
        name = self._shelve(task, task.get("image"), "image")
        reply.data.append(_row(task) | {"imageUUID": name, "imageURL": f"{self._base}/m/{name}"})

    def _shelve(self, task: Request, media: Json, parameter: str) -> str:
        try:
            return self.store.shelf.put(media if isinstance(media, str) else "")
        except UnusableImageError as fault:
            message = f"Processing parameter '{parameter}' failed: {fault}."
            raise RequestError(
                [error("invalidValueUploadFailed", message, task, parameter=parameter)]
            ) from fault

    def _account(self, task: Request, reply: Reply) -> None:
        if task.get("operation") != "getDetails":
            raise _unknown_operation(task, "This engine answers getDetails only.", "getDetails")
        credit = self.store.options.credit
        amount = (
            _PLAY_MONEY if credit is None else max(Decimal(0), credit - self.store.billing.spent)
        )
        reply.data.append(
            _row(task)
            | {
                "operation": "getDetails",
                "organizationName": "Embedded engine",
                "organizationUUID": media_uuid(b"embedded engine"),
                "balance": {"amount": float(amount), "freeBalance": 0, "currency": "USD"},
            }
        )


def _unknown_operation(task: Request, message: str, *allowed: str) -> RequestError:
    known: list[Json] = [*allowed]
    return RequestError(
        [error("invalidParameter", message, task, parameter="operation", allowedValues=known)]
    )


def _results(task: Request) -> int:
    number = task.get("numberResults", 1)
    return number if type(number) is int and 1 <= number <= _MOST else 1


def _row(task: JsonObject) -> Row:
    return {"taskType": task["taskType"], "taskUUID": task["taskUUID"]}


def _unknown_kind(task: Request, known: list[str]) -> Row:
    message = (
        "Invalid value for taskType parameter."
        if "taskType" in task
        else "The taskType parameter is missing."
    )
    return error(
        "unsupportedTaskType",
        message,
        task,
        parameter="taskType",
        type="string",
        allowedValues=[*known],
    )

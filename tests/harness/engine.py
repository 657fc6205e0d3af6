"""A scripted provider: what it takes money for and what it answers are separate things."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from tests.harness.clip import clip, variant

Json = Any
Message = MutableMapping[str, Json]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]


class Reset(Exception):  # noqa: N818 - it names what happens
    """The connection breaks here; the harness' transport makes a ReadError of it."""


@dataclass
class Fault:
    """What happens to one call. `taken`: whether its tasks are taken (and paid)."""

    taken: bool = True
    status: int = 200
    body: bytes | None = None  # instead of the answer
    headers: dict[str, str] = field(default_factory=dict)
    reset: bool = False  # the answer is lost
    cut: int | None = None  # the answer ends here
    delay: float = 0.0


@dataclass
class Job:
    task: dict[str, Json]
    taken: float
    done: float
    reads: int = 0
    error: dict[str, Json] | None = None


@dataclass
class Switches:
    """The provider's manners that nobody can be sure of."""

    seconds: float = 2.0
    spread: float = 0.0  # each task takes so much longer than the one before it
    dedupe: str = "forever"  # or "running", "never"
    show_processing: bool = True
    trickle: float = 0.0  # each result of a task is listed so much later than the one before it
    retention_reads: int | None = None  # a result can be read so often
    archive: str = "on"  # or "off", "overwritten" (by a refused replay)
    cost: Json = 0.1
    batches: bool = True  # several getResponse in one array


Script = Callable[[str, int, list[dict[str, Json]]], Fault | None]


class ScriptedEngine:
    """An ASGI app. `script(kind, n, tasks)` may give a fault for the n-th call of a kind."""

    def __init__(
        self,
        now: Callable[[], float],
        *,
        switches: Switches | None = None,
        script: Script | None = None,
        sleep: Callable[[float], Awaitable[None]] | None = None,
        video: bytes | None = None,
    ) -> None:
        self.now = now
        self.switches = switches or Switches()
        self.script = script or (lambda *_: None)
        self.sleep = sleep
        self.video = video
        self.jobs: dict[str, Job] = {}
        self.archive: dict[str, Json] = {}
        self.paid: Counter[str] = Counter()  # by prompt and index of the result
        self.calls: Counter[str] = Counter()
        self.log: list[tuple[str, list[Json]]] = []
        self.refuse: dict[str, dict[str, Json]] = {}  # by prompt: refused at the door
        self.doom: dict[str, dict[str, Json]] = {}  # by prompt: fails after it was taken
        self.headers: list[dict[str, str]] = []
        self.media: dict[str, str] = {}
        self.runs = 0

    def state(self) -> dict[str, Any]:
        """Return what the provider remembers, for another process."""
        names = ("jobs", "archive", "paid", "calls", "media", "runs")
        return {name: getattr(self, name) for name in names}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = {k.decode().lower(): v.decode() for k, v in scope["headers"]}
        self.headers.append(headers)
        if scope["method"] == "GET":
            await self._video(scope["path"], headers, send)
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        tasks = json.loads(body)
        kind = tasks[0]["taskType"]
        self.calls[kind] += 1
        self.log.append((kind, tasks))
        fault = self.script(kind, self.calls[kind], tasks) or Fault()
        answer = self._answer(tasks) if fault.taken else {"data": [], "errors": []}
        if fault.delay and self.sleep:
            await self.sleep(fault.delay)
        await self._reply(fault, answer, send)

    async def _reply(self, fault: Fault, answer: Json, send: Send) -> None:
        if fault.reset:
            raise Reset
        data = json.dumps(answer).encode() if fault.body is None else fault.body
        status = fault.status
        if status == 200 and fault.body is None and answer["errors"] and not answer["data"]:
            status = 400
        await respond(send, status, data[: fault.cut], fault.headers)

    def _answer(self, tasks: list[dict[str, Json]]) -> Json:
        out: dict[str, list[Json]] = {"data": [], "errors": []}
        if len(tasks) > 1 and tasks[0]["taskType"] == "getResponse" and not self.switches.batches:
            out["errors"].append({"code": "invalidParameter", "message": "one at a time"})
            return out
        for task in tasks:
            getattr(self, "_" + task["taskType"])(task, out)
        return out

    def _videoInference(self, task: dict[str, Json], out: dict[str, list[Json]]) -> None:  # noqa: N802
        uuid, prompt = task["taskUUID"], task.get("positivePrompt", "")
        if uuid in self.jobs and self._refuses(self.jobs[uuid]):
            conflict = {"code": "conflictTaskUUID", "message": "known", "taskUUID": uuid}
            out["errors"].append(conflict)
            if self.switches.archive == "overwritten":
                self.archive[uuid] = {"data": [], "errors": [conflict]}
            return
        if prompt in self.refuse:
            out["errors"].append({**self.refuse[prompt], "taskUUID": uuid})
            return
        taken = self.now()
        job = Job(task=task, taken=taken, done=taken + self._takes())
        job.error = self.doom.get(prompt)
        self.jobs[uuid] = job
        for place in range(task.get("numberResults", 1)):
            self.paid[f"{prompt}/{task.get('seed', 0) + place}"] += job.error is None
        out["data"].append({"taskType": "videoInference", "taskUUID": uuid})

    def _takes(self) -> float:
        return self.switches.seconds + self.switches.spread * len(self.jobs)

    def _refuses(self, job: Job) -> bool:
        running = self.now() < job.done
        return self.switches.dedupe == "forever" or (self.switches.dedupe == "running" and running)

    def _getResponse(self, task: dict[str, Json], out: dict[str, list[Json]]) -> None:  # noqa: N802
        job = self.jobs.get(task["taskUUID"])
        if job is None:
            return
        if self.now() < job.done:
            if self.switches.show_processing:
                uuid = task["taskUUID"]
                share = (self.now() - job.taken) / max(job.done - job.taken, 0.001)
                row = {"taskType": "videoInference", "taskUUID": uuid, "status": "processing"}
                out["data"].append({**row, "progress": int(100 * share)})
            return
        job.reads += 1
        limit = self.switches.retention_reads
        if limit is None or job.reads <= limit:
            self._results(job, out)

    def _getTaskDetails(self, task: dict[str, Json], out: dict[str, list[Json]]) -> None:  # noqa: N802
        uuid = task["taskUUID"]
        job = self.jobs.get(uuid)
        if job is None or self.switches.archive == "off":
            return
        answer: dict[str, list[Json]] = {"data": [], "errors": []}
        if self.now() >= job.done:
            self._results(job, answer)
        else:
            answer["data"].append({"taskType": "videoInference", "taskUUID": uuid})
        answer = self.archive.get(uuid, answer)
        row = {"taskType": "getTaskDetails", "taskUUID": uuid, "request": [job.task]}
        out["data"].append({**row, "response": answer})

    def _mediaStorage(self, task: dict[str, Json], out: dict[str, list[Json]]) -> None:  # noqa: N802
        media = f"media-{len(self.media)}"
        self.media[media] = task["media"]
        out["data"].append({**task, "media": "", "mediaUUID": media})

    def _results(self, job: Job, out: dict[str, list[Json]]) -> None:
        uuid = job.task["taskUUID"]
        if job.error and job.error.get("after", 0) == 0:
            out["errors"].append({**job.error, "taskUUID": uuid, "status": "error"})
            return
        many = job.task.get("numberResults", 1)
        kept = job.error["after"] if job.error else many
        if self.switches.trickle:
            shown = 1 + int((self.now() - job.done) / self.switches.trickle)
            if shown < kept and self.switches.show_processing:
                row = {"taskType": "videoInference", "taskUUID": uuid, "status": "processing"}
                out["data"].append(row)
            kept = min(kept, shown)
        for place in range(kept):
            row = {"taskType": "videoInference", "taskUUID": uuid, "status": "success"}
            row["videoUUID"] = f"v-{uuid}-{place}"
            row["videoURL"] = f"http://engine.local/v/{uuid}-{place}.mp4?signature=CANARY-URL"
            row["seed"] = job.task.get("seed", 7) + place
            row |= {} if self.switches.cost is None else {"cost": self.switches.cost}
            out["data"].append(row)
        if job.error:
            out["errors"].append({**job.error, "taskUUID": uuid, "status": "error"})

    async def _video(self, path: str, headers: dict[str, str], send: Send) -> None:
        self.calls["GET"] += 1
        name = path.rpartition("/")[2].removesuffix(".mp4")
        data = self.video or variant(clip(), name)
        fault = self.script("GET", self.calls["GET"], [{"name": name, "headers": headers}])
        extra = {"etag": f'"{name}"'} | (fault.headers if fault else {})
        span = headers.get("range")
        status = 200
        if span and headers.get("if-range") == extra["etag"]:
            start = int(span.removeprefix("bytes=").rstrip("-"))
            extra["content-range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
            data, status = data[start:], 206
        if fault and fault.body is not None:
            data = fault.body
        if fault and fault.status != 200:
            status = fault.status
        length = len(data)
        data = data[: fault.cut] if fault else data
        await respond(send, status, data, {"content-length": str(length)} | extra)
        if fault and fault.reset:
            raise Reset


async def respond(send: Send, status: int, data: bytes, headers: dict[str, str]) -> None:
    pairs = [(k.encode(), v.encode()) for k, v in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": data})

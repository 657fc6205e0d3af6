"""A board to plain data, as the page's scripts read it; money is a decimal string."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from renderer.expand.deliverable import Deliverable, deliverable_of, deliverables, slot_of, words
from renderer.expand.task import Task
from renderer.expand.values import get, leaves
from renderer.json_types import Json, JsonObject
from renderer.lock.model import Entry, Take
from renderer.plan.frame_names import frame_words, take_names
from renderer.plan.model import Action, Step
from renderer.plan.output.word_diff import word_diff
from renderer.review.model import Look, ReviewPage, Verdict, Words
from renderer.review.page_types import (
    CutData,
    FilmData,
    LookData,
    PageData,
    SceneData,
    ShotData,
    TakeData,
    TaskData,
    VerdictData,
)
from renderer.sanitize import visible

VERSION = 1
_WAITING = frozenset({Action.CREATE, Action.CHANGE, Action.MORE, Action.PROMOTE, Action.CHOOSE})
_DRAFT = ("providerSettings", "bytedance", "draft")
_PROMPT = "positivePrompt"
_NOT_SHOWN = frozenset({_PROMPT, "taskType", "includeCost", "deliveryMethod", "outputType"})


def as_data(board: ReviewPage) -> PageData:
    """Return the page's data; hidden characters are shown, so that they mislead nobody."""
    shown: PageData = _safe(_Page(board).data())
    return shown


def digest(data: Mapping[str, object]) -> str:
    """Return what changes whenever a page should be drawn again."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class _Page:
    def __init__(self, board: ReviewPage) -> None:
        self.board = board
        self.steps = {step.address: step for step in board.plan.steps}
        self.names = take_names(board.lock, self.steps)
        self.slots: dict[str, list[Task]] = {}
        for task in board.tasks:
            self.slots.setdefault(slot_of(task), []).append(task)

    def data(self) -> PageData:
        board = self.board
        known = {verdict.slot: verdict for verdict in board.verdicts}
        rows = [self._shot(tasks, known[slot]) for slot, tasks in self.slots.items()]
        scenes: dict[str, list[ShotData]] = {}
        for row in rows:
            scenes.setdefault(row["scene"], []).append(row)
        return {
            "version": VERSION,
            "title": board.title,
            "provider": board.plan.provider,
            "live": board.live,
            "requireWhy": board.require_why,
            "spent": str(self._spent()),
            "cost": board.plan.cost.as_json(),
            "notHere": len(board.plan.absent),
            "films": [_film(one) for one in deliverables(board.tasks)],
            "scenes": [self._scene(name, of) for name, of in scenes.items()],
            "strays": [_verdict(one) for one in board.verdicts if one.slot not in self.slots],
        }

    def _scene(self, name: str, shots: list[ShotData]) -> SceneData:
        words = self.board.words.get(name, Words())
        return {"id": name, "title": words.title, "notes": words.notes, "shots": shots}

    def _shot(self, tasks: list[Task], verdict: Verdict) -> ShotData:
        rows = [self._task(task, verdict) for task in tasks]
        waits = any(self.steps[task.address].action in _WAITING for task in tasks)
        takes = [take for row in rows for take in row["takes"] if take["current"]]
        words = self.board.words.get(f"{tasks[0].scene}/{tasks[0].shot}", Words())
        return {
            **_verdict(verdict),
            "film": _axes(deliverable_of(tasks[0])),
            "scene": tasks[0].scene,
            "id": tasks[0].shot,
            "title": words.title or tasks[0].title,
            "notes": words.notes,
            "changed": waits or verdict.state == "lapsed",
            "failed": any(row["trouble"] for row in rows) or any(one["flags"] for one in takes),
            "draft": any(row["draft"] for row in rows),
            "tasks": rows,
        }

    def _task(self, task: Task, verdict: Verdict) -> TaskData:
        step = self.steps[task.address]
        entry = self.board.lock.entries.get(task.address)
        old, since = self._before(task, entry, verdict)
        return {
            "address": task.address,
            "fingerprint": task.fingerprint,
            "cell": [[name, _word(value)] for name, value in task.cell.items()],
            "draft": get(task.request, _DRAFT) is True,
            "prompt": task.request.get(_PROMPT, ""),
            "since": since,
            "diff": _diff(old, task.request),
            "settings": list(_settings(old, task, frame_words(task, self.names))),
            "price": task.cost.as_json(),
            "wanted": task.wanted,
            "action": step.action.value,
            "reasons": [_reason(step, at) for at in range(len(step.reasons))],
            "trouble": self.board.troubles.get(task.address, ""),
            "takes": self._takes(task, entry, verdict),
        }

    def _before(self, task: Task, entry: Entry | None, verdict: Verdict) -> tuple[JsonObject, str]:
        """Return the request to compare with, and whose it is: the pick's, else the last one."""
        for cut in verdict.cuts:
            here = cut.take.rpartition("#")[0] == task.address
            if here and cut.fingerprint != task.fingerprint:
                return self.board.requests.get(cut.fingerprint, {}), f"the pick, {cut.take}"
            if here:
                return {}, ""
        if entry and entry.takes and entry.fingerprint != task.fingerprint:
            return self.board.requests.get(entry.fingerprint, {}), "the last render"
        return {}, ""

    def _takes(self, task: Task, entry: Entry | None, verdict: Verdict) -> list[TakeData]:
        rows = [self._take(task, take, verdict) for take in (entry.takes if entry else ())]
        return sorted(rows, key=lambda row: row["version"])

    def _take(self, task: Task, take: Take, verdict: Verdict) -> TakeData:
        version = self.board.versions[f"{task.address}#{take.number}"]
        shas = [cut.sha256 for cut in verdict.cuts]
        looks = self.board.looks
        look = looks.get(f"{take.sha256} {task.address}") or looks.get(take.sha256, Look())
        return {
            "name": f"{task.address}#{take.number}",
            "number": take.number,
            "sha256": take.sha256,
            "fingerprint": take.fingerprint,
            "version": version.place,
            "kind": version.kind,
            "label": version.label,
            "current": version.valid,
            "parts": [at for at, one in enumerate(shas, start=1) if one == take.sha256],
            "draft": bool(take.draft_id) or get(task.request, _DRAFT) is True,
            "seed": None if take.seed is None else str(take.seed),
            "cost": _amount(take.cost),
            "estimate": _amount(take.estimate),
            "size": take.size,
            "format": take.format,
            **_look(look),
        }

    def _spent(self) -> Decimal:
        takes = (take for _, take in self.board.lock.takes())
        return sum((take.cost or take.estimate or Decimal(0) for take in takes), Decimal(0))


def _film(film: Deliverable) -> FilmData:
    return {"name": words(film), "axes": _axes(film)}


def _axes(film: Deliverable) -> dict[str, str]:
    return {axis: _word(value) for axis, value in film.items()}


def _verdict(verdict: Verdict) -> VerdictData:
    cuts: list[CutData] = [
        {
            "take": cut.take,
            "sha256": cut.sha256,
            "fingerprint": cut.fingerprint,
            "in": cut.start,
            "out": cut.end,
        }
        for cut in verdict.cuts
    ]
    return {
        "shot": verdict.slot,
        "state": verdict.state,
        "against": list(verdict.against),
        "default": verdict.default,
        "was": verdict.was,
        "pick": {"why": verdict.why, "parts": cuts} if cuts else None,
    }


def _look(look: Look) -> LookData:
    return {
        "flags": list(look.flags),
        "width": look.width,
        "height": look.height,
        "fps": float(look.fps or 24),
        "frames": look.frames,
        "duration": float(look.duration or 0),
        "loudness": None if look.loudness is None else str(look.loudness),
        "audio": look.audio,
        "video": look.video,
        "poster": look.poster,
        "strip": look.strip,
        "tiles": look.tiles,
        "note": look.note,
    }


def _diff(old: JsonObject, new: JsonObject) -> list[list[str]] | None:
    before, after = old.get(_PROMPT), new.get(_PROMPT)
    if not isinstance(before, str) or not isinstance(after, str) or before == after:
        return None
    return [[piece.kind, piece.text] for piece in word_diff(before, after, context=9)]


def _settings(
    old: JsonObject, task: Task, frames: Mapping[str, str]
) -> Iterator[list[str | None]]:
    """Yield name, value, and the old value where there is another one."""
    before, after = dict(leaves(old)), dict(leaves(task.request))
    for name in sorted((before.keys() if old else set()) | after.keys()):
        if name in _NOT_SHOWN:
            continue
        was = before.get(name) if old else after.get(name)
        now = after.get(name)
        shown = [_framed(now, task.files, frames), _framed(was, task.files, {})]
        yield [name, _word(shown[0]), None if was == now else _word(shown[1])]


def _framed(value: Json, files: Mapping[str, str], frames: Mapping[str, str]) -> Json:
    """Show a list of frame images as where each is, and which file or frame it is."""
    images = [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
    if not isinstance(value, list) or len(images) < len(value):
        return value
    rows = [(str(one.get("frame", "frame")), str(one.get("image", ""))) for one in images]
    words = ((at, frames.get(at) or files.get(image, image)[:200]) for at, image in rows)
    return ", ".join(f"{at}: {word}" for at, word in words)


def _reason(step: Step, at: int) -> list[str]:
    reason = step.reasons[at]
    if reason.field == _PROMPT:
        return [reason.field, "", ""]
    return [reason.field, _word(reason.old), _word(reason.new)]


def _word(value: Json) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def _amount(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _safe(value: object) -> Any:  # of the form of the value: nothing but texts becomes another
    if isinstance(value, str):
        return visible(value, lines=True)
    if isinstance(value, Mapping):
        return {visible(str(key)): _safe(inner) for key, inner in value.items()}
    if isinstance(value, Sequence):
        return [_safe(inner) for inner in value]
    return value

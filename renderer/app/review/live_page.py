"""The served page's data, kept in step with the project, and the changes that a page may ask for."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypedDict

from renderer.app.project.settings import why_required
from renderer.app.project.watched_files import WatchedFiles
from renderer.app.review.cut_checks import check_cuts
from renderer.app.review.page_data import Reviewer
from renderer.app.review.picks import changing, table, undo, write_picks
from renderer.errors import RefusedError, RendererError
from renderer.film.choose import confirmed
from renderer.film.pick_status import renewed
from renderer.film.picks import Part, Pick, Picks
from renderer.film.read import VERSION, reading
from renderer.json_types import Json, JsonObject
from renderer.lock.model import Lock
from renderer.lock.takes import Takes
from renderer.paths import PICKS
from renderer.review.data import as_data, digest
from renderer.review.page_types import PageData
from renderer.sanitize import visible


class StateData(TypedDict):
    """Digest of the data, who renders now, and what blocks the page."""

    digest: str
    busy: str | None
    problem: str


class LivePageData(PageData):
    """A page's data with their digest."""

    digest: str


class ProgressData(TypedDict):
    """What a page that follows asks for."""

    data: LivePageData
    digest: str
    busy: str | None


@dataclass(slots=True)
class LivePage:
    """The page's data as they are now, computed again when a file of the project changed."""

    reviewer: Reviewer
    _sight: WatchedFiles = field(init=False)
    _signature: object = None
    _data: PageData | None = None
    _digest: str = ""
    _problem: str = ""
    _mutex: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._sight = WatchedFiles(self.reviewer.workspace.files)

    def state(self) -> StateData:
        """Return digest, who renders now, and what blocks it; cheap if nothing changed."""
        with self._mutex:
            self._refresh()
            return {"digest": self._digest, "busy": self._busy(), "problem": self._problem}

    def data(self) -> LivePageData:
        """Return the page's data with their digest."""
        with self._mutex:
            return {**self._refresh(), "digest": self._digest}

    def progress(self) -> ProgressData:
        """Return the data as a page that follows asks for them."""
        shown = self.data()
        return {"data": shown, "digest": shown["digest"], "busy": self._busy()}

    def pick(self, body: JsonObject) -> str:
        """Write one choice; raise RefusedError if the page it was made on is old."""
        reviewer = self.reviewer
        with changing(reviewer.workspace):
            found = table(reviewer.workspace)
            (choice,) = renewed(self._choice(body), found.tasks, found.lock).by_slot.values()
            now = found.picks.by_slot.get(choice.slot)
            if now == choice:
                return f"{choice.slot} already has this pick."
            _same_as_seen(now, body.get("seen"), found.lock)
            confirmed(choice, found.tasks, found.lock, found.drafts)
            check_cuts(Picks().having(choice), found.lock, reviewer.workspace.store)
            write_picks(reviewer.workspace, found, (choice,))
        return f"{choice.slot}: {choice.parts[0].take}, in {PICKS}."

    def undo(self, body: JsonObject) -> str:
        """Take a pick back; raise RefusedError if the page is old."""
        reviewer = self.reviewer
        shot = str(body.get("shot", ""))
        found = table(reviewer.workspace)
        _same_as_seen(found.picks.by_slot.get(shot), body.get("seen"), found.lock)
        undo(reviewer.workspace, shot)
        return f"{shot} no longer has a pick."

    def _choice(self, body: JsonObject) -> Picks:
        """Return the pick that a page sent, read as strictly as picks.yaml itself."""
        wants_why = why_required(self.reviewer.workspace.files)
        return reading(_as_written(body), "the page", require_why=wants_why)[0]

    def _refresh(self) -> PageData:
        now = self._sight.look()
        if self._data is not None and now == self._signature:
            return self._data
        data = self._data
        try:
            board = self.reviewer.board()
        except RendererError as error:
            self._problem = visible(str(error.problems[0]))
            if data is None:
                raise
        else:
            self._data = data = as_data(board)
            self._digest, self._problem = digest(data), ""
            self._sight.name(board.tasks)
        self._signature = now
        return data

    def _busy(self) -> str | None:
        who = self.reviewer.workspace.busy
        return None if who is None else visible(who)


def _as_written(body: JsonObject) -> str:
    """Return the pick that a page sent as picks.yaml would have it."""
    shot, parts = body.get("shot"), body.get("parts")
    listed = parts if isinstance(parts, list) else [parts]
    kept = [
        {key: value for key, value in part.items() if value != ""}
        if isinstance(part, dict)
        else part
        for part in listed
    ]
    row = {"parts": kept, "why": body.get("why")}
    return json.dumps({"version": VERSION, "picks": {str(shot): row}})


def _same_as_seen(now: Pick | None, seen: Json, lock: Lock) -> None:
    """Refuse to write over a pick that the page did not show; it shows finals for their drafts."""
    root = Takes(lock).root
    if _shape(now, root) != _shape_sent(seen, root):
        raise RefusedError("this page is out of date: the pick has changed", "reload it")


def _shape(pick: Pick | None, root: Callable[[str], str]) -> list[Json] | None:
    if pick is None:
        return None
    cuts = ((root(one.sha256), _text(one, "start"), _text(one, "end")) for one in pick.parts)
    return [pick.why, *cuts]


def _shape_sent(seen: Json, root: Callable[[str], str]) -> list[Json] | None:
    parts = seen.get("parts") if isinstance(seen, dict) else None
    if not isinstance(seen, dict) or not isinstance(parts, list):
        return None
    rows = [one if isinstance(one, dict) else {} for one in parts]
    cuts = [(root(str(one.get("sha256"))), one.get("in", ""), one.get("out", "")) for one in rows]
    return [seen.get("why"), *cuts]


def _text(part: Part, name: str) -> str:
    point = getattr(part, name)
    return "" if point is None else str(point)

"""The lockfile as text: sorted JSON, several lines an entry, so that stock git can merge it."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from renderer.errors import LockError, Place, Problem
from renderer.lock.model import Entry, Lock, Take

VERSION = 1
_CONFLICT = re.compile(r"^(<{7}|={7}|>{7})( |$)", re.MULTILINE)
_HEX = re.compile(r"[0-9a-f]{64}\Z")
_FINGERPRINT = re.compile(r"v[1-9][0-9]{0,3}-[0-9a-f]{64}\Z")
_FORMATS = frozenset({"mp4", "webm", "mov"})
_ID = re.compile(r"[A-Za-z0-9._-]{0,128}\Z")
Json = Any


def encode(lock: Lock) -> str:
    """Write a lock; equal locks give equal text."""
    entries = {address: _entry(entry) for address, entry in sorted(lock.entries.items())}
    body = {"version": VERSION, "lineage": lock.lineage, "tasks": entries}
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def decode(text: str, name: str) -> Lock:
    """Read a lock; a damaged, newer or conflicted one is refused, never read as empty."""
    return _Reader(name).lock(text)


def _entry(entry: Entry) -> dict[str, Json]:
    written = {
        "fingerprint": entry.fingerprint,
        "fields": dict(sorted(entry.fields.items())),
        "takes": {f"#{take.number}": _take(take) for take in entry.takes},
    }
    return {**written, "retired": True} if entry.retired else written


def _take(take: Take) -> dict[str, Json]:
    values = {
        "fingerprint": take.fingerprint,
        "sha256": take.sha256,
        "size": take.size,
        "format": take.format,
        "seed": take.seed,
        "cost": None if take.cost is None else str(take.cost),
        "estimate": None if take.estimate is None else str(take.estimate),
        "taskUUID": take.task_uuid,
        "videoUUID": take.video_uuid,
        "draftId": take.draft_id,
    }
    return {key: value for key, value in values.items() if value not in (None, "")}


class _Reader:
    """Reads one text; every complaint names the file and, where there is one, the line."""

    def __init__(self, name: str) -> None:
        self.name = name

    def lock(self, text: str) -> Lock:
        body = self._json(text)
        if not isinstance(body, Mapping):
            raise self._damaged("the top is no object")
        version = body.get("version")
        if type(version) is int and version > VERSION:
            raise self._error(
                f"written by a newer program (version {version}, this one reads {VERSION})",
                "upgrade renderer; the file was not touched",
            )
        if version != VERSION or not isinstance(body.get("tasks"), Mapping):
            raise self._damaged("'version' or 'tasks' is missing")
        lineage = self._matching(body.get("lineage"), _ID, "lineage")
        tasks = body["tasks"].items()
        return Lock(lineage=lineage, entries={at: self._entry(at, row) for at, row in tasks})

    def _json(self, text: str) -> Json:
        if not text.strip("\0 \t\r\n"):
            raise self._damaged("NUL bytes" if "\0" in text else "it is empty")
        conflict = _CONFLICT.search(text)
        if conflict:
            line = text.count("\n", 0, conflict.start()) + 1
            raise self._error(
                "an unresolved merge conflict",
                "`renderer lock merge` joins both sides and loses no take",
                line=line,
            )
        try:
            return json.loads(text, object_pairs_hook=self._unique, parse_constant=self._constant)
        except json.JSONDecodeError as error:
            raise self._damaged(error.msg, line=error.lineno, column=error.colno) from None
        except (ValueError, RecursionError) as error:
            if isinstance(error, LockError):
                raise
            raise self._damaged("nested too deeply, or a number too long") from None

    def _unique(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise self._damaged(f"the key '{twice[:80]}' is given twice")
        return found

    def _constant(self, word: str) -> Json:
        raise self._damaged(f"{word} is no number")

    def _entry(self, address: str, row: Json) -> Entry:
        at = f"tasks.{address}"
        if not isinstance(row, Mapping) or not isinstance(row.get("takes"), Mapping):
            raise self._damaged(f"{at}: 'takes' is missing")
        names = row.get("fields", {})
        if not isinstance(names, Mapping):
            raise self._damaged(f"{at}.fields: no object")
        takes = [self._take(f"{at}.takes.{name}", name, one) for name, one in row["takes"].items()]
        return Entry(
            fingerprint=self._matching(row.get("fingerprint"), _FINGERPRINT, f"{at}.fingerprint"),
            fields=names,
            takes=tuple(sorted(takes, key=lambda take: take.number)),
            retired=row.get("retired") is True,
        )

    def _take(self, at: str, name: str, row: Json) -> Take:
        if not isinstance(row, Mapping) or not re.fullmatch(r"#[1-9][0-9]{0,8}", name):
            raise self._damaged(f"{at}: a take is named #1, #2, …")
        size, seed, format_ = row.get("size"), row.get("seed"), row.get("format")
        if type(size) is not int or size < 0 or type(seed) not in (int, type(None)):
            raise self._damaged(f"{at}: 'size' or 'seed' is no whole number")
        if format_ not in _FORMATS:
            raise self._damaged(f"{at}.format: one of mp4, mov, webm wanted")
        return Take(
            number=int(name[1:]),
            fingerprint=self._matching(row.get("fingerprint"), _FINGERPRINT, f"{at}.fingerprint"),
            sha256=self._matching(row.get("sha256"), _HEX, f"{at}.sha256"),
            size=size,
            format=format_,
            seed=seed,
            cost=self._money(row.get("cost"), f"{at}.cost"),
            estimate=self._money(row.get("estimate"), f"{at}.estimate"),
            task_uuid=self._matching(row.get("taskUUID", ""), _ID, f"{at}.taskUUID"),
            video_uuid=self._matching(row.get("videoUUID", ""), _ID, f"{at}.videoUUID"),
            draft_id=self._matching(row.get("draftId", ""), _ID, f"{at}.draftId"),
        )

    def _matching(self, value: Json, pattern: re.Pattern[str], at: str) -> str:
        if not isinstance(value, str) or not pattern.match(value):
            raise self._damaged(f"{at}: not as this program writes it")
        return value

    def _money(self, value: Json, at: str) -> Decimal | None:
        if value is None:
            return None
        try:
            money = Decimal(value) if isinstance(value, str) and len(value) < 32 else None
        except InvalidOperation:
            money = None
        if money is None or not money.is_finite() or money < 0:
            raise self._damaged(f"{at}: a decimal number in quotes wanted")
        return money

    def _damaged(self, what: str, *, line: int = 0, column: int = 0) -> LockError:
        return self._error(
            f"the lockfile is damaged: {what}",
            f"restore it (`git checkout -- {self.name}`); nothing was rendered",
            line=line,
            column=column,
        )

    def _error(self, what: str, todo: str, *, line: int = 0, column: int = 1) -> LockError:
        place = Place(file=self.name, line=line, column=column)
        return LockError(Problem(what=what, todo=todo, place=place))

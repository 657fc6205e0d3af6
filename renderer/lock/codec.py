"""The lockfile as text: sorted JSON, several lines an entry, so that stock git can merge it."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from decimal import ROUND_UP, Decimal, InvalidOperation
from typing import TypeGuard

from renderer import limits
from renderer.errors import LockfileError, Place, Problem
from renderer.json_types import Json, JsonObject, are_texts
from renderer.lock.model import Entry, Frame, Lock, Take
from renderer.sanitize import visible
from renderer.strict_json import NotStrictError, read

VERSION = 1
JOINED = 2  # of a lockfile with several lineages: a program that knows one only must not write it
_CONFLICT = re.compile(r"^(<{7}|={7}|>{7})( |$)", re.MULTILINE)
_END = r"\Z"
_FINGERPRINT = "v[1-9][0-9]{0,3}-[0-9a-f]{64}"
_ID = "[A-Za-z0-9._-]{0,128}"
_NUMBER = re.compile(r"#[1-9][0-9]{0,8}\Z")
_FORMATS = ("mp4", "webm", "mov")
_TEXTS = {
    "fingerprint": _FINGERPRINT,
    "sha256": "[0-9a-f]{64}",
    "taskUUID": _ID,
    "videoUUID": _ID,
    "draftId": _ID,
    "draft": "(?:[0-9a-f]{64})?",
}
_ALL = re.compile(" ".join(_TEXTS.values()) + r"\Z")
_PICTURE = re.compile(_FINGERPRINT + r"\Z")
_ADDRESS = re.compile(r"[a-z0-9_-]{1,64}/[a-z0-9_-]{1,64}(?:@[A-Za-z0-9_.:+~=,-]+)?\Z")
_HEAD = re.compile(f"{_ADDRESS.pattern.removesuffix(_END)} {_FINGERPRINT}{_END}")
_FIELDS = re.compile(r"[A-Za-z0-9_. -]*\Z")
_SHOWN = re.compile(r"(?:[^\x00-\x1f\x7f]{0,80}(?:\n|\Z))*\Z")
_NUMBERS = frozenset({int, float, bool, type(None)})
_DIGITS = 31  # of an amount of money
_ENTRY_KEYS = frozenset({"fingerprint", "fields", "frames", "takes", "retired"})
_FRAME = {
    "shot": r"[a-z0-9_-]{1,64}/[a-z0-9_-]{1,64}",
    "frame": "first|last|[0-9.]{1,20}|[0-9]{1,7}f",
    "take": "[0-9a-f]{64}",
    "moment": "first|last|(?:before )?(?:[0-9.]{1,20}|[0-9]{1,7}f)",
}
_TAKE_KEYS = frozenset(
    {*_TEXTS, "size", "format", "seed", "cost", "estimate", "NSFWContent", "replaces"}
)
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_WHOLE = 2**64
JOIN = "`renderer lock merge` joins both sides and loses no take"


def encode(lock: Lock) -> str:
    """Write a lock; equal locks give equal text."""
    entries = {address: _entry(entry) for address, entry in sorted(lock.entries.items())}
    names = list(lock.lineages)
    version, lineage = (JOINED, names) if len(names) > 1 else (VERSION, lock.lineage)
    body = {"version": version, "lineage": lineage, "tasks": entries}
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def decode(text: str, name: str) -> Lock:
    """Read a lock; a damaged, newer or conflicted one is refused, never read as empty."""
    return _Reader(name).lock(text)


def _entry(entry: Entry) -> dict[str, Json]:
    written: dict[str, Json] = {
        "fingerprint": entry.fingerprint,
        "fields": dict(sorted(entry.fields.items())),
        **({"frames": _frames(entry.frames)} if entry.frames else {}),
        "takes": {f"#{take.number}": _take(take) for take in entry.takes},
    }
    return {**written, "retired": True} if entry.retired else written


def _frames(frames: Mapping[str, Frame]) -> dict[str, Json]:
    return {
        at: {name: getattr(frame, name) for name in _FRAME} for at, frame in sorted(frames.items())
    }


def _take(take: Take) -> dict[str, Json]:
    values: dict[str, Json] = {
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
        "draft": take.draft,
    }
    written: dict[str, Json] = {
        key: value for key, value in values.items() if value not in (None, "")
    }
    if take.unsafe:
        written["NSFWContent"] = True
    if take.replaces:
        written["replaces"] = take.replaces
    return written


def is_joinable(key: str) -> bool:
    """Whether both values of a key that is there twice can be kept: entries, takes of one."""
    return bool(_ADDRESS.match(key) or _NUMBER.match(key) or key == "takes")


def as_id(text: str) -> str:
    """Return a provider's id as the lockfile holds it: one with other signs as its digest."""
    if _matches(_ID, text):
        return text
    return f"sha256-{hashlib.sha256(text.encode()).hexdigest()}"


def as_money(amount: Decimal | None) -> Decimal | None:
    """Return an amount as the lockfile holds it, at most a hundred-millionth too high."""
    if amount is None or len(str(amount)) <= _DIGITS:
        return amount
    return amount.quantize(Decimal("1E-8"), ROUND_UP)


class _Reader:
    """Reads one text; every complaint names the file and, where there is one, the line."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.clean = False
        self.amounts: dict[Json, Decimal | None] = {None: None}
        self.numbers: dict[str, int] = {}

    def lock(self, text: str) -> Lock:
        body = self._json(text)
        self.clean = "\\" not in text
        if not isinstance(body, Mapping):
            raise self._damaged("the top level is not an object")
        version = body.get("version")
        if type(version) is int and version > JOINED:
            raise self._error(
                f"written by a newer program (version {version}, this one reads {JOINED})",
                "upgrade renderer; the file was not touched",
            )
        tasks = body.get("tasks")
        if version not in (VERSION, JOINED) or not isinstance(tasks, Mapping):
            raise self._damaged("'version' or 'tasks' is missing")
        names = self._lineages(body.get("lineage"), several=version == JOINED)
        entries = {at: self._entry(at, row) for at, row in tasks.items()}
        return Lock(lineage="", entries=entries).of_lineages(names)

    def _lineages(self, value: Json, *, several: bool) -> list[str]:
        names = value if several else [value]
        sound = isinstance(names, list) and all(_matches(_ID, name) for name in names)
        if not isinstance(names, list) or not are_texts(names) or not sound:
            raise self._foreign("lineage")
        if several and not all(names):
            raise self._foreign("lineage")
        return names

    def _json(self, text: str) -> Json:
        try:
            return read(text, most=limits.LOCK, depth=0, pieces=limits.LOCK_PIECES)
        except NotStrictError as error:
            raise self._unreadable(text, error) from None

    def _unreadable(self, text: str, error: NotStrictError) -> LockfileError:
        """Say why a text is not JSON; no JSON has conflict markers at the start of a line."""
        if not text.strip("\0 \t\r\n"):
            return self._damaged("NUL bytes" if "\0" in text else "it is empty")
        if is_joinable(error.twice):
            return self._error(
                f"git left {visible(error.twice)} there twice, from two branches",
                JOIN,
                line=_last_line(text, error.twice),
            )
        conflict = _CONFLICT.search(text)
        if conflict is None:
            return self._damaged(error.what, line=error.line, column=error.column)
        return self._error(
            "an unresolved merge conflict",
            JOIN,
            line=text.count("\n", 0, conflict.start()) + 1,
        )

    # One entry, one take: this runs for each of a project, so places are computed late.

    def _entry(self, address: str, row: Json) -> Entry:
        given = row.get("takes") if isinstance(row, dict) else None
        if not isinstance(row, dict) or not isinstance(given, dict):
            raise self._damaged(f"tasks.{visible(address)}: 'takes' is missing")
        fields, picture = row.get("fields", {}), str(row.get("fingerprint"))
        if not _HEAD.match(f"{address} {picture}"):
            raise self._head(address)
        if not row.keys() <= _ENTRY_KEYS:
            raise self._unknown(f"tasks.{address}", row.keys() - _ENTRY_KEYS)
        if not isinstance(fields, dict) or not _plain(fields, clean=self.clean):
            raise self._foreign(f"tasks.{address}.fields")
        takes = [self._take(address, name, one) for name, one in given.items()]
        if len(takes) > 1:
            takes.sort(key=lambda take: take.number)
        retired = row.get("retired") is True
        frames = self._frames(address, row["frames"]) if "frames" in row else {}
        return Entry(
            fingerprint=picture, fields=fields, frames=frames, takes=tuple(takes), retired=retired
        )

    def _frames(self, address: str, rows: Json) -> dict[str, Frame]:
        if not isinstance(rows, dict) or not rows.keys() <= {"first", "last"}:
            raise self._foreign(f"tasks.{address}.frames")
        return {at: self._frame(f"tasks.{address}.frames.{at}", row) for at, row in rows.items()}

    def _frame(self, at: str, row: Json) -> Frame:
        if not isinstance(row, dict) or row.keys() != _FRAME.keys():
            raise self._foreign(at)
        for name, pattern in _FRAME.items():
            if not _matches(pattern, row[name]):
                raise self._foreign(f"{at}.{name}")
        return Frame(**row)

    def _head(self, address: str) -> LockfileError:
        good = _ADDRESS.match(address)
        at = f"tasks.{address}.fingerprint" if good else f"the address '{address[:80]}'"
        return self._foreign(visible(at))

    def _take(self, address: str, name: str, row: Json) -> Take:
        number = self.numbers.get(name) or self._number(address, name)
        if not isinstance(row, dict) or not row.keys() <= _TAKE_KEYS:
            keys = row.keys() - _TAKE_KEYS if isinstance(row, dict) else ["not an object"]
            raise self._unknown(f"tasks.{address}.takes.{name}", keys)
        get = row.get
        texts = [get(key, "") for key in _TEXTS]
        size, seed, form = get("size"), get("seed"), get("format")
        if not _sound(texts) or not _whole(size) or form not in _FORMATS:
            raise self._damaged(_fault(f"tasks.{address}.takes.{name}", row))
        unsafe = get("NSFWContent", False)
        if (seed is not None and not _whole(seed)) or type(unsafe) is not bool:
            raise self._damaged(_fault(f"tasks.{address}.takes.{name}", row))
        return Take(
            number=number,
            fingerprint=texts[0],
            sha256=texts[1],
            size=size,
            format=form,
            seed=seed,
            cost=self._money(row, "cost", address),
            estimate=self._money(row, "estimate", address),
            task_uuid=texts[2],
            video_uuid=texts[3],
            draft_id=texts[4],
            draft=texts[5],
            unsafe=unsafe,
            replaces=self._replaces(address, name, row) if "replaces" in row else (),
        )

    def _replaces(self, address: str, name: str, row: JsonObject) -> tuple[str, ...]:
        found = row["replaces"]
        texts = found if isinstance(found, list) and are_texts(found) else None
        if texts is None or not all(map(_SHA256.match, texts)):
            raise self._foreign(f"tasks.{address}.takes.{name}.replaces")
        return tuple(texts)

    def _number(self, address: str, name: str) -> int:
        if not _NUMBER.match(name):
            at = visible(f"tasks.{address}.takes.{name[:40]}")
            raise self._damaged(f"{at}: a take is named #1, #2, …")
        self.numbers[name] = int(name[1:])
        return self.numbers[name]

    def _money(self, row: JsonObject, key: str, address: str) -> Decimal | None:
        value = row.get(key)
        if isinstance(value, str | None) and value in self.amounts:
            return self.amounts[value]
        try:
            money = Decimal(value) if isinstance(value, str) and len(value) <= _DIGITS else None
        except InvalidOperation:
            money = None
        if money is None or not money.is_finite() or money < 0:
            raise self._damaged(f"tasks.{address}: '{key}' is not a decimal number in quotes")
        self.amounts[value] = money
        return money

    def _foreign(self, at: str) -> LockfileError:
        return self._damaged(f"{at}: not as this program writes it")

    def _unknown(self, at: str, keys: Collection[str]) -> LockfileError:
        # Also how a URL or a secret would get in: what is not known here is not let through.
        return self._foreign(f"{at}: the key '{visible(min(keys)[:40])}'")

    def _damaged(self, what: str, *, line: int = 0, column: int = 0) -> LockfileError:
        return self._error(
            f"the lockfile is damaged: {what}",
            f"restore it (`git checkout -- {self.name}`); nothing was rendered",
            line=line,
            column=column,
        )

    def _error(self, what: str, todo: str, *, line: int = 0, column: int = 1) -> LockfileError:
        place = Place(file=self.name, line=line, column=column)
        return LockfileError(Problem(what=what, todo=todo, place=place))


def _sound(texts: list[Json]) -> TypeGuard[list[str]]:
    """Check the texts of a take at once; no part of the pattern lets a blank through."""
    return are_texts(texts) and _ALL.match(" ".join(texts)) is not None


def _plain(fields: JsonObject, *, clean: bool) -> bool:
    """Check an entry's fields at once: numbers and short texts on one line, none of them a URL.

    In a `clean` file there are no escapes, and so no control characters.
    """
    texts = [value for value in fields.values() if type(value) not in _NUMBERS]
    if not are_texts(texts):
        return False
    joined = "\n".join(texts)
    if "://" in joined:
        return False
    return clean or bool(_SHOWN.match(joined) and _FIELDS.match(" ".join(fields)))


def _last_line(text: str, key: str) -> int:
    """Return the line of the last time that an address is there as a key; 0 for another key."""
    at = text.rfind(f'"{key}":') if "/" in key else -1
    return text.count("\n", 0, at) + 1 if at >= 0 else 0


def _whole(value: Json) -> TypeGuard[int]:
    return type(value) is int and 0 <= value < _WHOLE


def _fault(at: str, row: JsonObject) -> str:
    """Name what is wrong with a take."""
    for key, pattern in _TEXTS.items():
        if not _matches(pattern, row.get(key, "")):
            return f"{at}.{key}: not as this program writes it"
    if row.get("format") not in _FORMATS:
        return f"{at}.format: must be mp4, mov or webm"
    if type(row.get("NSFWContent", False)) is not bool:
        return f"{at}.NSFWContent: must be true or false"
    return f"{at}: 'size' or 'seed' is not a whole number"


def _matches(pattern: str, value: Json) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None

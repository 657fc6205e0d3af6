"""`picks.yaml` to values, strictly: every problem with its line and column."""

import re
from collections.abc import Mapping, Sequence

from renderer.film.picks import Part, Pick, Picks, Point
from renderer.film.timecode import ordered, point
from renderer.json_types import Json
from renderer.spec.faults import Faults, SlipError, show
from renderer.spec.reader import Document, read
from renderer.spec.vocabulary import closest

VERSION = 2  # since 2 a key may name one deliverable of a shot
_READ = (1, VERSION)
MAX_PARTS = 100
MAX_WHY = 2000
_ID = r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_AXES = r"@[A-Za-z0-9_.:+~,=-]+"
SHOT = re.compile(rf"{_ID}/{_ID}\Z")
SLOT = re.compile(rf"{_ID}/{_ID}(?:{_AXES})?\Z")
TAKE = re.compile(rf"{_ID}/{_ID}(?:{_AXES})?#[1-9][0-9]{{0,8}}\Z")
_SHA = re.compile(r"[0-9a-f]{64}\Z")
_FINGERPRINT = re.compile(r"v[1-9][0-9]{0,3}-[0-9a-f]{64}\Z")
# Only where in and out are in different units; exact lengths are known when the film is cut.
_USUAL_FPS = 24

_COPY = "copy it from `renderer takes SHOT --format json`, or let `renderer pick` write it"
_PART = {
    "take": (TAKE, "is not a take", "write it as ADDRESS#NUMBER, such as harbour/quay#2"),
    "sha256": (_SHA, "is not a SHA-256", _COPY),
    "fingerprint": (_FINGERPRINT, "is not a fingerprint", _COPY),
}
_POINTS = ("in", "out")
_KEYS = (*_PART, *_POINTS, "why")
_COMPOSITE = ("parts", "why")
Path = tuple[str | int, ...]


def decode(text: str | bytes, name: str) -> Picks:
    """Read picks; raise InputError with every problem found."""
    return reading(text, name)[0]


def reading(text: str | bytes, name: str, *, require_why: bool = False) -> tuple[Picks, Document]:
    """Read picks, and the document that has them; with `require_why` each says why."""
    document = read(text, name)
    reader = _Reader(document, require_why=require_why)
    picks = reader.picks()
    reader.faults.raise_if_any()
    return picks, document


class _Reader:
    def __init__(self, document: Document, *, require_why: bool) -> None:
        self.document = document
        self.require_why = require_why
        self.faults = Faults(document.name)
        self.pattern = SHOT

    def picks(self) -> Picks:
        body = self.document.value
        if not isinstance(body, Mapping):
            self._add((), "picks are a mapping", "begin with `version: 1` and `picks:`")
            return Picks()
        self._only(body, (), ("version", "picks"))
        self._version(body)
        rows = body.get("picks")
        if rows is None:
            return Picks()
        if not isinstance(rows, Mapping):
            self._add(
                ("picks",), "'picks' is not a mapping", "write `scene/shot:` and its pick below"
            )
            return Picks()
        found = [self._pick(shot, row) for shot, row in rows.items()]
        return Picks().having(*(pick for pick in found if pick))

    def _version(self, body: Mapping[str, Json]) -> None:
        version = body.get("version")
        if type(version) is int and version > VERSION:
            what = f"written for a newer program (version {version}, this one reads {VERSION})"
            self._add(("version",), what, "upgrade renderer")
        elif type(version) is not int or version not in _READ:
            self._add(("version",), "'version' must be the number 1 or 2", "write version: 1")
        self.pattern = SLOT if version == VERSION else SHOT

    def _pick(self, shot: str, row: Json) -> Pick | None:
        at: Path = ("picks", shot)
        if not self.pattern.match(shot):
            what = f"'{show(shot)}' is not a shot"
            todo = "write scene/shot, such as harbour/quay"
            if SLOT.match(shot):
                what += " alone: it names a deliverable, too"
                todo = f"write `version: {VERSION}` at the top of the file"
            self._add(at, what, todo, key=True)
        if not isinstance(row, Mapping):
            self._add(at, "a pick is a mapping", "give it take, sha256 and fingerprint")
            return None
        why = self._why(row, at)
        if "parts" not in row:
            self._only(row, at, _KEYS)
            part = self._part(row, at)
            return Pick(slot=shot, why=why, parts=(part,)) if part else None
        self._only(row, at, _COMPOSITE)
        parts = self._parts(row["parts"], (*at, "parts"))
        return Pick(slot=shot, why=why, parts=parts) if parts else None

    def _why(self, row: Mapping[str, Json], at: Path) -> str:
        why = row.get("why") or ""
        if not isinstance(why, str):
            self._add((*at, "why"), "'why' is not text", "put the reason in quotes")
            return ""
        if self.require_why and not why.strip():
            what = "a pick without `why`, which `require_why` in renderer.yaml requires"
            where = (*at, "why") if "why" in row else at
            self._add(where, what, "write why: and why this take", key=where == at)
        if len(why) > MAX_WHY:
            self._add((*at, "why"), f"longer than {MAX_WHY} characters", "shorten it")
        return " ".join(why.split())

    def _parts(self, rows: Json, at: Path) -> tuple[Part, ...]:
        if not isinstance(rows, Sequence) or isinstance(rows, str) or not rows:
            self._add(at, "'parts' is not a list of takes", "write `- take: …` for each part")
            return ()
        if len(rows) > MAX_PARTS:
            self._add(at, f"{len(rows)} parts, the limit is {MAX_PARTS}", "make two shots of it")
            return ()
        found = []
        for number, row in enumerate(rows):
            if isinstance(row, Mapping):
                self._only(row, (*at, number), (*_PART, *_POINTS))
                found.append(self._part(row, (*at, number)))
            else:
                self._add((*at, number), "a part is a mapping", "give it take, in and out")
        return tuple(part for part in found if part)

    def _part(self, row: Mapping[str, Json], at: Path) -> Part | None:
        words = {name: self._word(row, at, name) for name in _PART}
        start, end = (self._point(row, at, name) for name in _POINTS)
        try:
            ordered(start, end, _USUAL_FPS)
        except SlipError as slip:
            self._add((*at, "out"), slip.what, slip.todo)
        if None in words.values():
            return None
        return Part(
            take=words["take"] or "",
            sha256=words["sha256"] or "",
            fingerprint=words["fingerprint"] or "",
            start=start,
            end=end,
        )

    def _word(self, row: Mapping[str, Json], at: Path, name: str) -> str | None:
        pattern, wrong, todo = _PART[name]
        value = row.get(name)
        if name not in row:
            self._add(at, f"'{name}' is missing", todo, key=isinstance(at[-1], str))
        elif isinstance(value, str) and pattern.match(value):
            return value
        else:
            self._add((*at, name), f"'{show(str(value))}' {wrong}", todo)
        return None

    def _point(self, row: Mapping[str, Json], at: Path, name: str) -> Point | None:
        if name not in row:
            return None
        try:
            return point(row[name])
        except SlipError as slip:
            self._add((*at, name), f"'{name}' {slip.what}", slip.todo)
            return None

    def _only(self, row: Mapping[str, Json], at: Path, known: Sequence[str]) -> None:
        for key in row:
            if key not in known:
                near = closest(key, known)
                todo = f"did you mean '{near}'?" if near else f"the keys here: {', '.join(known)}"
                self._add((*at, key), f"unknown key '{show(key)}'", todo, key=True)

    def _add(self, path: Path, what: str, todo: str, *, key: bool = False) -> None:
        self.faults.add(self.document.place(path, key=key), what, todo)

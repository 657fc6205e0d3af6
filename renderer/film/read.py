"""`picks.yaml` to values, strictly: every problem with its line and column."""

from collections.abc import Mapping, Sequence

from renderer.film.picks import Part, Pick, Picks, Point
from renderer.film.rows import IS_FINGERPRINT, IS_SHA, IS_TAKE, SHOT, SLOT, Path, Rows
from renderer.film.timecode import ordered, point
from renderer.json_types import Json
from renderer.spec.faults import SlipError, show
from renderer.spec.reader import Document, read

VERSION = 2  # since 2 a key may name one deliverable of a shot
_READ = (1, VERSION)
MAX_PARTS = 100
MAX_WHY = 2000
# Only where in and out are in different units; exact lengths are known when the film is cut.
_USUAL_FPS = 24

_PART = {"take": IS_TAKE, "sha256": IS_SHA, "fingerprint": IS_FINGERPRINT}
_POINTS = ("in", "out")
_KEYS = (*_PART, *_POINTS, "why")
_COMPOSITE = ("parts", "why")


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


class _Reader(Rows):
    def __init__(self, document: Document, *, require_why: bool) -> None:
        super().__init__(document)
        self.require_why = require_why
        self.pattern = SHOT

    def picks(self) -> Picks:
        body = self.document.value
        if not isinstance(body, Mapping):
            self.add((), "picks are a mapping", "begin with `version: 1` and `picks:`")
            return Picks()
        self.only(body, (), ("version", "picks"))
        if self.version(body, _READ) == VERSION:
            self.pattern = SLOT
        rows = body.get("picks")
        if rows is None:
            return Picks()
        if not isinstance(rows, Mapping):
            self.add(
                ("picks",), "'picks' is not a mapping", "write `scene/shot:` and its pick below"
            )
            return Picks()
        found = [self._pick(shot, row) for shot, row in rows.items()]
        return Picks().having(*(pick for pick in found if pick))

    def _pick(self, shot: str, row: Json) -> Pick | None:
        at: Path = ("picks", shot)
        if not self.pattern.match(shot):
            what = f"'{show(shot)}' is not a shot"
            todo = "write scene/shot, such as harbour/quay"
            if SLOT.match(shot):
                what += " alone: it names a deliverable, too"
                todo = f"write `version: {VERSION}` at the top of the file"
            self.add(at, what, todo, key=True)
        if not isinstance(row, Mapping):
            self.add(at, "a pick is a mapping", "give it take, sha256 and fingerprint")
            return None
        why = self._why(row, at)
        if "parts" not in row:
            self.only(row, at, _KEYS)
            part = self._part(row, at)
            return Pick(slot=shot, why=why, parts=(part,)) if part else None
        self.only(row, at, _COMPOSITE)
        parts = self._parts(row["parts"], (*at, "parts"))
        return Pick(slot=shot, why=why, parts=parts) if parts else None

    def _why(self, row: Mapping[str, Json], at: Path) -> str:
        why = self.text(row, at, "why", MAX_WHY)
        wrong = row.get("why") and not isinstance(row["why"], str)
        if self.require_why and not why and not wrong:
            what = "a pick without `why`, which `require_why` in renderer.yaml requires"
            where = (*at, "why") if "why" in row else at
            self.add(where, what, "write why: and why this take", key=where == at)
        return why

    def _parts(self, rows: Json, at: Path) -> tuple[Part, ...]:
        if not isinstance(rows, Sequence) or isinstance(rows, str) or not rows:
            self.add(at, "'parts' is not a list of takes", "write `- take: …` for each part")
            return ()
        if len(rows) > MAX_PARTS:
            self.add(at, f"{len(rows)} parts, the limit is {MAX_PARTS}", "make two shots of it")
            return ()
        found = []
        for number, row in enumerate(rows):
            if isinstance(row, Mapping):
                self.only(row, (*at, number), (*_PART, *_POINTS))
                found.append(self._part(row, (*at, number)))
            else:
                self.add((*at, number), "a part is a mapping", "give it take, in and out")
        return tuple(part for part in found if part)

    def _part(self, row: Mapping[str, Json], at: Path) -> Part | None:
        words = {name: self.word(row, at, name, rule) for name, rule in _PART.items()}
        start, end = (self._point(row, at, name) for name in _POINTS)
        try:
            ordered(start, end, _USUAL_FPS)
        except SlipError as slip:
            self.add((*at, "out"), slip.what, slip.todo)
        if None in words.values():
            return None
        return Part(
            take=words["take"] or "",
            sha256=words["sha256"] or "",
            fingerprint=words["fingerprint"] or "",
            start=start,
            end=end,
        )

    def _point(self, row: Mapping[str, Json], at: Path, name: str) -> Point | None:
        if name not in row:
            return None
        try:
            return point(row[name])
        except SlipError as slip:
            self.add((*at, name), f"'{name}' {slip.what}", slip.todo)
            return None

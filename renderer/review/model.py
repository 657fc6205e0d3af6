"""What the review page is made of, beside plan, tasks and lockfile; all of it as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from renderer.expand.task import Task
from renderer.json_types import Json
from renderer.lock.model import Lock
from renderer.plan.model import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is known of one take's file: measures, flags, and the files that show it.

    `video`, `poster` and `strip` are paths relative to the page, empty where there is none;
    `note` says what a person should know of the video, such as that it is a copy.
    """

    flags: tuple[str, ...] = ()
    width: int = 0
    height: int = 0
    fps: Decimal | None = None
    frames: int = 0
    duration: Decimal | None = None
    loudness: Decimal | None = None
    audio: bool = False
    video: str = ""
    poster: str = ""
    strip: str = ""
    tiles: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One take of a pick with its in and out as written, empty where there is none."""

    take: str
    sha256: str
    fingerprint: str
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The state of a shot in one deliverable, in the words of picks: `state`, what is against it.

    `slot` is `scene/shot`, with the axes of its film if the shot has any.
    """

    slot: str
    state: str
    why: str = ""
    cuts: tuple[Cut, ...] = ()
    against: tuple[str, ...] = ()
    default: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A take in the stack of its shot: its place from 1, what it is, whether it may be picked."""

    place: int
    kind: str
    label: str
    valid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What people wrote about a scene or a shot for each other."""

    title: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """All that a page shows.

    `versions` are by the names of takes, `requests` are kept requests by fingerprint, `looks` by
    SHA-256 (or SHA-256 and address),
    `troubles` what went wrong by address, `words` by scene or `scene/shot`.
    """

    title: str
    plan: Plan
    tasks: tuple[Task, ...]
    lock: Lock
    verdicts: tuple[Verdict, ...]
    versions: Mapping[str, Placed] = field(default_factory=dict)
    looks: Mapping[str, Look] = field(default_factory=dict)
    requests: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    troubles: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Words] = field(default_factory=dict)
    live: bool = False
    require_why: bool = False

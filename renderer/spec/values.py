"""What a spec says, once it is known to be right: plain values, whoever judged it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from renderer.errors import Place
from renderer.json_types import Json, Scalar

Cell = Mapping[str, Scalar]

Aspect = Literal["16:9", "4:3", "1:1", "3:4", "9:16", "21:9"]
ASPECTS: tuple[str, ...] = ("16:9", "4:3", "1:1", "3:4", "9:16", "21:9")
MAX_TITLE = 200
MAX_DEPTH = 6  # of a variable's value
MAX_ITEMS = 1000
MAX_LINE = 500  # characters of a text of a line
MAX_WHO = 60
# Words that a nearer layer can set to null, so that what a farther one says is not inherited.
UNSETTABLE = frozenset({"aspect", "draft", "settings", "vars", "keyframes", "frames", "matrix"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptFile:
    """A prompt that is a template of its own; its name is relative to `templates/`."""

    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotFrame:
    """A frame of another shot: `last`, `first`, or a moment (`1.5`, `36f`) of its take."""

    shot: str
    frame: str = "last"
    mode: Literal["chain", "pin"] = "chain"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFrame:
    """A keyframe of the scene or the project, by its name."""

    keyframe: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """Rows of a file of the project; `column` is which of their values an axis takes."""

    file: str
    column: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Each:
    """What a shot that stands for many is made of: its rows, and the shot as it is written."""

    rows: tuple[Json, ...] | DataFile
    shot: Mapping[str, Json]

    @classmethod
    def of(cls, rows: tuple[Json, ...] | DataFile, written: Mapping[str, Json]) -> "Each":
        """Return it for the mapping of a shot, which holds `each` too."""
        return cls(rows=rows, shot={name: one for name, one in written.items() if name != "each"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something that is said (dialogue), or only shown (caption), in a take.

    `at` and `length` are seconds (`1.5`) or frames (`36f`), from the first frame of the take.
    `text` is plain, or one for each locale.
    """

    at: str
    length: str
    text: str | Mapping[str, str]
    who: str = ""
    kind: Literal["dialogue", "caption"] = "dialogue"


FrameSource = str | ShotFrame | SharedFrame
Keyframes = Mapping[str, str | ShotFrame | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """Images that the video starts or ends with; `unset` are positions that are null."""

    first: FrameSource | None = None
    last: FrameSource | None = None
    unset: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Axes whose values are crossed into tasks, with the cells to add and to leave out.

    `unset` are axes that are null; None for a list that is not written, and inherited. The
    values of axes in `files` are not in `axes` until these files are read; `rows` says then where
    each value of such an axis is written.
    """

    axes: Mapping[str, tuple[Scalar, ...]] = field(default_factory=dict)
    include: tuple[Cell, ...] | None = None
    exclude: tuple[Cell, ...] | None = None
    unset: tuple[str, ...] = ()
    files: Mapping[str, DataFile] = field(default_factory=dict)
    rows: Mapping[str, Callable[[int], Place]] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What is allowed in every layer: the project, a scene and a shot.

    `unset` are words that are null; a null deeper in `settings` or `vars` is kept as None.
    """

    title: str | None = None
    aspect: Aspect | None = None
    draft: bool | None = None
    settings: Mapping[str, Json] = field(default_factory=dict)
    vars: Mapping[str, Json] = field(default_factory=dict)
    matrix: Matrix | None = None
    unset: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot(Layer):
    """One shot of a scene; with `each`, one shot for each row, and nothing is known but that."""

    id: str
    prompt: str | PromptFile
    notes: str | None = None
    frames: Frames | None = None
    skip: bool = False
    lines: tuple[Line, ...] = ()
    each: Each | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene(Layer):
    """One scene file in `specs/`."""

    version: Literal[1]
    scene: str
    shots: tuple[Shot, ...]
    notes: str | None = None
    keyframes: Keyframes = field(default_factory=dict)
    frames: Frames | None = None
    deliver: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Layer):
    """The defaults of all scenes, in `renderer.yaml`."""

    version: Literal[1]
    provider: str | None = None
    require_why: bool = False
    deliver: tuple[str, ...] | None = None
    keyframes: Keyframes = field(default_factory=dict)

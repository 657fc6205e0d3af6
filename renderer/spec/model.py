"""What a person writes: renderer.yaml, and the scenes in specs/ with their shots."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    JsonValue,
    Strict,
    Tag,
    field_validator,
    model_validator,
)

from renderer.providers import PROVIDERS
from renderer.spec.base import Spec, title_line
from renderer.spec.lines import Lines
from renderer.spec.types import (
    AxisName,
    AxisValues,
    DataName,
    Deliver,
    FrameText,
    Id,
    Moment,
    RowId,
    Rows,
    Scalar,
    ShotName,
    TemplateName,
    Value,
    VariableName,
    fault,
    few,
)
from renderer.spec.values import ASPECTS, MAX_ITEMS, MAX_TITLE, Aspect


def _version(value: object) -> object:
    # Python holds 1, 1.0 and True equal; versions are not.
    if value is None or type(value) is int:
        return value
    raise fault("must be the number 1", "write version: 1")


def _not_blank(text: str) -> str:
    if not text.strip():
        raise fault("is empty", "say what the shot shows")
    return text


def _some_shots(shots: object) -> object:
    # pydantic would count the shots that are right, and say this of a list of wrong ones.
    if isinstance(shots, list | tuple) and not shots:
        raise fault("is empty", "add a shot, beginning with `- id: …`")
    return few(shots)


def _prompt_kind(value: object) -> str:
    return "<file>" if isinstance(value, dict | PromptFile) else "<text>"


def _frame_kind(value: object) -> str:
    shared = isinstance(value, SharedFrame) or (isinstance(value, dict) and "keyframe" in value)
    return "<keyframe>" if shared else _keyframe_kind(value)


def _keyframe_kind(value: object) -> str:
    return "<shot>" if isinstance(value, dict | ShotFrame) else "<text>"


def _shot_kind(value: Any) -> str:
    many = isinstance(value, EachShot) or (isinstance(value, dict) and "each" in value)
    return "<many>" if many else "<one>"


def _data_kind(value: Any) -> str:
    return "<data>" if isinstance(value, DataFile) or is_data_file(value) else "<list>"


def is_data_file(value: Any) -> bool:
    """Return whether a value names a file of rows: a list of values is none."""
    return isinstance(value, dict) and "file" in value


class PromptFile(Spec):
    """A prompt that is a template of its own."""

    file: TemplateName = Field(
        description="Name of the template, relative to `templates/`.",
        examples=["clocktower/bell.j2"],
    )


class ShotFrame(Spec):
    """A frame of another shot: of its picked take, else of its first."""

    shot: ShotName = Field(
        description="The other shot: its id in this scene, or `scene/shot`.",
        examples=["bell", "clocktower/bell"],
    )
    frame: Moment = Field(
        default="last",
        description="Which frame: `last`, `first`, or a moment of the take, in seconds (1.5) or "
        "frames (36f).",
    )
    mode: Literal["chain", "pin"] = Field(
        default="chain",
        description="`chain`: a new take of the other shot makes this one again, too. `pin`: the "
        "frame that was used stays, until `renderer repin`.",
    )


class SharedFrame(Spec):
    """A keyframe of the scene or the project, by its name."""

    keyframe: Id = Field(
        description="Name of an image in `keyframes` of the scene or of renderer.yaml.",
        examples=["harbour-dusk"],
    )


FrameSource = Annotated[
    Annotated[FrameText, Tag("<text>")]
    | Annotated[ShotFrame, Tag("<shot>")]
    | Annotated[SharedFrame, Tag("<keyframe>")],
    Discriminator(_frame_kind),
]
Keyframes = Annotated[
    dict[
        Id,
        Annotated[
            Annotated[FrameText, Tag("<text>")] | Annotated[ShotFrame, Tag("<shot>")],
            Discriminator(_keyframe_kind),
        ]
        | None,
    ],
    BeforeValidator(few),
    Field(
        description="Images that shots share, by name: used as `frames: {first: {keyframe: …}}`.",
        examples=[{"harbour-dusk": "assets/harbour.png", "tolled": {"shot": "bell"}}],
    ),
]


class Frames(Spec):
    """Images that the video starts or ends with."""

    first: FrameSource | None = Field(
        default=None,
        description="First frame: an image file of the project (path from the project's folder), "
        "an https URL, the UUID of an uploaded image, a data URI, a frame of another shot, or a "
        "keyframe.",
        examples=["assets/reef-first.png", {"shot": "bell", "frame": "last"}],
    )
    last: FrameSource | None = Field(
        default=None,
        description="Last frame: an image, a frame of another shot, or a keyframe.",
        examples=["assets/reef-last.png", {"keyframe": "harbour-dusk"}],
    )

    @model_validator(mode="after")
    def _at_least_one(self) -> "Frames":
        if not self.model_fields_set:
            raise fault("names no frame", "give it `first`, `last` or both")
        return self


class RowsFile(Spec):
    """A file of the project with the rows of a shot."""

    file: DataName = Field(
        description="CSV with a header, or a list in JSON or YAML; its path from the project's "
        "folder.",
        examples=["data/products.csv"],
    )


class DataFile(RowsFile):
    """A file of the project with the values of an axis."""

    column: str | None = Field(
        default=None,
        min_length=1,
        description="Which column of the file, or which value of its mappings, the axis takes.",
        examples=["code"],
    )


class Matrix(Spec):
    """Axes whose values are crossed into tasks; written flat, beside `include` and `exclude`."""

    axes: dict[
        AxisName,
        Annotated[
            Annotated[AxisValues, Tag("<list>")] | Annotated[DataFile, Tag("<data>")],
            Discriminator(_data_kind),
        ]
        | None,
    ] = Field(default_factory=dict)
    include: Annotated[tuple[dict[AxisName, Scalar], ...] | None, Strict(strict=False)] = Field(
        default=None,
        description="Cells to add, or values to add to the cells that match.",
        examples=[[{"seed": 7, "resolution": "1080p"}]],
    )
    exclude: Annotated[tuple[dict[AxisName, Scalar], ...] | None, Strict(strict=False)] = Field(
        default=None,
        description="Cells to leave out: every cell that has these values.",
        examples=[[{"seed": 7, "resolution": "720p"}]],
    )

    @model_validator(mode="before")
    @classmethod
    def _gather_axes(cls, value: object) -> object:
        if not isinstance(value, dict) or isinstance(value.get("axes"), dict):
            return value  # made by a program, with its axes gathered already
        there = [name for name in ("include", "exclude") if name in value]
        rules = {name: () if value[name] is None else value[name] for name in there}
        axes = {name: axis for name, axis in value.items() if name not in rules}
        return {"axes": few(axes), **{name: few(rule) for name, rule in rules.items()}}

    @field_validator("axes")
    @classmethod
    def _own_words(cls, axes: dict[str, Any]) -> dict[str, Any]:
        lists = {name: axis for name, axis in axes.items() if isinstance(axis, tuple)}
        for at, value in enumerate(lists.get("aspect", ())):
            if value not in ASPECTS:
                todo = f"use one of {', '.join(ASPECTS)}, in quotes"
                raise fault("has a value that is not an aspect", todo, ("aspect", at))
        for at, value in enumerate(lists.get("draft", ())):
            if not isinstance(value, bool):
                raise fault(
                    "has a value other than true and false", "write [true, false]", ("draft", at)
                )
        return axes

    @field_validator("include", "exclude")
    @classmethod
    def _say_something(
        cls, rules: tuple[dict[str, Any], ...] | None
    ) -> tuple[dict[str, Any], ...] | None:
        for at, rule in enumerate(rules or ()):
            if not rule:
                raise fault("names no axis", "give it axis: value, or remove it", (at,))
        return rules


if TYPE_CHECKING:
    ProviderName = str
else:  # from the table; a type checker wants the names spelled out
    ProviderName = Literal[tuple(PROVIDERS)]
Version = Annotated[Literal[1], BeforeValidator(_version)]
Title = Annotated[str, Field(max_length=MAX_TITLE), AfterValidator(title_line)]
Settings = Annotated[
    dict[str, JsonValue],
    BeforeValidator(few),
    Field(
        description="What the API knows, spelled as the API spells it. The nearest wins: "
        "renderer.yaml, scene, shot, matrix cell; mappings are merged, lists are replaced, null "
        "unsets.",
        examples=[{"model": "bytedance:seedance@1.5-pro", "resolution": "720p", "duration": 8}],
    ),
]
Variables = Annotated[
    dict[VariableName, Value],
    BeforeValidator(few),
    Field(
        description="Values for the prompts, used as `{{ name }}`: text, numbers, true or false, "
        "lists and mappings of those.",
        examples=[{"look": "rain-slick blue night", "lanterns": 12}],
    ),
]


class Layer(Spec):
    """What is allowed in every layer: the project, a scene and a shot."""

    title: Title | None = Field(
        default=None,
        description="A title for people. It changes no picture and costs nothing.",
        examples=["Moonlit Clocktower Market Chase"],
    )
    aspect: Aspect | None = Field(
        default=None,
        description="Shape of the picture. With `resolution` it gives width and height.",
        examples=["16:9"],
    )
    draft: bool | None = Field(
        default=None,
        description="true renders the cheap 480p draft first; false, or leaving it out, the final.",
    )
    settings: Settings | None = Field(default_factory=dict)
    vars: Variables | None = Field(default_factory=dict)
    matrix: Matrix | None = Field(
        default=None,
        description="Axes that are crossed: every combination is one task. An axis is a setting "
        "(`seed`, `resolution`, `providerSettings.bytedance.audio`), `aspect`, `draft`, or a "
        "variable of the prompt.",
        examples=[{"seed": [65545, 65546], "resolution": ["480p", "720p"]}],
    )


class Shot(Layer):
    """One shot of a scene."""

    id: Id = Field(
        description="Name of the shot, used in its address, its files and the lockfile.",
        examples=["bell"],
    )
    notes: str | None = Field(
        default=None, description="Notes for people. They change no picture and cost nothing."
    )
    prompt: Annotated[
        Annotated[Annotated[str, AfterValidator(_not_blank)], Tag("<text>")]
        | Annotated[PromptFile, Tag("<file>")],
        Discriminator(_prompt_kind),
    ] = Field(
        description="What the shot shows and sounds like: text with `{{ variables }}`, or "
        "`{file: …}` for a template in `templates/`.",
        examples=["{{ look }}. A bell tolls over the harbour.", {"file": "clocktower/bell.j2"}],
    )
    frames: Frames | None = Field(
        default=None, description="Images that the shot starts or ends with."
    )
    lines: Lines = ()
    skip: bool = Field(default=False, description="true leaves the shot out for now.")


class EachShot(Layer):
    """A shot that stands for many, one a row; each is judged as a shot when its row is known."""

    id: RowId
    each: Annotated[
        Annotated[Rows, Tag("<list>")] | Annotated[RowsFile, Tag("<data>")],
        Discriminator(_data_kind),
    ] = Field(
        description="Makes a shot of each row: a list, or `{file: …}` with a CSV, JSON or YAML "
        "file of the project. `id`, `title`, `prompt`, `vars`, `settings`, `frames` and `lines` "
        "may use `{{ item.COLUMN }}`.",
        examples=[{"file": "data/products.csv"}, [{"sku": "a1", "name": "Lamp"}]],
    )
    title: Any = None
    notes: str | None = None
    prompt: Any
    frames: Any = None
    lines: Any = None
    skip: bool = False


class Scene(Layer):
    """One scene file in `specs/`."""

    version: Version = Field(description="Version of the file format: 1.")
    scene: Id = Field(
        description="Name of the scene, used in addresses, files and the lockfile.",
        examples=["clocktower"],
    )
    notes: str | None = Field(
        default=None, description="Notes for people. They change no picture and cost nothing."
    )
    keyframes: Keyframes | None = Field(default_factory=dict)
    frames: Frames | None = Field(
        default=None, description="Images that every shot of the scene starts or ends with."
    )
    deliver: Deliver | None = Field(
        default=None,
        description="Which of the project's `deliver` axes the films of this scene are named by: a scene only "
        "drops axes; `[]` serves all films alike.",
        examples=[["locale", "aspect"]],
    )
    shots: Annotated[
        tuple[
            Annotated[
                Annotated[Shot, Tag("<one>")] | Annotated[EachShot, Tag("<many>")],
                Discriminator(_shot_kind),
            ],
            ...,
        ],
        Strict(strict=False),
        BeforeValidator(_some_shots),
    ] = Field(
        description="The shots, in the order of the film.",
        json_schema_extra={"minItems": 1, "maxItems": MAX_ITEMS},
    )

"""What a person writes of lines: dialogue and captions, with their times."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Strict, Tag

from renderer.spec.base import Spec, name_line
from renderer.spec.types import LocaleName, Time, fault, few
from renderer.spec.values import MAX_LINE, MAX_WHO


def _some_locale(texts: Any) -> Any:
    if not texts:
        raise fault("has no text", "write one for each locale, such as {en: …, de: …}")
    return few(texts)


def _some_text(text: Any) -> Any:
    if isinstance(text, str) and not text.strip():
        raise fault("is empty", "write what is said or shown, or remove the line")
    return text


LineText = Annotated[str, Field(max_length=MAX_LINE), BeforeValidator(_some_text)]


def _line_text_kind(value: Any) -> str:
    return "<locales>" if isinstance(value, dict) else "<text>"


class Line(Spec):
    """Something that is said in a take, or only shown over it."""

    at: Time = Field(
        description="When it begins, from the first frame of the take: seconds (1.5) or frames "
        "(36f).",
        examples=[1.5],
    )
    for_: Time = Field(
        alias="for", description="How long it lasts: seconds or frames.", examples=[2]
    )
    who: Annotated[str, Field(max_length=MAX_WHO), AfterValidator(name_line)] | None = Field(
        default=None, description="Who says it.", examples=["Mara"]
    )
    text: Annotated[
        Annotated[LineText, Tag("<text>")]
        | Annotated[dict[LocaleName, LineText], BeforeValidator(_some_locale), Tag("<locales>")],
        Discriminator(_line_text_kind),
    ] = Field(
        description="What is said: text, or one for each value of `locale`.",
        examples=["We leave at dawn.", {"en": "We leave at dawn.", "de": "Wir fahren bei Tag."}],
    )
    kind: Literal["dialogue", "caption"] = Field(
        default="dialogue",
        description="`dialogue` is spoken, and `{{ lines }}` in a prompt; `caption` is only shown.",
    )


Lines = Annotated[
    tuple[Line, ...],
    Strict(strict=False),
    BeforeValidator(few),
    Field(
        description="What is said and shown, with its times. It changes no picture unless the "
        "prompt uses `{{ lines }}`.",
        examples=[[{"at": 0.5, "for": 2, "who": "Mara", "text": "We leave at dawn."}]],
    ),
]

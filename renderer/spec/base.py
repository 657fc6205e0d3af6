"""What all that a person writes has in common."""

from pydantic import BaseModel, ConfigDict

from renderer.spec.types import fault


class Spec(BaseModel):
    """The base of all that a person writes: nothing unknown, nothing converted, nothing changed."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, hide_input_in_errors=True, allow_inf_nan=False
    )


def title_line(text: str) -> str:
    """Return a title, which is one line."""
    return one_line(text, "a title is one line; longer text goes into notes")


def name_line(text: str) -> str:
    """Return the name of who speaks, which is one line."""
    return one_line(text, "write the name on one line; what is said goes into `text`")


def one_line(text: str, todo: str) -> str:
    """Return a text of one line."""
    if "\n" in text.rstrip("\n"):
        raise fault("has more than one line", todo)
    return text

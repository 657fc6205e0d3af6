"""What can change a prompt: a template, a macro, a value of a template, a variable."""

from dataclasses import dataclass

from renderer import paths


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Use:
    """Something that can change a prompt.

    `kind` is template, macro, set (a value that a template sets) or variable. `name` is
    "look.j2", "cast.j2:courier" or a dotted path as deep as the template writes it. `digest`
    is of its own content alone, white space aside, and "" for a variable: what a macro uses
    is a use by itself.
    """

    kind: str
    name: str
    digest: str = ""

    @property
    def via(self) -> str:
        """How a plan names it: `templates/cast.j2:courier`, `vars.look`."""
        return ("vars." if self.kind == "variable" else f"{paths.TEMPLATES}/") + self.name

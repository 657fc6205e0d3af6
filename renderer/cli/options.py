"""Options that several commands share."""

import click

from renderer.cli.complete import names
from renderer.providers import DEFAULT, PROVIDERS


def apart(first: str, second: str, *given: object) -> None:
    """Refuse two options that cannot be combined, if all that is given is there."""
    if all(given):
        raise click.UsageError(f"{first} and {second} cannot be combined: use one of them")


json_option = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="Default: text."
)
events_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="json: one event a line. Default: text.",
)
only_option = click.option(
    "--only",
    multiple=True,
    metavar="NAME",
    shell_complete=names,
    help="Only these tasks, may be given several times: an address with some or all of its axes "
    "in any order (ad/pack@locale=ja), a shot (ad/pack, or pack alone), a scene, or a pattern "
    "('ad/*').",
)


def _film(_context: click.Context, _param: click.Parameter, value: str | None) -> str:
    """Refuse an empty name, such as one from a variable that is not set: it does not mean all."""
    if value is not None and not value.strip():
        raise click.BadParameter("it names no film: write AXIS=VALUE, or leave the option out")
    return value or ""


deliverable_option = click.option(
    "--deliverable",
    metavar="AXIS=VALUE,…",
    callback=_film,
    help="Only the tasks of one film: locale=de,aspect=9:16.",
)


class _Provider(click.Choice[str]):
    """The names of the table of providers, as it is when a command is called."""

    def __init__(self) -> None:
        super().__init__(PROVIDERS)

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return a name of the table."""
        self.choices = tuple(PROVIDERS)
        return super().convert(value, param, ctx)


provider_option = click.option(
    "--provider", type=_Provider(), help=f"Default: renderer.yaml, or {DEFAULT.name}."
)

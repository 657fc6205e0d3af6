"""Options that several commands share."""

import click

from renderer.cli.complete import names

only_option = click.option(
    "--only",
    multiple=True,
    metavar="NAME",
    shell_complete=names,
    help="Only these tasks, may be given several times: an address with some or all of its axes "
    "in any order (ad/pack@locale=ja), a shot (ad/pack, or pack alone), a scene, or a pattern "
    "('ad/*').",
)

"""``trueup check``: whether a configuration can be used, without asking anybody."""

from typing import Annotated

import typer

from ..base import options
from ..configuration.loading import load
from .entries import come_to, on_record, read_entries

Entry = Annotated[
    list[str] | None,
    typer.Option(
        "--entry",
        metavar="[SYMBOL=]PRICE",
        help="The entry of a position to come, of one symbol or of all.",
        show_default=False,
    ),
]


def check(config: options.Config = options.DEFAULT_CONFIG, *, entry: Entry = None) -> None:
    """Check the configuration, and name all mistakes at once.

    Of each it says the line and the column, why it is one, and an example of what is right. Every
    command that reads the file names the same ones. A key, an alert URL or a token that is not
    where the file says is one, too; none is shown. It asks no exchange; that a key works, `trueup
    doctor` finds out, and `trueup alerts test` that a receiver answers.

    What does not fit the entry of a position is warned of: take-profits on its losing side, a stop
    on its winning side, a ladder in R without one. Where the database knows a position, that is the
    entry. With `--entry` you say one: then the prices are shown as well that each ladder and each
    stop come to, before they are rounded to the tick. `trueup plan` reads the exchange, and says
    which would fill at once.

    It exits with 2 if there is a mistake.
    """
    loaded = load(config, keys=True, service=True, token=True)
    counts = (
        (len(loaded.options.accounts), "accounts"),
        (len(loaded.options.monitors), "monitors"),
    )
    said = ", ".join(f"{number} {what}" for number, what in counts)
    entries = read_entries(entry or (), loaded)
    made = tuple(come_to(loaded, entries))
    warnings = [f"{name}: {mistake}" for name, one in made for mistake in one.mistakes]
    for warning in (*warnings, *on_record(loaded, entries)):
        typer.echo(f"trueup: warning: {warning}", err=True)
    for name, one in made:
        typer.echo(f"{name}: {one}")
    typer.echo(f"{config}: no mistake; {said}; keys, URLs and tokens are where it says")

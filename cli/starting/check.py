"""``trueup check``: whether a configuration can be used, without asking anybody."""

import typer

from ..base import options
from ..configuration.loading import load


def check(config: options.Config = options.DEFAULT_CONFIG) -> None:
    """Check the configuration, and name all mistakes at once.

    Of each it says the line and the column, why it is one, and an example of what is right. Every
    command that reads the file names the same ones. A key, an alert URL or a token that is not
    where the file says is one, too; none is shown. It asks no exchange and opens no database; that
    a key works, `trueup doctor` finds out, and `trueup alerts test` that a receiver answers.

    It exits with 2 if there is a mistake.
    """
    loaded = load(config, keys=True, service=True, token=True)
    counts = (
        (len(loaded.options.accounts), "accounts"),
        (len(loaded.options.monitors), "monitors"),
    )
    said = ", ".join(f"{number} {what}" for number, what in counts)
    typer.echo(f"{config}: no mistake; {said}; keys, URLs and tokens are where it says")

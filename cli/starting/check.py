"""``trueup check``: whether a configuration can be used, without asking anybody."""

from collections.abc import Iterator

import typer

from ...domain.model.errors import LadderError, TrueupError
from ...storage.sqlite import open_reader
from ..base import options
from ..configuration.loading import Loaded, load


def check(config: options.Config = options.DEFAULT_CONFIG) -> None:
    """Check the configuration, and name all mistakes at once.

    Of each it says the line and the column, why it is one, and an example of what is right. Every
    command that reads the file names the same ones. A key, an alert URL or a token that is not
    where the file says is one, too; none is shown. It asks no exchange; that a key works, `trueup
    doctor` finds out, and `trueup alerts test` that a receiver answers. Where the database knows a
    monitor's position, take-profits on the losing side of its entry are warned of; `trueup plan`
    reads the exchange, and says which would fill at once.

    It exits with 2 if there is a mistake.
    """
    loaded = load(config, keys=True, service=True, token=True)
    counts = (
        (len(loaded.options.accounts), "accounts"),
        (len(loaded.options.monitors), "monitors"),
    )
    said = ", ".join(f"{number} {what}" for number, what in counts)
    for warning in _warnings(loaded):
        typer.echo(f"trueup: warning: {warning}", err=True)
    typer.echo(f"{config}: no mistake; {said}; keys, URLs and tokens are where it says")


def _warnings(loaded: Loaded) -> Iterator[str]:
    """What is no mistake of the file, but does not fit a position that is on record."""
    try:
        with open_reader(loaded.options.store.url) as reader:
            records = {record.key: record for record in reader.monitors()}
    except TrueupError:
        return  # there is no database yet, or `trueup doctor` says what is wrong with it
    for monitor in loaded.options.monitors:
        record, ladder = records.get(monitor.key), monitor.wanted
        if record is None or not record.position_size or ladder is None:
            continue
        follows = ladder == record.ladder
        done = {one.number for one in ladder.levels if follows and record.is_done(one.number)}
        left = {one.number for one in ladder.levels} - done
        try:
            ladder.check_side(monitor.key.side, record.entry_price, left)
        except LadderError as error:
            yield f"{monitor.key}: {error.message}, as last read; see `trueup plan`"

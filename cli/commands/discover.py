"""``trueup discover``: what is open on every account, watched or not."""

from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Annotated

import typer

from ...composition import Reconciler
from ...domain.model.errors import ConfigurationError
from ...domain.model.record import Source
from ...engine.discovery.result import Discovered, FoundPosition
from ..base import options
from ..base.failures import ExitCode
from ..base.tables import show_json
from ..configuration.loading import Loaded, load
from ..configuration.opening import open_copy, open_reconciler, watch_all
from ..configuration.refusals import show_refusals
from .discoveries import discovery_document, is_kept_true, show_discoveries


def discover(
    config: options.Config = options.DEFAULT_CONFIG,
    *,
    watch: Annotated[
        bool,
        typer.Option(
            "--watch",
            help="Start a monitor for every position whose ladder can be recovered.",
        ),
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Show every open position, its cover and its orders.

    It sends nothing, and stores nothing but the monitors that --watch starts: `trueup run` runs
    them, and their first run recovers their ladders. It does not restart a monitor that was
    unwatched or removed from the configuration, but prints the lines that do. Without --watch it
    works while the engine runs. If a position cannot be watched, the output says why.

    It exits with 0 if all was read and every position is watched and covered exactly, by
    its monitor's orders or by those that the next run adopts; otherwise with 1.
    """
    loaded = load(config, keys=True)
    with _opened(loaded, watch=watch) as reconciler:
        refused = watch_all(reconciler, loaded)
        found = reconciler.discover()
        if watch:
            found = tuple(_with_monitors(reconciler, each) for each in found)
    configured = {monitor.key for monitor in loaded.options.monitors}
    if as_json:
        show_json([discovery_document(each, configured) for each in found])
    else:
        show_discoveries(found, configured)
    show_refusals(loaded, refused)
    true = not refused and all(is_kept_true(each, configured) for each in found)
    raise typer.Exit(ExitCode.OK if true else ExitCode.NOT_TRUE)


def _opened(loaded: Loaded, *, watch: bool) -> AbstractContextManager[Reconciler]:
    return open_reconciler(loaded, loaded.options.store.url) if watch else open_copy(loaded)


def _with_monitors(reconciler: Reconciler, found: Discovered) -> Discovered:
    started = tuple(_started(reconciler, position) for position in found.positions)
    return replace(found, positions=started)


def _started(reconciler: Reconciler, found: FoundPosition) -> FoundPosition:
    """The position with a monitor, if it can have one."""
    if not found.can_be_watched:
        return found
    key = found.key
    try:
        record = reconciler.watch(key.account, key.symbol, key.side, source=Source.DISCOVERED)
    except ConfigurationError as error:
        return replace(found, why_not=error.message)
    return replace(found, source=record.source)

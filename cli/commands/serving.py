"""The engine as a service: it runs until a signal stops it, and restarts on SIGHUP."""

from pathlib import Path
from threading import Thread

from loguru import logger

from ...composition import Reconciler
from ...domain.model.errors import TrueupError
from ...engine.loop.callbacks import OnRun, OnSweep
from ..base.failures import one_line
from ..base.stopping import Control, Request
from ..configuration.loading import Loaded, load
from ..configuration.opening import (
    door_of,
    kept,
    on_record,
    open_copy,
    open_reconciler,
    warn_of_gaps,
    watch_all,
)
from ..configuration.refusals import alert_refusals


def serve(loaded: Loaded, on_run: OnRun, on_sweep: OnSweep) -> None:
    """Runs the monitors until SIGINT or SIGTERM.

    SIGHUP reads the file again. If the file has a mistake, or no monitor would be left, the engine
    logs it and keeps the old one; otherwise the runs under way end and the engine restarts with the
    new file.

    Raises:
        ConfigurationError: there is no monitor, or every one is refused.
        StoreError: the database cannot be written.
    """
    with Control() as control, control.on_signals():
        following: Loaded | None = loaded
        while following is not None:
            following = _until_reload(following, control, on_run, on_sweep)
    logger.info("stopped")


def _until_reload(
    loaded: Loaded, control: Control, on_run: OnRun, on_sweep: OnSweep
) -> Loaded | None:
    """Runs until a stop is requested, or until the file has changed to a valid one; returns it.

    The monitors on record run before the exchange is asked about new ones, which may take its time.
    """
    with open_reconciler(loaded, loaded.options.store.url) as reconciler:
        door, settings = door_of(reconciler, loaded), loaded.options.engine.loop
        refused = door.watch_stored()
        keys = [record.key for record in on_record(reconciler, loaded)]
        reconciler.start(keys, settings=settings, on_run=on_run, on_sweep=on_sweep)
        Thread(target=_end_with, args=(reconciler, control), daemon=True).start()
        refused += door.watch_new()
        records = kept(reconciler, loaded, refused)
        alert_refusals(loaded, refused)
        warn_of_gaps(reconciler, records)
        seconds = settings.interval.total_seconds()
        logger.info("watching {} monitors, a sweep every {} s", len(records), seconds)
        while control.next() is Request.RELOAD:
            following = _read_again(loaded.path)
            if following is not None:
                return following
        reconciler.stop()
    return None


def _end_with(reconciler: Reconciler, control: Control) -> None:
    """Requests the end once the reconciler stops by itself, of its database or of a defect."""
    try:
        reconciler.wait()
    except TrueupError:
        control.stop()


def _read_again(path: Path) -> Loaded | None:
    """The configuration, if it can be used; it is tried on a copy of the database."""
    try:
        loaded = load(path)
        with open_copy(loaded) as copy:
            kept(copy, loaded, watch_all(copy, loaded))
    except TrueupError as error:
        logger.error(
            "the configuration was not reloaded; the engine keeps running with the old one: {}",
            one_line(str(error)),
        )
        return None
    logger.info("{} was reloaded", path)
    return loaded

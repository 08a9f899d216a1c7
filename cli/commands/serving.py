"""The engine as a service: it runs until a signal stops it, and restarts on SIGHUP."""

from pathlib import Path
from threading import Thread

from loguru import logger

from ...composition import Reconciler
from ...domain.model.errors import StoreError, TrueupError
from ...engine.loop.parts import OnRun, OnSweep
from ..base.failures import one_line
from ..base.stopping import Control, Request
from ..configuration.loading import Loaded, load
from ..configuration.opening import kept, open_copy, open_reconciler, warn_of_gaps


def serve(loaded: Loaded, on_run: OnRun, on_sweep: OnSweep) -> None:
    """Runs the monitors until SIGINT or SIGTERM.

    SIGHUP reads the file again. If the file has a mistake, the engine logs it and keeps
    the old one; otherwise the runs under way end and the engine restarts with the new file.

    Raises:
        ConfigurationError: a monitor is invalid.
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
    """Runs until a stop is requested, or until the file has changed to a valid one; returns it."""
    with open_reconciler(loaded, loaded.options.store.url) as reconciler:
        records = kept(reconciler, loaded)
        warn_of_gaps(reconciler, records)
        settings = loaded.options.engine.loop
        seconds = settings.interval.total_seconds()
        logger.info("watching {} monitors, a sweep every {} s", len(records), seconds)
        keys = [record.key for record in records]
        reconciler.start(keys, settings=settings, on_run=on_run, on_sweep=on_sweep)
        Thread(target=_end_with, args=(reconciler, control), daemon=True).start()
        while control.next() is Request.RELOAD:
            following = _read_again(loaded.path)
            if following is not None:
                return following
        reconciler.stop()
    return None


def _end_with(reconciler: Reconciler, control: Control) -> None:
    """Requests the end once the reconciler stops by itself, as its database cannot be written."""
    try:
        reconciler.wait()
    except StoreError:
        control.stop()


def _read_again(path: Path) -> Loaded | None:
    """The configuration, if all of it is valid; it is checked on a copy of the database."""
    try:
        loaded = load(path)
        with open_copy(loaded) as copy:
            kept(copy, loaded)
    except TrueupError as error:
        logger.error(
            "the configuration was not reloaded; the engine keeps running with the old one: {}",
            one_line(str(error)),
        )
        return None
    logger.info("{} was reloaded", path)
    return loaded

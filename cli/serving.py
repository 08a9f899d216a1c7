"""The engine as a service: until a signal ends it, and anew when one says that its file changed."""

from pathlib import Path
from threading import Thread

from loguru import logger

from ..composition import Reconciler
from ..domain.model.errors import StoreError, TrueupError
from ..engine.loop.service import OnRun, OnSweep
from .failures import one_line
from .loading import Loaded, load
from .opening import kept, open_copy, open_reconciler, tell_of_gaps
from .stopping import Wish, Wishes


def serve(loaded: Loaded, on_run: OnRun, on_sweep: OnSweep) -> None:
    """Runs the monitors until SIGINT or SIGTERM.

    SIGHUP reads the file again. What is wrong with it is told, and the engine goes on as it
    was; else the runs under way end and the engine starts anew with what the file says now.

    Raises:
        ConfigurationError: monitors that cannot be meant.
        StoreError: the database cannot be written.
    """
    with Wishes() as wishes, wishes.on_signals():
        following: Loaded | None = loaded
        while following is not None:
            following = _until_reload(following, wishes, on_run, on_sweep)
    logger.info("stopped")


def _until_reload(
    loaded: Loaded, wishes: Wishes, on_run: OnRun, on_sweep: OnSweep
) -> Loaded | None:
    """Runs until the end, or until the file says something else that can be meant."""
    with open_reconciler(loaded, loaded.options.store.url) as reconciler:
        records = kept(reconciler, loaded)
        tell_of_gaps(reconciler, records)
        settings = loaded.options.engine.loop
        seconds = settings.interval.total_seconds()
        logger.info("watching {} monitors, a sweep every {} s", len(records), seconds)
        keys = [record.key for record in records]
        reconciler.start(keys, settings=settings, on_run=on_run, on_sweep=on_sweep)
        Thread(target=_end_with, args=(reconciler, wishes), daemon=True).start()
        while wishes.next() is Wish.RELOAD:
            following = _read_again(loaded.path)
            if following is not None:
                return following
        reconciler.stop()
    return None


def _end_with(reconciler: Reconciler, wishes: Wishes) -> None:
    """Wishes the end once the reconciler stopped by itself: its database cannot be written."""
    try:
        reconciler.wait()
    except StoreError:
        wishes.stop()


def _read_again(path: Path) -> Loaded | None:
    """The configuration, if all of it can be meant; checked on a copy of the database."""
    try:
        loaded = load(path)
        with open_copy(loaded) as copy:
            kept(copy, loaded)
    except TrueupError as error:
        logger.error("not read again, going on as before: {}", one_line(str(error)))
        return None
    logger.info("{} is read again", path)
    return loaded

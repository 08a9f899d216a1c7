"""The engine as a service: it runs until a signal stops it, and restarts on SIGHUP."""

from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Thread

from loguru import logger

from ...aio.log import flush
from ...composition import Reconciler
from ...domain.model.errors import TrueupError
from ...engine.loop.callbacks import OnRun, OnSweep
from ...service.running import NotRunning
from ..base.failures import one_line
from ..base.output import STDERR, STDOUT
from ..base.stopping import Control, Request
from ..base.supervisor import Supervisor
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
from .channel import Channel
from .hosting.reloads import Reloads
from .regular.daily import reporting_daily
from .regular.heartbeat import beating
from .remote.telegram import taking_commands

PATIENCE = timedelta(seconds=30)
"""For so long the end waits for what is under way. Docker waits 10 s by default, systemd 90."""


def serve(loaded: Loaded, on_run: OnRun, on_sweep: OnSweep) -> None:
    """Runs the monitors until SIGINT or SIGTERM.

    SIGHUP reads the file again. If the file has a mistake, or no monitor would be left, the engine
    logs it and keeps the old one; otherwise the runs under way end and the engine restarts with the
    new file.

    An end that takes longer than :data:`PATIENCE` is one as by SIGKILL, with exit code 1.

    Raises:
        ConfigurationError: there is no monitor, or every one is refused.
        StoreError: the database cannot be written.
    """
    supervisor = Supervisor()
    with (
        Control(PATIENCE) as control,
        control.on_signals(),
        closing(Channel()) as channel,
    ):
        channel.reloads.request = control.reload
        following: Loaded | None = loaded
        while following is not None:
            following = _until_reload(following, channel, control, supervisor, on_run, on_sweep)
    logger.info("stopped")


def _until_reload(
    loaded: Loaded,
    channel: Channel,
    control: Control,
    supervisor: Supervisor,
    on_run: OnRun,
    on_sweep: OnSweep,
) -> Loaded | None:
    """Runs until a stop is requested, or until the file has changed to a valid one; returns it.

    The monitors on record run before the exchange is asked about new ones, which may take its time.
    """
    with (
        open_reconciler(loaded, loaded.options.store.url) as reconciler,
        channel.serving(reconciler, loaded),
        supervisor.watched(reconciler.pulse),
    ):
        control.late = partial(_give_up, reconciler)
        door, settings = door_of(reconciler, loaded), loaded.options.loop
        refused = door.watch_stored()
        keys = [record.key for record in on_record(reconciler, loaded)]
        reconciler.start(
            keys, settings=settings, on_run=channel.counting(on_run), on_sweep=on_sweep
        )
        Thread(target=_end_with, args=(reconciler, control), daemon=True).start()
        refused += door.watch_new()
        records = kept(reconciler, loaded, refused, serves=True)
        alert_refusals(reconciler, loaded, refused)
        warn_of_gaps(reconciler, records)
        seconds = settings.interval.total_seconds()
        watching = f"watching {len(records)} monitors, a sweep every {seconds} s"
        logger.info("{}", watching)
        channel.say_where()
        supervisor.ready(watching)
        with (
            beating(reconciler, loaded),
            reporting_daily(reconciler, loaded),
            taking_commands(channel.running, loaded),
        ):
            while control.next() is Request.RELOAD:
                supervisor.reloading()
                following = _read_again(loaded.path, channel.reloads)
                if following is not None:
                    return following
                supervisor.ready(watching)
        supervisor.stopping()
        channel.reloads.became(NotRunning("the service ends"))
        reconciler.stop()
    return None


def _give_up(reconciler: Reconciler) -> None:
    """Says that the process ends although not all has ended, and what has not."""
    logger.error(
        "ended after {:.0f} s without waiting for {}: the next start goes on from the record",
        PATIENCE.total_seconds(),
        ", ".join(reconciler.under_way()) or "the exchange, or the database",
    )
    flush()
    STDERR.drain()
    STDOUT.drain()


def _end_with(reconciler: Reconciler, control: Control) -> None:
    """Requests the end once the reconciler stops by itself, of its database or of a defect."""
    try:
        reconciler.wait()
    except TrueupError:
        control.stop()


def _read_again(path: Path, reloads: Reloads) -> Loaded | None:
    """The configuration, if it can be used; it is tried on a copy of the database."""
    try:
        loaded = load(path, keys=True, service=True)
        with open_copy(loaded) as copy:
            kept(copy, loaded, watch_all(copy, loaded), serves=True)
    except TrueupError as error:
        logger.error(
            "the configuration was not reloaded; the engine keeps running with the old one: {}",
            one_line(str(error)),
        )
        reloads.became(error)
        return None
    logger.info("{} was reloaded", path)
    reloads.became(None)
    return loaded

"""``trueup worker``: one process of several that share the accounts, on PostgreSQL."""

import os
import secrets
import socket
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated

import typer
from loguru import logger

from ...adapters.bybit import BybitSettings, SystemClock, Transport
from ...aio.log import flush
from ...domain.leases import LeaseSettings
from ...domain.model.errors import LeaseOver
from ...domain.venue.exchange_facts import Lateness
from ...fleet import ShardReconciler, Worker, accounts_of, connect_bybit
from ...storage import open_leases
from ..base import options
from ..base.alerts import StderrSink
from ..base.failures import ExitCode
from ..base.logs import log_to_stderr
from ..base.output import STDERR, STDOUT
from ..base.stopping import Control, Request
from ..configuration.loading import Loaded, load
from ..configuration.opening import door_of, on_record
from ..configuration.receivers import alert_sinks
from ..configuration.refusals import alert_refusals
from .run import log_run
from .serving import PATIENCE

if TYPE_CHECKING:
    from ...storage.postgres.leases.keeper import Lease

_ROUND_S = 0.5
_HOST = 30
"""So much of the machine's name is shown: the server cuts the names of connections at 63."""


def worker(
    config: options.Config = options.DEFAULT_CONFIG,
    *,
    lease: Annotated[
        float,
        typer.Option("--lease", metavar="SECONDS", help="How long a lease lasts, 6 or more."),
    ] = 8.0,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    log_json: options.LogJson = False,
) -> None:
    """Keep a share of the accounts; other workers on the same database keep the others.

    Start it on as many machines as you like, all with the same file, whose [store] names a database
    on PostgreSQL. The accounts are divided into 64 shards by their names. Each worker claims its
    share of them by leases, and gives some back where another one is started. A worker that dies,
    is frozen, or cannot reach the database loses its shards after --lease, and others claim them.

    SIGTERM and SIGINT drain it: the runs under way end, and its shards are free at once. It ends
    with 75 as soon as a lease of its own is over: whatever runs it, such as systemd, has to start
    it again.

    It has no socket for commands and no page: `trueup pause` and `trueup halt` reach it by the
    database.
    """
    log_to_stderr(quiet=quiet, verbose=verbose, as_json=log_json)
    settings = LeaseSettings(timedelta(seconds=lease))
    loaded = load(config, keys=True, service=True)
    owner = f"{socket.gethostname()[:_HOST]}:{os.getpid()}:{secrets.token_hex(4)}"
    leases = open_leases(loaded.options.store.url, owner, SystemClock(), settings)
    host = Worker(leases, settings.ttl, lambda one: _hosted(loaded, one, settings))
    stopping, failed = Event(), list[BaseException]()
    with Control(PATIENCE) as control, control.on_signals():

        def serve() -> None:
            try:
                host.serve(lambda: stopping.wait(_ROUND_S))
            except LeaseOver as error:
                _end(error)
            except BaseException as error:  # noqa: BLE001 - else a defect would end it with 0
                failed.append(error)
            finally:
                control.stop()

        thread = Thread(target=serve, name="trueup-worker")
        thread.start()
        logger.info("worker {} with leases of {:g} s", owner, lease)
        while control.next() is Request.RELOAD:
            logger.warning("a worker reads its configuration when it starts: start it again")
        stopping.set()
        thread.join()
    if failed:
        raise failed[0]
    logger.info("stopped")


def _end(error: LeaseOver) -> None:
    """Ends the process at once: its accounts are another one's, whatever is under way here."""
    logger.critical("{}", error)
    flush()
    STDERR.drain()
    STDOUT.drain()
    os._exit(ExitCode.LEASE_OVER)


def _hosted(loaded: Loaded, lease: "Lease", settings: LeaseSettings) -> ShardReconciler | None:
    """The reconciler of a shard, at work; None where no account belongs to it."""
    accounts = accounts_of(lease.has, loaded.accounts())
    if not any(lease.has(one.name) for one in accounts):
        return None
    part = _part(loaded, lease, [one.name for one in accounts])
    engine = part.options.engine
    lateness = Lateness(settings.window, engine.lateness.reads)
    bybit = BybitSettings(lateness=lateness, transport=Transport(engine.transport))
    reconciler = ShardReconciler(
        lease,
        part.options.store.url,
        connect_bybit(bybit),
        accounts=accounts,
        settings=part.options.settings,
        sinks=(StderrSink(), *alert_sinks(part)),
    )
    door = door_of(reconciler, part)
    refused = door.watch_stored()
    keys = [one.key for one in on_record(reconciler, part) if lease.has(one.key.account)]
    reconciler.start(keys, settings=part.options.loop, on_run=log_run)
    refused += door.watch_new()
    alert_refusals(reconciler, part, refused)
    logger.info("shard {}: {} accounts", lease.number, len(part.options.accounts))
    return reconciler


def _part(loaded: Loaded, lease: "Lease", names: list[str]) -> Loaded:
    """What a configuration says of one shard."""
    whole = loaded.options
    changed = {
        "accounts": {name: whole.accounts[name] for name in names},
        "monitors": tuple(one for one in whole.monitors if lease.has(one.key.account)),
    }
    return replace(loaded, options=whole.model_copy(update=changed))

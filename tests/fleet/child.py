"""A process of the fleet: ``python -m tests.fleet.child DATABASE EXCHANGE ACCOUNTS [OPTION …]``.

It hosts its share of the accounts as ``trueup worker`` does. The options are for tests alone:
``--freeze-before-signing`` and ``--freeze-after-signing`` have it stop by SIGSTOP at its first
write that changes an order; ``--no-gate`` takes the gate away that holds writes against the lease.
"""

import os
import signal
import sys
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from threading import Event
from time import monotonic

from tests.stage import BAND_LADDER
from trueup import Account, Lateness, LoopSettings
from trueup.adapters.bybit import BybitExchange, BybitSettings, SystemClock
from trueup.adapters.bybit.rest.connection import Answer, Connection
from trueup.adapters.bybit.wire.endpoints import Endpoint
from trueup.adapters.notify import LogSink
from trueup.cli.base.failures import ExitCode
from trueup.domain.leases import LeaseEnd, LeaseSettings
from trueup.domain.model.errors import LeaseOver
from trueup.domain.ports import Exchange
from trueup.engine.run.crash_points import no_crash
from trueup.fleet import ShardReconciler, Worker, accounts_of
from trueup.storage import open_leases
from trueup.storage.postgres.leases.keeper import Lease

SETTINGS = LeaseSettings(ttl=timedelta(seconds=6))
ANSWERED = Event()
"""Set but from a freeze until what a write came to is known."""
ANSWERED.set()
STILL_TRIES_S = 3.0
STOOD_STILL_S = 1.0
SWEPT = LoopSettings(interval=timedelta(seconds=1))


class Freezing(Connection):
    """A connection whose process stops once, when it signs a change of an order."""

    def __init__(self, account: Account, settings: BybitSettings) -> None:
        super().__init__(account, settings)
        self._is_armed = True

    def _corrected(self, payload: str | bytes, recv_window: int) -> dict[str, str]:
        text = payload if isinstance(payload, str) else ""
        now = self._is_armed and '"request"' in text and '"orderType"' not in text
        if now and "--freeze-before-signing" in sys.argv:
            self._freeze()
        headers = super()._corrected(payload, recv_window)
        if now and "--freeze-after-signing" in sys.argv:
            self._freeze()
        return headers

    def ask(self, endpoint: Endpoint, parameters: Mapping[str, object]) -> Answer:
        """Sends a request; what a write came to is known then."""
        try:
            return super().ask(endpoint, parameters)
        finally:
            if endpoint.is_write:
                ANSWERED.set()

    def _freeze(self) -> None:
        self._is_armed = False
        freeze()


def freeze() -> None:
    """Stops the process until somebody has it go on.

    The signal is the process's: this thread may go on for a moment, and must not do anything then.
    """
    ANSWERED.clear()
    before = monotonic()
    os.kill(os.getpid(), signal.SIGSTOP)
    while (now := monotonic()) - before < STOOD_STILL_S:
        before = now


def connect(account: Account, lease_end: LeaseEnd) -> Exchange:
    """An account's exchange, as the options have it."""
    settings = BybitSettings(lateness=Lateness(requests=SETTINGS.window))
    make = partial(BybitExchange, account, settings, clock=SystemClock(), connect=Freezing)
    return make() if "--no-gate" in sys.argv else make(lease_end=lease_end)


def freeze_at(wanted: str, point: str) -> None:
    """Stops the process at a crash point, the first time that a run comes there."""
    if point == wanted:
        freeze()


def main(url: str, exchange: str, names: str, *options: str) -> None:
    """Hosts until SIGTERM."""
    accounts = [
        Account(name, f"{name}-key", f"{name}-secret", environment=exchange)
        for name in names.split(",")
    ]
    points = [one.partition("=")[2] for one in options if one.startswith("--freeze-at=")]

    def host(lease: Lease) -> ShardReconciler | None:
        own = accounts_of(lease.has, accounts)
        if not own:
            return None
        reconciler = ShardReconciler(
            lease,
            url,
            connect,
            accounts=own,
            sinks=[LogSink()],
            reach=partial(freeze_at, points[0]) if points else no_crash,
        )
        for account in own:
            reconciler.watch(account.name, "BANDUSDT", "Sell", BAND_LADDER)
        reconciler.start(settings=SWEPT)
        return reconciler

    stopped = Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    leases = open_leases(url, f"worker {os.getpid()}", SystemClock(), SETTINGS)
    try:
        Worker(leases, SETTINGS.ttl, host).serve(lambda: stopped.wait(0.2))
    except LeaseOver as error:
        # The exit is one more fence, and not what is tested: the zombie may try its write first.
        ANSWERED.wait(STILL_TRIES_S)
        sys.stderr.write(f"{error}\n")
        sys.stderr.flush()
        os._exit(ExitCode.LEASE_OVER)


if __name__ == "__main__":
    main(*sys.argv[1:])

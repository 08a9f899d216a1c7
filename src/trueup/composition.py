"""The composition root: which exchange, which database and which sinks the engine runs with.

The engine knows them as ports only. Another exchange, or another database, is chosen here.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

from . import __version__
from .adapters.bybit import (
    PYBIT_VERSION,
    BybitExchange,
    BybitFeed,
    BybitSettings,
    Limit,
    SystemClock,
    Transport,
)
from .adapters.notify import LogSink
from .domain.ports import AlertSink, Clock, Exchange, Feed, Randomness
from .domain.venue.account import Account
from .domain.venue.exchange_facts import Lateness
from .engine import asynchronous, reconciler
from .engine.accounts import check_accounts
from .engine.control.watching import ControlWatch
from .engine.randomness import SystemRandomness
from .engine.run.crash_points import no_crash
from .engine.validation import check_sinks
from .states.work.settings import RunSettings
from .storage import SqlStore, open_store


class Reconciler(reconciler.Reconciler):
    """Keeps the TP orders of its monitors equal to their ladders: at Bybit, on SQLite.

    While it is open, no other process can use its database. Runs of one monitor never overlap;
    accounts run in parallel, and none touches another. All methods may be called from any
    thread.

    Args:
        url: ``sqlite:///path``; the file is created if it does not exist.
        accounts: every account that has monitors, or that a mirror follows.
        settings: the time limits and rules of runs.
        sinks: where alerts go; the log by default.
        clock: the time; the machine's by default.
        randomness: random numbers; the operating system's by default.
        lateness: how late Bybit may execute requests and show their effects; where ``connect`` is
            given, its exchanges say so themselves.
        transport: what sends requests where ``connect`` is not given: ``lean`` is trueup's own,
            ``pybit`` has pybit use its session of requests.
        connect: makes an account's exchange; Bybit's by default.
        listen: makes an account's feed for :meth:`start`, or returns None for none; by default
            Bybit's private stream, and no feed where ``connect`` is given.
        reach: called with the name of every crash point (:mod:`trueup.engine.run.crash_points`)
            that a run reaches; for tests.

    Raises:
        ConfigurationError: there is no account, two have the same name, a mirror follows an
            unknown account or another mirror, or a sink cannot deliver.
        StoreError: the database cannot be used, or another process is using it.
    """

    def __init__(  # noqa: PLR0913 - keyword-only parts of the world, each replaceable
        self,
        url: str = "sqlite:///trueup.db",
        *,
        accounts: Sequence[Account],
        settings: RunSettings | None = None,
        sinks: Sequence[AlertSink] | None = None,
        clock: Clock | None = None,
        randomness: Randomness | None = None,
        lateness: Lateness | None = None,
        transport: Literal["lean", "pybit"] = "lean",
        connect: Callable[[Account], Exchange] | None = None,
        listen: Callable[[Account], Feed | None] | None = None,
        reach: Callable[[str], None] = no_crash,
    ) -> None:
        by_name = check_accounts(accounts)
        checked_sinks = check_sinks((LogSink(),) if sinks is None else sinks)
        clock = clock or SystemClock()
        bybit = BybitSettings(lateness=lateness or Lateness(), transport=Transport(transport))
        self._sqlite = self._open_store(url)
        super().__init__(
            self._sqlite,
            accounts=by_name,
            connect=connect or partial(BybitExchange, settings=bybit, clock=clock),
            listen=listen or (BybitFeed if connect is None else _no_feed),
            sinks=checked_sinks,
            clock=clock,
            randomness=randomness or SystemRandomness(),
            settings=settings or RunSettings(),
            reach=reach,
            versions={"trueup": __version__, "pybit": PYBIT_VERSION},
        )
        self._opened.callback(ControlWatch(self._stops).close)

    def _open_store(self, url: str) -> SqlStore:
        return open_store(url)

    @property
    def store(self) -> SqlStore:
        """The database, for reading."""
        return self._sqlite

    @property
    def limits(self) -> Mapping[str, tuple[Limit, ...]]:
        """How much of each rate limit of Bybit's is used now, by account."""
        exchanges = self._exchanges.items()
        return {name: one.limits for name, one in exchanges if isinstance(one, BybitExchange)}


class AsyncReconciler(asynchronous.AsyncReconciler[Reconciler]):
    """A :class:`Reconciler` whose methods are awaited; it takes the same arguments.

    Exchange and database calls block, so every method runs in a worker thread and leaves the
    event loop free. Cancelling the task that awaits a run does not stop the run: it runs to
    its end in its thread.
    """

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Reconciler's own
        super().__init__(lambda: Reconciler(*args, **options))

    @property
    def store(self) -> SqlStore:
        """The database, for reading; its methods block for a moment."""
        return self._open.store


def _no_feed(_account: Account) -> Feed | None:
    """The feed where the caller makes the exchange: trueup knows of none."""
    return None

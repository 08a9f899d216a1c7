"""Each account's exchange while the service runs: with a live view where there is a stream."""

from collections.abc import Callable, Mapping
from threading import Lock

from ...aio.threads import Threads
from ...domain.model.identity import MonitorKey, Side
from ...domain.model.observation import Observation
from ...domain.ports import Clock, Exchange, Feed
from ...domain.reporting.account_status import AccountStatus
from ..live.exchange import LiveExchange
from ..live.status import LiveStatus, ViewState
from .aside import suspending
from .health import status_after
from .sweep import Sweep

MakeFeed = Callable[[str], Feed | None]
"""Makes an account's feed (its private stream), by the account's name; None for no feed."""


class AccountExchanges:
    """The accounts' exchanges, and the live views of those whose feed was started.

    All methods may be called from any thread.

    Args:
        exchanges: by account name; each is read by requests.
        make_feed: makes an account's feed.
        clock: the time.
        on_change: called with the monitors that a stream event may have left something to do.
        on_survey_needed: called with an account's name and why it has to be swept.
        on_open: called with each position that a stream event shows open.
        threads: where the calls of an exchange run that knows no fibers.
    """

    def __init__(
        self,
        exchanges: Mapping[str, Exchange],
        make_feed: MakeFeed,
        clock: Clock,
        on_change: Callable[[tuple[MonitorKey, ...]], None],
        on_survey_needed: Callable[[str, str], None],
        on_open: Callable[[MonitorKey], None],
        threads: Threads,
    ) -> None:
        self._exchanges = {name: suspending(one, threads) for name, one in exchanges.items()}
        self._make_feed = make_feed
        self._clock = clock
        self._on_change = on_change
        self._on_survey_needed = on_survey_needed
        self._on_open = on_open
        self._live: dict[str, LiveExchange | None] = {}
        self._lock = Lock()
        self._is_stopped = False

    def start(self, account: str) -> None:
        """Starts the account's feed, if it has one that was not started yet; none after a stop."""
        with self._lock:
            if account in self._live or self._is_stopped:
                return
            feed = self._make_feed(account)
            live = self._live[account] = None if feed is None else self._make_live(account, feed)
            if live is not None:
                live.start()

    def has_feed(self, account: str) -> bool:
        """Whether the account has a feed that was started."""
        return self._live.get(account) is not None

    def stop(self) -> None:
        """Stops all feeds; from now on every account is read by requests."""
        with self._lock:
            self._is_stopped = True
            live, self._live = self._live, {}
        for one in live.values():
            if one is not None:
                one.stop()

    def exchange(self, account: str) -> Exchange:
        """The account's exchange: with a live view where the account has a feed."""
        return self._live.get(account) or self._exchanges[account]

    def known(self, key: MonitorKey) -> Observation | None:
        """The live view of the monitor's symbol; None where only a request can show it."""
        live = self._live.get(key.account)
        return None if live is None else live.known((key.symbol,))

    def is_synced(self, account: str) -> bool:
        """Whether the account's live view is synced."""
        live = self._live.get(account)
        return live is not None and live.status.state is ViewState.SYNCED

    def account_status(self, sweep: Sweep) -> AccountStatus:
        """The account's status after a sweep."""
        live = self._live.get(sweep.account)
        view = None if live is None else live.status
        return status_after(sweep, view, self._exchanges[sweep.account])

    def statuses(self) -> tuple[LiveStatus, ...]:
        """The status of every live view, by account name."""
        live = sorted(self._live.items())
        return tuple(one.status for _, one in live if one is not None)

    def _make_live(self, account: str, feed: Feed) -> LiveExchange:
        def on_change(symbol: str, side: Side | None) -> None:
            sides = tuple(Side) if side is None else (side,)
            self._on_change(tuple(MonitorKey(account, symbol, each) for each in sides))

        live = LiveExchange(
            self._exchanges[account],
            feed,
            self._clock,
            on_change=on_change,
            on_survey_needed=lambda reason: self._on_survey_needed(account, reason),
        )
        live.on_open = lambda symbol, side: self._on_open(MonitorKey(account, symbol, side))
        return live

"""The accounts' exchanges while a reconciler runs by itself, each with its feed if it has one."""

from collections.abc import Callable, Mapping
from threading import Lock

from ...domain.model.account_status import AccountStatus
from ...domain.model.identity import MonitorKey, Side
from ...domain.model.observation import Observation
from ...domain.ports import Clock, Exchange, Feed
from ..live.exchange import LiveExchange, LiveStatus, ViewState
from .health import status_after
from .sweep import Sweep

Listen = Callable[[str], Feed | None]
"""Makes the feed of an account, by its name; None where there is none."""


class Listening:
    """Gives each account's exchange; the first time it is asked for, its feed starts.

    Args:
        exchanges: by the account's name; asked where no feed tells.
        listen: makes feeds.
        clock: time.
        woken: told of monitors that news may have left something to do for.
        doubted: told an account, and why it has to be surveyed.
    """

    def __init__(
        self,
        exchanges: Mapping[str, Exchange],
        listen: Listen,
        clock: Clock,
        woken: Callable[[tuple[MonitorKey, ...]], None],
        invalidated: Callable[[str, str], None],
    ) -> None:
        self._exchanges = exchanges
        self._listen = listen
        self._clock = clock
        self._woken = woken
        self._invalidated = invalidated
        self._live: dict[str, LiveExchange | None] = {}
        self._lock = Lock()

    def start(self, account: str) -> None:
        """Starts the account's feed, if it has one and it is not started yet."""
        with self._lock:
            if account in self._live:
                return
            feed = self._listen(account)
            live = None if feed is None else self._made(account, feed)
            self._live[account] = live
        if live is not None:
            live.start()

    def hears(self, account: str) -> bool:
        """Whether the account has a feed that was started."""
        return self._live.get(account) is not None

    def stop(self) -> None:
        """Stops all feeds; their accounts are asked from now on."""
        with self._lock:
            live, self._live = self._live, {}
        for one in live.values():
            if one is not None:
                one.stop()

    def exchange(self, account: str) -> Exchange:
        """The account's exchange, live where it has a feed."""
        return self._live.get(account) or self._exchanges[account]

    def known(self, key: MonitorKey) -> Observation | None:
        """What is known of the monitor's symbol without a request; None if that is not sure."""
        live = self._live.get(key.account)
        return None if live is None else live.known((key.symbol,))

    def is_synced(self, account: str) -> bool:
        """Whether everything of the account is known without a request."""
        live = self._live.get(account)
        return live is not None and live.status.state is ViewState.SYNCED

    def account_status(self, sweep: Sweep) -> AccountStatus:
        """How the account stands after a sweep."""
        live = self._live.get(sweep.account)
        view = None if live is None else live.status
        return status_after(sweep, view, self._exchanges[sweep.account])

    def statuses(self) -> tuple[LiveStatus, ...]:
        """How every account's view stands, by name."""
        live = sorted(self._live.items())
        return tuple(one.status for _, one in live if one is not None)

    def _made(self, account: str, feed: Feed) -> LiveExchange:
        def woken(symbol: str, side: Side | None) -> None:
            sides = tuple(Side) if side is None else (side,)
            self._woken(tuple(MonitorKey(account, symbol, each) for each in sides))

        return LiveExchange(
            self._exchanges[account],
            feed,
            self._clock,
            woken=woken,
            invalidated=lambda reason: self._invalidated(account, reason),
        )

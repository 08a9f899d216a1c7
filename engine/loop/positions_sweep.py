"""A sweep of positions alone, after a caller's own runs: there no service sweeps the account."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from ...aio.log import logger
from ...domain.model.errors import Unstorable
from ...domain.model.identity import MonitorKey
from ...domain.model.observation import Unknown
from ...domain.ports import Clock, Exchange
from ...domain.store import Store
from ...domain.venue.account import Account
from ...states.work.settings import RunSettings
from .sweep import Sweep, contained_read, symbols_of
from .unwatched import GivesWatch, UnwatchedPositions

_NO_WHILE = timedelta(0)


class PositionsSweep:
    """Reads the open positions of accounts whose monitors have run, and reports the others.

    The runs have read everything else. One list of the account is read, and a second one only where
    the first lacks a position that was reported: that one list lacks it proves little. A position
    without a monitor is reported at first sight: no second sweep follows, and the configuration is
    what it is. When the account was read is not on record: `account_status` says whether a service
    sweeps it.

    All methods may be called from several threads, each for another account.

    Args:
        accounts: the configured accounts, by name.
        exchanges: by account name.
        store: the database.
        settings: which kinds of events are alerted.
        clock: the time.
        watch: puts a position under watch, on accounts that are set so.
    """

    def __init__(
        self,
        accounts: Mapping[str, Account],
        exchanges: Mapping[str, Exchange],
        store: Store,
        settings: RunSettings,
        clock: Clock,
        watch: GivesWatch,
    ) -> None:
        self._accounts = accounts
        self._exchanges = exchanges
        self._store = store
        self._settings = settings
        self._clock = clock
        self._watch = watch

    def of(self, account: str, monitors: Sequence[MonitorKey]) -> Sweep:
        """Sweeps an account and puts on record what the sweep shows.

        Args:
            account: its name.
            monitors: those of the account that have run.

        Raises:
            StoreError: the database cannot be used.
        """
        store, clock, exchange = self._store, self._clock, self._exchanges[account]
        found = UnwatchedPositions(store, self._accounts, self._settings, clock, self._watch)
        symbols = symbols_of(monitors, found.symbols(account))
        sweep = self._read(exchange, monitors, symbols)
        if found.lacking(sweep):
            again = self._read(exchange, monitors, symbols)
            both = (*sweep.unwatched, *again.unwatched)
            sweep = replace(again, unwatched=both, unread={**sweep.unread, **again.unread})
        try:
            found.swept(sweep, _NO_WHILE, lambda _key, _event: None)
        except Unstorable as error:
            logger.bind(account=account).error("{}", error)
        return sweep

    def _read(
        self, exchange: Exchange, monitors: Sequence[MonitorKey], symbols: Sequence[str] | None
    ) -> Sweep:
        account, at = exchange.account, self._clock.now()
        seen = contained_read(exchange, lambda: exchange.open_positions(symbols), at)
        bound = logger.bind(account=account)
        if isinstance(seen, Unknown):
            why = f"the positions could not be read: {seen.reason}"
            bound.error("{}", why)
            return Sweep(account, at, len(monitors), unreadable=why)
        for symbol, reason in sorted(seen.unread.items()):
            bound.warning("the positions of {} could not be understood: {}", symbol, reason)
        own = frozenset(monitors)
        keyed = ((MonitorKey(account, one.symbol, one.side), one) for one in seen.positions)
        others = tuple(one for key, one in keyed if not (key in own or self._is_watched(key)))
        return Sweep(account, at, len(own), unread=seen.unread, unwatched=others)

    def _is_watched(self, key: MonitorKey) -> bool:
        record = self._store.load(key)
        return record is not None and record.is_watched

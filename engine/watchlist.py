"""Which positions are under watch: puts one there, after checking what the caller asks for."""

from collections.abc import Iterable, Mapping

from ..domain.model.errors import ConfigurationError
from ..domain.model.identity import MonitorKey, Side
from ..domain.model.instrument import ZERO
from ..domain.model.ladder import Ladder
from ..domain.model.record import MonitorRecord, Source
from ..domain.model.stop import AnyLadder, NoStop, RuleLadder, Stop, check_runner
from ..domain.ports import Exchange
from ..domain.store import Store
from ..domain.venue.account import Account
from .validation import check_symbol


class Watchlist:
    """The monitors of the configured accounts.

    Args:
        accounts: by name.
        exchanges: by account name.
        store: the database.
    """

    def __init__(
        self, accounts: Mapping[str, Account], exchanges: Mapping[str, Exchange], store: Store
    ) -> None:
        self._accounts = accounts
        self._exchanges = exchanges
        self._store = store

    def watch(
        self,
        key: MonitorKey,
        ladder: AnyLadder | None,
        source: Source,
        stop: Stop | NoStop | None = None,
    ) -> tuple[MonitorRecord, bool]:
        """Checks what the caller asks for and stores the monitor; see :meth:`.Reconciler.watch`.

        Returns:
            The record, and whether it differs from what was stored before.

        Raises:
            ConfigurationError: see :meth:`check`.
            StoreError: the database cannot be written.
        """
        account, before = self._accounts[key.account], self._store.load(key)
        self.check(key, ladder, stop)
        record = self._store.watch(
            key, account.role, account.follows, ladder, source=source, stop=stop
        )
        return record, record != before

    def check(self, key: MonitorKey, ladder: AnyLadder | None, stop: Stop | NoStop | None) -> None:
        """Checks what a monitor is to be given; the account is a configured one.

        The exchange is asked only about the symbol of a monitor that is not on record.

        Raises:
            InstrumentError: the exchange knows no such symbol, and the monitor is not on record.
            LadderError: the prices of the ladder run the wrong way for the side.
            StopError: the stop contradicts the ladder beside it, a ladder in R has none that
                defines it, one with a runner has none that trails, or the entries that it names
                may be orders of trueup's own.
            StoreError: the database cannot be read.
        """
        given = stop if isinstance(stop, Stop) else None
        if given is not None:
            given.check_symbol(key.symbol)
        account, before = self._accounts[key.account], self._store.load(key)
        kept = _kept_stop(before) if stop is None else None
        copies = account.follows is not None
        if isinstance(ladder, Ladder):
            ladder.check_side(key.side)
            if given is not None:
                given.check_ladder(key.side, ladder)
        elif (rule := ladder or _kept_rule(before)) is not None and (ladder or stop):
            rule.check_stop(given or kept, copies=copies)
        if ladder or stop:
            asked = ladder or self._kept_ladder(key, before)
            check_runner(asked.runner if asked else ZERO, given or kept, copies=copies)
        if before is None:
            check_symbol(self._exchanges[key.account], key)

    def _kept_ladder(self, key: MonitorKey, before: MonitorRecord | None) -> AnyLadder | None:
        """The ladder that the monitor has without a new one: its own, or that of its main."""
        main = self._accounts[key.account].follows
        own = _ladder_of(before)
        if own is not None or main is None:
            return own
        return _ladder_of(self._store.load(MonitorKey(main, key.symbol, key.side)))

    def watched(self, keys: Iterable[MonitorKey] | None = None) -> tuple[MonitorRecord, ...]:
        """The watched monitors of the configured accounts; with ``keys`` those among them."""
        wanted = None if keys is None else set(keys)
        return tuple(
            record
            for record in self._store.monitors()
            if record.is_watched
            and record.key.account in self._accounts
            and (wanted is None or record.key in wanted)
        )

    def key(self, account: str, symbol: str, side: Side | str) -> MonitorKey:
        """The key of a monitor.

        Raises:
            ConfigurationError: an unknown account or side.
        """
        self.check_account(account)
        return MonitorKey(account, symbol, side)  # type: ignore[arg-type] # the key takes text too

    def check_account(self, account: str) -> None:
        """Checks that an account is configured.

        Raises:
            ConfigurationError: the account is unknown.
        """
        if account not in self._accounts:
            raise ConfigurationError(
                f"unknown account; configured are {', '.join(self._accounts)}", account=account
            )


def _ladder_of(record: MonitorRecord | None) -> AnyLadder | None:
    """The ladder that is wanted on record; None where there is none."""
    return _kept_rule(record) or (record.ladder if record else None)


def _kept_stop(record: MonitorRecord | None) -> Stop | None:
    """The stop that is wanted on record; None where there is none."""
    return record.stop.wanted if record and record.stop and record.wants_stop else None


def _kept_rule(record: MonitorRecord | None) -> RuleLadder | None:
    """The ladder by rule that is on record; None where there is none."""
    return record.ladder_rule.wanted if record and record.ladder_rule else None

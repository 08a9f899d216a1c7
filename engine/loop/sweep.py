"""Sweeps: one read of an account shows which of its monitors have something to do.

Sweeps make trueup level-triggered (promise P7): a stream event that never arrived is repaired by
the next sweep. A sweep only compares; the runs of the monitors that drifted do the rest.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from traceback import format_exception
from typing import TypeVar

from ...aio.fibers import give_way
from ...aio.log import logger
from ...domain.happenings.divergence import divergence_of, main_stands
from ...domain.model.identity import MonitorKey
from ...domain.model.ladder import Ladder
from ...domain.model.observation import BySymbol, Observation, OrdersUnread, Unknown
from ...domain.model.order import Order, Position
from ...domain.model.record import MonitorRecord
from ...domain.ports import Clock, Exchange, Moment
from ...domain.recognition.classify import adoptable
from ...domain.tracking.beside import closing_beside
from ...domain.tracking.drift import drift_of
from ..run.main_ladders import MainLadders

_Reading = TypeVar("_Reading")


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep of an account found.

    Attributes:
        at: when the sweep began.
        monitors: how many monitors it covered.
        drifted: the monitors that have something to do, each with the reason.
        unreadable: why the account could not be read; empty if it was read.
        unread: the symbols of which something could not be understood, watched or not, each with
            the reason; the sweep is blind for them.
        unwatched: the open positions that none of the monitors watches.
    """

    account: str
    at: datetime
    monitors: int
    drifted: Mapping[MonitorKey, str] = field(default_factory=dict)
    unreadable: str = ""
    unread: Mapping[str, str] = field(default_factory=dict)
    unwatched: tuple[Position, ...] = ()

    def is_blind_for(self, key: MonitorKey) -> bool:
        """Whether the sweep could not see what the monitor has to do."""
        return bool(self.unreadable) or key.symbol in self.unread


class Sweeper:
    """Compares accounts with the records of their monitors.

    The sweeper keeps each record as its last run committed it. Nobody else writes records while
    this process has the database, so that no sweep has to load them.

    Args:
        main_ladders: finds the ladder of a mirror's main account.
        clock: tells which runs ended while a sweep was under way.
    """

    def __init__(self, main_ladders: MainLadders, clock: Clock) -> None:
        self._main_ladders = main_ladders
        self._clock = clock
        self._records: dict[MonitorKey, MonitorRecord] = {}
        self._ran_at: dict[MonitorKey, Moment] = {}
        self._stuck: dict[MonitorKey, tuple[str, object]] = {}
        self._seen_beside: dict[MonitorKey, frozenset[str]] = {}

    def update(self, record: MonitorRecord, *, is_stuck: bool = False) -> None:
        """Keeps a record as it is stored now.

        Args:
            record: the monitor's.
            is_stuck: whether the run that stored it did not make the ladder true.
        """
        known = self._records.get(record.key)
        if known is not None and known.last_run_id != record.last_run_id:
            self._ran_at[record.key] = self._clock.moment()
        self._records[record.key] = record
        if is_stuck:
            self._stuck.setdefault(record.key, ("", None))
        else:
            self._stuck.pop(record.key, None)

    def is_new(self, key: MonitorKey, drift: str) -> bool:
        """Whether a drift is a reason to run the monitor before its next try.

        A run that broke leaves the record as it was, and so does one that could not read its
        symbol: every sweep finds the same drift again. That does not shorten the wait; another
        drift does, and so does one from what a run has put on record since.
        """
        known = self._stuck.get(key)
        if known is None:
            return True
        record = self._records.get(key)
        orders = record and (record.position_size, record.entry_price, record.orders)
        self._stuck[key] = (drift, orders)
        return known != self._stuck[key]

    def record(self, key: MonitorKey) -> MonitorRecord | None:
        """The monitor's record as last updated; None if there is none."""
        return self._records.get(key)

    def remove(self, key: MonitorKey) -> None:
        """Drops a monitor's record."""
        self._records.pop(key, None)
        self._ran_at.pop(key, None)
        self._stuck.pop(key, None)
        self._seen_beside.pop(key, None)

    def followers(self, key: MonitorKey) -> tuple[MonitorKey, ...]:
        """The monitors on mirror accounts that may copy this monitor's ladder."""
        return tuple(
            record.key
            for record in list(self._records.values())
            if record.follows == key.account
            and (record.key.symbol, record.key.side) == (key.symbol, key.side)
        )

    def sweep(
        self,
        exchange: Exchange,
        keys: Iterable[MonitorKey],
        at: datetime,
        also: Iterable[str] = (),
    ) -> Sweep:
        """Reads the account once and finds which of these monitors have something to do.

        Where the account cannot be read, all of them have, and where a symbol cannot, those of
        the symbol: each run does what may be done without a whole read, and alerts.

        Args:
            exchange: the account's.
            keys: the account's monitors.
            at: when the sweep began.
            also: symbols that it covers besides those of the monitors.
        """
        own, began = tuple(keys), self._clock.moment()
        symbols = symbols_of(own, also)
        reading = contained_read(exchange, lambda: exchange.survey(symbols), at)
        if not isinstance(reading, Observation):
            blind = _why_unreadable(reading)
            return Sweep(exchange.account, at, len(own), dict.fromkeys(own, blind), blind)
        drifted: dict[MonitorKey, str] = {}
        seen = BySymbol(reading)
        for key in own:
            give_way()  # an account may have thousands
            why = None if self._ran_since(key, began) else self.drift(key, seen[key.symbol])
            if why is not None:
                drifted[key] = why
        unread = {symbol: each.reason for symbol, each in reading.unread.items()}
        sides = {(key.symbol, key.side) for key in own}
        others = tuple(one for one in reading.positions if (one.symbol, one.side) not in sides)
        return Sweep(exchange.account, at, len(own), drifted, unread=unread, unwatched=others)

    def drift(self, key: MonitorKey, seen: Observation) -> str | None:
        """What the monitor has to do, given an observation; None for nothing."""
        of_symbol = seen.of(key.symbol)
        if not isinstance(of_symbol, Observation):
            return f"{key.symbol} could not be understood: {of_symbol.reason}"
        record = self._records.get(key)
        if record is None:
            return "it has never run"
        drift = drift_of(record, seen, self._main_ladder(record)) or self._beside(record, seen)
        if drift is None and self._main_ladders.with_rules(record) is not record:
            drift = f"the ladder by rule or the stop of {record.follows} has changed"
        return drift or self._divergence(record, seen.at)

    def _beside(self, record: MonitorRecord, seen: Observation) -> str | None:
        """Why the monitor must run: orders came to rest beside its own, or are gone.

        That is, orders like ours, or such as close the position like a TP. They stay where they
        are, so they are a reason only once, for the run that reports them.
        """
        orders = [
            order
            for order in seen.orders_of(record.key.symbol)
            if record.order(order_link_id=order.order_link_id, order_id=order.order_id) is None
        ]
        closing = _closing(record, seen, orders)
        beside = frozenset(
            order.order_id
            for order in orders
            if record.resting and (order in closing or adoptable(order, record.key.side))
        )
        if beside == self._seen_beside.get(record.key, frozenset()):
            return None
        self._seen_beside[record.key] = beside
        return "TP orders beside those on record have changed"

    def _divergence(self, record: MonitorRecord, now: datetime) -> str | None:
        """Why a mirror must run: it has parted from its main, or agrees with it again."""
        main, key, reported = record.follows, record.key, record.reported
        if main is None or reported is None:
            return None
        own, other = (
            self._records.get(MonitorKey(main, key.symbol, side))
            for side in (key.side, key.side.opposite)
        )
        stands = main_stands(own, None if self._main_ladders.is_hedged(main) else other)
        parted = divergence_of(record, record.position_size, stands, now)
        if parted in (None, reported.diverged):
            return None
        return f"its position and that of {main} {'have parted' if parted else 'agree again'}"

    def _ran_since(self, key: MonitorKey, began: Moment) -> bool:
        """Whether a run ended after that: it read the exchange later than the sweep did.

        The wall clock cannot tell: one that was ahead when the run ended would make sweeps deaf to
        the monitor for as long as it was (promise P13).
        """
        ran_at = self._ran_at.get(key)
        return ran_at is not None and ran_at > began

    def _main_ladder(self, record: MonitorRecord) -> Ladder | None:
        """The ladder of the monitor's main; the store is asked only where the two may differ."""
        main = record.follows
        if main is None:
            return None
        main_record = self._records.get(MonitorKey(main, record.key.symbol, record.key.side))
        if main_record is not None and main_record.ladder == record.ladder:
            return main_record.ladder
        return self._main_ladders.of(record.key, main)


def symbols_of(keys: Iterable[MonitorKey], also: Iterable[str]) -> tuple[str, ...] | None:
    """The symbols that a sweep of these monitors covers; None for all, where there is none."""
    return tuple(dict.fromkeys((*(key.symbol for key in keys), *also))) or None


def contained_read(
    exchange: Exchange, read: Callable[[], _Reading], at: datetime
) -> _Reading | Unknown:
    """What a read shows; where an exchange of the bot's raises, the account is unreadable."""
    try:
        return read()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - the bot's code may raise anything
        logger.bind(account=exchange.account).error(
            "the read raised: {}", "".join(format_exception(error))
        )
        return Unknown(exchange.account, at, f"the exchange raised {type(error).__name__}")


def _closing(record: MonitorRecord, seen: Observation, orders: list[Order]) -> tuple[Order, ...]:
    """Those of the orders that close the position like a TP."""
    symbol, side = record.key.symbol, record.key.side
    if not (orders and seen.shows(symbol, side)):
        return ()
    return closing_beside(seen.position(symbol, side), orders)


def _why_unreadable(reading: OrdersUnread | Unknown) -> str:
    part = "the orders" if isinstance(reading, OrdersUnread) else "the account"
    return f"{part} could not be read: {reading.reason}"

"""Finds what is open on an account, watched or not; sends no write and stores nothing.

A failed or partial read is reported, and never shown as an empty account. A position that the list
of the account does not show is asked for by its symbol, and called absent where its row says so
(promise P5). The original bot mistook a
truncated reply for closed positions and deleted 39 monitors in two minutes; its unpaged lists
showed 20 of 47 positions (theme F of its failures).
"""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from ...domain.model.identity import MonitorKey
from ...domain.model.observation import Observation, OrdersUnread, Reading, Unknown
from ...domain.model.order import Order, Position
from ...domain.ports import Clock, Exchange
from ...domain.store import Store
from ...domain.venue.account import Account
from ...states.work.settings import RunSettings
from ..run.factory import MAX_THREADS
from ..run.main_ladders import MainLadders
from .ladders import LadderSources
from .ownership import Records, divide, owned_among
from .result import AbsentPosition, Discovered, FoundPosition


class Discovery:
    """Scans accounts, each independently of the others.

    Args:
        store: the database; only read.
        main_ladders: finds the ladder of a mirror's main account.
        clock: the time.
        settings: how long a read is retried, and which orders may be adopted.
    """

    def __init__(
        self, store: Store, main_ladders: MainLadders, clock: Clock, settings: RunSettings
    ) -> None:
        self._store = store
        self._ladders = LadderSources(main_ladders)
        self._clock = clock
        self._settings = settings

    def of_all(self, accounts: Collection[tuple[Account, Exchange]]) -> tuple[Discovered, ...]:
        """What is open on each of these accounts, read in parallel."""
        with ThreadPoolExecutor(max_workers=min(MAX_THREADS, len(accounts) or 1)) as pool:
            return tuple(pool.map(lambda each: self.of(*each), accounts))

    def of(self, account: Account, exchange: Exchange) -> Discovered:
        """What is open on one account."""
        records = {r.key: r for r in self._store.monitors() if r.key.account == account.name}
        reading = self._read(exchange.survey)
        match reading:
            case Unknown(reason=reason):
                return Discovered(
                    account.name,
                    reading.at,
                    unconfirmed=_missing(records, account, ()),
                    unread=reason,
                )
            case OrdersUnread(positions=positions, reason=reason):
                return Discovered(
                    account.name,
                    reading.at,
                    tuple(self._found(account, p, records, None) for p in _sorted(positions)),
                    unconfirmed=_missing(records, account, positions),
                    unread=f"orders: {reason}",
                )
            case Observation():
                return self._from_survey(account, exchange, records, reading)

    def _from_survey(
        self, account: Account, exchange: Exchange, records: Records, seen: Observation
    ) -> Discovered:
        """What a complete survey shows; positions that it lacks are asked for by symbol."""
        problems: list[str] = []
        missing = _missing(records, account, seen.positions)
        symbols = tuple(dict.fromkeys(k.symbol for k in missing if k.symbol not in seen.unread))
        if symbols:
            for symbol in symbols:
                exchange.invalidate(symbol, "the list of positions has no row of it")
            again = self._read(lambda: exchange.observe(symbols))
            if isinstance(again, Observation):
                seen = _with_newer(seen, again, symbols)
                missing = _missing(records, account, seen.positions)
            else:
                problems.append(f"positions without a row were not read again: {again.reason}")
        unconfirmed = tuple(key for key in missing if not seen.shows(key.symbol, key.side))
        missing = tuple(key for key in missing if key not in unconfirmed)
        problems += (f"{symbol}: {unread.reason}" for symbol, unread in seen.unread.items())
        absent = tuple(AbsentPosition(k, owned_among(seen.orders, records[k])) for k in missing)
        leftovers = {order.order_id for gone in absent for order in gone.leftovers}
        orders = tuple(order for order in seen.orders if order.order_id not in leftovers)
        held = {(position.symbol, position.position_index) for position in seen.positions}
        return Discovered(
            account.name,
            seen.at,
            tuple(
                self._found(account, p, records, None if p.symbol in seen.unread else orders)
                for p in _sorted(seen.positions)
            ),
            absent,
            unconfirmed,
            tuple(o for o in orders if (o.symbol, o.position_index) not in held),
            "; ".join(problems),
        )

    def _found(
        self,
        account: Account,
        position: Position,
        records: Records,
        orders: Sequence[Order] | None,
    ) -> FoundPosition:
        """One open position; ``orders`` is None where they could not be read."""
        key = MonitorKey(account.name, position.symbol, position.side)
        record = records.get(key)
        own = None
        if orders is not None:
            own = divide(orders, account, position, record, self._settings.recognition)
        found = FoundPosition(key, position, None if record is None else record.source, own)
        return self._ladders.add_to(found, account, record)

    def _read(self, read: Callable[[], Reading]) -> Reading:
        """Repeats a read until it is complete, or the read budget of a run is spent."""
        until = self._clock.moment() + self._settings.read_budget
        pause = self._settings.pause
        while True:
            reading = read()
            now = self._clock.moment()
            if isinstance(reading, Observation) or now >= until:
                return reading
            self._clock.sleep(min(pause, until - now))
            pause = min(pause * 2, self._settings.grace)


def _missing(
    records: Records, account: Account, positions: Sequence[Position]
) -> tuple[MonitorKey, ...]:
    """The watched monitors whose position is not among these."""
    seen = {MonitorKey(account.name, position.symbol, position.side) for position in positions}
    return tuple(key for key, record in records.items() if record.is_watched and key not in seen)


def _with_newer(seen: Observation, newer: Observation, symbols: Collection[str]) -> Observation:
    """The survey, with these symbols as a later read shows them."""
    positions = (p for p in seen.positions if p.symbol not in symbols)
    orders = (order for order in seen.orders if order.symbol not in symbols)
    flat = (row for row in seen.flat if row.symbol not in symbols)
    return replace(
        seen,
        positions=(*positions, *newer.positions),
        orders=(*orders, *newer.orders),
        unread={**seen.unread, **newer.unread},
        flat=(*flat, *newer.flat),
    )


def _sorted(positions: Sequence[Position]) -> list[Position]:
    return sorted(positions, key=lambda position: (position.symbol, position.side))

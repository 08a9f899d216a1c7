"""What is open on an account, watched or not: nothing is sent but reads, and nothing is stored.

A failed or partial read is reported, never shown as an empty account, and a position that one
read does not show is read again before it is called absent (promise P5). The original bot took a
cut answer for closed positions and deleted 39 monitors in two minutes; its unpaged lists showed
20 of 47 positions (theme F of its failures).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from ...domain.model.account import Account
from ...domain.model.errors import LadderError
from ...domain.model.identity import MonitorKey
from ...domain.model.ladder import Ladder
from ...domain.model.observation import Observation, OrdersUnread, Reading, Unknown
from ...domain.model.order import Order, Position
from ...domain.model.record import MonitorRecord
from ...domain.ports import Clock, Exchange, Store
from ...domain.recognition.adoption import ladder_of
from ...domain.recognition.classify import adoptable, native
from ...domain.recognition.conflicts import role_conflict
from ...domain.tracking.matching import fits
from ...states.work.settings import RunSettings
from ..run.main_ladders import MainLadders
from .result import AbsentPosition, Discovered, FoundPosition, Orders

_Records = dict[MonitorKey, MonitorRecord]
_LIVE = "live orders"
_UNWATCHED = "it was unwatched"


class Discovery:
    """Looks accounts over, each by itself."""

    def __init__(
        self, store: Store, mains: MainLadders, clock: Clock, settings: RunSettings
    ) -> None:
        self._store = store
        self._mains = mains
        self._clock = clock
        self._settings = settings

    def of(self, account: Account, exchange: Exchange) -> Discovered:
        """What is open on the account."""
        records = {r.key: r for r in self._store.monitors() if r.key.account == account.name}
        reading = self._patiently(exchange.survey)
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
                return self._told(account, exchange, records, reading)

    def _told(
        self, account: Account, exchange: Exchange, records: _Records, seen: Observation
    ) -> Discovered:
        """A complete survey; what it does not show of our monitors is read once more, by name."""
        unconfirmed: tuple[MonitorKey, ...] = ()
        unread = ""
        missing = _missing(records, account, seen.positions)
        if missing:
            symbols = tuple(dict.fromkeys(key.symbol for key in missing))
            again = self._patiently(lambda: exchange.observe(symbols))
            if isinstance(again, Observation):
                seen = _with_newer(seen, again, symbols)
                missing = _missing(records, account, seen.positions)
            else:
                unread = f"absent positions were not read twice: {again.reason}"
                missing, unconfirmed = (), missing
        absent = tuple(AbsentPosition(k, _owned(records[k], seen.orders)) for k in missing)
        left = {order.order_id for gone in absent for order in gone.leftovers}
        orders = tuple(order for order in seen.orders if order.order_id not in left)
        held = {(position.symbol, position.position_index) for position in seen.positions}
        return Discovered(
            account.name,
            seen.at,
            tuple(self._found(account, p, records, orders) for p in _sorted(seen.positions)),
            absent,
            unconfirmed,
            tuple(o for o in orders if (o.symbol, o.position_index) not in held),
            unread,
        )

    def _found(
        self,
        account: Account,
        position: Position,
        records: _Records,
        orders: Sequence[Order] | None,
    ) -> FoundPosition:
        key = MonitorKey(account.name, position.symbol, position.side)
        record = records.get(key)
        own = None if orders is None else self._divided(account, position, record, orders)
        found = FoundPosition(key, position, None if record is None else record.source, own)
        if record is not None and not record.is_watched:
            return replace(found, ladder=record.ladder, why_not=_UNWATCHED)
        if record is not None and record.ladder is not None:
            return replace(found, ladder=record.ladder, ladder_source=record.ladder_source)
        return self._with_ladder(found, account)

    def _divided(
        self,
        account: Account,
        position: Position,
        record: MonitorRecord | None,
        orders: Sequence[Order],
    ) -> Orders:
        """The orders at the position; what a run would leave alone is foreign, whatever its id."""
        place = (position.symbol, position.position_index)
        at_it = [order for order in orders if (order.symbol, order.position_index) == place]
        owned = () if record is None else _owned(record, at_it)
        others = [order for order in at_it if order not in owned]
        natives = tuple(order for order in others if native(order) is not None)
        fits_mode = _index(account, position) == position.position_index
        known = tuple(
            order
            for order in others
            if fits_mode
            and (record is None or not _is_on(record, order))
            and adoptable(order, position.side, self._settings.recognition)
        )
        free, missed = ((), known) if owned else (known, ())
        foreign = tuple(o for o in others if o not in natives and o not in free)
        conflict = role_conflict(foreign, position.side)
        told = () if conflict is None else conflict.details
        return Orders(owned, free, natives, foreign, missed, told)

    def _with_ladder(self, found: FoundPosition, account: Account) -> FoundPosition:
        """With the ladder that a monitor of it would take over, or why there is none.

        The sources and their order are those of Recovering.
        """
        position = found.position
        if found.orders is None:
            return replace(found, why_not="its orders could not be read")
        if _index(account, position) != position.position_index:
            mode = account.position_mode.value
            text = f"position index {position.position_index}: the account is not in mode {mode}"
            return replace(found, why_not=text)
        main = None if account.follows is None else self._mains.of(found.key, account.follows)
        if found.orders.adoptable:
            return _with_live(found, found.orders.adoptable, main)
        if main is not None:
            return _with_main(found, main, account.follows or "")
        why = "no live TP orders to take over"
        if account.follows is not None:
            why = f"{why}, {self._mains.why_none(found.key, account.follows)}"
        return replace(found, why_not=why)

    def _patiently(self, read: Callable[[], Reading]) -> Reading:
        """Reads until a read is complete, or the budget of a run is spent."""
        until = self._clock.now() + self._settings.read_budget
        pause = self._settings.pause
        while True:
            reading = read()
            now = self._clock.now()
            if isinstance(reading, Observation) or now >= until:
                return reading
            self._clock.sleep(min(pause, until - now))
            pause = min(pause * 2, self._settings.grace)


def _with_live(found: FoundPosition, orders: Sequence[Order], main: Ladder | None) -> FoundPosition:
    try:
        ladder = ladder_of(orders, found.key.side, main)
    except LadderError as error:
        return replace(found, why_not=f"the live TP orders make no ladder: {error}")
    return replace(found, ladder=ladder, ladder_source=_LIVE)


def _with_main(found: FoundPosition, main: Ladder, name: str) -> FoundPosition:
    try:
        main.check_side(found.key.side, found.position.entry_price)
    except LadderError as error:
        return replace(found, why_not=f"the ladder of {name} does not fit: {error}")
    return replace(found, ladder=main, ladder_source=name)


def _index(account: Account, position: Position) -> int:
    return account.position_mode.position_index(position.side)


def _missing(
    records: _Records, account: Account, positions: Sequence[Position]
) -> tuple[MonitorKey, ...]:
    """The watched monitors whose position is not among these."""
    seen = {MonitorKey(account.name, position.symbol, position.side) for position in positions}
    return tuple(key for key, record in records.items() if record.is_watched and key not in seen)


def _with_newer(seen: Observation, newer: Observation, symbols: Collection[str]) -> Observation:
    """The survey with what a later read says of these symbols."""
    positions = (p for p in seen.positions if p.symbol not in symbols)
    orders = (order for order in seen.orders if order.symbol not in symbols)
    return replace(seen, positions=(*positions, *newer.positions), orders=(*orders, *newer.orders))


def _owned(record: MonitorRecord, orders: Sequence[Order]) -> tuple[Order, ...]:
    """The orders that are on record as resting, and TPs of the position by their own fields."""
    ids = {owned.order_id for owned in record.resting if owned.order_id}
    names = {owned.order_link_id for owned in record.resting if not owned.order_id}
    return tuple(
        order
        for order in orders
        if fits(order, record.key) and (order.order_id in ids or order.order_link_id in names)
    )


def _is_on(record: MonitorRecord, order: Order) -> bool:
    """Whether the order is on record, open or closed."""
    found = record.order(order_link_id=order.order_link_id, order_id=order.order_id)
    return found is not None


def _sorted(positions: Sequence[Position]) -> list[Position]:
    return sorted(positions, key=lambda position: (position.symbol, position.side))

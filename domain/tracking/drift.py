"""What has changed at the exchange since a monitor's last run: a pure function.

A sweep reads an account once and asks this of every monitor. Only those that drifted run, so an
idle engine's cost grows with its accounts, not with its monitors.
"""

from ..closing.deadline import is_due, milliseconds_of
from ..model.instrument import plain
from ..model.ladder import Ladder
from ..model.observation import Observation
from ..model.record import MonitorRecord, StateName
from ..planning.beyond_market import came_back
from ..protection.entries import entries_to_cancel
from ..protection.stop_orders import is_left_over
from ..protection.waking import stop_drift
from .beside import quantity_beside
from .expiry import is_notice_due
from .matching import match_orders


def drift_of(
    record: MonitorRecord, reading: Observation, main_ladder: Ladder | None = None
) -> str | None:
    """Why the monitor must run, for people; None where nothing changed since its last run.

    A run that succeeded left an empty plan, so an unchanged exchange needs no run (promise P7).

    Args:
        record: as stored now.
        reading: a complete read that covers the monitor's symbol.
        main_ladder: of the monitor that a mirror copies its ladder from; None if there is none.
    """
    if record.last_outcome is None:
        return "no run has checked this monitor yet"
    if record.state is not StateName.IDLE:
        return f"the last run stopped in {record.state.value}"
    if _main_ladder_changed(record, main_ladder):
        return f"the ladder of {record.follows} has changed"
    moved = _changed_position(record, reading)
    if moved is None and is_notice_due(record, reading.at):
        return "its contract will expire, and no alert has said so yet"
    return moved or _changed_order(record, reading)


def _changed_position(record: MonitorRecord, reading: Observation) -> str | None:
    """How the position has changed. One without a row was flat, or is asked for (promise P5)."""
    before = plain(record.position_size)
    if not reading.shows(record.key.symbol, record.key.side):
        return f"the position was {before} and is not listed" if record.position_size else None
    position = reading.position(record.key.symbol, record.key.side)
    if position.size != record.position_size:
        return f"the position was {before} and is now {plain(position.size)}"
    if position.entry_price != record.entry_price:
        now = plain(position.entry_price)
        return f"the entry price was {plain(record.entry_price)} and is now {now}"
    if position.size and is_due(record, reading.read_ms or milliseconds_of(reading.at)):
        return "the position is to be closed: it has been open for as long as it may"
    orders = reading.orders_of(record.key.symbol)
    moved = stop_drift(record.stop, position, orders) if position.size else None
    return came_back(record.withheld, position) or moved


def _changed_order(record: MonitorRecord, reading: Observation) -> str | None:
    orders = reading.orders_of(record.key.symbol)
    if record.room_taken not in (None, quantity_beside(record, orders)):
        return "the external reduce-only orders that took the room have changed"
    if record.stop is not None and is_left_over(record.stop, record.position_size):
        return "the order of a stop may rest, and protects nothing any more"
    if record.position_size and reading.shows(record.key.symbol, record.key.side):
        index = reading.position(record.key.symbol, record.key.side).position_index
        if entries_to_cancel(record, orders, index):
            return "an entry rests that was to go with a level that has filled"
    matched = match_orders(record, orders)
    if matched.unseen or matched.disowned:
        return "an order on record is no longer open as recorded"
    return None if matched.record == record else "an order has changed"


def _main_ladder_changed(record: MonitorRecord, main_ladder: Ladder | None) -> bool:
    from_main = record.follows is not None and record.ladder_source == record.follows
    return from_main and main_ladder is not None and main_ladder != record.ladder

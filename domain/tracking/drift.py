"""What has changed at the exchange since a monitor's last run: a pure function.

A sweep reads an account once and asks this of every monitor. Only those that drifted run: an
idle engine pays for its accounts, not for its monitors.
"""

from ..model.instrument import plain
from ..model.ladder import Ladder
from ..model.observation import Observation
from ..model.record import MonitorRecord, StateName
from .matching import match_orders


def drift_of(
    record: MonitorRecord, reading: Observation, main_ladder: Ladder | None = None
) -> str | None:
    """What a run has to look into, for people; None where nothing changed since the last one.

    A run that came out left an empty plan, so what is unchanged asks for nothing (promise P7).

    Args:
        record: as stored now.
        reading: a complete read that covers the monitor's symbol.
        main_ladder: of the monitor that a mirror takes its ladder from; None if there is none.
    """
    if record.last_outcome is None:
        return "no run has seen its ladder yet"
    if record.state is not StateName.IDLE:
        return f"a run was left in {record.state.value}"
    if _was_edited(record, main_ladder):
        return f"the ladder of {record.follows} was edited"
    position = reading.position(record.key.symbol, record.key.side)
    if (position.size, position.entry_price) != (record.position_size, record.entry_price):
        return f"the position was {plain(record.position_size)}, is {plain(position.size)}"
    return _moved_order(record, reading)


def _moved_order(record: MonitorRecord, reading: Observation) -> str | None:
    matched = match_orders(record, reading.orders_of(record.key.symbol))
    if matched.unseen or matched.disowned:
        return "an order on record is not open as it was"
    return None if matched.record == record else "an order changed"


def _was_edited(record: MonitorRecord, main_ladder: Ladder | None) -> bool:
    takes_it = record.follows is not None and record.ladder_source == record.follows
    return takes_it and main_ladder is not None and main_ladder != record.ladder

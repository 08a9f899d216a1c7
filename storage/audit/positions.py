"""Which position of its monitor an order was for."""

from collections.abc import Iterable

from ...domain.model.identity import MonitorKey
from ...domain.model.intent import Intent
from .rows import OF_MONITOR, Moment, of


def positions_of(now: Moment, key: MonitorKey, writes: Iterable[Intent]) -> dict[str, int]:
    """The number of the position that each order was for, by its link id.

    An order that nobody has seen is not in it; nor is one that was in flight while one position
    ended and the next one opened: two can have it.
    """
    asked = {write.order_link_id for write in writes}
    if not asked:
        return {}
    found: dict[str, set[int]] = {}
    for row in now.rows("order_log", OF_MONITOR, **of(key)):
        if (link_id := str(row["order_link_id"])) in asked:
            found.setdefault(link_id, set()).add(int(str(row["cycle"])))
    return {link_id: min(numbers) for link_id, numbers in found.items() if len(numbers) == 1}

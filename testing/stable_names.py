"""Names in place of what differs each time: ids of orders, and times."""

import re
from collections.abc import Sequence

from ..engine.run.report import RunReport

_LINK_ID = r"\b[A-Za-z0-9]+_TP\d+_[A-Z0-9]+_\d{13}_\d{4}\b"
_ORDER_ID = r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
_CUT_ID = r"\b[0-9a-f]{8}\.\.\."
_IDS = re.compile(f"{_LINK_ID}|{_ORDER_ID}|{_CUT_ID}")
_TIME = re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d UTC")


class StableNames:
    """Replaces what differs each time in texts of the same runs.

    An order is ``order-1`` where it is named first, by whichever of its ids; a time is ``time-1``.

    Args:
        reports: the runs; their records say which ids are one order's.
    """

    def __init__(self, reports: Sequence[RunReport]) -> None:
        self._same = dict[str, str]()
        for report in reports:
            for order in report.record.orders:
                if order.order_id:
                    one = order.order_link_id or order.order_id
                    self._same |= {order.order_id: one, order.order_id[:8]: one}
        self._orders, self._times = dict[str, str](), dict[str, str]()

    def order(self, order_id: str) -> str:
        """The name of the order that has an id, of either kind or cut."""
        one = self._same.get(order_id, order_id)
        return self._orders.setdefault(one, f"order-{len(self._orders) + 1}")

    def of(self, text: str) -> str:
        """The text with names."""
        named = _IDS.sub(lambda found: self.order(found[0].removesuffix("...")), text)
        return _TIME.sub(lambda found: self._time(found[0]), named)

    def _time(self, time: str) -> str:
        return self._times.setdefault(time, f"time-{len(self._times) + 1}")

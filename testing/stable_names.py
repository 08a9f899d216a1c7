"""Names in place of what differs each time: ids of orders, and times."""

import re
from collections.abc import Sequence

from ..engine.run.report import RunReport

_LINK_ID = r"\b[A-Za-z0-9]+_(TP\d+)_[A-Z0-9-]+_\d{13}_\d{4}\b"
_ORDER_ID = r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
_CUT_ID = r"\b[0-9a-f]{8}\.\.\."
_IDS = re.compile(f"{_LINK_ID}|{_ORDER_ID}|{_CUT_ID}")
_TIME = re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d(?: UTC)?|\b\d\d:\d\d:\d\d\b")


class StableNames:
    """Replaces what differs each time in texts of the same runs.

    An order is ``‹TP1›`` by whichever of its ids, and the next one of that level ``‹TP1 2›``; one
    of which no run knows the level is ``‹order›``, and a time is ``‹time›``.

    Args:
        reports: the runs; their records say which ids are one order's.
    """

    def __init__(self, reports: Sequence[RunReport]) -> None:
        self._same = dict[str, str]()
        self._levels = dict[str, str]()
        for report in reports:
            for order in report.record.orders:
                one = order.order_link_id or order.order_id
                self._levels.setdefault(one, f"TP{order.level}")
                if order.order_id:
                    self._same |= {order.order_id: one, order.order_id[:8]: one}
        self._names = dict[str, str]()
        self._counts = dict[str, int]()

    def order(self, order_id: str) -> str:
        """The name of the order that has an id, of either kind or cut."""
        one = self._same.get(order_id, order_id)
        if one not in self._names:
            placed = _IDS.fullmatch(one)
            kind = (placed and placed[1]) or self._levels.get(one, "order")
            count = self._counts[kind] = self._counts.get(kind, 0) + 1
            self._names[one] = f"‹{kind}›" if count == 1 else f"‹{kind} {count}›"
        return self._names[one]

    def of(self, text: str) -> str:
        """The text with names."""
        named = _IDS.sub(lambda found: self.order(found[0].removesuffix("...")), text)
        return _TIME.sub("‹time›", named)

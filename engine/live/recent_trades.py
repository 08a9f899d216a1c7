"""The newest trades that a feed has reported: for reports, nothing is decided by them."""

import threading
from collections import deque
from collections.abc import Collection

from ...domain.model.order import Execution
from ...domain.tracking.feed import FillEvent

_KEPT = 200


class RecentTrades:
    """The newest trades of each symbol; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: dict[str, deque[Execution]] = {}

    def note(self, event: FillEvent) -> None:
        """Notes the trade of a fill, where the feed has said all of it; it may come twice."""
        if event.trade is None:
            return
        with self._lock:
            self._of.setdefault(event.symbol, deque(maxlen=_KEPT)).append(event.trade)

    def of(self, symbol: str, order_ids: Collection[str]) -> tuple[Execution, ...]:
        """The newest trades of these orders of the symbol, oldest first."""
        with self._lock:
            return tuple(one for one in self._of.get(symbol, ()) if one.order_id in order_ids)

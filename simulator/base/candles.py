"""Minute candles of a price, from the prices that were seen: the source of market/kline."""

from bisect import bisect_left
from dataclasses import dataclass
from decimal import Decimal

MINUTE_MS = 60_000


@dataclass(slots=True)
class Candle:
    """Where a price was during a time.

    Attributes:
        start_ms: when the time began, in milliseconds since the epoch.
        open: the price at the start: the close of the candle before, if there is one.
        high: the highest price.
        low: the lowest price.
        close: the price at the end, or the present one.
    """

    start_ms: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal

    @property
    def prices(self) -> dict[str, Decimal]:
        """Its prices by name, in the order in which market/kline lists them."""
        return {"open": self.open, "high": self.high, "low": self.low, "close": self.close}


class Candles:
    """The candles of one price; minutes without a change take no memory.

    Attributes:
        first_ms: when the first minute began.
    """

    def __init__(self) -> None:
        self.first_ms = 0
        self._starts: list[int] = []
        self._minutes: list[Candle] = []

    def touch(self, now_ms: int, price: Decimal) -> None:
        """Record that the price has moved to `price`; on the way it was everywhere in between."""
        start = now_ms // MINUTE_MS * MINUTE_MS
        if self._starts and self._starts[-1] >= start:
            last = self._minutes[-1]
            if price > last.high:
                last.high = price
            elif price < last.low:
                last.low = price
            last.close = price
            return
        if not self._starts:
            self.first_ms = start
        before = self._minutes[-1].close if self._minutes else price
        high, low = max(before, price), min(before, price)
        self._starts.append(start)
        self._minutes.append(Candle(start, before, high, low, price))

    def begin(self, at_ms: int) -> None:
        """Let the first minute have begun earlier: until now it stood where it was first seen."""
        start = at_ms // MINUTE_MS * MINUTE_MS
        if self._starts and start < self._starts[0]:
            price = self._minutes[0].open
            self.first_ms = start
            self._starts.insert(0, start)
            self._minutes.insert(0, Candle(start, price, price, price, price))

    def candle(self, start_ms: int, width_ms: int) -> Candle | None:
        """The candle of a time; None if it ended before the first price was seen."""
        first = bisect_left(self._starts, start_ms)
        until = bisect_left(self._starts, start_ms + width_ms)
        seen = self._minutes[first:until]
        if first:
            before = self._minutes[first - 1].close
        elif seen:
            before = seen[0].open
        else:
            return None
        high = max([before, *(each.high for each in seen)])
        low = min([before, *(each.low for each in seen)])
        return Candle(start_ms, before, high, low, seen[-1].close if seen else before)

    def copy(self) -> "Candles":
        """The same candles, for a price that goes its own way from now on."""
        copied = Candles()
        copied.first_ms = self.first_ms
        copied._starts = list(self._starts)
        copied._minutes = [
            Candle(each.start_ms, each.open, each.high, each.low, each.close)
            for each in self._minutes
        ]
        return copied

"""How far the market has gone since a time."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PriceRange:
    """The lowest and the highest mark price of whole candles since a time.

    Attributes:
        low: the lowest; 0 if no whole candle has begun since.
        high: the highest; 0 if no whole candle has begun since.
        until_ms: when the last of the candles began, epoch milliseconds: it is not over yet, and
            has to be asked for again.
    """

    low: Decimal
    high: Decimal
    until_ms: int

"""Candles of the mark price (docs/v5/market/mark-kline.mdx)."""

from dataclasses import dataclass
from decimal import Decimal

from . import names
from .fields import Row, ShapeError, positive

_START, _HIGH, _LOW = 0, 2, 3
_LENGTH = 5


@dataclass(frozen=True, slots=True)
class Candle:
    """The highest and the lowest price of an interval; ``start_ms`` is when it began."""

    start_ms: int
    high: Decimal
    low: Decimal


def parse_candles(result: Row) -> tuple[Candle, ...]:
    """The candles of a reply, in its sequence: each is a list, whose first item is its time.

    Raises:
        ShapeError: the reply is not as documented.
    """
    listed = result.get(names.LIST)
    if not isinstance(listed, list):
        raise ShapeError(f"{names.LIST} is no list")
    return tuple(_candle(item) for item in listed)


def _candle(item: object) -> Candle:
    if not isinstance(item, list) or len(item) < _LENGTH:
        raise ShapeError("a candle is no list of time and four prices")
    named = {"high": item[_HIGH], "low": item[_LOW]}
    start = str(item[_START])
    if not (start.isascii() and start.isdigit()):
        raise ShapeError("a candle has no time")
    return Candle(int(start), positive(named, "high"), positive(named, "low"))

"""How far the market has gone: candles of the mark price.

They are market data: unsigned, and the same for every account.
"""

from ....domain.model.instrument import ZERO
from ....domain.model.observation import Unknown
from ....domain.ports import Clock
from ....domain.venue.price_range import PriceRange
from ..wire import names
from ..wire.candles import Candle, parse_candles
from ..wire.endpoints import Endpoint
from .client import BybitClient
from .connection import Reply
from .failures import Failure

_MOST = 1000
"""Candles in one reply (docs/v5/market/mark-kline.mdx)."""
_MINUTE_MS = 60_000
_MINUTES = (1, 3, 5, 15, 30, 60, 120, 240, 360, 720)


class Prices:
    """Reads candles.

    Args:
        account: the name of the account that asks.
        client: the account's.
        clock: time.
    """

    def __init__(self, account: str, client: BybitClient, clock: Clock) -> None:
        self._account = account
        self._client = client
        self._clock = clock

    def range(self, symbol: str, since_ms: int) -> PriceRange | Unknown:
        """The range of the mark price in the whole candles that began since then.

        One request covers it all, by candles of the shortest interval with which a reply does: of
        a minute for the last 16 hours, of twelve hours for more than eight months. What the market
        did between the time and the first candle's beginning is left out: the candle that the time
        lies in has prices from before it.
        """
        now_ms = int(self._clock.now().timestamp() * 1000)
        minutes = _interval(now_ms - since_ms)
        width = minutes * _MINUTE_MS
        start_ms = -(-since_ms // width) * width
        found = self._client.call(
            Endpoint.MARK_CANDLES,
            lambda reply: _candles(reply, start_ms),
            **{
                names.CATEGORY: names.LINEAR,
                names.SYMBOL: symbol,
                names.INTERVAL: str(minutes),
                names.CANDLES_SINCE: start_ms,
                names.LIMIT: _MOST,
            },
        )
        if isinstance(found, Failure):
            return Unknown(self._account, self._clock.now(), found.message, found.code)
        if not found:
            return PriceRange(ZERO, ZERO, since_ms)
        return PriceRange(
            min(each.low for each in found),
            max(each.high for each in found),
            max(each.start_ms for each in found),
        )


def _candles(reply: Reply, start_ms: int) -> tuple[Candle, ...]:
    """Those that began no sooner than asked for."""
    return tuple(each for each in parse_candles(reply.result) if each.start_ms >= start_ms)


def _interval(span_ms: int) -> int:
    """The shortest interval in minutes with which one reply covers the span; else the longest."""
    whole = (m for m in _MINUTES if span_ms // (m * _MINUTE_MS) < _MOST)
    return next(whole, _MINUTES[-1])

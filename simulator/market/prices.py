"""Prices: the last price of each contract, and mark and index prices, which follow it or don't."""

from decimal import Decimal

from ..base.candles import Candles
from ..base.decimals import ZERO
from .enums import TriggerBy

PREMIUM = "Premium"
"""The kind of candles that show how far the last price is from the index price, as a ratio."""
_PLACES = Decimal("1E-6")


class Prices:
    """The prices of all contracts, and where they have been.

    Mark and index follow the last price until `set_apart` gives them a price of their own.

    Attributes:
        last: the last price of each contract; `put_last` changes it and keeps the candles.
        apart: the prices of mark and index that don't follow, by symbol and kind.
    """

    def __init__(self) -> None:
        self.last: dict[str, Decimal] = {}
        self.apart: dict[tuple[str, str], Decimal] = {}
        self._candles: dict[str, Candles] = {}
        self._own_candles: dict[tuple[str, str], Candles] = {}

    def at(self, symbol: str, kind: str) -> Decimal:
        """The price of a kind."""
        if self.apart:
            return self.apart.get((symbol, kind), self.last[symbol])
        return self.last[symbol]

    def follows(self, symbol: str, kind: str) -> bool:
        """Whether a kind moves with the last price."""
        return not self.apart or (symbol, kind) not in self.apart

    def put_last(self, symbol: str, price: Decimal, now_ms: int) -> None:
        """Move the last price, and the prices that follow it."""
        self.last[symbol] = price
        candles = self._candles.get(symbol)
        if candles is None:
            candles = self._candles[symbol] = Candles()
        candles.touch(now_ms, price)
        for (name, kind), own in self._own_candles.items():
            if name == symbol and kind == PREMIUM:
                own.touch(now_ms, self._premium(symbol))
            elif name == symbol and self.follows(symbol, kind):
                own.touch(now_ms, price)

    def begin(self, symbol: str, at_ms: int) -> None:
        """Let a contract's prices have stood where they were first seen since this time."""
        self._candles[symbol].begin(at_ms)
        for (name, _), own in self._own_candles.items():
            if name == symbol:
                own.begin(at_ms)

    def set_apart(self, symbol: str, kind: TriggerBy, price: Decimal | None, now_ms: int) -> None:
        """Give mark or index a price of its own; None lets it follow the last price again."""
        key = (symbol, kind.value)
        if key not in self._own_candles:
            self._own_candles[key] = self._candles[symbol].copy()
            if kind is TriggerBy.INDEX:
                self._own_candles[symbol, PREMIUM] = self._no_premium(symbol)
        if price is None:
            self.apart.pop(key, None)
        else:
            self.apart[key] = price
        self._own_candles[key].touch(now_ms, self.at(symbol, kind))
        if kind is TriggerBy.INDEX:
            self._own_candles[symbol, PREMIUM].touch(now_ms, self._premium(symbol))

    def candles(self, symbol: str, kind: str) -> Candles:
        """The candles of a price, or of the premium."""
        own = self._own_candles.get((symbol, kind))
        if own is None:
            return self._no_premium(symbol) if kind == PREMIUM else self._candles[symbol]
        return own

    def _premium(self, symbol: str) -> Decimal:
        index = self.at(symbol, TriggerBy.INDEX)
        return ((self.last[symbol] - index) / index).quantize(_PLACES) if index else ZERO

    def _no_premium(self, symbol: str) -> Candles:
        """The candles of the premium while the index price follows the last price."""
        candles = Candles()
        candles.touch(self._candles[symbol].first_ms, ZERO)
        return candles

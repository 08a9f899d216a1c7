"""What tests against the simulator share."""

from decimal import Decimal

from trueup.adapters.bybit import BybitExchange
from trueup.domain.model.commands import PlaceOrder
from trueup.domain.model.identity import Side
from trueup.domain.model.observation import Observation

from .conftest import SYMBOL


def take_profit(number: int = 1, quantity: str = "10", price: str = "0.8") -> PlaceOrder:
    """A take-profit of a long, with the link id ``TP<number>``."""
    return PlaceOrder(SYMBOL, Side.SELL, Decimal(price), Decimal(quantity), f"TP{number}", 0)


def observed(exchange: BybitExchange, *symbols: str) -> Observation:
    """A complete read."""
    reading = exchange.observe(symbols or [SYMBOL])
    assert isinstance(reading, Observation), reading
    return reading

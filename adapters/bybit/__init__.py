"""Bybit V5 over pybit: one account's REST side, for linear perpetuals.

::

    exchange = BybitExchange(account)
    match exchange.observe(["BTCUSDT"]):
        case Observation() as seen: ...
        case OrdersUnread() | Unknown() as blind: ...
    exchange.close()

``account.environment`` picks the host: ``mainnet``, ``testnet``, ``demo`` or a base URL, such
as a simulator's. A call is one request when its turn has come under the rate limits; nothing is
retried here.
"""

from .clock import SystemClock
from .clock_offset import ClockOffset
from .exchange import BybitExchange
from .ip_budget import IpBudget
from .limits import Limit
from .settings import BybitSettings

__all__ = [
    "BybitExchange",
    "BybitSettings",
    "ClockOffset",
    "IpBudget",
    "Limit",
    "SystemClock",
]

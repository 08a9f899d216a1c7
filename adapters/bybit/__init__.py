"""Bybit V5 over pybit: one account's REST side, for linear perpetuals.

::

    exchange = BybitExchange(account)
    match exchange.observe(["BTCUSDT"]):
        case Observation() as seen: ...
        case OrdersUnread() | Unknown() as blind: ...
    exchange.close()

``account.environment`` picks the host: ``mainnet``, ``testnet``, ``demo`` or a base URL, such
as a simulator's. A call is one request; nothing is retried here.
"""

from .clock import SystemClock
from .exchange import BybitExchange
from .settings import BybitSettings

__all__ = ["BybitExchange", "BybitSettings", "SystemClock"]

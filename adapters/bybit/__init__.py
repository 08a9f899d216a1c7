"""Bybit V5 over pybit: the REST interface and the private stream of one account, linear perpetuals.

::

    exchange = BybitExchange(account)
    match exchange.observe(["BTCUSDT"]):
        case Observation() as seen: ...
        case OrdersUnread() | Unknown() as blind: ...
    exchange.close()

``account.environment`` picks the host: ``mainnet``, ``testnet``, ``demo`` or a base URL, such
as a simulator's. A call sends its request when the rate limits allow it, and retries nothing.
:class:`BybitFeed` reports what happens to the account, and keeps itself alive.
"""

from pybit import VERSION as PYBIT_VERSION

from .exchange import BybitExchange
from .limits.ip_limiter import IpBudget
from .limits.values import Limit
from .rest.settings import BybitSettings, Transport
from .stream.feed import BybitFeed
from .stream.parsing import parse_events
from .stream.settings import StreamSettings
from .wire.clock import SystemClock
from .wire.clock_offset import ClockOffset

__all__ = [
    "PYBIT_VERSION",
    "BybitExchange",
    "BybitFeed",
    "BybitSettings",
    "ClockOffset",
    "IpBudget",
    "Limit",
    "StreamSettings",
    "SystemClock",
    "Transport",
    "parse_events",
]

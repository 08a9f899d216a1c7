"""How an account's requests are made: time limits, pages, batches."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from ....domain.model.errors import ConfigurationError
from ....domain.venue.exchange_facts import Lateness
from ..wire import names

_MAX_BATCH = 20
_MAX_ORDER_PAGE = 50
_MAX_POSITION_PAGE = 200
_MAX_EXECUTION_PAGE = 100


class Transport(StrEnum):
    """What sends the requests that pybit makes."""

    LEAN = "lean"
    """Connections of trueup's own: many at once in one thread, for little CPU."""
    PYBIT = "pybit"
    """pybit's own session of requests, in threads."""


@dataclass(frozen=True, slots=True)
class BybitSettings:
    """Settings of one account's client; the defaults suit mainnet.

    Attributes:
        connect_timeout: for the connection; without one nothing was sent.
        read_timeout: the longest silence of the server. The lean transport waits twice as long for
            a whole answer, of 4 MiB at most; the others bound the silence alone.
        lateness: how late Bybit may execute requests, which is the receive window that they are
            signed with, and how late it may show their effects.
        pool_size: connections of the account that stay open while nobody uses them.
        transport: what sends the requests.
        ca_bundle: a file of the authorities whose certificates are trusted instead of those that
            come with requests.
        conditional_orders: ask for ``orderFilter=StopOrder`` too. The page promises every kind of
            order by default, yet reads of many orders have missed conditional ones
            (nautilus_trader, RELEASES.md).
        order_page: rows per page of orders, at most 50 (docs/v5/order/open-order.mdx).
        position_page: rows per page of positions, at most 200 (docs/v5/position/position.mdx).
        execution_page: rows per page of fills, at most 100 (docs/v5/order/execution.mdx).
        max_pages: a walk with more pages counts as a failed read.
        settle_coins: what a survey of the account walks: the coins that linear contracts settle in
            (docs/v5/position/position.mdx, ``settleCoin``).
        rereads: how often orders and positions are read again because a position moved between
            the two reads, or more than half a second passed.
        batch_size: orders per batch, at most 20. The batch pages say 20, the rate-limit page says
            10 (docs/v5/order/batch-place.mdx, docs/v5/rate-limit/rate-limit.mdx).
        instrument_ttl: how long an instrument's rules are kept; Bybit changes the largest
            quantities twice a month (docs/v5/market/instrument.mdx).
        fills_settle: how old the last fill must be before an order that only its fills show
            counts as absent.
        rate_patience: how long a request may wait for its turn under the rate limits; one that
            would wait longer is not sent. 32 runs at once with ladders of four need 13 seconds at
            ten orders a second.
        asks_key: whether the host can be asked whose a key is. One that is known not to have the
            endpoint need not be asked; two names for one UID are then recognised by equal keys.

    Raises:
        ConfigurationError: a value outside what Bybit allows.
    """

    connect_timeout: timedelta = timedelta(milliseconds=3050)
    read_timeout: timedelta = timedelta(seconds=8)
    lateness: Lateness = field(default_factory=Lateness)
    pool_size: int = 4
    transport: Transport = Transport.LEAN
    ca_bundle: str = ""
    conditional_orders: bool = True
    order_page: int = _MAX_ORDER_PAGE
    position_page: int = _MAX_POSITION_PAGE
    execution_page: int = _MAX_EXECUTION_PAGE
    max_pages: int = 100
    settle_coins: tuple[str, ...] = (names.USDT, names.USDC)
    rereads: int = 1
    batch_size: int = 10
    instrument_ttl: timedelta = timedelta(hours=1)
    fills_settle: timedelta = timedelta(minutes=2)
    rate_patience: timedelta = timedelta(seconds=15)
    asks_key: bool = True

    def __post_init__(self) -> None:
        for name, value, largest in (
            ("batch_size", self.batch_size, _MAX_BATCH),
            ("order_page", self.order_page, _MAX_ORDER_PAGE),
            ("position_page", self.position_page, _MAX_POSITION_PAGE),
            ("execution_page", self.execution_page, _MAX_EXECUTION_PAGE),
        ):
            if not 1 <= value <= largest:
                raise ConfigurationError(f"{name} is {value}: Bybit allows 1 to {largest}")
        if min(self.connect_timeout, self.read_timeout) <= timedelta(0):
            raise ConfigurationError("the timeouts must be above zero")
        if self.rate_patience < timedelta(0):
            raise ConfigurationError("rate_patience must not be negative")
        if min(self.max_pages, self.pool_size) < 1:
            raise ConfigurationError("max_pages and pool_size must be at least 1")

    @property
    def recv_window(self) -> int:
        """Milliseconds that a request may take to arrive, with which it is signed."""
        return self.lateness.requests // timedelta(milliseconds=1)

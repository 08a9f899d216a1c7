"""What became of one order: open orders, then history, then executions.

``realtime`` by id ignores ``openOnly`` and knows the last 500 closed orders, until the exchange
restarts; ``history`` is written with a delay, and keeps orders that were cancelled without a fill
for a day (docs/v5/order/open-order.mdx, docs/v5/order/order-list.mdx); executions are kept longest.
"""

from datetime import timedelta

from ....domain.model.observation import Unknown
from ....domain.model.order import Order
from ....domain.model.outcomes import Absent, Found, LookUp
from ....domain.ports import Clock
from ..wire import names
from ..wire.endpoints import Endpoint
from ..wire.fields import Row, ShapeError, text
from ..wire.fills import order_of_fills
from ..wire.parsing import parse_fill, parse_order
from .client import BybitClient
from .failures import Failure
from .paging import walk
from .settings import BybitSettings

_A_MILLISECOND = timedelta(milliseconds=1)


class Finder:
    """Looks up orders of one account."""

    def __init__(
        self, account: str, client: BybitClient, settings: BybitSettings, clock: Clock
    ) -> None:
        self._account = account
        self._client = client
        self._settings = settings
        self._clock = clock

    def look_up(self, symbol: str, *, order_link_id: str, order_id: str) -> LookUp:
        """Looks up the order; if both ids are given the order id decides.

        The first place that cannot be read makes the answer unknown: that a later place does not
        know the order would prove nothing.
        """
        identity = {names.ORDER_ID: order_id} if order_id else {names.ORDER_LINK_ID: order_link_id}
        if not order_id and not order_link_id:
            return self._unknown("an order without an id cannot be looked up")
        query = {names.SYMBOL: symbol, **identity}
        for endpoint in (Endpoint.OPEN_ORDERS, Endpoint.ORDER_HISTORY):
            orders = self._orders(endpoint, query)
            if isinstance(orders, Failure):
                return self._unknown(orders.message, orders.code)
            if orders:
                return Found(
                    max(orders, key=lambda order: (order.status.is_open, order.created_ms))
                )
        return self._from_fills(query)

    def _orders(self, endpoint: Endpoint, query: dict[str, str]) -> tuple[Order, ...] | Failure:
        found = walk(
            self._client,
            endpoint,
            lambda row: parse_order(_asked_for(row, query)),
            self._settings.max_pages,
            **{names.LIMIT: self._settings.order_page, **query},
        )
        return found if isinstance(found, Failure) else found.items

    def _from_fills(self, query: dict[str, str]) -> LookUp:
        found = walk(
            self._client,
            Endpoint.EXECUTIONS,
            lambda row: parse_fill(_asked_for(row, query)),
            self._settings.max_pages,
            **{names.LIMIT: self._settings.execution_page, **query},
        )
        if isinstance(found, Failure):
            return self._unknown(found.message, found.code)
        if not found.items:
            return Absent()
        order = order_of_fills(found.items)
        if not order.status.is_open:
            return Found(order)
        if order.updated_ms > found.time_ms - self._settings.fills_settle // _A_MILLISECOND:
            return self._unknown("only fills of the order are known so far")
        return Absent(order)

    def _unknown(self, reason: str, code: int | None = None) -> Unknown:
        return Unknown(self._account, self._clock.now(), reason, code)


def _asked_for(row: Row, query: dict[str, str]) -> Row:
    """The row, if it is the requested order's: the exchange may have ignored the filter."""
    for name in (names.ORDER_ID, names.ORDER_LINK_ID):
        if name in query and text(row, name) != query[name]:
            raise ShapeError("a row is for another order than the requested one")
    return row

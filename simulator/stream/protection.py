"""Disconnection protection: orders are cancelled when a client is gone (docs/v5/order/dcp).

An account sets its window with order/disconnected-cancel-all. When the last of its connections that
follow `dcp.future` has ended, and none has come back by the end of the window, the active orders
are cancelled with CancelByDCP; conditional ones stay.
"""

from collections.abc import Callable, Iterable

from ..market import ledger
from ..market.enums import CancelType
from ..market.venue import Venue
from .delivery import StreamConnection
from .topics import Topic


class Protection:
    """Watches the connections of all accounts. Every method is called under the venue's lock."""

    def __init__(
        self, venue: Venue, connections: Callable[[str], Iterable[StreamConnection]]
    ) -> None:
        self._venue = venue
        self._connections = connections
        self._losses: dict[str, int] = {}

    def ended(self, uid: str, connection: StreamConnection) -> None:
        """Begin the window, if the connection was the last one that protects the account."""
        window_s = self._venue.account(uid).dcp_window_s
        if window_s is None or not _protects(connection) or self._is_protected(uid):
            return
        loss = self._losses[uid] = self._losses.get(uid, 0) + 1
        self._venue.after(window_s * 1000, lambda: self._cancel(uid, loss))

    def _is_protected(self, uid: str) -> bool:
        return any(_protects(one) for one in self._connections(uid) if not one.closed)

    def _cancel(self, uid: str, loss: int) -> None:
        """Cancel the active orders, unless a connection came back, if only to be lost again."""
        if self._losses[uid] != loss or self._is_protected(uid):
            return
        account = self._venue.account(uid)
        for order in account.open_orders():
            if order.is_active:
                ledger.cancel(self._venue, account, order, CancelType.BY_DCP)


def _protects(connection: StreamConnection) -> bool:
    return any(topic.topic is Topic.DCP for topic in connection.subscribed)

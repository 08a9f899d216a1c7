"""The requests that trueup makes, their default limits, and which of them goes first."""

from enum import IntEnum, StrEnum


class Endpoint(StrEnum):
    """The requests that trueup makes, by pybit's names."""

    POSITIONS = "get_positions"
    OPEN_ORDERS = "get_open_orders"
    ORDER_HISTORY = "get_order_history"
    EXECUTIONS = "get_executions"
    INSTRUMENTS = "get_instruments_info"
    MARK_CANDLES = "get_mark_price_kline"
    KEY = "get_api_key_information"
    PLACE = "place_batch_order"
    AMEND = "amend_batch_order"
    CANCEL = "cancel_batch_order"
    SET_STOP = "set_trading_stop"
    PLACE_STOP = "place_order"
    AMEND_STOP = "amend_order"
    CANCEL_STOP = "cancel_order"

    @property
    def is_write(self) -> bool:
        """Whether the request changes anything."""
        return self in _WRITES

    @property
    def is_public(self) -> bool:
        """Whether the request is for market data, unsigned and the same for every account."""
        return self in (Endpoint.INSTRUMENTS, Endpoint.MARK_CANDLES)

    @property
    def priority(self) -> "Priority":
        """Which request goes first where all accounts of the process wait for the address."""
        return _WRITES.get(self, Priority.READ)

    @property
    def limit(self) -> int:
        """Orders or requests a second for one UID, until a reply says otherwise.

        New accounts start with these (docs/v5/rate-limit/rate-limit.mdx). Market data has no limit
        of its own, only the address's.
        """
        if self.is_public:
            return 600
        return 10 if self.is_write or self is Endpoint.KEY else 50


class Priority(IntEnum):
    """What leaves first: protection and cover that are missing, then cover of the wrong size."""

    PLACE = 0
    RESIZE = 1
    READ = 2


_WRITES = {
    Endpoint.SET_STOP: Priority.PLACE,
    Endpoint.PLACE_STOP: Priority.PLACE,
    Endpoint.AMEND_STOP: Priority.PLACE,
    Endpoint.CANCEL_STOP: Priority.RESIZE,
    Endpoint.PLACE: Priority.PLACE,
    Endpoint.AMEND: Priority.RESIZE,
    Endpoint.CANCEL: Priority.RESIZE,
}

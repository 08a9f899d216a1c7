"""One account at Bybit, behind the port ``Exchange``."""

from collections.abc import Sequence

from ...domain.account import Account
from ...domain.commands import AmendOrder, CancelOrder, PlaceOrder
from ...domain.identity import PositionMode
from ...domain.instrument import Instrument
from ...domain.observation import Reading, Unknown
from ...domain.outcomes import LookUp, WriteOutcome
from ...domain.ports import Clock
from .client import BybitClient, Endpoint
from .clock import SystemClock
from .instruments import Instruments
from .items import Item, amend_item, cancel_item, place_item
from .lookup import Finder
from .reading import Reader
from .settings import BybitSettings
from .writing import write


class BybitExchange:
    """Fulfils :class:`trueup.domain.ports.Exchange` with pybit, for linear perpetuals.

    Making one sends nothing. Its methods raise nothing for what the exchange or the network
    does, and none of their texts holds the account's keys. Threads may share it, though the
    order of their writes is their own affair: one writer per monitor.

    Args:
        account: whose keys, environment and position mode are used.
        settings: time limits, pages, batches.
        clock: where times come from; the machine's by default.
    """

    def __init__(
        self,
        account: Account,
        settings: BybitSettings | None = None,
        *,
        clock: Clock | None = None,
    ) -> None:
        settings = settings or BybitSettings()
        clock = clock or SystemClock()
        self._account = account
        self._batch_size = settings.batch_size
        self._client = BybitClient(account, settings)
        self._reader = Reader(account.name, self._client, settings, clock)
        self._finder = Finder(account.name, self._client, settings, clock)
        self._instruments = Instruments(account.name, self._client, settings, clock)

    def __repr__(self) -> str:
        return f"BybitExchange({self._account.name!r}, {self._account.environment!r})"

    @property
    def account(self) -> str:
        """The account's name."""
        return self._account.name

    @property
    def position_mode(self) -> PositionMode:
        """The account's position mode, as configured."""
        return self._account.position_mode

    def observe(self, symbols: Sequence[str]) -> Reading:
        """Positions and open orders of these symbols, each walked to its last page."""
        return self._reader.observe(symbols)

    def instrument(self, symbol: str) -> Instrument | Unknown | None:
        """The symbol's rules; None if it is unknown or not trading."""
        return self._instruments.get(symbol)

    def place(self, orders: Sequence[PlaceOrder]) -> tuple[WriteOutcome, ...]:
        """Asks for new orders; one outcome an order, in their sequence."""
        return self._write(Endpoint.PLACE, [place_item(order) for order in orders])

    def amend(self, orders: Sequence[AmendOrder]) -> tuple[WriteOutcome, ...]:
        """Asks for changes; one outcome an order, in their sequence."""
        return self._write(Endpoint.AMEND, [amend_item(order) for order in orders])

    def cancel(self, orders: Sequence[CancelOrder]) -> tuple[WriteOutcome, ...]:
        """Asks for cancels; one outcome an order, in their sequence."""
        return self._write(Endpoint.CANCEL, [cancel_item(order) for order in orders])

    def look_up(self, symbol: str, *, order_link_id: str = "", order_id: str = "") -> LookUp:
        """What became of one order; with both ids given the order id decides."""
        return self._finder.look_up(symbol, order_link_id=order_link_id, order_id=order_id)

    def survey(self) -> Reading:
        """Every open position and every open order of the account, walked to the last page."""
        return self._reader.survey()

    def close(self) -> None:
        """Closes the connections; nothing is sent."""
        self._client.close()

    def _write(self, endpoint: Endpoint, items: Sequence[Item]) -> tuple[WriteOutcome, ...]:
        return write(self._client, endpoint, items, self._batch_size)

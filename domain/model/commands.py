"""The writes an exchange is asked for. Every one has an intent on record first."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .identity import Side


class Operation(StrEnum):
    """The kinds of writes.

    ``cancel-entry``: an entry that the user has named goes, which is none of ours.
    """

    PLACE = "place"
    AMEND = "amend"
    CANCEL = "cancel"
    CLOSE = "close"
    CANCEL_ENTRY = "cancel-entry"

    @property
    def serves_a_level(self) -> bool:
        """Whether it is about an owned order, which stands for a level of the ladder."""
        return self not in (Operation.CLOSE, Operation.CANCEL_ENTRY)


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """A reduce-only order; ``side`` is the order's own, opposite to the position's.

    Attributes:
        price: of a limit order that rests until it is cancelled; None for a market order, which
            fills at once, whole or in part, and never rests.
    """

    symbol: str
    side: Side
    price: Decimal | None
    quantity: Decimal
    order_link_id: str
    position_index: int


@dataclass(frozen=True, slots=True)
class AmendOrder:
    """New price and/or new total quantity, the filled part included; None leaves it as it is.

    Attributes:
        shrinks: whether less is covered afterwards. Orders that grow in return leave in the same
            request (promise P4); orders that only grow may leave one by one.
    """

    symbol: str
    order_id: str
    order_link_id: str
    price: Decimal | None
    quantity: Decimal | None
    shrinks: bool = True


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """The order to cancel."""

    symbol: str
    order_id: str
    order_link_id: str


Command = PlaceOrder | AmendOrder | CancelOrder

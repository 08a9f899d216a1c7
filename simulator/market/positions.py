"""Positions as values, and the arithmetic of fills upon them."""

from dataclasses import dataclass, replace
from decimal import Decimal

from ..base.decimals import ZERO
from .enums import ExecType, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class SimPosition:
    """What an account holds of one symbol under one positionIdx.

    Attributes:
        idx: 0 one-way, 1 the long side and 2 the short side of hedge mode.
        side: None while flat.
        size: never negative.
        seq: sequence number of the last change, -1 if it never traded.
    """

    symbol: str
    idx: int
    side: Side | None = None
    size: Decimal = ZERO
    average_price: Decimal = ZERO
    realised: Decimal = ZERO
    created_ms: int = 0
    updated_ms: int = 0
    seq: int = -1

    def room_for(self, side: Side) -> Decimal:
        """How much an order of this side can close."""
        return self.size if self.side is side.opposite else ZERO

    def after_fill(self, side: Side, quantity: Decimal, price: Decimal) -> "SimPosition":
        """The position after a fill: grown, shrunk, flat or flipped."""
        if self.side is None or self.side is side:
            size = self.size + quantity
            cost = self.size * self.average_price + quantity * price
            return replace(self, side=side, size=size, average_price=cost / size)
        closed = min(quantity, self.size)
        direction = 1 if self.side is Side.BUY else -1
        realised = self.realised + direction * closed * (price - self.average_price)
        if quantity < self.size:
            return replace(self, size=self.size - quantity, realised=realised)
        if quantity == self.size:
            return replace(self, side=None, size=ZERO, average_price=ZERO, realised=realised)
        rest = quantity - self.size
        return replace(self, side=side, size=rest, average_price=price, realised=realised)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """One execution (docs/v5/order/execution).

    Attributes:
        seq: the sequence number of the position that it made.
        closed: how much of the quantity closed a position.
        realised: what that earned, fees aside.
    """

    execution_id: str
    order_id: str
    link_id: str
    symbol: str
    side: Side
    quantity: Decimal
    price: Decimal
    order_quantity: Decimal
    order_price: Decimal
    order_type: str
    stop_order_type: str
    leaves: Decimal
    fee: Decimal
    fee_rate: Decimal
    is_maker: bool
    at_ms: int
    seq: int = -1
    closed: Decimal = ZERO
    realised: Decimal = ZERO
    exec_type: ExecType = ExecType.TRADE

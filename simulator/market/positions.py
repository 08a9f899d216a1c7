"""Positions and executions as values, and how fills change positions."""

from dataclasses import dataclass, replace
from decimal import Decimal

from ..base.decimals import ZERO, booked
from .enums import ExecType, Side

_SHORT_IDX = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SimPosition:
    """What an account holds of one symbol under one positionIdx.

    Attributes:
        symbol: the contract.
        idx: the positionIdx: 0 in one-way mode, 1 for long and 2 for short in hedge mode.
        side: None while flat.
        size: the quantity, never negative.
        average_price: the average entry price.
        realised: the profit that all positions here realised, before fees.
        realised_before: what it was when this position began.
        created_ms: when it first changed.
        updated_ms: when it last changed.
        seq: the sequence number of its last change; -1 before the first.
    """

    symbol: str
    idx: int
    side: Side | None = None
    size: Decimal = ZERO
    average_price: Decimal = ZERO
    realised: Decimal = ZERO
    realised_before: Decimal = ZERO
    created_ms: int = 0
    updated_ms: int = 0
    seq: int = -1

    @property
    def held_side(self) -> Side:
        """The side of the position, or in hedge mode the side that it would have; else long."""
        return self.side or (Side.SELL if self.idx == _SHORT_IDX else Side.BUY)

    def room_for(self, side: Side) -> Decimal:
        """How much an order of a side can close."""
        return self.size if self.side is side.opposite else ZERO

    def after_fill(self, side: Side, quantity: Decimal, price: Decimal) -> "SimPosition":
        """The position after a fill, which may add to it, reduce, close or reverse it."""
        if self.side is None or self.side is side:
            size = self.size + quantity
            cost = self.size * self.average_price + quantity * price
            return replace(self, side=side, size=size, average_price=cost / size)
        closed = min(quantity, self.size)
        direction = 1 if self.side is Side.BUY else -1
        realised = self.realised + booked(direction * closed * (price - self.average_price))
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
        leaves: the quantity of the order that is still open afterwards.
        seq: the sequence number of the position that it led to.
        closed: how much of the quantity closed a position.
        realised: the profit that this realised, before fees.
        is_set: whether `set_position` booked it, so that there is no order and no message of it.
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
    is_set: bool = False

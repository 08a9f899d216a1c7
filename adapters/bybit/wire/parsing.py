"""Rows of Bybit's replies as orders, positions, instruments and fills."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from ....domain.model.identity import Side
from ....domain.model.instrument import BOUNDLESS, ZERO, Instrument
from ....domain.model.observation import Flat
from ....domain.model.order import Execution, Order, OrderType, Position
from ....domain.model.protection import PositionStop
from . import names
from .fields import (
    Row,
    ShapeError,
    decimal,
    decimal_or_none,
    decimal_or_zero,
    flag,
    identifier,
    integer,
    label,
    mapping,
    member,
    milliseconds,
    optional_label,
    positive,
    sequence,
    text,
    value_of,
)
from .money import (
    fee_of_execution,
    fee_of_fills,
    filled_by_then,
    price_of_execution,
    taker_rate_of,
    value_of_fills,
)
from .values import ORDER_STATUSES, ORDER_TYPES, cause_of, closure_of, order_kind

_EPOCH = datetime.fromtimestamp(0, UTC)
_ONE_WAY = 0
_SIDE_OF_INDEX = {1: Side.BUY, 2: Side.SELL}


@dataclass(frozen=True, slots=True)
class PositionRow:
    """One row of a position list.

    Attributes:
        index: ``positionIdx``; in hedge mode a symbol has a row for 1 and one for 2.
        updated_ms: when the exchange last changed it, epoch milliseconds; 0 if it never did.
        seq: grows with every change; -1 if the symbol was never traded, or the row has none.
        position: None for a flat row, whose ``side`` is empty.
    """

    symbol: str
    index: int
    updated_ms: int
    seq: int
    position: Position | None

    @property
    def size(self) -> Decimal:
        """The position's size; 0 for a flat row."""
        return self.position.size if self.position is not None else ZERO

    @property
    def flat(self) -> tuple[Flat, ...]:
        """The sides that the row says are flat."""
        held = self.position.side if self.position is not None else None
        sides = (_SIDE_OF_INDEX[self.index],) if self.index else tuple(Side)
        return tuple(
            Flat(self.symbol, side, self.index, self.seq) for side in sides if side is not held
        )


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution of an order, with what it says about the order."""

    execution_id: str
    order_id: str
    order_link_id: str
    symbol: str
    side: Side
    order_type: OrderType
    order_price: Decimal
    order_quantity: Decimal
    quantity: Decimal
    left: Decimal
    at_ms: int
    price: Decimal | None = None
    fee: Decimal | None = None


def parse_order(row: Row) -> Order:
    """An order of ``realtime`` or ``history`` (docs/v5/order/open-order.mdx, order-list.mdx).

    What decides whether an order is a take-profit is required: a missing ``triggerPrice`` or
    ``reduceOnly`` must not turn a stop-loss into one.
    """
    kind = label(row, names.STOP_ORDER_TYPE, names.UNKNOWN)
    return Order(
        order_id=identifier(row, names.ORDER_ID),
        order_link_id=text(row, names.ORDER_LINK_ID),
        symbol=identifier(row, names.SYMBOL),
        side=member(Side, row, names.SIDE),
        order_type=value_of(ORDER_TYPES, row, names.ORDER_TYPE),
        price=decimal_or_zero(row, names.PRICE),
        quantity=decimal(row, names.QUANTITY),
        filled=decimal_or_zero(row, names.FILLED),
        status=value_of(ORDER_STATUSES, row, names.STATUS),
        reduce_only=flag(row, names.REDUCE_ONLY),
        position_index=integer(row, names.POSITION_INDEX),
        trigger_price=decimal_or_none(row, names.TRIGGER_PRICE),
        kind=order_kind(kind),
        kind_text=kind,
        closure=closure_of(
            optional_label(row, names.CANCEL_TYPE, names.UNKNOWN),
            optional_label(row, names.REJECT_REASON, names.NO_ERROR),
        ),
        created_ms=milliseconds(row, names.CREATED),
        parent_link_id=optional_label(row, names.PARENT_LINK_ID, ""),
        updated_ms=milliseconds(row, names.UPDATED) if names.UPDATED in row else 0,
        value=value_of_fills(row),
        fee=fee_of_fills(row),
    )


def parse_position(row: Row) -> PositionRow:
    """A row of the position list (docs/v5/position/position.mdx).

    ``positionIdx`` identifies a row, never its place: in hedge mode the first row may be the flat
    side of a live position (bybit-exchange/pybit#367).
    """
    symbol = identifier(row, names.SYMBOL)
    index = integer(row, names.POSITION_INDEX)
    if index != _ONE_WAY and index not in _SIDE_OF_INDEX:
        raise ShapeError(f"{names.POSITION_INDEX} is {index}")
    size, seq = decimal(row, names.SIZE), sequence(row, names.SEQUENCE)
    position = _open_position(row, symbol, index, size, seq) if size else None
    return PositionRow(symbol, index, milliseconds(row, names.UPDATED), seq, position)


def _open_position(row: Row, symbol: str, index: int, size: Decimal, seq: int) -> Position:
    side = member(Side, row, names.SIDE)
    if index != _ONE_WAY and side is not _SIDE_OF_INDEX[index]:
        raise ShapeError(f"{names.POSITION_INDEX} {index} is a {side.value} position")
    return Position(
        symbol=symbol,
        side=side,
        size=size,
        entry_price=decimal_or_zero(row, _price_of_entry(row)),
        mark_price=decimal_or_zero(row, names.MARK_PRICE),
        position_index=index,
        seq=seq,
        updated_ms=milliseconds(row, names.UPDATED),
        stop=_stop(row),
    )


def _stop(row: Row) -> PositionStop | None:
    """The exchange's own stop; empty texts and "0" both say that there is none."""
    if names.STOP_LOSS not in row:
        return None
    given = (names.STOP_LOSS, names.TRAILING_STOP, names.ACTIVE_PRICE)
    return PositionStop(*(decimal_or_zero(row, n) if n in row else ZERO for n in given))


def _price_of_entry(row: Row) -> str:
    """The stream calls ``entryPrice`` what lists call ``avgPrice``."""
    return names.ENTRY_PRICE if names.ENTRY_PRICE in row else names.AVERAGE_PRICE


def parse_instrument(row: Row) -> Instrument:
    """The rules of a symbol, and whether it takes orders (docs/v5/market/instrument.mdx)."""
    prices = mapping(row.get(names.PRICE_FILTER), names.PRICE_FILTER)
    lots = mapping(row.get(names.LOT_SIZE_FILTER), names.LOT_SIZE_FILTER)
    return Instrument(
        symbol=identifier(row, names.SYMBOL),
        tick=positive(prices, names.TICK_SIZE),
        quantity_step=positive(lots, names.QUANTITY_STEP),
        min_quantity=decimal(lots, names.MIN_QUANTITY),
        max_quantity=positive(lots, names.MAX_QUANTITY),
        min_notional=decimal_or_zero(lots, names.MIN_NOTIONAL)
        if names.MIN_NOTIONAL in lots
        else ZERO,
        min_price=decimal_or_zero(prices, names.MIN_PRICE) if names.MIN_PRICE in prices else ZERO,
        max_price=_highest_price(prices),
        halted=_halted(row),
        settle_coin=optional_label(row, names.SETTLE_COIN, ""),
        expires_at=_expiry(row),
        ended=text(row, names.INSTRUMENT_STATUS) == names.CLOSED,
        max_market=decimal_or_zero(lots, names.MAX_MARKET_QUANTITY)
        if names.MAX_MARKET_QUANTITY in lots
        else ZERO,
    )


def _highest_price(prices: Row) -> Decimal:
    highest = decimal_or_none(prices, names.MAX_PRICE) if names.MAX_PRICE in prices else None
    return BOUNDLESS if highest is None else highest


def _expiry(row: Row) -> datetime | None:
    """When the contract ends; None if it says "0", as perpetuals do, or nothing."""
    at_ms = milliseconds(row, names.DELIVERY_TIME) if names.DELIVERY_TIME in row else 0
    return _EPOCH + timedelta(milliseconds=at_ms) if at_ms else None


def _halted(row: Row) -> str:
    """The status of a contract that takes no orders; empty for one that does.

    A pre-market perpetual is ``PreLaunch`` through its auctions and through the trading after
    them, which is like any other contract's (ccxt/ccxt#23762); its phase says which it is.
    """
    status = text(row, names.INSTRUMENT_STATUS)
    if status == names.TRADING:
        return ""
    listing = row.get(names.PRE_LISTING)
    if status != names.PRE_LAUNCH or not isinstance(listing, dict):
        return status or names.UNKNOWN
    phase = optional_label(listing, names.AUCTION_PHASE, "")
    return "" if phase == names.CONTINUOUS_TRADING else f"{status}, {phase}".removesuffix(", ")


def parse_fill(row: Row) -> Fill:
    """A row of the execution list (docs/v5/order/execution.mdx)."""
    return Fill(
        execution_id=identifier(row, names.EXECUTION_ID),
        order_id=identifier(row, names.ORDER_ID),
        order_link_id=text(row, names.ORDER_LINK_ID),
        symbol=identifier(row, names.SYMBOL),
        side=member(Side, row, names.SIDE),
        order_type=value_of(ORDER_TYPES, row, names.ORDER_TYPE),
        order_price=decimal_or_zero(row, names.ORDER_PRICE),
        order_quantity=decimal_or_zero(row, names.ORDER_QUANTITY),
        quantity=decimal(row, names.EXECUTED),
        left=decimal(row, names.LEFT),
        at_ms=milliseconds(row, names.EXECUTED_AT),
        price=price_of_execution(row),
        fee=fee_of_execution(row),
    )


def parse_execution(row: Row) -> Execution:
    """The same row as a trade of its account.

    ``closedSize`` is empty or absent where the trade closed nothing.
    """
    return Execution(
        execution_id=identifier(row, names.EXECUTION_ID),
        symbol=identifier(row, names.SYMBOL),
        side=member(Side, row, names.SIDE),
        quantity=positive(row, names.EXECUTED),
        closed=decimal_or_zero(row, names.CLOSED_SIZE) if names.CLOSED_SIZE in row else ZERO,
        at_ms=milliseconds(row, names.EXECUTED_AT),
        seq=sequence(row, names.SEQUENCE),
        order_id=optional_label(row, names.ORDER_ID, ""),
        cause=cause_of(
            optional_label(row, names.EXECUTION_TYPE, ""),
            optional_label(row, names.STOP_ORDER_TYPE, names.UNKNOWN),
        ),
        price=price_of_execution(row),
        fee=fee_of_execution(row),
        filled=filled_by_then(row),
        order_link_id=optional_label(row, names.ORDER_LINK_ID, ""),
        taker_rate=taker_rate_of(row),
    )

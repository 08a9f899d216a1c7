"""A row of a case file as values.

A row has the form of the original bot's monitor states. It must name ``symbol``, ``side`` and a
size; all else may be missing. Beyond the bot's own fields these are read:

* ``role`` (``main`` or ``mirror``) and ``follows`` (the main account's name) where the account's
  name does not tell: an account is a mirror if its name begins with ``mirror``, and a mirror
  follows ``main``;
* ``hedge``: true for an account in hedge mode, also told by a ``position_idx`` of 1 or 2;
* ``foreign_orders``: orders of other people on the same symbol, in the form of ``tp_orders``
  with ``side`` and ``reduce_only``, and ``order_type`` "stop_market" for conditional ones;
* ``stop``: the stop that the case asks trueup for, as ``{"price": …}`` or ``{"percent": …}``. No
  real state asks for one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tests.cases.values import (
    ZERO,
    MalformedRow,
    first_number,
    mapping,
    mappings,
    number,
    text,
    whole,
)
from trueup import Role, Side, Stop, StopError

_CLOSED = {"CANCELLED", "CANCELED", "REJECTED", "DEACTIVATED", "FAILED", "PROCESSED"}
_HEDGED = (1, 2)
_SEEN = ("first_seen", "last_seen")
_SYMBOL = re.compile(r"[A-Z0-9-]{2,20}")


@dataclass(frozen=True, slots=True)
class Stored:
    """An order as the state holds it.

    Attributes:
        price: 0 where none is stored: such an order is no limit order.
        quantity: None where none is stored.
        status: upper case; empty where none is stored.
        number: the number of the take-profit as the bot counted it.
        share: its stored percentage.
        is_stop: whether the state says that it is a conditional market order.
        side: None where none is stored.
    """

    order_id: str
    link_id: str
    price: Decimal
    quantity: Decimal | None
    filled: Decimal
    status: str
    number: int | None = None
    share: Decimal | None = None
    is_stop: bool = False
    side: Side | None = None
    reduce_only: bool = False

    @property
    def is_filled(self) -> bool:
        """Whether the state says that it filled whole."""
        return self.status == "FILLED"

    @property
    def is_open(self) -> bool:
        """Whether the state says that it rests: all that is neither filled nor closed does."""
        return not self.is_filled and self.status not in _CLOSED

    @property
    def is_take_profit(self) -> bool:
        """Whether it can be a take-profit: a limit order has a price and no trigger."""
        return self.price > ZERO and not self.is_stop


@dataclass(frozen=True, slots=True)
class State:
    """One monitor as the original bot believed it to be.

    Attributes:
        size: ``remaining_size``, else ``current_size``, ``position_size``, ``size``.
        entry_price: 0 where none is stored.
        seen: from when to when the state was stored; None where the row doesn't say.
        stop: what the case asks trueup for; None for no stop.
    """

    case: str
    account: str
    role: Role
    follows: str | None
    hedge: bool
    symbol: str
    side: Side
    size: Decimal
    entry_price: Decimal
    take_profits: tuple[Stored, ...]
    stop_loss: Stored | None
    entries: tuple[Stored, ...]
    foreign: tuple[Stored, ...]
    flags: tuple[str, ...]
    seen: tuple[datetime, datetime] | None
    stop: Stop | None = None


def state_of(row: object, place: int) -> State:
    """The state that the row holds; ``place`` names a row without a case name.

    Raises:
        MalformedRow: it holds none.
    """
    fields = mapping(row, "the row")
    account = text(fields.get("account")) or "main"
    role = _role(fields, account)
    follows = (text(fields.get("follows")) or "main") if role is Role.MIRROR else None
    if follows == account:
        raise MalformedRow(f"account {account} follows itself")
    size = first_number(fields, "remaining_size", "current_size", "position_size", "size")
    if size is None:
        raise MalformedRow("it has no size")
    stop_loss = fields.get("sl_order")
    return State(
        case=case_of(row, place),
        account=account,
        role=role,
        follows=follows,
        hedge=fields.get("hedge") is True or whole(fields.get("position_idx"), "") in _HEDGED,
        symbol=_symbol(fields),
        side=_side(fields.get("side")),
        size=size,
        entry_price=_entry_price(fields),
        take_profits=_orders(fields, "tp_orders"),
        stop_loss=_stored(mapping(stop_loss, "sl_order")) if stop_loss else None,
        entries=_orders(fields, "limit_orders"),
        foreign=_orders(fields, "foreign_orders"),
        flags=_flags(fields.get("flags")),
        seen=_seen(fields),
        stop=_stop(fields.get("stop")),
    )


def case_of(row: object, place: int) -> str:
    """The name of the case, or which row it is."""
    name = text(row.get("case")) if isinstance(row, Mapping) else ""
    return name or f"row {place}"


def _orders(fields: Mapping[str, object], name: str) -> tuple[Stored, ...]:
    return tuple(_stored(order) for order in mappings(fields.get(name), name))


def _stored(order: Mapping[str, object]) -> Stored:
    quantity = first_number(order, "quantity", "qty", "original_quantity")
    filled = number(order.get("filled_qty"), "filled_qty") or ZERO
    status = "FILLED" if order.get("filled") is True else text(order.get("status")).upper()
    if status == "FILLED":
        filled = filled or quantity or ZERO
    side = order.get("side")
    return Stored(
        order_id=text(order.get("order_id")),
        link_id=text(order.get("order_link_id")),
        price=number(order.get("price"), "price") or ZERO,
        quantity=quantity,
        filled=filled,
        status=status,
        number=whole(order.get("tp_number", order.get("tp_level")), "tp_number"),
        share=first_number(order, "percentage", "tp_percentage"),
        is_stop="stop" in text(order.get("order_type")).lower(),
        side=None if side is None else _side(side),
        reduce_only=order.get("reduce_only") is True,
    )


def _stop(value: object) -> Stop | None:
    if value is None:
        return None
    asked = mapping(value, "stop")
    price, percent = (number(asked.get(name), name) for name in ("price", "percent"))
    try:
        return Stop.of(price=price, percent=percent)
    except StopError as error:
        raise MalformedRow(f"its stop is none: {error}") from error


def _side(value: object) -> Side:
    try:
        return Side(text(value).capitalize())
    except ValueError:
        raise MalformedRow(f"side {value!r} is neither Buy nor Sell") from None


def _symbol(fields: Mapping[str, object]) -> str:
    symbol = text(fields.get("symbol"))
    if not _SYMBOL.fullmatch(symbol):
        raise MalformedRow(f"symbol {symbol!r} is none")
    return symbol


def _role(fields: Mapping[str, object], account: str) -> Role:
    told = text(fields.get("role")).lower()
    if told not in ("", *Role):
        raise MalformedRow(f"role {told!r} is neither main nor mirror")
    return Role(told) if told else Role.MIRROR if account.startswith("mirror") else Role.MAIN


def _entry_price(fields: Mapping[str, object]) -> Decimal:
    names = ("entry_price", "avg_price", "avg_entry_price", "weighted_avg_entry")
    prices = (number(fields.get(name), name) for name in names)
    return next((price for price in prices if price), ZERO)


def _flags(value: object) -> tuple[str, ...]:
    return tuple(text(each) for each in value) if isinstance(value, list) else ()


def _seen(fields: Mapping[str, object]) -> tuple[datetime, datetime] | None:
    try:
        start, end = (datetime.fromisoformat(text(fields.get(n))) for n in _SEEN)
    except ValueError:
        return None
    return start, end

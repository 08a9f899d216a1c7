"""Orders as the original bot stored them: in a dict by order id, in a list, or alone.

A dict's key is the order id of the first generation only: after a rebalance it still names the
cancelled order (original bot, B-1), so the order's own field takes precedence.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ....domain.model.identity import Side
from ....domain.model.instrument import ZERO
from .values import Fields, is_plain_text, shown

_CLOSED = ("CANCELLED", "CANCELED", "REJECTED", "DEACTIVATED", "FAILED", "PROCESSED")
FILLED = "FILLED"


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """An order as the state contains it.

    Attributes:
        order_id: empty if none is stored.
        link_id: empty if none is stored.
        price: 0 if none is stored: such an order is not a limit order (original bot, I09).
        quantity: None if none is stored.
        status: upper case; empty if none is stored.
        number: the number of the take-profit as the bot counted it: ``tp_number``.
        level: the same in the bot's mirror set-up: ``tp_level``.
        share: its stored percentage.
        account: as its own field says; empty if none is stored.
        is_stop: whether the state says that it is a conditional order.
        dict_key: the key it was stored under; empty in a list.
        floats: names of the numbers that were stored as floats.
    """

    order_id: str
    link_id: str
    price: Decimal
    quantity: Decimal | None
    filled: Decimal
    status: str
    number: int | None = None
    level: int | None = None
    share: Decimal | None = None
    account: str = ""
    is_stop: bool = False
    dict_key: str = ""
    floats: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Its name in reports."""
        return self.link_id or self.order_id or "an order without ids"

    @property
    def is_filled(self) -> bool:
        """Whether the state says that it has filled completely."""
        return self.status == FILLED

    @property
    def is_open(self) -> bool:
        """Whether the state says that it rests, which is so unless it says filled or closed."""
        return not self.is_filled and self.status not in _CLOSED


@dataclass(frozen=True, slots=True)
class StoredOrders:
    """The orders of one field, and the problems of reading them."""

    orders: tuple[StoredOrder, ...] = ()
    problems: tuple[str, ...] = ()


def stored_orders(value: object, where: str) -> StoredOrders:
    """The orders in a dict by order id, or in a list; empty for None."""
    orders: list[StoredOrder] = []
    problems: list[str] = []
    for place, key, entry in _entries(value):
        if not isinstance(entry, dict):
            problems.append(f"{where}{place} is not an order but {shown(entry)}")
            continue
        fields = Fields(entry, f"{where}{place}")
        orders.append(_stored(fields, key))
        problems += fields.problems
    return StoredOrders(tuple(orders), tuple(problems))


def stored_order(value: object, where: str) -> StoredOrders:
    """The single order in a field; empty for None and an empty dict."""
    if value is None or value == {}:
        return StoredOrders()
    if not isinstance(value, dict):
        return StoredOrders(problems=(f"{where} is not an order but {shown(value)}",))
    fields = Fields(value, where)
    return StoredOrders((_stored(fields, ""),), tuple(fields.problems))


def _entries(value: object) -> Iterator[tuple[str, str, object]]:
    if isinstance(value, dict):
        for number, (key, entry) in enumerate(value.items(), start=1):
            yield f"[{number}]", key if isinstance(key, str) and is_plain_text(key) else "", entry
    elif isinstance(value, list | tuple):
        for number, entry in enumerate(value, start=1):
            yield f"[{number}]", "", entry
    elif value is not None:
        yield "", "", value


def _stored(fields: Fields, key: str) -> StoredOrder:
    quantity = fields.number("quantity", "qty", "original_quantity")
    status = FILLED if fields.is_true("filled") else fields.text("status").upper()
    filled = fields.number("filled_qty") or ZERO
    if status == FILLED:
        filled = filled or quantity or ZERO
    price = fields.number("price") or ZERO
    return StoredOrder(
        order_id=fields.text("order_id") or key,
        link_id=fields.text("order_link_id"),
        price=price,
        quantity=quantity,
        filled=filled if quantity is None else min(filled, quantity),
        status=status,
        number=fields.whole("tp_number"),
        level=fields.whole("tp_level"),
        share=fields.number("percentage", "tp_percentage"),
        account=fields.text("account").lower(),
        is_stop="stop" in fields.text("order_type").lower(),
        dict_key=key or fields.text("dict_key"),
        floats=frozenset(fields.floats | _declared_floats(fields)),
    )


def _declared_floats(fields: Fields) -> set[str]:
    """The names of fields that were floats, in a dump that writes all numbers as text."""
    names = fields.raw("stored_as_float")
    return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()


def side_of(text: str) -> Side | None:
    """The side of a position; None if the text is none."""
    word = text.capitalize()
    return Side(word) if word in tuple(Side) else None

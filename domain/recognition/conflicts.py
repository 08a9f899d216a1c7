"""Conflicts between what ids suggest, what is on record and what the exchange shows.

The exchange's fields decide what an order is, the rank of its price decides its level, and the
client that answered decides its account; an id is a hint. Each conflict is told: a line an order
for the journal, one line for the alert. The original bot's ids named another level in 326 orders,
the main account in mirror orders, and its records held stop-losses as TP1 (incidents I02, I09,
I10, I13).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..model.identity import Role, Side
from ..model.instrument import plain
from ..model.ladder import Ladder
from ..model.order import Order, OrderKind, OrderType
from ..model.record import OwnedOrder
from .classify import suggest
from .families import Kind


@dataclass(frozen=True, slots=True)
class Conflict:
    """One kind of conflict.

    Attributes:
        summary: for the alert.
        details: for the journal, one line an order.
    """

    summary: str
    details: tuple[str, ...]


def level_conflict(adopted: Sequence[OwnedOrder]) -> Conflict | None:
    """Orders whose ids name another level than the rank of their price."""
    named = [
        (order, level)
        for order in adopted
        if (level := suggest(order.order_link_id).level) is not None and level != order.level
    ]
    pairs = ", ".join(f"TP{order.level} is named TP{level}" for order, level in named)
    return _conflict(
        [
            f"{order.order_link_id}: id says TP{level}, price rank says TP{order.level}: "
            "the rank is used"
            for order, level in named
        ],
        f"ids name other levels than price ranks: the ranks are used ({pairs})",
    )


def account_conflict(adopted: Sequence[OwnedOrder], role: Role) -> Conflict | None:
    """Orders whose ids hint an account of the other role."""
    strays = [
        (order.order_link_id, hint)
        for order in adopted
        if (hint := suggest(order.order_link_id).role) is not None and hint is not role
    ]
    return _conflict(
        [
            f"{name}: id hints a {hint.value} account, this {role.value} account has it: "
            "the account is believed"
            for name, hint in strays
        ],
        f"ids of {len(strays)} orders hint an account of the other role: "
        f"this {role.value} account has them and is believed",
    )


def role_conflict(orders: Sequence[Order], side: Side) -> Conflict | None:
    """Orders that are one thing by their id and another by their fields; never adopted.

    Args:
        orders: of the position's symbol, not on record.
        side: of the position.
    """
    told = [
        f"{order.order_link_id}: id says {said}, {shown}: left alone"
        for order in orders
        if (said := suggest(order.order_link_id).kind) is not Kind.FOREIGN
        and (shown := _contradicted(order, side, said))
    ]
    return _conflict(
        told, f"{len(told)} orders are one thing by id and another by their fields: left alone"
    )


def ladder_conflict(ladder: Ladder, orders: Sequence[Order], *, live_wins: bool) -> Conflict | None:
    """Live take-profits, nearest first, at prices that the ladder on record does not have."""
    known = {level.price for level in ladder.levels}
    strange = dict.fromkeys(order.price for order in orders if order.price not in known)
    end = "theirs are taken" if live_wins else "its prices are kept"
    prices = ", ".join(map(plain, strange))
    text = f"live TP orders at {prices} contradict the ladder on record: {end}"
    return Conflict(text, (text,)) if strange else None


def count_conflict(ladder: Ladder, orders: Sequence[Order]) -> Conflict | None:
    """More live take-profits than levels: duplicates, or generations of one ladder."""
    levels = len(ladder.levels)
    text = f"live TP orders: {len(orders)} for {levels} level{'s' if levels > 1 else ''}"
    return Conflict(text, (text,)) if len(orders) > levels else None


def _contradicted(order: Order, side: Side, said: Kind) -> str:
    """What speaks against the id; empty where nothing does."""
    if said is not Kind.TAKE_PROFIT:
        closes = order.is_take_profit and order.side is side.opposite
        return "its fields say TP" if closes else ""
    if order.trigger_price is not None or order.kind is not OrderKind.PLAIN:
        return "but the order is conditional"
    if order.order_type is not OrderType.LIMIT:
        return f"but the order is {order.order_type.value}"
    return "" if order.reduce_only else "but the order is not reduce-only"


def _conflict(details: Sequence[str], summary: str) -> Conflict | None:
    """None without details; a single one is its own summary."""
    if not details:
        return None
    return Conflict(details[0] if len(details) == 1 else summary, tuple(details))

"""Conflicts between what ids suggest, what is on record and what the exchange shows.

An id is only a hint. The exchange's fields decide what an order is, the rank of its price decides
its level, and the account that lists it decides whose it is. trueup reports each conflict, with a
line for each order in the journal and a single line in the alert. In the original bot 326 ids
named a wrong level, mirror orders had ids of the main account, and stop-losses were on record as
TP1 (incidents I02, I09, I10, I13).
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
from .link_ids import may_stand_for


@dataclass(frozen=True, slots=True)
class Conflict:
    """One kind of conflict.

    Attributes:
        summary: for the alert.
        details: for the journal, one line for each order.
    """

    summary: str
    details: tuple[str, ...]


def level_conflict(adopted: Sequence[OwnedOrder]) -> Conflict | None:
    """Orders whose ids name a level other than the rank of their price."""
    named = [
        (order, level)
        for order in adopted
        if (level := suggest(order.order_link_id).level) is not None and level != order.level
    ]
    pairs = ", ".join(f"TP{order.level}'s id says TP{level}" for order, level in named)
    return _conflict(
        [
            f"{order.order_link_id}: the id says TP{level}, but the price rank is TP{order.level}; "
            "trueup uses the rank"
            for order, level in named
        ],
        f"order ids and price ranks disagree on levels; trueup uses the ranks ({pairs})",
    )


def account_conflict(adopted: Sequence[OwnedOrder], role: Role) -> Conflict | None:
    """Orders whose ids suggest an account of the other role."""
    strays = [
        (order.order_link_id, hint)
        for order in adopted
        if (hint := suggest(order.order_link_id).role) is not None and hint is not role
    ]
    return _conflict(
        [
            f"{name}: the id suggests a {hint.value} account, but the order is on this "
            f"{role.value} account; trueup treats it as this account's"
            for name, hint in strays
        ],
        f"the ids of {len(strays)} orders suggest an account of the other role, but the orders "
        f"are on this {role.value} account; trueup treats them as this account's",
    )


def symbol_conflict(adopted: Sequence[OwnedOrder], symbol: str) -> Conflict | None:
    """Orders whose ids name another symbol than the one that they are of."""
    strays = [o.order_link_id for o in adopted if not may_stand_for(o.order_link_id, symbol)]
    return _conflict(
        [
            f"{name}: the id names another symbol, but the order is of {symbol}; trueup treats it "
            "as this symbol's"
            for name in strays
        ],
        f"the ids of {len(strays)} orders name another symbol, but the orders are of {symbol}; "
        "trueup treats them as this symbol's",
    )


def role_conflict(orders: Sequence[Order], side: Side) -> Conflict | None:
    """Orders whose id and fields disagree on what they are; they are never adopted.

    Args:
        orders: of the position's symbol, not on record.
        side: of the position.
    """
    details = [
        f"{order.order_link_id}: the id says {said}, {shown}; trueup leaves the order alone"
        for order in orders
        if (said := suggest(order.order_link_id).kind) is not Kind.FOREIGN
        and (shown := _contradicted(order, side, said))
    ]
    return _conflict(
        details,
        f"the ids and fields of {len(details)} orders disagree on what they are; trueup leaves "
        "them alone",
    )


def ladder_conflict(ladder: Ladder, orders: Sequence[Order], *, live_wins: bool) -> Conflict | None:
    """Live take-profits, nearest first, at prices that the ladder on record does not have."""
    known = {level.price for level in ladder.levels}
    unknown = dict.fromkeys(order.price for order in orders if order.price not in known)
    choice = "uses the live prices" if live_wins else "keeps the prices on record"
    prices = ", ".join(map(plain, unknown))
    text = f"live TP orders at {prices} contradict the ladder on record; trueup {choice}"
    return Conflict(text, (text,)) if unknown else None


def count_conflict(ladder: Ladder, orders: Sequence[Order]) -> Conflict | None:
    """More live take-profits than levels: duplicates, or leftovers of an earlier ladder."""
    levels = len(ladder.levels)
    text = f"{len(orders)} live TP orders for {levels} level{'s' if levels > 1 else ''}"
    return Conflict(text, (text,)) if len(orders) > levels else None


def _contradicted(order: Order, side: Side, said: Kind) -> str:
    """How the fields contradict the id; empty where they do not."""
    if said is not Kind.TAKE_PROFIT:
        closes = order.is_take_profit and order.side is side.opposite
        return "but its fields say TP" if closes else ""
    if order.trigger_price is not None or order.kind is not OrderKind.PLAIN:
        return "but the order is conditional"
    if order.order_type is not OrderType.LIMIT:
        return f"but the order is {order.order_type.value}"
    return "" if order.reduce_only else "but the order is not reduce-only"


def _conflict(details: Sequence[str], summary: str) -> Conflict | None:
    """The conflict; None without details. A single detail is its own summary."""
    if not details:
        return None
    return Conflict(details[0] if len(details) == 1 else summary, tuple(details))

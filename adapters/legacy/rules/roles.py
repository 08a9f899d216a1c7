"""What a stored order is really for, and whether it can be adopted as a take-profit.

Its own fields decide; its id is only a hint. The original bot went by the id alone: it stored
stop-losses as TP1 (I09), take-profits as the stop-loss (I13), orders of the main account in mirror
monitors (I10), and orders that never existed at the exchange beside real ones (B-3).
"""

import re
from enum import StrEnum

from ....domain.model.identity import Side
from ....domain.recognition.classify import LONGEST, Kind, suggest
from .orders import StoredOrder
from .state import LegacyState

_ORDER_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_LINK_ID = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST}}}")
_PSEUDO = re.compile(
    r"(RECOVERED_TP|RECREATED_|BOT_FALLBACK_TP|FALLBACK_TP|MISSING_TP|missing_tp_)", re.ASCII
)


class Misfit(StrEnum):
    """Why a stored take-profit is not adopted, as reports say it."""

    PSEUDO = "the bot made up its id and its price: the order never existed at the exchange"
    STOP_ID = "its id is that of a stop-loss"
    STOP = "it is a conditional order, not a take-profit"
    CONDITIONAL = "it is a conditional take-profit, not a limit order; only its price is used"
    SAME_AS_STOP = "it is the stop-loss"
    ENTRY = "its id is that of an entry"
    FOREIGN = "no known program makes such an id: the order may be the trader's own"
    OTHER_ACCOUNT = "its account field names another account"
    NO_PRICE = "it has no price, so it is not a limit order"
    NO_QUANTITY = "it has no quantity"
    NO_ID = "it has no valid id"
    TWICE = "it is stored twice"
    BELOW_STEP = "it is smaller than the quantity step, so it cannot rest"


GIVES_NO_PRICE = frozenset(
    {
        Misfit.PSEUDO,
        Misfit.STOP_ID,
        Misfit.STOP,
        Misfit.SAME_AS_STOP,
        Misfit.ENTRY,
        Misfit.FOREIGN,
        Misfit.OTHER_ACCOUNT,
        Misfit.NO_PRICE,
    }
)
"""Misfits whose price belongs to no level; the others were take-profits once."""


def misfit(order: StoredOrder, state: LegacyState) -> Misfit | None:
    """Why the order cannot be adopted; None if it can."""
    if _PSEUDO.match(order.order_id) or _PSEUDO.match(order.link_id):
        return Misfit.PSEUDO
    against = _by_id(order) or _by_fields(order, state)
    if against is not None or usable_id(order) or usable_link(order):
        return against
    return Misfit.NO_ID


def usable_link(order: StoredOrder) -> str:
    """The link id, if it is one that the exchange accepts; else empty."""
    return order.link_id if _LINK_ID.fullmatch(order.link_id) else ""


def usable_id(order: StoredOrder) -> str:
    """The order id, if it is a valid one; else empty."""
    return order.order_id if _ORDER_ID.fullmatch(order.order_id) else ""


def _by_id(order: StoredOrder) -> Misfit | None:
    """Why the link id alone rules the order out; an order without a usable one is not."""
    if not usable_link(order):
        return None
    match suggest(order.link_id).kind:
        case Kind.STOP_LOSS:
            return Misfit.STOP_ID
        case Kind.ENTRY:
            return Misfit.ENTRY
        case Kind.FOREIGN | Kind.CLOSE:
            return Misfit.FOREIGN
        case Kind.TAKE_PROFIT:
            return None


def _gains(order: StoredOrder, state: LegacyState) -> bool:
    """Whether a conditional order takes profit, by its id and its price.

    The bot's first version placed its take-profits as stop market orders.
    """
    if suggest(order.link_id).kind is not Kind.TAKE_PROFIT or not state.entry_price:
        return False
    sign = 1 if state.side is Side.BUY else -1
    return bool(order.price) and sign * (order.price - state.entry_price) > 0


def _by_fields(order: StoredOrder, state: LegacyState) -> Misfit | None:
    if order.is_stop:
        return Misfit.CONDITIONAL if _gains(order, state) else Misfit.STOP
    if order.account and order.account != state.account:
        return Misfit.OTHER_ACCOUNT
    if order.price:
        return None if order.quantity else Misfit.NO_QUANTITY
    stop = state.stop_loss
    is_same = stop is not None and bool(order.order_id) and order.order_id == stop.order_id
    return Misfit.SAME_AS_STOP if is_same else Misfit.NO_PRICE

"""What a stored order is really for, and whether it can be taken over as a take-profit.

Its own fields decide; its id is a hint. The original bot went by the id alone: stop-losses were
stored as TP1 (I09), take-profits as the stop-loss (I13), orders of the main account in mirror
monitors (I10), and orders that were never on the exchange beside real ones (B-3).
"""

import re
from enum import StrEnum

from ...domain.model.identity import Side
from ...domain.recognition.classify import LONGEST, Kind, suggest
from .orders import StoredOrder
from .state import LegacyState

_ORDER_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_LINK_ID = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST}}}")
_PSEUDO = re.compile(
    r"(RECOVERED_TP|RECREATED_|BOT_FALLBACK_TP|FALLBACK_TP|MISSING_TP|missing_tp_)", re.ASCII
)


class Misfit(StrEnum):
    """Why a stored take-profit is not taken over, as a report says it."""

    PSEUDO = "its id was never on the exchange: the bot made it up, and its price with it"
    STOP_ID = "its id is of a stop-loss"
    STOP = "it is a conditional order, no take-profit"
    CONDITIONAL = "it is a conditional take-profit, no limit order: its price is the level's"
    SAME_AS_STOP = "it is the stop-loss"
    ENTRY = "its id is of an entry"
    FOREIGN = "its id is of nobody's that is known: it may be the trader's own"
    OTHER_ACCOUNT = "its own account field names another account"
    NO_PRICE = "it has no price: no limit order"
    NO_QUANTITY = "it has no quantity"
    NO_ID = "it has no id that an order can have"
    TWICE = "it is stored twice"
    BELOW_STEP = "it is smaller than the quantity step: it cannot rest"


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
"""Misfits whose price is no level's; the others were take-profits, if none to be taken over."""

STOP_AS_TAKE_PROFIT = (Misfit.STOP_ID, Misfit.STOP, Misfit.SAME_AS_STOP, Misfit.NO_PRICE)
"""Misfits that are a stop-loss under the take-profits; without a price only while open."""


def misfit(order: StoredOrder, state: LegacyState) -> Misfit | None:
    """Why the order is none that can be taken over; None if it can."""
    if _PSEUDO.match(order.order_id) or _PSEUDO.match(order.link_id):
        return Misfit.PSEUDO
    against = _by_id(order) or _by_fields(order, state)
    if against is not None or usable_id(order) or usable_link(order):
        return against
    return Misfit.NO_ID


def usable_link(order: StoredOrder) -> str:
    """The link id, if the exchange can know the order by it; empty if it cannot."""
    return order.link_id if _LINK_ID.fullmatch(order.link_id) else ""


def usable_id(order: StoredOrder) -> str:
    """The order id, if it can be one; empty if it cannot."""
    return order.order_id if _ORDER_ID.fullmatch(order.order_id) else ""


def _by_id(order: StoredOrder) -> Misfit | None:
    """What a link id alone speaks against; none speaks against nothing, nor does a cut one."""
    if not usable_link(order):
        return None
    match suggest(order.link_id).kind:
        case Kind.STOP_LOSS:
            return Misfit.STOP_ID
        case Kind.ENTRY:
            return Misfit.ENTRY
        case Kind.FOREIGN:
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

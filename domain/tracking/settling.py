"""What became of a write, by what a read shows of its order, or by the time that has passed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from ..model.commands import Operation
from ..model.instrument import plain
from ..model.intent import Intent, IntentStatus
from ..model.order import CancelReason, Closure
from ..model.record import OwnedOrder, OwnedStatus
from ..venue.exchange_facts import Lateness

_SENT = (IntentStatus.SENT, IntentStatus.UNKNOWN, IntentStatus.CONFIRMED)
NOT_DONE = "the request did not take effect"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a write.

    Attributes:
        status: how it ended.
        detail: in words, where it did not end as asked.
        order: its order as it goes on record.
        clipped_from: the price that was asked for, where the exchange changed it.
        is_cut: whether the position had no room for all that was asked for.
    """

    status: IntentStatus
    detail: str
    order: OwnedOrder
    clipped_from: Decimal | None = None
    is_cut: bool = False


def settled(
    write: Intent, order: OwnedOrder, others: Sequence[Intent], closure: Closure | None
) -> Settlement | None:
    """What became of an open write, where its order shows it; None where that may still come.

    An order of 40 at 100, which an amend should make 60 at 90:

    =============  ===========================================================================
    it is shown    the write
    =============  ===========================================================================
    60 at 90       is confirmed
    60 at 91       is confirmed: the exchange changed the price
    40 at 100      may still take effect
    50 at 90       ended otherwise: the exchange cut it to the position
    50 at 90       may still take effect, if another write asked for 50
    30 at 100      may still take effect: somebody else changed it, perhaps before that
    filled         ended otherwise
    =============  ===========================================================================

    Args:
        write: an open one.
        order: as a read or an event showed it last.
        others: other writes of the same order.
        closure: why the exchange closed the order, where it did and said so.
    """
    match write.operation:
        case Operation.AMEND:
            return _amended(write, order, others)
        case Operation.PLACE | Operation.CLOSE:
            return _placed(write, order, others, closure)
        case Operation.CANCEL | Operation.CANCEL_ENTRY:
            gone = not order.status.may_rest
            return Settlement(IntentStatus.CONFIRMED, "", order) if gone else None


def is_over(write: Intent, age: timedelta, lateness: Lateness) -> bool:
    """Whether a read that shows no effect of the write shows that it had none.

    Args:
        write: an open one.
        age: how long before the read it was announced, or left last.
        lateness: how late its request may take effect, and how late reads may show that. A request
            that the exchange has accepted is with it already.
    """
    arrived = write.status is IntentStatus.SENT
    return age >= (lateness.reads if arrived else lateness.requests + lateness.reads)


def may_arrive_later(write: Intent, became: IntentStatus) -> bool:
    """Whether an amend that ends so may take effect all the same, as nobody answered it."""
    was_answered = write.status not in (IntentStatus.PLANNED, IntentStatus.UNKNOWN)
    ends = not (became.is_open or became.had_no_effect)
    return write.operation is Operation.AMEND and ends and not was_answered


def superseded(writes: Sequence[Intent]) -> list[Intent]:
    """The open writes that a later one of the same order stands for.

    Only a read settles a write. A later one that the exchange refused leaves the earlier one as it
    was: it may be what happened, and an effect that nothing on record asked for would pass for
    somebody else's change. So a write ends before a read settles it in two cases only: a later one
    that was sent asks for the same, or the exchange had accepted it, and a read has shown the
    effect of a later one. One without an answer may still arrive after that. Where an amend that
    asks for something else lies between two that ask for the same, the last two with one between
    stay open: see :func:`may_show_another`. No order then has more than two open writes for each
    thing that it was asked for, however long nothing can be read.

    Args:
        writes: oldest first.
    """
    later: dict[str, list[Intent]] = {}
    ended: list[Intent] = []
    for write in reversed(writes):
        after = later.setdefault(write.order_link_id, [])
        if write.status.is_open and _is_stood_for(write, after[::-1]):
            ended.append(write)
        after.append(write)
    return ended


def _is_stood_for(write: Intent, later: Sequence[Intent]) -> bool:
    """Whether one of these, oldest first, stands for the open write."""
    is_shown = any(each.status is IntentStatus.CONFIRMED for each in later)
    if is_shown and write.status is IntentStatus.SENT:
        return True
    same = [
        number
        for number, each in enumerate(later)
        if each.status in _SENT and each.command == write.command
    ]
    if not same:
        return False
    parts_them = bool(_other_amends(write, later[same[0] : same[-1]]))
    return parts_them or not _other_amends(write, later[: same[0]])


def may_show_another(write: Intent, writes: Sequence[Intent]) -> bool:
    """Whether a read that shows what the write asks for may show what another one did.

    An amend to 60 got no answer, one to 40 was accepted, and so was another one to 60. A read that
    shows 60 may show the first: then the order gets 40 before it gets 60 again, and nobody but
    trueup changes it.

    Args:
        write: an open one.
        writes: of any orders, oldest first.
    """
    own = [
        each
        for each in writes
        if each.order_link_id == write.order_link_id and not each.status.had_no_effect
    ]
    same = [number for number, each in enumerate(own) if each.command == write.command]
    return bool(same) and bool(_other_amends(write, own[same[0] : same[-1]]))


def _other_amends(write: Intent, others: Sequence[Intent]) -> list[Intent]:
    """Those that are open and ask for something else than the amend does; none for other writes."""
    return [
        each
        for each in others
        if write.operation is each.operation is Operation.AMEND
        and each.status.is_open
        and each.command != write.command
    ]


def _amended(write: Intent, order: OwnedOrder, others: Sequence[Intent]) -> Settlement | None:
    if not order.status.may_rest:
        return _otherwise(f"the order had filled {plain(order.filled)}", order)
    if write.quantity in (None, order.quantity):
        return _priced(write, order, others)
    before, asked = write.quantity_before, write.quantity
    is_cut = before is not None and before < order.quantity < asked
    if not is_cut or _asks_for(others, order.quantity):
        return None
    return _otherwise(f"the order rests with {plain(order.quantity)}", order, is_cut=True)


def _priced(write: Intent, order: OwnedOrder, others: Sequence[Intent]) -> Settlement | None:
    """What became of an amend whose quantity is shown: that depends on the price."""
    at = _asked_at(order, write.price)
    if write.price in (None, order.price):
        return Settlement(IntentStatus.CONFIRMED, "", at)
    is_same = write.price_before is None or order.price == write.price_before
    if is_same or _asks_for_price(others, order.price):
        return None
    # The exchange clipped the price (docs/v5/account/set-price-limit.mdx): accepted.
    return Settlement(IntentStatus.CONFIRMED, "", at, clipped_from=write.price)


def _placed(
    write: Intent, order: OwnedOrder, others: Sequence[Intent], closure: Closure | None
) -> Settlement | None:
    match order.status:
        case OwnedStatus.OPEN | OwnedStatus.FILLED if order.quantity == write.quantity:
            clipped = order.asked_price if order.price != order.asked_price else None
            return Settlement(IntentStatus.CONFIRMED, "", order, clipped_from=clipped)
        case OwnedStatus.OPEN | OwnedStatus.FILLED:
            # The exchange cut the order to the position on arrival, or a human changed it. With
            # another price, too, another request made it: the plan moves it.
            return _otherwise(
                f"the order rests with {plain(order.quantity)}",
                _asked_at(order, order.price),
                is_cut=not _asks_for(others, order.quantity),
            )
        case OwnedStatus.CANCELLED:
            # The position moved, a human cancelled the order, or the reason is no longer known: the
            # next round may place it again.
            refused = closure is not None and closure.reason is CancelReason.OTHER
            status = IntentStatus.REFUSED if refused else IntentStatus.RESOLVED
            why = closure.text if closure else ""
            return Settlement(status, f"closed by the exchange {why}".strip(), order)
        case OwnedStatus.REJECTED:
            taken = "the order link id is taken: the next place uses a new one"
            return _otherwise(taken, order)
        case OwnedStatus.PENDING_NEW:
            return None


def _otherwise(detail: str, order: OwnedOrder, *, is_cut: bool = False) -> Settlement:
    return Settlement(IntentStatus.RESOLVED, detail, order, is_cut=is_cut)


def _asked_at(order: OwnedOrder, price: Decimal | None) -> OwnedOrder:
    if price is None or price == order.asked_price:
        return order
    return replace(order, asked_price=price)


def _asks_for(writes: Sequence[Intent], quantity: Decimal) -> bool:
    return any(write.quantity == quantity for write in writes)


def _asks_for_price(writes: Sequence[Intent], price: Decimal) -> bool:
    return any(write.price == price for write in writes)

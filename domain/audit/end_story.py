"""Why an order ended: the cause, what shows it, and what trueup did next; in a few lines."""

from collections.abc import Iterator, Mapping

from ..model.commands import Operation
from ..model.events import Cause, PositionClosed, PositionFlipped
from ..model.instrument import plain
from ..model.intent import Intent, IntentStatus
from ..model.record import OwnedStatus
from .on_record import Delisted, OrderEnd
from .page import Page, Part
from .transcript import event_text
from .words import change_text, moment_text, why_text

_BY_EXCHANGE = {
    Cause.ADL: "the exchange cancelled it for auto-deleveraging (ADL)",
    Cause.LIQUIDATION: "the exchange cancelled it for a liquidation",
    Cause.SETTLEMENT: "the exchange cancelled it as the contract ended: delisted, or expired",
}
_ENDED = (OwnedStatus.FILLED, OwnedStatus.CANCELLED, OwnedStatus.REJECTED)
_NO_ROOM = "the exchange cancelled it: reduce-only, and the position had no room left for it"
_BY_HAND = "👥"
_GOES_ON = "keeps changing"
_SOMEBODY = (
    "somebody else cancelled it: a person in the app, or another program with access to the account"
)
_PROGRAM = "another program cancelled it: it does so again and again"


def explain_end(order: OrderEnd) -> Page:
    """Why the last order of a level that has ended did so."""
    facts = {
        "order": f"{order.order_link_id or order.order_id}",
        "size": f"{plain(order.filled)} of {plain(order.quantity)} filled, at {plain(order.price)}",
        "status": order.status.value,
    }
    if order.cycle < order.present:
        facts["position"] = (
            f"an earlier one, number {order.cycle} of this monitor; the present one is number "
            f"{order.present}, and no order of TP{order.level} has ended in it"
        )
    gone = None if order.status in _ENDED else order.delisted
    if gone is not None:
        return _page_of_delisted(order, facts, gone)
    parts = (
        Part("Why it ended", (_cause(order),)),
        Part("What shows it", tuple(_evidence(order)) or ("nothing else is on record",)),
        Part("What trueup did next", (_next(order),)),
    )
    return Page(f"{order.key} TP{order.level}", facts, parts)


def _page_of_delisted(order: OrderEnd, facts: Mapping[str, str], gone: Delisted) -> Page:
    """Nobody can read what became of the order: what is on record of it may have ended since."""
    symbol, monitor = order.key.symbol, f"{order.key}"
    read = "not on record" if gone.read_at is None else moment_text(gone.read_at)
    parts = (
        Part(
            "Why it ended",
            (f"nothing can be read for {symbol}: the exchange does not list it any more",),
        ),
        Part("What shows it", tuple(_evidence_of_delisting(gone))),
        Part("What trueup did next", ("nothing: it writes nothing for it, and asks again",)),
        Part(
            "What to do",
            (
                "see at the exchange what became of the position and of this order",
                f"if {symbol} is gone for good, take it out of the configuration, if it is there",
                f"then end its watch: trueup unwatch {monitor}",
            ),
        ),
    )
    status = f"{order.status.value}, as of the last read: {read}"
    return Page(f"{monitor} TP{order.level}", {**facts, "status": status}, parts)


def _evidence_of_delisting(gone: Delisted) -> Iterator[str]:
    answer = gone.answer
    if answer is not None:
        at = moment_text(answer.at)
        yield f"{at}, run {answer.run_id}: the exchange answered {answer.code}, {answer.detail}"
    yield f"{moment_text(gone.since)}, run {gone.run_id}: {gone.said}"
    if gone.last_run != gone.run_id:
        yield f"{moment_text(gone.last)}, run {gone.last_run}: it is still so"


def _cause(order: OrderEnd) -> str:
    if order.status is OwnedStatus.FILLED:
        return "it filled"
    if order.status is OwnedStatus.REJECTED:
        return "the exchange refused it"
    if order.status is not OwnedStatus.CANCELLED:
        return _not_ended(order)
    partly = f"{plain(order.filled)} of it filled; then " if order.filled else ""
    return partly + _cancelled(order)


def _not_ended(order: OrderEnd) -> str:
    amended = next((one for one in reversed(order.writes) if _is_confirmed(one)), None)
    if amended is None or amended.operation is not Operation.AMEND:
        return "it has not ended: it rests"
    return f"it has not ended: trueup changed it, {change_text(amended)}: {why_text(amended)}"


def _cancelled(order: OrderEnd) -> str:
    own = _own_cancel(order)
    if own is not None:
        return _by_trueup(order, own)
    if any(one.startswith(_BY_HAND) for one in order.said):
        goes_on = any(_GOES_ON in one for one in order.said)
        return _PROGRAM if goes_on else _SOMEBODY
    causes = [cause for event in order.events if (cause := getattr(event, "cause", None))]
    by_exchange = [said for cause in causes if (said := _BY_EXCHANGE.get(cause))]
    if by_exchange:
        return by_exchange[0]
    if not order.events:
        return "the exchange cancelled it for a reason of its own"
    closed = any(isinstance(event, PositionClosed | PositionFlipped) for event in order.events)
    return f"{_NO_ROOM}: it closed" if closed else _NO_ROOM


def _by_trueup(order: OrderEnd, own: Intent) -> str:
    following = order.placed_next
    if following is not None and following.run_id == own.run_id:
        return f"trueup replaced it: {why_text(following)}"
    if any(isinstance(event, PositionClosed) for event in order.events):
        return "trueup cancelled it because the position closed"
    return f"trueup cancelled it: {why_text(own)}"


def _evidence(order: OrderEnd) -> Iterator[str]:
    for at, run, event in order.fills:
        yield f"{moment_text(at)}, run {run}: {event_text(event)}"
    own = _own_cancel(order)
    if own is not None:
        yield f"{moment_text(own.created_at)}, run {own.run_id}: trueup's own cancel, confirmed"
        if order.seen_at is None:
            yield from (f"in that run: {event_text(each)}" for each in order.events)
    if order.seen_at is not None:
        for one in order.said:
            yield f"{moment_text(order.seen_at)}, run {order.run_id}: {one}"
        for each in order.events:
            yield f"{moment_text(order.seen_at)}, run {order.run_id}: {event_text(each)}"


def _next(order: OrderEnd) -> str:
    placed = order.placed_next
    if placed is not None:
        at = moment_text(placed.created_at)
        return f"{at}, run {placed.run_id}: place {change_text(placed)}: {why_text(placed)}"
    return "nothing: no order of this level was placed after it"


def _own_cancel(order: OrderEnd) -> Intent | None:
    mine = (one for one in order.writes if one.operation is Operation.CANCEL)
    return next(filter(_is_confirmed, mine), None)


def _is_confirmed(intent: Intent) -> bool:
    return intent.status is IntentStatus.CONFIRMED

"""The lines and headlines by which alerts say what happened."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from ..model.close.closing import CloseEnd
from ..model.close.events import CloseEnded, CloseUnderWay
from ..model.events import (
    Cause,
    Event,
    EventKind,
    LadderChanged,
    LevelFilled,
    MirrorDiverged,
    OtherOrders,
    PositionClosed,
    PositionFlipped,
    PositionReduced,
    Realised,
    Recovered,
    Uncovered,
)
from ..model.instrument import ZERO, plain, short
from ..model.ladder import HUNDRED, Ladder
from ..model.protection import PositionStop
from ..model.stop_events import (
    EntriesCancelled,
    ProtectedAgain,
    StopAdopted,
    StopMoved,
    StopMovedByOthers,
    StopTakenOff,
    Unprotected,
)

_CAUSES = {
    Cause.TAKE_PROFIT: "by its TP orders",
    Cause.STOP_LOSS: "by a stop-loss",
    Cause.CLOSE: "by a close that was commanded",
    Cause.TRADE: "by an order that is not the ladder's",
    Cause.ADL: "by auto-deleveraging (ADL)",
    Cause.LIQUIDATION: "by liquidation",
    Cause.SETTLEMENT: "by the settlement of the contract",
    Cause.UNKNOWN: "it is not known by what",
}
_HEADLINES = {
    EventKind.POSITION_FLIPPED: "🔀 POSITION FLIPPED",
    EventKind.POSITION_CLOSED: "🏁 POSITION CLOSED",
    EventKind.POSITION_REDUCED: "📉 POSITION REDUCED",
    EventKind.LEVEL_FILLED: "💰 {} FILLED",
    EventKind.CLOSE_ENDED: "🚪 CLOSE COMMANDED",
    EventKind.CLOSE_UNDER_WAY: "🚪 CLOSE UNDER WAY",
    EventKind.STOP_MOVED_BY_OTHERS: "👥 STOP CHANGED BY SOMEBODY ELSE",
    EventKind.STOP_MOVED: "🛡️ STOP MOVED",
    EventKind.STOP_TAKEN_OFF: "🚫 STOP NO LONGER WANTED",
    EventKind.STOP_ADOPTED: "🛡️ STOP ADOPTED",
    EventKind.ENTRIES_CANCELLED: "🧹 ENTRIES CANCELLED",
    EventKind.PROTECTED_AGAIN: "🛟 PROTECTED AGAIN",
    EventKind.MIRROR_DIVERGED: "🪞 MIRROR AND MAIN",
    EventKind.OTHER_ORDERS: "👥 OTHER ORDERS",
    EventKind.LADDER_CHANGED: "🪜 LADDER CHANGED",
}
"""What is said at the top where several things happened: the first of these."""
_SECOND, _MINUTE, _HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def event_line(event: Event) -> str:
    """What happened, in one line of an alert."""
    match event:
        case LevelFilled():
            rest = f"; {plain(event.remaining)} of the order rest" if event.remaining else ""
            line = f"💰 {_filled(event)}: {plain(event.quantity)} at {_at(event)}{rest}"
        case PositionClosed():
            line = f"🏁 the position of {plain(event.before)} is closed: {_why(event)}"
            line += _brought(event.realised)
        case PositionFlipped():
            now = f"{event.side.value} {plain(event.after)}"
            cause = _CAUSES[event.cause]
            line = f"🔀 the position of {plain(event.before)} is closed, {now} is open: {cause}"
            line += _brought(event.realised)
        case PositionReduced():
            change = f"by {plain(event.before - event.after)}, to {plain(event.after)}"
            line = f"📉 the position was reduced {change}: {_CAUSES[event.cause]}"
        case Uncovered():
            line = f"🕳️ {plain(event.quantity)} of the position became uncovered"
        case Recovered():
            line = (
                f"🛟 nothing of the position is uncovered any more, after {_length(event.lasted)}"
            )
        case OtherOrders():
            line = _others(event)
        case MirrorDiverged():
            line = _diverged(event)
        case LadderChanged():
            line = f"🪜 the ladder changed ({event.who}): {_ladder(event.after)}"
        case _:
            line = _of_close(event) or _of_stop(event)
    return line


def headline(events: Sequence[Event]) -> str:
    """What alerts put at their top where a run had nothing to do; empty where nothing happened.

    That the stop followed a fill is said beside the fill: a trader waits for both.
    """
    kinds = {event.kind for event in events}
    names = dict.fromkeys(_name(one).upper() for one in events if isinstance(one, LevelFilled))
    for kind, text in _HEADLINES.items():
        if kind in kinds:
            follows = kind is EventKind.LEVEL_FILLED and EventKind.STOP_MOVED in kinds
            beside = f", {_HEADLINES[EventKind.STOP_MOVED]}" if follows else ""
            return text.format(", ".join(names)) + beside
    return ""


def _name(event: LevelFilled) -> str:
    return f"TP{event.level}" if event.level > 0 else "a former TP"


def _filled(event: LevelFilled) -> str:
    if event.level > 0:
        at_once = " right after it was placed" if event.at_once else ""
        return f"TP{event.level} filled{at_once}"
    whose = "the ladder no longer has" if event.level == 0 else "was the last position's"
    return f"a TP order that {whose} filled"


def _at(event: LevelFilled) -> str:
    """At which price it filled, as far as that is known; the order's price where it is another."""
    if event.average is None:
        return f"{plain(event.price)} or better" if event.at_once else plain(event.price)
    if event.average == event.price:
        return plain(event.price)
    return f"{short(event.average)}, better than its {plain(event.price)}"


def _brought(realised: Realised) -> str:
    """What closing a position has brought; empty where nothing of it is known."""
    if realised.result is None:
        return ""
    of = f" of {plain(realised.closed - realised.unknown)}" if realised.unknown else ""
    unknown = f"; of {plain(realised.unknown)} it is not known" if realised.unknown else ""
    return f"; the result{of} is {_signed(realised.gross)} {_fees(realised)}{unknown}"


def _fees(realised: Realised) -> str:
    if realised.fees_unknown:
        return "before fees"
    return f"before {short(realised.fees)} of fees for closing"


def _signed(value: Decimal) -> str:
    return f"+{short(value)}" if value > 0 else short(value)


def _why(event: PositionClosed) -> str:
    if event.cause is Cause.TAKE_PROFIT or event.filled == ZERO:
        return _CAUSES[event.cause]
    by_levels, rest = plain(event.filled), plain(event.before - event.filled)
    of = "of " if event.cause is Cause.UNKNOWN else ""
    return f"{by_levels} {_CAUSES[Cause.TAKE_PROFIT]}, {of}{rest} {_CAUSES[event.cause]}"


def _others(event: OtherOrders) -> str:
    if not event.quantity:
        return "👥 orders of others no longer close the position beyond what it has"
    both, size = plain(event.covered + event.quantity), plain(event.size)
    quantity, count = plain(event.quantity), len(event.order_ids)
    who = "another order closes" if count == 1 else f"{count} other orders close"
    return f"👥 {who} {quantity} too: together {both} of {size}"


def _diverged(event: MirrorDiverged) -> str:
    own = f"open with {plain(event.size)}" if event.size else "closed"
    side = event.main_side
    theirs = "flat" if side is None else f"open on the {side.value} side"
    if event.is_over:
        return f"🪞 this mirror and {event.main} agree again: {own} here, {theirs} there"
    return f"🪞 this mirror has parted from {event.main}: {own} here, {theirs} there"


def _of_stop(event: Event) -> str:
    """What became of the stop, and by whom."""
    match event:
        case StopMoved():
            return f"🛡️ the stop moved: {event.before} → {event.after} ({event.rule})"
        case StopMovedByOthers() if event.after.is_set:
            stays = "; it stays there" if event.stays else ""
            return f"👥 somebody else moved the stop: {event.before} → {event.after}{stays}"
        case StopMovedByOthers():
            return f"👥 somebody else removed the stop: it was {event.before}"
        case Unprotected():
            return f"🚨 {plain(event.quantity)} of the position became unprotected"
        case ProtectedAgain():
            return f"🛟 the position is no longer unprotected, after {_length(event.lasted)}"
        case _:
            return _of_the_wish(event)


def _of_the_wish(event: Event) -> str:
    """Whether a stop is wanted, and what else its settings have done."""
    match event:
        case StopAdopted():
            return f"🛡️ the stop that rests is kept from now on: {event.stop}"
        case StopTakenOff():
            return f"🚫 no stop is wanted any more: {_what_rests(event.rests)}"
        case EntriesCancelled():
            names = ", ".join(event.order_link_ids)
            return f"🧹 entries of {plain(event.quantity)} are cancelled, as was asked: {names}"
        case _:
            return event.kind.value


def _of_close(event: Event) -> str:
    """How far a close is, or how it ended, and why so; empty of any other event."""
    if isinstance(event, CloseUnderWay):
        return f"🚪 the close{_by(event.by)} is under way: {_closed(event)}; {event.why}"
    if not isinstance(event, CloseEnded):
        return ""
    if event.end is CloseEnd.REFUSED:
        return f"🚫 nothing was closed{_by(event.by)}: {event.why}"
    closed = f"closed at the market{_by(event.by)}: {_closed(event)}"
    if event.end is CloseEnd.PART:
        return f"⚠️ {closed}: {event.why}"
    return f"🚪 {closed}" + (f" ({event.why})" if event.why else "")


def _closed(event: CloseEnded | CloseUnderWay) -> str:
    """So much of what was to be closed, and which share of the position that is."""
    far = f"{plain(event.filled)} of {plain(event.quantity)}"
    if event.share is None or event.size is None:
        return far
    if event.share == HUNDRED:
        return f"{far}, all that was open"
    return f"{far}, which is {plain(event.share)} % of the position of {plain(event.size)}"


def _by(name: str) -> str:
    return f" for {name}" if name else ""


def _what_rests(stop: PositionStop | None) -> str:
    if stop is None:
        return "whatever rests at the exchange stays"
    return f"the one at {stop} stays" if stop.is_set else "the position has none"


def _ladder(ladder: Ladder | None) -> str:
    if ladder is None:
        return "it has none"
    levels = (f"{plain(one.share)} % at {plain(one.price)}" for one in ladder.levels)
    runner = (f"a runner of {plain(ladder.runner)} %",) if ladder.runner else ()
    return ", ".join((*levels, *runner))


def _length(lasted: timedelta) -> str:
    """A length of time, as long as people need it to be."""
    if lasted < _MINUTE:
        return f"{lasted // _SECOND} s"
    if lasted < _HOUR:
        return f"{lasted // _MINUTE} min"
    return f"{lasted // _HOUR} h {lasted % _HOUR // _MINUTE} min"

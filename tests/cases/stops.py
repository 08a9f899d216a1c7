"""The stops of a case: what was found, what is wanted, and whether any was touched unasked."""

from collections.abc import Iterator
from decimal import Decimal

from tests.cases.play import Played
from trueup import Side
from trueup.domain.model.instrument import plain
from trueup.domain.recognition.stops import FoundOrder, Maker, stops_among
from trueup.engine.discovery.result import FoundPosition
from trueup.simulator import SimOrder, StopOrderType

NONE = "–"
_WHOSE = {
    Maker.POSITION: "own",
    Maker.PART: "part",
    Maker.BOT: "bot",
    Maker.TOOL: "tool",
    Maker.NO_ID: "no-id",
}


def stops_found(found: FoundPosition | None) -> str:
    """The stops at a position in few letters: ``bot@0.62×250``."""
    stops = stops_among(found.waiting) if found else ()
    return ",".join(map(_stop, stops)) or NONE


def _stop(one: FoundOrder) -> str:
    return f"{_WHOSE[one.maker]}@{plain(one.trigger or Decimal(0))}×{plain(one.protects)}"


def stop_wanted(played: Played) -> str:
    """What trueup is to keep, in few letters: ``2%``, ``0.62``."""
    if played.wanted is None:
        return NONE
    wanted = played.wanted.wanted
    return f"{plain(wanted.percent)}%" if wanted.percent else plain(wanted.price or Decimal(0))


def protected(left: FoundPosition | None) -> str:
    """What the stops protect of the position, whoever made them."""
    return plain(left.protected) if left else NONE


def is_of_position(order: SimOrder) -> bool:
    """Whether it is the stop that the exchange keeps for the position."""
    return order.stop_order_type is StopOrderType.STOP_LOSS


def stop_differences(played: Played) -> Iterator[str]:
    """Whether a stop was set that nobody asked for, or the one asked for is not there."""
    state, rules = played.case.state, played.case.rules
    asked = state.stop
    if asked is None:
        if played.stops_set:
            yield f"nobody asked for a stop, and {played.stops_set} requests set one"
        if played.wanted is not None:
            yield "nobody asked for a stop, and one is wanted"
        return
    size = rules.floored(state.size)
    if not size:
        return
    sign = 1 if state.side is Side.BUY else -1
    percent = asked.percent or Decimal(0)
    price = asked.price or state.entry_price * (100 - sign * percent) / 100
    own = [one for one in _left(played) if one.maker is Maker.POSITION]
    there = [one for one in own if abs((one.trigger or Decimal(0)) - price) < rules.tick]
    if len(own) != 1 or len(there) != 1 or there[0].protects != size:
        yield f"a stop near {price:f} was asked for, and {stops_found(played.left)} is there"


def _left(played: Played) -> tuple[FoundOrder, ...]:
    return stops_among(played.left.waiting) if played.left else ()

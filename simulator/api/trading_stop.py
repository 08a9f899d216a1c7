"""POST position/trading-stop: the take-profit, stop-loss and trailing stop of a position.

The rules are checked at the acknowledgement and again when the write takes effect; a write that
fails then fails without a reply. The reply names no ids (docs/v5/position/trading-stop).
"""

from collections.abc import Sequence
from decimal import Decimal

from ..base import errors, params
from ..base.decimals import ZERO, is_multiple
from ..base.errors import ApiError
from ..base.params import Params
from ..market import checks, legs
from ..market.accounts import Account
from ..market.enums import Side, StopOrderType, TpslMode, TriggerBy
from ..market.legs import LEGS, Leg
from ..market.orders import Trail
from ..market.positions import SimPosition
from ..market.venue import Venue
from ..matching import position_stops
from ..matching.position_stops import Change, Wanted
from .request import Call, Outcome

PARTIAL_CAP = 20


def set_trading_stop(call: Call) -> Outcome:
    """Set, amend, add or cancel the take-profit, stop-loss and trailing stop of a position.

    Raises:
        ApiError: 10001: the position is flat, a price is on the wrong side of the market or
            malformed, or the sizes don't match; 34040: nothing changes; 110058: the sizes exceed
            the position; 110061: more than 20 in Partial mode.
    """
    fields, venue, account = call.fields, call.venue, call.owner
    if not any(change.is_real for change in _changes(venue, account, fields)):
        raise errors.not_modified()
    venue.after(venue.behaviour.effect_delay_ms, lambda: _write(venue, account, fields))
    return Outcome({})


def _write(venue: Venue, account: Account, fields: Params) -> None:
    try:
        changes = _changes(venue, account, fields)
    except ApiError:
        return
    sides = [c for c in changes if c.after.stop_order_type is not StopOrderType.TRAILING_STOP]
    both = len(sides) == len(LEGS) and all(change.after.status.is_open for change in sides)
    position_stops.apply(venue, account, sides, bound=both)
    trailing = [change for change in changes if change not in sides]
    position_stops.apply(venue, account, trailing, bound=False)


def _changes(venue: Venue, account: Account, fields: Params) -> list[Change]:
    """What the request changes now, orders that stay as they are included."""
    symbol, idx = params.required(fields, "symbol"), params.integer(fields, "positionIdx")
    venue.spec(symbol)
    checks.position_idx(account, symbol, idx)
    position = account.position_at(symbol, idx)
    if position.side is None:
        raise errors.parameter("can not set tp/sl/ts for zero position")
    mode = params.option(fields, "tpslMode", TpslMode) or TpslMode.FULL
    if mode is TpslMode.PARTIAL:
        _check_sizes(fields)
    wanted = [_wanted(venue, leg, position, fields, mode) for leg in LEGS]
    wanted.append(_trailing(venue, account, position, fields))
    found = [each for each in wanted if each is not None]
    _check_room(account, position, found)
    changes = [position_stops.change_for(venue, account, position, each) for each in found]
    return [change for change in changes if change is not None]


def _check_sizes(fields: Params) -> None:
    sizes = {leg.prefix: params.number(fields, f"{leg.prefix}Size") for leg in LEGS}
    for leg in LEGS:
        if (sizes[leg.prefix] is None) is bool(params.text(fields, leg.name)):
            raise errors.parameter(
                f"{leg.prefix}Size and {leg.name} need to input in pairs for Partial mode"
            )
    if None not in sizes.values() and len(set(sizes.values())) > 1:
        raise errors.parameter("slSize and tpSize must be equal under the partial mode")


def _check_room(account: Account, position: SimPosition, wanted: Sequence[Wanted]) -> None:
    """Refuse Partial orders beyond the cap, or beyond what the position has left for them."""
    for each in wanted:
        if each.size is None or each.trigger == ZERO:
            continue
        there = position_stops.of_kind(account, position, each.kind)
        if len(there) >= PARTIAL_CAP:
            raise errors.too_many_partial(PARTIAL_CAP)
        if sum((order.quantity for order in there), each.size) > position.size:
            raise errors.position_too_small()


def _wanted(
    venue: Venue, leg: Leg, position: SimPosition, fields: Params, mode: TpslMode
) -> Wanted | None:
    """What the request wants of a leg; None if it does not name it."""
    found = legs.read(fields, leg, mode)
    if found is None:
        return None
    side, by = position.held_side, TriggerBy(found.trigger_by)
    if found.trigger:
        base = venue.board.at(position.symbol, by)
        legs.check(venue, position.symbol, side, found, base)
    return Wanted(
        kind=found.kind,
        trigger=found.trigger,
        by=by,
        rising=leg.rises(side),
        size=_size(venue, position, leg, fields) if mode is TpslMode.PARTIAL else None,
        limit=found.limit,
    )


def _size(venue: Venue, position: SimPosition, leg: Leg, fields: Params) -> Decimal:
    name = f"{leg.prefix}Size"
    size = params.number(fields, name) or ZERO
    if size <= ZERO or not is_multiple(size, venue.spec(position.symbol).step):
        raise errors.parameter(f"params error: {name} err")
    return size


def _trailing(
    venue: Venue, account: Account, position: SimPosition, fields: Params
) -> Wanted | None:
    """The trailing stop that the request wants; None if it names none."""
    there = position_stops.of_kind(account, position, StopOrderType.TRAILING_STOP)
    old = there[0].trail if there else None
    distance = params.number(fields, "trailingStop")
    activation = params.number(fields, "activePrice") or None
    if distance is None and (activation is None or old is None):
        return None
    distance = old.distance if distance is None and old is not None else distance or ZERO
    kind, long = StopOrderType.TRAILING_STOP, position.side is Side.BUY
    if distance == ZERO:
        return Wanted(kind=kind, trigger=ZERO, rising=not long)
    legs.on_tick(venue, position.symbol, "trailingStop", distance)
    trail = _trail(venue, position, old, distance, activation)
    side = Side.SELL if long else Side.BUY
    if trail.trigger(side) <= ZERO:
        raise errors.parameter("params error: trailingStop err")
    return Wanted(kind=kind, trigger=trail.trigger(side), rising=not long, trail=trail)


def _trail(
    venue: Venue,
    position: SimPosition,
    old: Trail | None,
    distance: Decimal,
    activation: Decimal | None,
) -> Trail:
    """How the trailing stop follows the market from now on, given how it does so far."""
    last = venue.prices[position.symbol]
    if old is not None and activation in {None, old.activation}:
        restarts = old.best is not None and old.distance != distance
        anew = restarts and venue.behaviour.trailing_restarts
        return Trail(distance, old.activation, last if anew else old.best)
    if activation is None:
        return Trail(distance, None, last)
    legs.on_tick(venue, position.symbol, "activePrice", activation)
    given, side = ("trailingProfit", activation), position.held_side
    legs.on_side(given, side, last, TriggerBy.LAST, rising=side is Side.BUY)
    return Trail(distance, activation)

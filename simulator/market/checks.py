"""The checks of an order: filters, caps, price band, link id, positionIdx."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from ..base import errors, params
from ..base.behaviour import LinkIdReuse, PriceBand
from ..base.decimals import ZERO, is_multiple, rounded_down, rounded_up
from ..base.params import Params
from .accounts import Account
from .enums import OrderType, Side, TriggerBy
from .instruments import InstrumentSpec
from .orders import SimOrder
from .venue import Venue

HARD_LINK_ID_LENGTH = 45
"""The length that the server accepted in 2024 (enarjord/passivbot#436)."""

_LINK_ID = re.compile(r"[A-Za-z0-9_-]*")
_RISING, _FALLING = 1, 2
_NO_AUCTION = frozenset({"", "NotStarted", "Finished"})


def link_id(venue: Venue, account: Account, given: str) -> None:
    """Refuse a link id that is too long, malformed or taken (docs/v5/order/create-order)."""
    longest = venue.behaviour.link_id_length
    if len(given) > longest:
        raise errors.parameter(f"order link id is longer than {longest}")
    if not _LINK_ID.fullmatch(given):
        raise errors.parameter("params error: orderLinkId invalid")
    if not given or given not in account.link_ids:
        return
    order_id = account.link_ids[given]
    alive = order_id in account.orders or order_id in account.pending
    if alive or venue.behaviour.link_id_reuse is LinkIdReuse.NEVER:
        raise errors.duplicate_link_id()


def position_idx(account: Account, symbol: str, idx: int) -> None:
    """Refuse a positionIdx of the other mode (docs/v5/websocket/trade/guideline, the sample)."""
    allowed = (1, 2) if account.is_hedged(symbol) else (0,)
    if idx not in allowed:
        raise errors.position_mode()


def takes_orders(spec: InstrumentSpec) -> None:
    """Refuse writes to a contract that takes no orders (docs/v5/error, 110063, 110074, 110095).

    The texts are Bybit's; which status has which of them is not documented. Before its launch a
    contract is not live, during the auctions of its pre-market it is in its call auction.
    """
    if spec.takes_orders:
        return
    if spec.status == "Settling":
        raise errors.settling(spec.symbol)
    if spec.is_pre_market and spec.phase not in _NO_AUCTION:
        raise errors.call_auction()
    raise errors.not_live()


def quantity(spec: InstrumentSpec, order: SimOrder) -> None:
    """Check the lot filter (docs/v5/market/instrument; texts: pybit#168, bybit-api#269)."""
    market = order.order_type is OrderType.MARKET
    if order.quantity < spec.min_quantity:
        raise errors.parameter("The number of contracts exceeds minimum limit allowed")
    if order.quantity > (spec.max_market_quantity if market else spec.max_quantity):
        raise errors.parameter("The number of contracts exceeds maximum limit allowed")
    if not is_multiple(order.quantity, spec.step):
        raise errors.parameter("params error: qty err")


def notional(venue: Venue, spec: InstrumentSpec, order: SimOrder) -> None:
    """Check price × quantity (110094); a switch exempts reduce-only orders."""
    if order.reduce_only and venue.behaviour.notional_spares_reduce_only:
        return
    if order.quantity * order.price < spec.min_notional:
        raise errors.below_notional()


def price(venue: Venue, spec: InstrumentSpec, order: SimOrder) -> SimOrder:
    """Check tick and bounds of the price, and clip it into the band if the switch says so.

    The band is the market price ± the instrument's ratio. It bounds buys from above and sells from
    below (docs/v5/account/set-price-limit, without the premium).
    """
    if order.order_type is OrderType.MARKET:
        return order
    if order.price <= ZERO or not is_multiple(order.price, spec.tick):
        raise errors.parameter("params error: price err")
    if not spec.min_price <= order.price <= spec.max_price:
        raise errors.price_out_of_range()
    if venue.behaviour.price_band is PriceBand.OFF or order.is_conditional:
        return order
    bound = band(spec, venue.prices[spec.symbol])[order.side]
    outside = order.price > bound if order.side is Side.BUY else order.price < bound
    if outside and venue.behaviour.price_band is PriceBand.REJECT:
        raise errors.price_out_of_range()
    return replace(order, price=bound) if outside else order


def band(spec: InstrumentSpec, last: Decimal) -> Mapping[Side, Decimal]:
    """The highest buy and the lowest sell that the band allows."""
    highest = rounded_down(last * (1 + spec.price_limit_ratio), spec.tick)
    lowest = rounded_up(last * (1 - spec.price_limit_ratio), spec.tick)
    return {Side.BUY: highest, Side.SELL: max(lowest, spec.tick)}


def trigger_by(fields: Params, name: str) -> TriggerBy:
    """The price that a field names as a trigger; the last price by default."""
    given = params.text(fields, name)
    if given in {"", "UNKNOWN"}:
        return TriggerBy.LAST
    return params.choice(fields, name, TriggerBy)


def trigger_side(venue: Venue, order: SimOrder) -> None:
    """Refuse a trigger off the tick, or one that its price has already passed (110092, 110093)."""
    if order.trigger_price is None:
        return
    spec, trigger = venue.spec(order.symbol), order.trigger_price
    if not ZERO < trigger <= spec.max_price or not is_multiple(trigger, spec.tick):
        raise errors.parameter("params error: triggerPrice err")
    if order.trigger_direction not in (_RISING, _FALLING):
        raise errors.parameter("TriggerDirection invalid")
    base = venue.board.at(order.symbol, order.trigger_by)
    if order.trigger_direction == _RISING and order.trigger_price <= base:
        raise errors.trigger_not_above(order.trigger_price, base, order.trigger_by)
    if order.trigger_direction == _FALLING and order.trigger_price >= base:
        raise errors.trigger_not_below(order.trigger_price, base, order.trigger_by)


def caps(venue: Venue, account: Account, order: SimOrder) -> None:
    """Check how many orders the symbol has: active 110020, conditional 110009 (create-order).

    Those of trading-stop don't count: they have a cap of their own (110061).
    """
    waiting = [o for o in account.pending.values() if o.symbol == order.symbol]
    others = [*account.open_orders(order.symbol), *waiting]
    alike = sum(
        1
        for other in others
        if other.is_conditional == order.is_conditional and not other.stop_order_type.is_native
    )
    if order.is_conditional and alike >= venue.behaviour.conditional_cap:
        raise errors.too_many_conditional()
    if not order.is_conditional and alike >= venue.behaviour.active_cap:
        raise errors.too_many_active(venue.behaviour.active_cap)

"""GET market/orderbook: what a market order would meet (docs/v5/market/orderbook).

There is no other trader, so both sides begin where this simulator fills orders: at the last price,
or `slippage_ticks` behind it. Each tick has `book_depth` or `book_value`, and a large quantity
without these switches.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import count, islice

from ...base import errors, params
from ...base.decimals import plain
from ...market.enums import Side
from ...market.instruments import InstrumentSpec
from ...market.venue import Venue
from ..request import Call, Outcome

ENDLESS = Decimal(1_000_000)
"""The quantity of a level of an endless book."""
LEVELS, MOST_LEVELS = 25, 500
"""How many levels a request gets, and at most, for linear contracts."""


def orderbook(call: Call) -> Outcome:
    """The book of a contract.

    Raises:
        ApiError: 10001: there is no such symbol, or the limit is not positive.
    """
    fields, venue = call.fields, call.venue
    spec = venue.spec(params.required(fields, "symbol"))
    limit = min(params.integer(fields, "limit", LEVELS), MOST_LEVELS)
    if limit < 1:
        raise errors.parameter("params error: limit invalid")
    now = venue.now()
    sides = {"b": Side.BUY, "a": Side.SELL}
    shown = {name: list(islice(levels(venue, spec, side), limit)) for name, side in sides.items()}
    return Outcome({"s": spec.symbol, **shown, "ts": now, "u": now, "seq": now, "cts": now})


def levels(venue: Venue, spec: InstrumentSpec, side: Side) -> Iterator[list[str]]:
    """The levels of a side, the best one first: price and quantity as text."""
    away = -spec.tick if side is Side.BUY else spec.tick
    best = venue.prices[spec.symbol] + venue.behaviour.slippage_ticks * away
    for place in count():
        price = best + place * away
        if not spec.min_price <= price <= spec.max_price:
            return
        depth = venue.depth(spec.symbol, price)
        yield [plain(price), plain(ENDLESS if depth is None else depth)]

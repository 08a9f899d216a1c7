"""The public endpoints: time, instruments, prices, candles."""

from typing import Any

from ..base import errors, params
from ..base.behaviour import UnknownInstrument
from ..base.candles import MINUTE_MS
from ..base.decimals import plain
from ..market.checks import band
from ..market.enums import Side, TriggerBy
from ..market.instruments import InstrumentSpec
from ..market.prices import PREMIUM
from .paging import PageRule, page_of
from .request import Call, Outcome

KLINE_LIMIT, KLINE_MOST = 200, 1000
"""How many candles a request gets, and at most (docs/v5/market/kline)."""

_MINUTES = (1, 3, 5, 15, 30, 60, 120, 240, 360, 720)
INTERVALS = {**{str(each): each * MINUTE_MS for each in _MINUTES}, "D": 1440 * MINUTE_MS}
"""The widths of candles in milliseconds, by the interval's name."""


def server_time(call: Call) -> Outcome:
    """GET market/time (docs/v5/market/time): the clock that request timestamps are checked against.

    With a virtual clock that is another one, see `Simulator`, so that clients that measure their
    offset with this endpoint stamp their requests correctly.
    """
    now = call.venue.wall_ms()
    return Outcome({"timeSecond": str(now // 1000), "timeNano": str(now * 1_000_000)})


def instruments(call: Call) -> Outcome:
    """GET market/instruments-info (docs/v5/market/instrument); without a symbol: Trading only.

    Spot rows have no contractType, option rows have an optionsType in its place.
    """
    fields, venue = call.fields, call.venue
    category = params.text(fields, "category") or "linear"
    listed_here = {spec.symbol: spec for spec in venue.listed() if spec.category == category}
    symbol = params.text(fields, "symbol")
    status = params.text(fields, "status") or ("" if symbol else "Trading")
    if symbol and symbol not in listed_here:
        if venue.behaviour.unknown_instrument is UnknownInstrument.ERROR:
            raise errors.unknown_symbol(symbol)
        return Outcome({"category": category, "list": [], "nextPageCursor": ""})
    places = {name: place for place, name in enumerate(sorted(listed_here, reverse=True))}
    base = params.text(fields, "baseCoin")
    found = [
        spec
        for spec in listed_here.values()
        if symbol in {"", spec.symbol}
        and status in {"", spec.status}
        and base in {"", spec.base_coin}
    ]
    page = page_of(found, lambda spec: (places[spec.symbol], 0), fields, PageRule(500, 1000))
    listed = [_row(spec) for spec in page.rows]
    return Outcome({"category": category, "list": listed, "nextPageCursor": page.cursor})


def _row(spec: InstrumentSpec) -> dict[str, Any]:
    row = spec.row()
    if spec.category in {"spot", "option"}:
        del row["contractType"]
    if spec.category == "option":
        row["optionsType"] = "Put" if spec.symbol.removesuffix("-USDT").endswith("-P") else "Call"
    return row


def price_limit(call: Call) -> Outcome:
    """GET market/price-limit (docs/v5/market/order-price-limit)."""
    spec = call.venue.spec(params.required(call.fields, "symbol"))
    bounds = band(spec, call.venue.prices[spec.symbol])
    return Outcome(
        {
            "symbol": spec.symbol,
            "buyLmt": plain(bounds[Side.BUY]),
            "sellLmt": plain(bounds[Side.SELL]),
            "ts": str(call.venue.now()),
        }
    )


def kline(call: Call) -> Outcome:
    """GET market/kline (docs/v5/market/kline); nothing is traded but by accounts: no volume."""
    return _candles(call, TriggerBy.LAST, ("0", "0"))


def mark_kline(call: Call) -> Outcome:
    """GET market/mark-price-kline (docs/v5/market/mark-kline)."""
    return _candles(call, TriggerBy.MARK, ())


def index_kline(call: Call) -> Outcome:
    """GET market/index-price-kline (docs/v5/market/index-kline)."""
    return _candles(call, TriggerBy.INDEX, ())


def premium_kline(call: Call) -> Outcome:
    """GET market/premium-index-price-kline (docs/v5/market/premium-index-kline).

    The premium is how far the last price is from the index price, as a ratio of that.
    """
    return _candles(call, PREMIUM, ())


def _candles(call: Call, kind: str, more: tuple[str, ...]) -> Outcome:
    """The newest candles up to the end, newest first; with a start alone the first ones since.

    Each candle begins at a whole multiple of its interval. A minute without trade repeats the price
    before it; before the contract was listed there is none.

    Raises:
        ApiError: 10001: there is no such symbol or interval, or the limit is not positive.
    """
    fields, venue = call.fields, call.venue
    spec = venue.spec(params.required(fields, "symbol"))
    width = INTERVALS.get(params.required(fields, "interval"))
    if width is None:
        raise errors.parameter("Invalid period!")
    limit = min(params.integer(fields, "limit", KLINE_LIMIT), KLINE_MOST)
    if limit < 1:
        raise errors.parameter("params error: limit invalid")
    candles = venue.board.candles(spec.symbol, kind)
    start, end = params.integer(fields, "start"), params.integer(fields, "end")
    first = max(-(-start // width), candles.first_ms // width)
    last = min(end or venue.now(), venue.now()) // width
    if start and not end:
        last = min(last, first + limit - 1)
    listed = [
        [str(each.start_ms), *map(plain, each.prices.values()), *more]
        for place in range(last, max(first, last - limit + 1) - 1, -1)
        if (each := candles.candle(place * width, width)) is not None
    ]
    return Outcome({"category": "linear", "symbol": spec.symbol, "list": listed})

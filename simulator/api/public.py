"""The public endpoints: time, instruments, tickers."""

from typing import Any

from ..base import errors, params
from ..base.behaviour import UnknownInstrument
from ..base.decimals import plain
from ..market.checks import band
from ..market.enums import Side, TriggerBy
from ..market.instruments import InstrumentSpec
from ..market.venue import Venue
from .paging import PageRule, page_of
from .request import Call, Outcome

_KINDS = (TriggerBy.MARK, TriggerBy.INDEX)


def server_time(call: Call) -> Outcome:
    """GET market/time (docs/v5/market/time): the clock that request timestamps are checked against.

    That is the wall clock with its skew, not the virtual clock, so that clients that measure
    their offset with this endpoint stamp their requests correctly.
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


def tickers(call: Call) -> Outcome:
    """GET market/tickers (docs/v5/market/tickers): last, bid and ask are one price."""
    symbol, venue = params.text(call.fields, "symbol"), call.venue
    wanted = [venue.spec(symbol)] if symbol else venue.listed()
    listed = [_ticker(venue, spec) for spec in wanted]
    return Outcome({"category": "linear", "list": listed})


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


def _ticker(venue: Venue, spec: InstrumentSpec) -> dict[str, Any]:
    price = plain(venue.prices[spec.symbol])
    mark, index = (plain(venue.board.at(spec.symbol, kind)) for kind in _KINDS)
    return {
        "symbol": spec.symbol,
        "lastPrice": price,
        "indexPrice": index,
        "markPrice": mark,
        "prevPrice24h": price,
        "price24hPcnt": "0",
        "highPrice24h": price,
        "lowPrice24h": price,
        "prevPrice1h": price,
        "openInterest": "0",
        "openInterestValue": "0",
        "turnover24h": "0",
        "volume24h": "0",
        "fundingRate": "0.0001",
        "nextFundingTime": str(venue.now() // 28_800_000 * 28_800_000 + 28_800_000),
        "bid1Price": price,
        "bid1Size": "1000000",
        "ask1Price": price,
        "ask1Size": "1000000",
    }

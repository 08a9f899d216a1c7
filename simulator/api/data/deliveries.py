"""GET market/delivery-price and asset/delivery-record: how dated futures ended."""

from typing import Any

from ...base import params
from ...base.decimals import plain
from ...market.enums import ExecType, Side
from ...market.positions import Fill
from ..paging import PageRule, page_of
from ..request import Call, Outcome
from ..rows import short


def delivery_prices(call: Call) -> Outcome:
    """GET market/delivery-price (docs/v5/market/delivery-price): the contracts delivered so far.

    Raises:
        ApiError: 10001: the limit or the cursor is invalid.
    """
    fields, venue = call.fields, call.venue
    wanted, base = params.text(fields, "symbol"), params.text(fields, "baseCoin")
    found = [
        (symbol, at_ms, price)
        for symbol, (at_ms, price) in venue.deliveries.items()
        if wanted in {"", symbol} and base in {"", venue.instruments[symbol].base_coin}
    ]
    places = {symbol: place for place, symbol in enumerate(venue.deliveries)}
    page = page_of(found, lambda each: (each[1], places[each[0]]), fields, PageRule(50, 200))
    listed = [
        {"symbol": symbol, "deliveryPrice": plain(price), "deliveryTime": str(at_ms)}
        for symbol, at_ms, price in page.rows
    ]
    return Outcome({"category": "linear", "list": listed, "nextPageCursor": page.cursor})


def delivery_records(call: Call) -> Outcome:
    """GET asset/delivery-record (docs/v5/asset/delivery): the account's positions delivered.

    Raises:
        ApiError: 10001: the limit or the cursor is invalid.
    """
    fields, now = call.fields, call.venue.now()
    wanted = params.text(fields, "symbol")
    start, end = params.integer(fields, "startTime"), params.integer(fields, "endTime", now)
    found = [
        fill
        for fill in call.view().fills()
        if fill.exec_type is ExecType.DELIVERY
        and wanted in {"", fill.symbol}
        and start <= fill.at_ms <= end
    ]
    page = page_of(found, lambda fill: (fill.at_ms, fill.seq), fields, PageRule(20, 50))
    listed = [_record(fill) for fill in page.rows]
    return Outcome({"category": "linear", "list": listed, "nextPageCursor": page.cursor})


def _record(fill: Fill) -> dict[str, Any]:
    """The row of a position: its side, and the entry price that its result tells."""
    side = fill.side.opposite
    gain = fill.realised / fill.quantity
    entry = fill.price - gain if side is Side.BUY else fill.price + gain
    return {
        "deliveryTime": fill.at_ms,
        "symbol": fill.symbol,
        "side": side.value,
        "position": plain(fill.quantity),
        "entryPrice": short(entry),
        "deliveryPrice": plain(fill.price),
        "strike": "",
        "fee": plain(fill.fee),
        "deliveryRpl": short(fill.realised),
    }

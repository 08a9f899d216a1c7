"""GET market/tickers: where a contract is, and where it was (docs/v5/market/tickers)."""

from decimal import Decimal
from itertools import islice
from typing import Any

from ...base import params
from ...base.decimals import ZERO, plain
from ...market.enums import Side, TriggerBy
from ...market.instruments import FUNDING_MINUTES, InstrumentSpec
from ...market.venue import Venue
from ...wallet.funding import next_funding_ms
from ..request import Call, Outcome
from ..rows import short
from . import book

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def tickers(call: Call) -> Outcome:
    """One contract, or all; other categories have no tickers. Bid and ask are the order book's.

    Nothing is traded but by accounts: no volume, no turnover.
    """
    fields, venue = call.fields, call.venue
    category = params.text(fields, "category") or "linear"
    symbol = params.text(fields, "symbol")
    wanted = [venue.spec(symbol)] if symbol else venue.listed()
    listed = [ticker_row(venue, spec) for spec in wanted if spec.category == category == "linear"]
    return Outcome({"category": category, "list": listed})


def open_interest_of(venue: Venue, symbol: str) -> Decimal:
    """What all accounts hold on one side, the larger one, as there is no other trader."""
    held = {"Buy": ZERO, "Sell": ZERO}
    for account in venue.accounts.values():
        for position in account.positions.values():
            if position.symbol == symbol and position.side is not None:
                held[position.side.value] += position.size
    return max(held.values())


def ticker_row(venue: Venue, spec: InstrumentSpec) -> dict[str, Any]:
    """The row of a contract; before it was listed its price was the first one."""
    last, now = venue.prices[spec.symbol], venue.now()
    candles = venue.board.candles(spec.symbol, TriggerBy.LAST)
    day = candles.candle(now - DAY_MS, DAY_MS + 1) or candles.candle(now, 1)
    hour = candles.candle(now - HOUR_MS, HOUR_MS + 1) or day
    opened = last if day is None else day.open
    interest = open_interest_of(venue, spec.symbol)
    return {
        "symbol": spec.symbol,
        "lastPrice": plain(last),
        "indexPrice": plain(venue.board.at(spec.symbol, TriggerBy.INDEX)),
        "markPrice": plain(venue.mark(spec.symbol)),
        "prevPrice24h": plain(opened),
        "price24hPcnt": short((last - opened) / opened if opened else ZERO),
        "highPrice24h": plain(last if day is None else day.high),
        "lowPrice24h": plain(last if day is None else day.low),
        "prevPrice1h": plain(last if hour is None else hour.open),
        "openInterest": plain(interest),
        "openInterestValue": plain(interest * venue.mark(spec.symbol) if interest else ZERO),
        "turnover24h": "0",
        "volume24h": "0",
        "fundingRate": plain(spec.funding_rate),
        "nextFundingTime": str(next_funding_ms(now)),
        "fundingIntervalHour": str(FUNDING_MINUTES // 60),
        **_best(venue, spec),
    }


def _best(venue: Venue, spec: InstrumentSpec) -> dict[str, str]:
    best: dict[str, str] = {}
    for name, side in (("bid1", Side.BUY), ("ask1", Side.SELL)):
        (price, size), *_ = [*islice(book.levels(venue, spec, side), 1), ["", ""]]
        best |= {f"{name}Price": price, f"{name}Size": size}
    return best

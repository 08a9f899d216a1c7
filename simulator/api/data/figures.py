"""GET market/funding/history, risk-limit, open-interest, account-ratio; system/status."""

from decimal import Decimal
from typing import Any

from ...base import errors, params
from ...base.decimals import ZERO, plain
from ...market.accounts import Account
from ...market.enums import Side
from ...market.instruments import MAX_LEVERAGE, InstrumentSpec
from ...wallet.margin import MAINTENANCE
from ..request import Call, Outcome
from .tickers import open_interest_of

FUNDINGS = 200
"""How many fundings a request gets, by default and at most."""
RISK_LIMIT = "1000000000"
"""The size that the one risk limit of every contract reaches."""


def funding_history(call: Call) -> Outcome:
    """GET market/funding/history (docs/v5/market/history-fund-rate): the fundings that there were.

    Raises:
        ApiError: 10001: there is no such symbol; there is a startTime without an endTime, or the
            limit is not positive.
    """
    fields, venue = call.fields, call.venue
    symbol = venue.spec(params.required(fields, "symbol")).symbol
    start, end = params.integer(fields, "startTime"), params.integer(fields, "endTime")
    if start and not end:
        raise errors.parameter("params error: endTime is required with startTime")
    limit = min(params.integer(fields, "limit", FUNDINGS), FUNDINGS)
    if limit < 1:
        raise errors.parameter("params error: limit invalid")
    listed = [
        {
            "symbol": symbol,
            "fundingRate": plain(rate),
            "fundingRateTimestamp": str(at_ms),
        }
        for at_ms, rate in reversed(venue.fundings.get(symbol, []))
        if start <= at_ms <= (end or venue.now())
    ]
    return Outcome({"category": "linear", "list": listed[:limit]})


def risk_limit(call: Call) -> Outcome:
    """GET market/risk-limit (docs/v5/market/risk-limit): every contract has one."""
    symbol, venue = params.text(call.fields, "symbol"), call.venue
    wanted = [venue.spec(symbol)] if symbol else venue.listed()
    listed = [_risk(spec) for spec in wanted if spec.category == "linear"]
    return Outcome({"category": "linear", "list": listed, "nextPageCursor": ""})


def open_interest(call: Call) -> Outcome:
    """GET market/open-interest (docs/v5/market/open-interest): one row, of now.

    It is as in the tickers.
    """
    venue = call.venue
    symbol = venue.spec(params.required(call.fields, "symbol")).symbol
    params.required(call.fields, "intervalTime")
    row = {
        "openInterest": plain(open_interest_of(venue, symbol)),
        "timestamp": str(venue.now()),
    }
    return Outcome({"symbol": symbol, "category": "linear", "list": [row], "nextPageCursor": ""})


def account_ratio(call: Call) -> Outcome:
    """GET market/account-ratio (docs/v5/market/long-short-ratio): one row, of now.

    It is the share of the accounts with a position that are long, and that are short; there is no
    row while no account has one.
    """
    venue = call.venue
    symbol = venue.spec(params.required(call.fields, "symbol")).symbol
    params.required(call.fields, "period")
    nets = [_net(account, symbol) for account in venue.accounts.values()]
    longs, shorts = sum(net > 0 for net in nets), sum(net < 0 for net in nets)
    listed = []
    if holders := longs + shorts:
        ratios = (Decimal(longs) / holders, Decimal(shorts) / holders)
        buy, sell = (plain(round(ratio, 4)) for ratio in ratios)
        row = {"symbol": symbol, "buyRatio": buy, "sellRatio": sell, "timestamp": str(venue.now())}
        listed.append(row)
    return Outcome({"list": listed, "nextPageCursor": ""})


def _net(account: Account, symbol: str) -> Decimal:
    """What an account holds of a contract; a short counts as negative."""
    held = [each for each in account.positions.values() if each.symbol == symbol]
    return sum((each.size if each.side is Side.BUY else -each.size for each in held), ZERO)


def maintenance(call: Call) -> Outcome:
    """GET system/status (docs/v5/system-status): no maintenance is announced."""
    del call
    return Outcome({"list": []})


def _risk(spec: InstrumentSpec) -> dict[str, Any]:
    return {
        "id": 1,
        "symbol": spec.symbol,
        "riskLimitValue": RISK_LIMIT,
        "maintenanceMargin": plain(MAINTENANCE),
        "initialMargin": plain(1 / MAX_LEVERAGE),
        "isLowestRisk": 1,
        "maxLeverage": plain(MAX_LEVERAGE),
        "mmDeduction": "",
    }

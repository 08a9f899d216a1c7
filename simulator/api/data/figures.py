"""GET market/funding/history, market/risk-limit, market/open-interest and system/status."""

from typing import Any

from ...base import errors, params
from ...base.decimals import ZERO, plain
from ...market.instruments import MAX_LEVERAGE, InstrumentSpec
from ...wallet.margin import MAINTENANCE
from ..request import Call, Outcome

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

    It is what all accounts hold on one side, the larger one, as there is no other trader.
    """
    venue = call.venue
    symbol = venue.spec(params.required(call.fields, "symbol")).symbol
    params.required(call.fields, "intervalTime")
    held = {"Buy": ZERO, "Sell": ZERO}
    for account in venue.accounts.values():
        for position in account.positions.values():
            if position.symbol == symbol and position.side is not None:
                held[position.side.value] += position.size
    row = {"openInterest": plain(max(held.values())), "timestamp": str(venue.now())}
    return Outcome({"symbol": symbol, "category": "linear", "list": [row], "nextPageCursor": ""})


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

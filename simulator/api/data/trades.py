"""GET market/recent-trade: the trades of all accounts (docs/v5/market/recent-trade)."""

from itertools import chain, islice
from typing import Any

from ...base import errors, params
from ...base.decimals import plain
from ...market.enums import ExecType
from ...market.positions import Fill
from ..request import Call, Outcome

TRADES, MOST_TRADES = 500, 1000
"""How many trades a request gets, and at most, for linear contracts."""

_NO_TRADES = frozenset({ExecType.FUNDING, ExecType.DELIVERY})


def recent_trades(call: Call) -> Outcome:
    """The last trades of a contract, newest first; nobody trades but the accounts.

    Raises:
        ApiError: 10001: there is no such symbol, or the limit is not positive.
    """
    fields, venue = call.fields, call.venue
    symbol = venue.spec(params.required(fields, "symbol")).symbol
    limit = min(params.integer(fields, "limit", TRADES), MOST_TRADES)
    if limit < 1:
        raise errors.parameter("params error: limit invalid")
    traded = (
        fill
        for fill in chain.from_iterable(each.fills for each in venue.accounts.values())
        if fill.symbol == symbol and is_trade(fill)
    )
    newest = sorted(traded, key=lambda fill: (fill.at_ms, fill.seq), reverse=True)
    listed = [trade_row(fill) for fill in islice(newest, limit)]
    return Outcome({"category": "linear", "list": listed})


def is_trade(fill: Fill) -> bool:
    """Whether an execution is a trade that everybody sees."""
    return fill.exec_type not in _NO_TRADES and not fill.is_set


def trade_row(fill: Fill) -> dict[str, Any]:
    """A trade as everybody sees it; its side is the taker's."""
    taker = fill.side.opposite if fill.is_maker else fill.side
    return {
        "execId": fill.execution_id,
        "symbol": fill.symbol,
        "price": plain(fill.price),
        "size": plain(fill.quantity),
        "side": taker.value,
        "time": str(fill.at_ms),
        "isBlockTrade": False,
        "isRPITrade": False,
        "seq": str(fill.seq),
    }

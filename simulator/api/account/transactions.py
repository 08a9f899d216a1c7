"""GET account/transaction-log: what moved the wallet (docs/v5/account/transaction-log)."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from ...base import params
from ...base.decimals import ZERO, plain
from ...market.accounts import Account
from ...market.enums import ExecType, Side
from ...market.positions import Fill
from ...market.venue import Venue
from ..paging import PageRule, page_of
from ..reads import DAY_MS, window
from ..request import Call, Outcome
from ..rows import short

_TYPES: Mapping[ExecType, str] = {
    ExecType.TRADE: "TRADE",
    ExecType.FUNDING: "SETTLEMENT",
    ExecType.DELIVERY: "DELIVERY",
    ExecType.BUST: "LIQUIDATION",
    ExecType.ADL: "ADL",
}
_FILTERS = ("category", "currency", "type")


def transaction_log(call: Call) -> Outcome:
    """The executions as the wallet saw them, newest first; the last day by default.

    The wallet begins with what was paid in, of which there is no row.
    """
    fields, venue = call.fields, call.venue
    start, end = window(fields, venue.now(), DAY_MS)
    base = params.text(fields, "baseCoin")
    found = [
        (fill, row)
        for fill, row in _rows(venue, call.owner, call.view().fills())
        if start <= fill.at_ms <= end
        and all(params.text(fields, name) in {"", row[name]} for name in _FILTERS)
        and base in {"", venue.instruments[fill.symbol].base_coin}
    ]
    page = page_of(found, lambda each: (each[0].at_ms, each[0].seq), fields, PageRule(20, 50))
    return Outcome({"list": [row for _, row in page.rows], "nextPageCursor": page.cursor})


def _rows(
    venue: Venue, account: Account, fills: Iterable[Fill]
) -> Iterator[tuple[Fill, dict[str, Any]]]:
    """Follows balances and positions execution by execution."""
    balances = dict(account.deposits)
    held: dict[tuple[str, Side], Decimal] = {}
    for fill in fills:
        size = _book(held, fill)
        if not fill.is_set:
            coin = venue.instruments[fill.symbol].settle_coin
            balances[coin] = balances.get(coin, ZERO) + fill.realised - fill.fee
            row = _row(fill, size, coin, balances[coin])
            yield fill, {"id": f"{account.uid}_{fill.symbol}_{fill.seq}", **row}


def _book(held: dict[tuple[str, Side], Decimal], fill: Fill) -> Decimal:
    """Book a fill to the positions that it closes and opens.

    Returns:
        The size of the position that it leaves; negative if it is short.
    """
    opened = ZERO if fill.exec_type is ExecType.FUNDING else fill.quantity - fill.closed
    for side, change in ((fill.side.opposite, -fill.closed), (fill.side, opened)):
        held[(fill.symbol, side)] = held.get((fill.symbol, side), ZERO) + change
    left = fill.side if opened or not fill.closed else fill.side.opposite
    return held[(fill.symbol, left)] if left is Side.BUY else -held[(fill.symbol, left)]


def _row(fill: Fill, size: Decimal, coin: str, balance: Decimal) -> dict[str, Any]:
    """The row of a fill: change = cashFlow + funding - fee."""
    funds = fill.exec_type is ExecType.FUNDING
    return {
        "symbol": fill.symbol,
        "category": "linear",
        "side": fill.side.value,
        "transactionTime": str(fill.at_ms),
        "type": _TYPES[fill.exec_type],
        "transSubType": "",
        "qty": plain(fill.quantity),
        "size": plain(size),
        "currency": coin,
        "tradePrice": plain(fill.price),
        "funding": short(-fill.fee) if funds else "",
        "fee": "0" if funds else short(fill.fee),
        "cashFlow": short(fill.realised),
        "change": short(fill.realised - fill.fee),
        "cashBalance": short(balance),
        "feeRate": plain(fill.fee_rate),
        "bonusChange": "",
        "tradeId": fill.execution_id,
        "orderId": fill.order_id,
        "orderLinkId": fill.link_id,
        "extraFees": "",
    }

"""Funding: at its hours a perpetual's longs pay its shorts, or the other way round.

Each open position gets an execution of type Funding, whose orderType is UNKNOWN (docs/v5/enum) and
whose execFee is what it pays: its value at the mark price times the rate, positive for longs if the
rate is (docs/v5/account/transaction-log, the sample of a SETTLEMENT). There is no other trader, so
what one account pays goes to nobody.
"""

from decimal import Decimal

from ..base.decimals import ZERO, booked
from ..market.accounts import Account
from ..market.enums import ExecType, Side, StopOrderType
from ..market.instruments import FUNDING_MINUTES, InstrumentSpec
from ..market.positions import Fill, SimPosition
from ..market.venue import Venue

INTERVAL_MS = FUNDING_MINUTES * 60_000
NO_ORDER_TYPE = "UNKNOWN"


def next_funding_ms(now_ms: int) -> int:
    """The next funding hour after a time."""
    return (now_ms // INTERVAL_MS + 1) * INTERVAL_MS


def begin(venue: Venue, symbol: str) -> None:
    """Fund a contract at its hours from now on, as long as it is listed at a rate."""
    if symbol in venue.fundings:
        return
    venue.fundings[symbol] = []
    _await_next(venue, symbol)


def _await_next(venue: Venue, symbol: str) -> None:
    def due() -> None:
        with venue.lock:
            if not venue.is_listed(symbol) or not venue.instruments[symbol].is_funded:
                venue.fundings.pop(symbol)
                return
            settle(venue, venue.instruments[symbol])
            venue.settle()
            _await_next(venue, symbol)

    venue.clock.call_at(next_funding_ms(venue.now()), due)


def settle(venue: Venue, spec: InstrumentSpec) -> None:
    """Let every position of a contract pay or receive its funding now."""
    venue.fundings[spec.symbol].append((venue.now(), spec.funding_rate))
    for account in venue.accounts.values():
        for position in account.positions.values():
            if position.symbol == spec.symbol and position.side is not None:
                _fund(venue, account, position, position.side, spec)


def _fund(
    venue: Venue, account: Account, position: SimPosition, side: Side, spec: InstrumentSpec
) -> None:
    mark = venue.mark(spec.symbol)
    rate = spec.funding_rate if side is Side.BUY else -spec.funding_rate
    paid = booked(position.size * mark * rate)
    account.pay(spec.settle_coin, -paid)
    fill = _row(venue, position, side, mark, paid, spec.funding_rate)
    account.fills.append(fill)
    venue.record_change(account, fill)


def _row(
    venue: Venue, position: SimPosition, side: Side, mark: Decimal, paid: Decimal, rate: Decimal
) -> Fill:
    number = venue.sequence.next()
    return Fill(
        execution_id=venue.ids.fresh("execution"),
        order_id=f"{venue.now() // 1000}-{position.idx}-{number}",
        link_id="",
        symbol=position.symbol,
        side=side,
        quantity=position.size,
        price=mark,
        order_quantity=ZERO,
        order_price=ZERO,
        order_type=NO_ORDER_TYPE,
        stop_order_type=StopOrderType.NONE.value,
        leaves=ZERO,
        fee=paid,
        fee_rate=rate,
        is_maker=False,
        at_ms=venue.now(),
        seq=number,
        exec_type=ExecType.FUNDING,
    )

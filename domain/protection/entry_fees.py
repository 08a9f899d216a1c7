"""What the entries of an open position have paid in fees, by its trades; pure."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, Decimal, localcontext

from ..model.events import Cause
from ..model.identity import Side
from ..model.instrument import ZERO, Instrument
from ..model.order import Execution
from ..model.protection import EntryFees
from ..model.record import MonitorRecord, OwnedOrder
from .placements import needs_fees
from .prices import EXACT
from .setting import facts_of

_MARGIN_MS = 60_000
"""The list begins so much earlier: times of positions and of trades are not of one service."""
_SIX_DAYS_MS = 6 * 86_400_000
"""How far back it goes where nobody knows when the position opened: a request covers a week."""
_SMALLEST = Decimal("1e-18")


def trades_since(record: MonitorRecord, instrument: Instrument) -> int | None:
    """Since when the position's trades are to be read, epoch milliseconds; None for not at all.

    They are once breakeven by fees is due, and anew once another entry has filled. Where it is not
    on record when the position opened, they are read from six days before its last entry on.
    """
    stop = record.stop
    if stop is None or not record.wants_stop or stop.fees is not None:
        return None
    if not needs_fees(stop.wanted, facts_of(record, stop, instrument)):
        return None
    opened_ms = record.anchor.opened_ms if record.anchor else 0
    return max(opened_ms - _MARGIN_MS if opened_ms else stop.best_ms - _SIX_DAYS_MS, 0)


def entry_fees(
    record: MonitorRecord, trades: Iterable[Execution], orders: Sequence[OwnedOrder]
) -> EntryFees:
    """What the entries have paid, as the trades say.

    A close pays out the fees of what it closes, as it does with the average entry: what is left has
    paid the same for each unit.

    Args:
        record: the monitor's, of an open position.
        trades: of the symbol; those of before the position count for nothing.
        orders: those of the position on record: what they have filled, and the list lacks as it
            lags behind, counts as closed.
    """
    side, size = record.key.side, record.position_size
    found = _of_position(side, size, {one.execution_id: one for one in trades}.values(), orders)
    rates = [one.taker_rate for one in found if one.taker_rate is not None]
    return EntryFees(
        record.entry_price, size, _per_unit(side, found), max(rates) if rates else None
    )


def _of_position(
    side: Side, size: Decimal, trades: Iterable[Execution], orders: Sequence[OwnedOrder]
) -> list[Execution]:
    """The trades that led from no position to the one that is open, oldest first.

    Empty where they do not add up to it: a row is missing, or the list begins too late.
    """
    newest_first = sorted(trades, key=lambda one: (one.at_ms, one.seq), reverse=True)
    held = size + sum([_unlisted(order, newest_first) for order in orders], ZERO)
    found: list[Execution] = []
    for one in newest_first:
        change = _opens(side, one) - _closes(side, one)
        if not change:
            continue
        held -= change
        found.append(one)
        if held <= ZERO:
            break
    return [] if held else found[::-1]


def _per_unit(side: Side, trades: Sequence[Execution]) -> Decimal | None:
    """What the entries among these trades have paid per unit; None if one does not say.

    Only trades on the order book count: what a position took over by other ways cost nobody says.
    """
    paid, held = ZERO, ZERO
    with localcontext(EXACT):
        for one in trades:
            opens = _opens(side, one)
            if opens and (one.fee is None or one.cause is not Cause.TRADE):
                return None
            if opens:
                paid += (one.fee or ZERO) * opens / one.quantity
            elif held:
                paid -= paid * _closes(side, one) / held
            held += opens - _closes(side, one)
        return (paid / held).quantize(_SMALLEST, ROUND_CEILING).normalize() if held else None


def _opens(side: Side, trade: Execution) -> Decimal:
    """How much of the position the trade has opened: one that turns it closes the other first."""
    return trade.quantity - trade.closed if trade.side is side else ZERO


def _closes(side: Side, trade: Execution) -> Decimal:
    return ZERO if trade.side is side else trade.closed


def _unlisted(order: OwnedOrder, trades: Iterable[Execution]) -> Decimal:
    """What an order of ours has filled and the list does not show yet."""
    own = (one for one in trades if order.order_id and one.order_id == order.order_id)
    return max(order.filled - sum([one.quantity for one in own], ZERO), ZERO)

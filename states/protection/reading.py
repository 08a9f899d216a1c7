"""Validating's part: what the rules of the stop wait to know, the exchange is asked."""

from ...domain.copies import replace
from ...domain.flow import Flow
from ...domain.model.instrument import plain
from ...domain.model.observation import Unknown
from ...domain.model.protection import EntryFees
from ...domain.planning.remap_levels import LAST_POSITION
from ...domain.protection.entry_fees import entry_fees, trades_since
from ...domain.protection.following import with_range
from ...domain.protection.waking import awaited_prices
from ...domain.venue.price_range import PriceRange
from ..work import calls
from ..work.findings import Findings
from ..work.run import Run


def read_facts(run: Run, found: Findings) -> Flow[Findings]:
    """Asks how far the market has gone, and what the entries have paid, where a rule needs that."""
    found = yield from _read_prices(run, found)
    return (yield from _read_fees(run, found))


def _read_prices(run: Run, found: Findings) -> Flow[Findings]:
    """Asks how far the market has gone, where a rule of the stop waits for a price of it.

    So a price that was reached while nothing ran has the same result as one that was seen. A run
    asks once; where that fails, the next one does.
    """
    record = run.record
    stop = record.stop
    is_open = record.position_size and record.wants_stop
    if stop is None or found.prices_read or not (is_open and stop.best_ms):
        return found
    if not awaited_prices(stop, run.key.side, record.entry_price):
        return found
    prices = yield from calls.price_range(run, stop.best_ms)
    if isinstance(prices, PriceRange):
        run.record = replace(record, stop=with_range(stop, run.key.side, prices))
    return replace(found, prices_read=True)


def _read_fees(run: Run, found: Findings) -> Flow[Findings]:
    """Asks for the position's trades once, where a rule of the stop needs the fees of its entries.

    What they say is on record from then on, until another entry fills; that they do not say it,
    too. Where they cannot be read, the next run asks again, and the stop does not wait for that.
    """
    record, stop = run.record, run.record.stop
    if stop is None or found.instrument is None or found.fees_unread:
        return found
    since_ms = trades_since(record, found.instrument)
    if since_ms is None:
        return found
    trades = yield from calls.executions(run, since_ms)
    if isinstance(trades, Unknown):
        return replace(found, fees_unread=True)
    orders = [order for order in record.orders if order.level != LAST_POSITION]
    fees = entry_fees(record, trades, orders)
    run.record = replace(record, stop=replace(stop, fees=fees))
    run.decide(f"🧾 {_said(fees)}")
    return found


def _said(fees: EntryFees) -> str:
    if fees.per_unit is None:
        return "The position's trades do not say what its entries have paid in fees"
    return f"The entries have paid {plain(fees.per_unit)} a unit in fees"

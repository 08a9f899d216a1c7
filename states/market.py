"""Where the market is: read before anything that it could fill at once is decided."""

from dataclasses import replace

from ..domain.flow import Flow
from ..domain.model.instrument import ZERO, plain
from ..domain.model.observation import Reading, Unknown
from ..domain.planning.beyond_market import BeyondMarket, Market
from ..domain.planning.plan import Plan
from .work.findings import Findings
from .work.run import Run
from .work.snapshot import read_snapshot


def needs_market(run: Run, found: Findings, plan: Plan) -> bool:
    """Whether the exchange has to be read for the mark price before the plan is followed.

    It has where an order would be placed, or moved to another price, and no read since Validating
    began has shown the mark price: that of a live view is as old as its last event.
    """
    if run.settings.beyond_market is BeyondMarket.FILL or found.market_asked:
        return False
    is_known = found.market is not None and found.market.is_known
    return not is_known and bool(plan.prices or plan.withheld)


def read_market(run: Run, found: Findings) -> Flow[tuple[Reading, Findings]]:
    """Reads the exchange itself, once; what still does not show the mark price leaves it unknown.

    Returns:
        The read, and what the run knows after it.
    """
    run.ports.exchange.invalidate(run.key.symbol, "its mark price may be old")
    reading, found = yield from read_snapshot(run, replace(found, market_asked=True))
    if found.market is None and not isinstance(reading, Unknown):
        position = replace(reading.position(run.key.symbol, run.key.side), mark_price=ZERO)
        found = replace(found, market=Market(run.settings.beyond_market, position))
    return reading, found


def report_withheld(run: Run, found: Findings) -> None:
    """Writes into the journal what is withheld, and by which mark price."""
    market = found.market
    for one in found.targets.withheld if found.targets else ():
        if one.is_runner:
            run.decide(f"🏃 {one}")
        elif market is not None:
            mark = plain(market.position.mark_price) if market.is_known else "unknown"
            run.decide(f"⏳ {one} (mark price {mark})")

"""Breakeven by what the entries have paid; where the stop has to be, by hand, is in each story.

A taker pays 0.055 %, a maker 0.02 %. A short's stop is (entry - fees of a unit) / 1.00055, down to
the tick of 0.0001.
"""

from tests.stage import BAND_LADDER, Stage
from tests.stories.conftest import Compare
from tests.stories.stops import MIRROR, SYMBOL, moved_to, stop_of
from trueup import Breakeven, MonitorRecord, RunOutcome, Stop
from trueup.domain.model.protection import EntryFees
from trueup.simulator import Fault, FaultKind

STOP = Stop.of(percent=5, breakeven=Breakeven.of(after_level=1, offset="fees"))
READS = "/v5/execution/list"


def sell(stage: Stage, quantity: str, price: str) -> None:
    """An entry rests, and the market comes to it: a maker's."""
    stage.sim.place_order(
        MIRROR, symbol=SYMBOL, side="Sell", orderType="Limit", qty=quantity, price=price
    )
    stage.sim.set_price(SYMBOL, price)


def short(stage: Stage, taken: str, made: str = "0", price: str = "0.6800") -> MonitorRecord:
    """A short that a taker and a maker opened, its ladder and stop resting."""
    stage.sim.set_price(SYMBOL, price)
    stage.sim.trade(MIRROR, SYMBOL, "Sell", taken)
    if made != "0":
        sell(stage, made, "0.6810")
    record = stage.reconciler.watch("mirror", SYMBOL, "Sell", BAND_LADDER, stop=STOP)
    stage.prologue.add(stage.reconciler.reconcile(record).run_id)
    return record


def fees_of(stage: Stage) -> EntryFees | None:
    """What is on record of the fees."""
    (record,) = stage.reconciler.monitors()
    return record.stop.fees if record.stop else None


def reads(stage: Stage) -> int:
    """How often the trades were read."""
    return sum(request.path == READS for request in stage.sim.requests)


def test_a_takers_entry(stage: Stage, compare: Compare) -> None:
    """0.68 * 0.00055 is 0.000374: (0.68 - 0.000374) / 1.00055 = 0.67925, down to 0.6792."""
    record = short(stage, "307.3")
    assert moved_to(stage, record, "0.6500").outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.6792"
    compare()


def test_the_way_in_was_partly_a_makers(stage: Stage) -> None:
    """(136 * 0.00055 + 73.0713 * 0.0002) / 307.3 = 0.000291; the entry is 0.680349: 0.67968."""
    record = short(stage, "200", "107.3")
    moved_to(stage, record, "0.6500")
    assert stop_of(stage) == "0.6796"


def test_a_later_entry_counts_with_its_own_fees(stage: Stage, compare: Compare) -> None:
    """30.7 are left of 0.68, and 100 are sold as a maker at 0.67: 0.0248818 for 130.7 at 0.672349.

    (0.672349 - 0.00019037) / 1.00055 = 0.671789, down to 0.6717. The trades are read once for each
    entry, and not for what another run sees, or closes.
    """
    record = short(stage, "307.3")
    moved_to(stage, record, "0.6500")
    first = fees_of(stage)
    before = reads(stage)
    moved_to(stage, record, "0.6390")
    assert reads(stage) == before
    sell(stage, "100", "0.6700")
    stage.reconciler.reconcile(record)
    stage.reconciler.reconcile(record)
    assert fees_of(stage) != first
    assert stop_of(stage) == "0.6717"
    assert reads(stage) == before + 1
    compare()


def test_trades_that_do_not_add_up(stage: Stage, compare: Compare) -> None:
    """The first entry is a week older than the list: 0.08 % of 0.68 is 0.000544, so 0.6794."""
    stage.sim.set_price(SYMBOL, "0.6800")
    stage.sim.trade(MIRROR, SYMBOL, "Sell", "100")
    stage.sim.clock.advance(7 * 86_400_000)
    record = short(stage, "207.3")
    before = reads(stage)
    assert moved_to(stage, record, "0.6500").outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.6794"
    assert "the fees of the entries are not known" in stage.alerts[-1].text
    stage.reconciler.reconcile(record)
    assert reads(stage) == before + 1
    compare()


def test_trades_that_cannot_be_read(stage: Stage) -> None:
    """Protection does not wait: 0.6794. The next run reads them, and the stop goes to 0.6792."""
    record = short(stage, "307.3")
    stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path=READS, status=503, times=None))
    moved_to(stage, record, "0.6500")
    assert stop_of(stage) == "0.6794"
    assert fees_of(stage) is None
    stage.sim.clear_faults()
    stage.reconciler.reconcile(record)
    assert stop_of(stage) == "0.6792"

"""What the stories of stops share: a short under watch with a stop, and where that stop is."""

from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import Ladder, MonitorRecord, RunReport
from trueup.domain.model.instrument import ZERO, plain
from trueup.domain.model.stop import Stop

MIRROR = UIDS["mirror"]
SYMBOL = "BANDUSDT"
SETS = "/v5/position/trading-stop"


def protect(
    stage: Stage, stop: Stop, ladder: Ladder | None = BAND_LADDER, entry: str = "0.6800"
) -> MonitorRecord:
    """A mirror short of 307.3, watched with a stop and a ladder, neither of which rests yet."""
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", "307.3", entry)
    return stage.reconciler.watch("mirror", SYMBOL, "Sell", ladder, stop=stop)


def protected(stage: Stage, stop: Stop, ladder: Ladder | None = BAND_LADDER) -> MonitorRecord:
    """The same once both rest; the transcript begins after that."""
    record = protect(stage, stop, ladder)
    stage.prologue.add(stage.reconciler.reconcile(record).run_id)
    return record


def moved_to(stage: Stage, record: MonitorRecord, price: str) -> RunReport:
    """The market goes there, and the monitor runs."""
    stage.sim.set_price(SYMBOL, price)
    return stage.reconciler.reconcile(record)


def stop_of(stage: Stage, kind: str = "StopLoss") -> str:
    """Where the position's stop is at the exchange; empty for none, several with commas."""
    kinds = [order for order in stage.sim.orders(MIRROR) if order.stop_order_type == kind]
    return ",".join(plain(order.trigger_price or ZERO) for order in kinds if order.status.is_open)


def trailing_of(stage: Stage) -> str:
    """Where the trailing stop would trigger now; empty for none."""
    return stop_of(stage, "TrailingStop")


def by_hand(stage: Stage, price: str) -> None:
    """A person sets the position's stop; 0 removes it."""
    stage.set_stop_by_hand("mirror", price)


def sets(stage: Stage) -> int:
    """How many requests of ours to set a stop have reached the exchange."""
    return sum(request.path == SETS for request in stage.writes()) - stage.sets_by_hand


def own_orders(stage: Stage) -> list[str]:
    """The mirror's stops that are orders of ours: where each triggers, and for how much."""
    return [
        f"{plain(order.trigger_price or ZERO)} for {plain(order.leaves)}"
        for order in stage.sim.orders(MIRROR)
        if order.is_conditional and order.link_id.startswith("MIR_SL_")
    ]

"""What the stories of closes share: a short with its ladder, and what closed it."""

from decimal import Decimal

from tests.stage import UIDS, Stage
from trueup import Closing, MonitorRecord

MIRROR = UIDS["mirror"]
SYMBOL = "BANDUSDT"
CREATES = "/v5/order/create-batch"


def close(stage: Stage, share: str = "100") -> Closing | None:
    """A person closes the mirror's short, or a share of it."""
    return stage.reconciler.close_position(
        "mirror", SYMBOL, "Sell", share=share, by="ann@host", reason="enough"
    )


def size(stage: Stage) -> Decimal:
    """What is open of the mirror's short."""
    return stage.sim.position(MIRROR, SYMBOL, "Sell").size


def closes(stage: Stage) -> list[tuple[str, Decimal]]:
    """The market orders of ours that the exchange ever accepted, and what each closed."""
    orders = stage.sim.closed_orders(MIRROR)
    return [(order.link_id, order.filled) for order in orders if "_CLOSE_" in order.link_id]


def by_hand(stage: Stage) -> None:
    """A person closes the short by hand."""
    stage.sim.set_position(MIRROR, SYMBOL, "Sell", 0)


def reopened(stage: Stage, quantity: str = "200") -> None:
    """A person closes the short by hand and opens another one."""
    by_hand(stage)
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", quantity, "0.6800")


def again(stage: Stage, monitor: MonitorRecord) -> str:
    """The monitor runs once more; how that ended."""
    return stage.reconciler.reconcile(monitor).outcome.value

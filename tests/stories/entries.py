"""What the stories of entries share: a short with its ladder and stop, and entries that rest."""

from typing import Any

from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import Breakeven, CancelEntries, Ladder, MonitorRecord, Stop
from trueup.domain.model.observation import Observation
from trueup.domain.tracking.drift import drift_of

MIRROR = UIDS["mirror"]
SYMBOL = "BANDUSDT"
CANCELS = "/v5/order/cancel-batch"
NAMED = ("BOT_0aeb9057_LIMIT2", "BOT_0aeb9057_LIMIT3")
STOP = Stop.of(
    percent=5,
    breakeven=Breakeven.of(after_level=1, offset=0),
    cancel_entries=CancelEntries.of("BOT_*_LIMIT*"),
)


def rest(stage: Stage, link_id: str = "", price: str = "0.7050", **fields: str | bool | int) -> str:
    """An entry of the mirror's short comes to rest; its id."""
    given: dict[str, Any] = {
        "symbol": SYMBOL,
        "side": "Sell",
        "orderType": "Limit",
        "qty": "100",
        "price": price,
        "orderLinkId": link_id,
    }
    return stage.sim.place_order(MIRROR, **given | fields)


def laddered(stage: Stage, stop: Stop | None = STOP, ladder: Ladder = BAND_LADDER) -> MonitorRecord:
    """A short of 307.3 whose ladder and stop rest, and two entries that its user has named."""
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", "307.3", "0.6800")
    record = stage.reconciler.watch("mirror", SYMBOL, "Sell", ladder, stop=stop)
    stage.prologue.add(stage.reconciler.reconcile(record).run_id)
    for link_id, price in zip(NAMED, ("0.7050", "0.7100"), strict=True):
        rest(stage, link_id, price)
    return record


def tp1(stage: Stage) -> None:
    """The market goes through TP1."""
    stage.sim.set_price(SYMBOL, "0.6500")


def entries(stage: Stage) -> list[str]:
    """The link ids of what rests and opens more of the short."""
    return [one.link_id for one in stage.sim.orders(MIRROR) if not one.reduce_only]


def cancels(stage: Stage) -> int:
    """How many requests to cancel have reached the exchange."""
    return sum(request.path == CANCELS for request in stage.writes())


def drift(stage: Stage) -> str | None:
    """Why a sweep would run the mirror's monitor; None where it would not."""
    (record,) = stage.reconciler.monitors()
    exchange = stage.connect(stage.accounts()[1])
    reading = exchange.survey([SYMBOL])
    assert isinstance(reading, Observation)
    return drift_of(record, reading)

"""What happened is reported: in the report, in the journal, to the bot and in an alert."""

import json
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from queue import SimpleQueue

import pytest

from tests.engine.conftest import MIRROR
from tests.stage import BAND_LADDER, SETTINGS, CountedChance, Stage
from trueup import (
    Cause,
    Event,
    EventKind,
    LadderChanged,
    LevelFilled,
    LoopSettings,
    MonitorKey,
    MonitorRecord,
    PositionClosed,
    PositionFlipped,
    PositionReduced,
    Realised,
    Reconciler,
    Recovered,
    RunOutcome,
    Side,
    Uncovered,
)
from trueup.simulator import Fault, FaultKind

BAND = "BANDUSDT"
PATIENCE_S = 60.0


class Cut(KeyboardInterrupt):
    """The process ends here."""


def cut() -> None:
    raise Cut


def fill(stage: Stage, *levels: int) -> None:
    """Fills the orders of these levels."""
    for level in levels:
        stage.sim.fill(MIRROR, stage.order("mirror", level).order_id)


def journaled(stage: Stage) -> list[tuple[str, dict[str, object]]]:
    """Every event of the journal, oldest first."""
    with sqlite3.connect(stage.path / "trueup.db") as connection:
        rows = connection.execute(
            "SELECT events FROM journal WHERE events IS NOT NULL ORDER BY id"
        ).fetchall()
    connection.close()
    return [(kind, values) for (row,) in rows for _, kind, values in json.loads(row)]


def filled_in_journal(stage: Stage) -> dict[str, Decimal]:
    """What the journal's events say has filled, by order link id."""
    said: defaultdict[str, Decimal] = defaultdict(Decimal)
    for kind, values in journaled(stage):
        if kind == EventKind.LEVEL_FILLED:
            said[str(values["order_link_id"])] += Decimal(str(values["quantity"]))
    return dict(said)


def filled_on_record(record: MonitorRecord) -> dict[str, Decimal]:
    """What has filled, by order link id."""
    return {order.order_link_id: order.filled for order in record.orders if order.filled}


def test_the_first_run_reports_the_ladder(stage: Stage, mirror: MonitorRecord) -> None:
    report = stage.reconciler.reconcile(mirror)
    assert report.events == (LadderChanged("given", None, BAND_LADDER),)
    assert "ladder changed" not in stage.alerts[-1].text
    assert stage.reconciler.reconcile(mirror).events == ()


def test_a_fill_is_an_event_and_an_alert_though_nothing_is_sent(
    stage: Stage, mirror: MonitorRecord
) -> None:
    stage.reconciler.reconcile(mirror)
    link = stage.order("mirror", 1).link_id
    fill(stage, 1)
    report = stage.reconciler.reconcile(mirror)
    quantity, price = Decimal("261.2"), Decimal("0.6528")
    assert report.events == (
        LevelFilled(1, quantity, price, Decimal(0), link, average=Decimal("0.6528")),
    )
    assert (report.outcome, report.writes) == (RunOutcome.IN_SYNC, 0)
    assert report.alert is not None
    assert report.alert.text.startswith("💰 TP1 FILLED\n")
    assert "• Results: 💰 TP1 filled: 261.2 at 0.6528" in report.alert.text
    again = stage.reconciler.reconcile(mirror)
    assert (again.events, again.alert) == ((), None)


def test_a_position_closed_by_its_tps_costs_no_further_request(
    stage: Stage, mirror: MonitorRecord
) -> None:
    stage.reconciler.reconcile(mirror)
    fill(stage, 1, 2, 3, 4)
    report = stage.reconciler.reconcile(mirror)
    assert [type(event) for event in report.events] == [*[LevelFilled] * 4, PositionClosed]
    # By the order's prices, of which no request asked: 261.2 at 0.6528, 15.4 at 0.64 and at 0.62,
    # 15.3 at 0.60, all of them of a short at 0.68; a maker pays 0.02 %.
    size = Decimal("307.3")
    brought = Realised(size, gross=Decimal("9.86864"), fees=Decimal("0.03981907"))
    assert report.events[-1] == PositionClosed(Cause.TAKE_PROFIT, size, size, brought)
    assert "executions" not in {call.operation for call in report.calls}
    assert report.alert is not None
    assert report.alert.text.startswith("🏁 POSITION CLOSED\n")
    assert (
        "🏁 the position of 307.3 is closed: by its TP orders; the result is +9.86864 before "
        "0.03981907 of fees for closing"
    ) in report.alert.text


def test_a_level_beyond_the_market_is_said_to_have_filled_at_once(
    stage: Stage, mirror: MonitorRecord
) -> None:
    stage.sim.set_price(BAND, "0.6300")
    report = stage.reconciler.reconcile(mirror)
    assert report.alert is not None
    lines = report.alert.text.splitlines()
    assert "  TP1: 0→261.2 ✅ 261.2 of it filled at once at 0.63" in lines
    assert "  TP3: 0→15.4 ✅" in lines
    journal = [str(row["text"]) for row in stage.reconciler.store.rows("decision_log")]
    told = "0 → 261.2, 261.2 of it filled at once at 0.63"
    assert f"✅ TP1 REBALANCED SUCCESSFULLY: {told}" in journal


def without_money(event: Event) -> Event:
    """The event without what closing the position has brought."""
    match event:
        case PositionClosed() | PositionFlipped():
            return replace(event, realised=Realised(), executions=())
        case PositionReduced():
            return replace(event, executions=())
        case _:
            return event


def stop_loss(stage: Stage) -> None:
    """The stop-loss of the whole position triggers."""
    stop = stage.sim.record_order(
        MIRROR, symbol=BAND, side="Buy", orderType="Market", qty="307.3", reduceOnly=True,
        stopOrderType="StopLoss",
    )  # fmt: skip
    stage.sim.fill(MIRROR, stop)


@pytest.mark.parametrize(
    ("close", "cause"),
    [
        (lambda stage: stage.sim.trade(MIRROR, BAND, "Buy", "307.3", closing=True), Cause.TRADE),
        (lambda stage: stage.sim.liquidate(MIRROR, BAND, "Sell"), Cause.LIQUIDATION),
        (lambda stage: stage.sim.deleverage(MIRROR, BAND, "Sell"), Cause.ADL),
        (stop_loss, Cause.STOP_LOSS),
    ],
    ids=["by hand", "liquidation", "adl", "stop-loss"],
)
def test_a_position_that_others_close_says_who(
    stage: Stage, mirror: MonitorRecord, close: Callable[[Stage], object], cause: Cause
) -> None:
    stage.reconciler.reconcile(mirror)
    stage.clock.advance(1000)
    close(stage)
    report = stage.reconciler.reconcile(mirror)
    (event,) = report.events
    assert isinstance(event, PositionClosed)
    assert without_money(event) == PositionClosed(cause, Decimal("307.3"), Decimal(0))
    (trade,) = event.executions
    assert (trade.quantity, event.realised.closed) == (Decimal("307.3"), Decimal("307.3"))
    assert trade.price is not None
    assert event.realised.gross == (Decimal("0.68") - trade.price) * trade.quantity
    assert (event.realised.unknown, event.realised.fees) == (Decimal(0), trade.fee)
    assert report.alert is not None
    assert report.alert.text.startswith("🏁 POSITION CLOSED\n")


def test_where_the_trades_cannot_be_read_nobody_says_who_closed_it(
    stage: Stage, mirror: MonitorRecord
) -> None:
    stage.reconciler.reconcile(mirror)
    stage.clock.advance(1000)
    stage.sim.trade(MIRROR, BAND, "Buy", "307.3", closing=True)
    stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="execution/list", times=None))
    report = stage.reconciler.reconcile(mirror)
    size = Decimal("307.3")
    unknown = Realised(size, unknown=size, fees_unknown=size)
    assert report.events == (PositionClosed(Cause.UNKNOWN, size, Decimal(0), unknown),)
    assert report.alert is not None
    assert "is closed: it is not known by what\n" in report.alert.text


def test_a_position_that_is_deleveraged_in_part(stage: Stage, mirror: MonitorRecord) -> None:
    stage.reconciler.reconcile(mirror)
    stage.clock.advance(1000)
    stage.sim.deleverage(MIRROR, BAND, "Sell", "100", cancels=False)
    report = stage.reconciler.reconcile(mirror)
    (event,) = report.events
    assert without_money(event) == PositionReduced(Cause.ADL, Decimal("307.3"), Decimal("207.3"))
    line = "📉 the position was reduced by 100, to 207.3: by auto-deleveraging (ADL)"
    assert line in stage.alerts[-1].text
    assert stage.alerts[-1].text.startswith("✅ TP REBALANCING SUCCESS")


def test_a_position_that_flips(stage: Stage, mirror: MonitorRecord) -> None:
    stage.reconciler.reconcile(mirror)
    stage.clock.advance(1000)
    stage.sim.trade(MIRROR, BAND, "Buy", "407.3")
    report = stage.reconciler.reconcile(mirror)
    flipped = PositionFlipped(Cause.TRADE, Decimal("307.3"), Side.BUY, Decimal(100))
    assert [without_money(event) for event in report.events] == [flipped]
    assert stage.alerts[-1].text.startswith("🔀 POSITION FLIPPED\n")


def test_cover_that_is_lost_and_whole_again(stage: Stage, mirror: MonitorRecord) -> None:
    stage.reconciler.reconcile(mirror)
    stage.sim.open_position(MIRROR, BAND, "Sell", "307.3", "0.6800")
    stage.sim.set_instrument_status(BAND, "Closed")
    lost = stage.reconciler.reconcile(mirror)
    assert lost.outcome is RunOutcome.SKIPPED
    (event,) = lost.events
    assert isinstance(event, Uncovered)
    assert event.quantity == Decimal("307.3")
    assert event.why.startswith(f"{BAND} takes no orders: its status is Closed")
    assert stage.reconciler.reconcile(mirror).events == ()
    stage.clock.advance(7_200_000)
    stage.sim.set_instrument_status(BAND, "Trading")
    (again,) = stage.reconciler.reconcile(mirror).events
    assert isinstance(again, Recovered)
    assert again.since == event.since
    assert timedelta(hours=2) <= again.lasted < timedelta(hours=3)


@pytest.mark.parametrize("where", ["amend", "observe", "look_up"])
def test_each_fill_is_reported_once_wherever_the_process_dies(
    stage: Stage, mirror: MonitorRecord, where: str
) -> None:
    stage.reconciler.reconcile(mirror)
    fill(stage, 1)
    stage.sim.open_position(MIRROR, BAND, "Sell", "614.6", "0.6800")
    stage.before(where, cut)
    with pytest.raises(Cut):
        stage.reconciler.reconcile(mirror)
    stage.moments.clear()
    stage.reconciler.close()
    stage.reconciler = stage.open()
    report = stage.reconciler.reconcile(mirror)
    assert [event.level for event in report.events if isinstance(event, LevelFilled)] == [1]
    assert stage.reconciler.reconcile(mirror).events == ()
    assert filled_in_journal(stage) == filled_on_record(report.record)
    assert sum("TP1 filled: 261.2" in alert.text for alert in stage.alerts) == 1


def test_a_fill_that_a_cancel_came_too_late_for_is_reported(
    stage: Stage, mirror: MonitorRecord
) -> None:
    stage.reconciler.reconcile(mirror)
    stage.sim.open_position(MIRROR, BAND, "Sell", "614.6", "0.6800")
    stage.before("amend", lambda: fill(stage, 1))
    report = stage.reconciler.reconcile(mirror)
    assert [type(event) for event in report.events] == [LevelFilled]
    assert filled_in_journal(stage) == filled_on_record(report.record)


def test_equal_fills_are_alerted_each(stage: Stage, mirror: MonitorRecord) -> None:
    """An alert that says the same as the last one may be of another fill."""
    stage.reconciler.reconcile(mirror)
    order_id = stage.order("mirror", 1).order_id
    for _ in range(2):
        stage.sim.fill(MIRROR, order_id, "100")
        stage.sim.set_position(MIRROR, BAND, "Sell", "307.3", "0.6800")
        assert stage.reconciler.reconcile(mirror).alert is not None
    assert filled_in_journal(stage) == {stage.order("mirror", 1).link_id: Decimal(200)}


def test_what_is_not_to_be_alerted_is_reported_all_the_same(
    stage: Stage, mirror: MonitorRecord
) -> None:
    stage.reconciler.close()
    stage.settings = replace(SETTINGS, alerts_of=frozenset({EventKind.POSITION_CLOSED}))
    stage.reconciler = stage.open()
    stage.reconciler.reconcile(mirror)
    fill(stage, 1)
    report = stage.reconciler.reconcile(mirror)
    assert [type(event) for event in report.events] == [LevelFilled]
    assert report.alert is None
    fill(stage, 2, 3, 4)
    closed = stage.reconciler.reconcile(mirror).alert
    assert closed is not None
    assert "• Results: 🏁 the position of 46.1 is closed: by its TP orders" in closed.text


def test_a_bot_is_called_with_each_event_and_may_raise(stage: Stage, mirror: MonitorRecord) -> None:
    stage.reconciler.close()
    stage.reconciler = Reconciler(
        stage.url,
        accounts=stage.accounts(),
        sinks=[],
        randomness=CountedChance(),
        connect=stage.connect,
    )
    seen: SimpleQueue[tuple[MonitorKey, Event]] = SimpleQueue()

    def take(monitor: MonitorKey, event: Event) -> None:
        seen.put((monitor, event))
        raise RuntimeError("the bot's own")

    interval = timedelta(milliseconds=100)
    settings = LoopSettings(interval=interval, streams=False)
    stage.reconciler.start(settings=settings, on_event=take)
    assert isinstance(seen.get(timeout=PATIENCE_S)[1], LadderChanged)
    fill(stage, 1)
    key, event = seen.get(timeout=PATIENCE_S)
    assert key == mirror.key
    assert isinstance(event, LevelFilled)
    fill(stage, 2, 3, 4)
    said = [seen.get(timeout=PATIENCE_S)[1]]
    while not isinstance(said[-1], PositionClosed):
        said.append(seen.get(timeout=PATIENCE_S)[1])
    assert [each.level for each in said if isinstance(each, LevelFilled)] == [2, 3, 4]
    assert stage.reconciler.stop()


def test_the_events_of_a_run_of_the_caller_s_go_to_the_service_s_callback(
    stage: Stage, mirror: MonitorRecord
) -> None:
    seen: SimpleQueue[Event] = SimpleQueue()
    stage.reconciler.reconcile(mirror)
    settings = LoopSettings(interval=timedelta(hours=1), streams=False)
    swept = threading.Event()
    stage.reconciler.start(
        settings=settings,
        on_sweep=lambda _sweep: swept.set(),
        on_event=lambda _monitor, event: seen.put(event),
    )
    assert swept.wait(PATIENCE_S)
    fill(stage, 1)
    report = stage.reconciler.reconcile(mirror)
    assert report.events
    assert seen.get(timeout=PATIENCE_S) == report.events[0]

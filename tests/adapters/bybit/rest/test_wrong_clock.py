"""A clock that Bybit would refuse stops the writes, says so, and starts them again."""

from pathlib import Path

import pytest

from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import RunOutcome
from trueup.adapters.bybit import BybitExchange
from trueup.domain.model.observation import Observation, Unknown
from trueup.domain.model.outcomes import Accepted, OutcomeClass, Refused
from trueup.simulator import Simulator

from ..conftest import SYMBOL, UID
from ..ladder import take_profit
from ..loopback import Answer, Loopback, as_json, batch, page, refusal


@pytest.mark.parametrize(
    ("skew_ms", "readable", "says"),
    [(-800, True, "fast"), (-2000, False, "fast"), (4300, True, "slow")],
)
def test_writes_stop_and_go_on_with_the_clock(
    sim: Simulator, simulated: BybitExchange, skew_ms: int, says: str, *, readable: bool
) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    sim.wall_skew_ms = skew_ms

    assert isinstance(simulated.observe([SYMBOL]), Observation if readable else Unknown)
    (refused,) = simulated.place([take_profit()])

    assert isinstance(refused, Refused)
    assert (refused.kind, refused.code) == (OutcomeClass.TIMESTAMP, 0)
    assert refused.message.startswith("not sent: the clock of this machine is ")
    assert f" s {says}, more than Bybit accepts: correct it" in refused.message
    assert not any(record.is_write for record in sim.requests)

    sim.wall_skew_ms = 0
    assert isinstance(simulated.observe([SYMBOL]), Observation)
    (placed,) = simulated.place([take_profit()])
    assert isinstance(placed, Accepted)
    assert simulated.clock_offset is not None
    assert simulated.clock_offset.low_ms <= 0 <= simulated.clock_offset.high_ms


def test_a_clock_that_is_nearly_right_stops_nothing(
    sim: Simulator, simulated: BybitExchange
) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    for number, skew in enumerate((-400, 3500)):
        sim.wall_skew_ms = skew
        simulated.observe([SYMBOL])
        assert isinstance(simulated.place([take_profit(number)])[0], Accepted)


def test_writes_go_out_while_no_time_of_the_exchange_was_seen(
    server: Loopback, exchange: BybitExchange
) -> None:
    placed = batch(("o-1", "TP1", 0, "OK"))
    server.script(placed)

    assert exchange.clock_offset is None
    assert isinstance(exchange.place([take_profit()])[0], Accepted)


@pytest.mark.parametrize(
    "answer",
    [
        page(time=1_600_000_000_000),
        refusal(10002, "invalid request, req_timestamp[1],server_timestamp[1600000000000],recv"),
    ],
)
def test_without_the_header_the_body_or_the_refusal_tells_the_time(
    server: Loopback, exchange: BybitExchange, answer: object
) -> None:
    body = as_json(answer).body
    server.script(*(Answer(body, headers={"Timenow": ""}) for _ in range(2)))

    exchange.observe(["BTCUSDT"])
    (refused,) = exchange.place([take_profit()])

    assert isinstance(refused, Refused)
    assert refused.kind is OutcomeClass.TIMESTAMP
    assert " s fast" in refused.message


def test_the_alert_says_what_to_do(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.sim.open_position(UIDS["mirror"], "BANDUSDT", "Sell", "307.3", "0.6800")
        monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
        stage.sim.wall_skew_ms = -800

        report = stage.reconciler.reconcile(monitor)

        assert report.outcome is RunOutcome.FAILED
        assert stage.writes() == []
        (alert,) = stage.alerts
        assert "TP REBALANCING FAILED" in alert.text
        assert "not sent: the clock of this machine is 0." in alert.text
        assert "s fast, more than Bybit accepts: correct it" in alert.text
        stage.sim.wall_skew_ms = 0
        assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS

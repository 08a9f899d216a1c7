"""A clock that is off is corrected by what replies say, and named where Bybit refuses the time."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.stage import BAND_LADDER, START_MS, UIDS, Stage
from trueup import Account, Lateness, RunOutcome
from trueup.adapters.bybit import BybitExchange
from trueup.domain.keys.facts import KeyFacts
from trueup.domain.model.observation import Observation
from trueup.domain.model.outcomes import Accepted, OutcomeClass, Refused
from trueup.simulator import Behaviour, Simulator, VirtualClock
from trueup.testing import InProcessSimulator, Network, in_process_exchange

from ..conftest import SYMBOL, UID
from ..ladder import take_profit
from ..loopback import Answer, Loopback, as_json, batch, page, refusal

FAST = r"the clock of this machine is (3600\.0|3599\.9) s fast: set it by NTP \("


@pytest.mark.parametrize("skew_ms", [-800, -2000, 4300, -3_600_000, 3_600_000, 31_536_000_000])
def test_a_clock_that_is_off_is_corrected_by_what_replies_say(
    sim: Simulator, simulated: BybitExchange, skew_ms: int
) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    sim.wall_skew_ms = skew_ms
    simulated.observe([SYMBOL])
    assert isinstance(simulated.observe([SYMBOL]), Observation)
    assert isinstance(simulated.place([take_profit()])[0], Accepted)
    assert simulated.clock_offset is not None
    assert abs(simulated.clock_offset.best_ms - skew_ms) < 1000
    sim.wall_skew_ms = 0
    simulated.observe([SYMBOL])
    assert isinstance(simulated.place([take_profit(2)])[0], Accepted)


@pytest.mark.parametrize("skew_ms", [0, -3_600_000, 3_600_000])
def test_whose_the_key_is_can_be_asked_by_a_clock_that_is_off(
    sim: Simulator, simulated: BybitExchange, skew_ms: int
) -> None:
    """Seed 40014371: the refusal barred the account, though it had told the time."""
    sim.wall_skew_ms = skew_ms
    assert isinstance(simulated.key_facts(), KeyFacts)


def test_a_clock_that_was_set_meanwhile_is_named_in_the_refusal(
    sim: Simulator, simulated: BybitExchange
) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    assert isinstance(simulated.observe([SYMBOL]), Observation)
    sim.wall_skew_ms = -3_600_000
    (refused,) = simulated.place([take_profit()])
    assert isinstance(refused, Refused)
    assert (refused.kind, refused.code) == (OutcomeClass.TIMESTAMP, 10002)
    assert re.match(FAST, refused.message)
    assert isinstance(simulated.place([take_profit()])[0], Accepted)


def test_a_window_that_is_longer_for_an_uncertain_clock_is_what_requests_may_be_late() -> None:
    sim = InProcessSimulator(VirtualClock(START_MS), Behaviour(), "live")
    sim.add_account(uid=UID, api_key="key", api_secret="secret")
    slow = Network(latency_ms=2500)
    exchange = in_process_exchange(Account(UID, "key", "secret"), sim, network=slow)
    usual = exchange.lateness
    exchange.survey()
    assert exchange.lateness == Lateness(timedelta(seconds=6), usual.reads)


def test_a_request_during_which_the_machine_slept_says_nothing_of_the_clock() -> None:
    """It may have lasted for hours: no write may be signed that is accepted for as long."""
    sim = InProcessSimulator(VirtualClock(START_MS), Behaviour(), "live")
    sim.add_account(uid=UID, api_key="key", api_secret="secret")
    asleep = Network(latency_ms=7_200_000)
    exchange = in_process_exchange(Account(UID, "key", "secret"), sim, network=asleep)
    usual = exchange.lateness
    exchange.instrument(SYMBOL)
    assert exchange.clock_offset is None
    assert exchange.lateness == usual


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
    assert exchange.clock_offset is not None
    assert exchange.clock_offset.wrong.endswith(" s fast: set it by NTP")


def test_a_run_goes_on_by_a_wrong_clock_and_the_alert_of_a_refusal_says_what_to_do(
    tmp_path: Path,
) -> None:
    with Stage(tmp_path) as stage:
        stage.sim.open_position(UIDS["mirror"], "BANDUSDT", "Sell", "307.3", "0.6800")
        monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
        stage.before("place", lambda: setattr(stage.sim, "wall_skew_ms", -3_600_000))
        report = stage.reconciler.reconcile(monitor)
        assert report.outcome is RunOutcome.SUCCESS
        refusals = [call for call in report.calls if call.code == 10002]
        assert refusals
        assert re.match(FAST, refusals[0].detail)

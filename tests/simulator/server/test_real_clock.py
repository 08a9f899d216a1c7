"""A real clock: envelopes, rows and the checks of signatures are by it, and it is the machine's."""

import json
import time

import pytest

from trueup.simulator import ClockKind, Request, Simulator, SimulatorServer, build_scenario, sign

from ..caller import SYMBOL
from ..conftest import band

HOUR_MS = 3_600_000


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture
def real() -> Simulator:
    """An exchange on a real clock, with one account."""
    sim = Simulator(clock=ClockKind.REAL)
    sim.add_account(uid="101", api_key="key", api_secret="secret")
    sim.add_instrument(band(), price="0.7000")
    return sim


def ask(sim: Simulator, stamp_ms: int, path: str = "position/list") -> dict[str, object]:
    query = f"category=linear&symbol={SYMBOL}"
    request = sign(Request("GET", f"/v5/{path}", query=query), "key", "secret", stamp_ms)
    answer: dict[str, object] = json.loads(sim.handle(request).body)
    return answer


def test_it_begins_at_the_machines_time(real: Simulator) -> None:
    assert abs(real.clock.now_ms() - now_ms()) < 60_000
    assert ask(real, real.clock.now_ms())["retCode"] == 0


def test_one_clock_is_in_envelopes_in_rows_and_in_the_check_of_stamps(real: Simulator) -> None:
    real.clock.advance(HOUR_MS)
    now = real.clock.now_ms()
    assert ask(real, now - HOUR_MS)["retCode"] == 10002
    real.trade("101", SYMBOL, "Buy", "100")
    answer = ask(real, now, "execution/list")
    result = answer["result"]
    assert isinstance(result, dict)
    assert (answer["time"], result["list"][0]["execTime"]) == (now, str(now))
    told = json.loads(real.handle(Request("GET", "/v5/market/time")).body)
    assert (told["time"], told["result"]["timeSecond"]) == (now, str(now // 1000))


def test_a_server_lets_it_follow(real: Simulator) -> None:
    with SimulatorServer(real):
        assert 0 <= now_ms() - real.clock.now_ms() < 5_000
    assert abs(real.clock.now_ms() - now_ms()) < 60_000


def test_a_scenario_chooses_its_clock() -> None:
    assert not build_scenario({}).follows_wall
    assert build_scenario({}, ClockKind.REAL).follows_wall
    assert build_scenario({"clock": "real", "start_ms": 5}).clock.now_ms() > HOUR_MS
    virtual = build_scenario({"clock": "virtual", "start_ms": 5}, ClockKind.REAL)
    assert (virtual.follows_wall, virtual.clock.now_ms()) == (False, 5)
    with pytest.raises(ValueError, match="clock: one of virtual, real is wanted"):
        build_scenario({"clock": "sundial"})

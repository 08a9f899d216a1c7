"""``trueup simulator --check URL``: against the simulator as it is, and as it is made to differ."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import Result

from trueup.simulator import (
    ClockKind,
    Fault,
    FaultKind,
    LinkIdReuse,
    Simulator,
    SimulatorServer,
    load_scenario,
    scenarios,
)
from trueup.simulator.conformance.check import Finding, Needs, Verdict
from trueup.simulator.conformance.client import Keys
from trueup.simulator.conformance.run import CHECKS, PLAY_MONEY, findings

from ..desk import Desk

ENV: dict[str, str | None] = {"BYBIT_API_KEY": "main-key", "BYBIT_API_SECRET": "main-secret"}
NONE: dict[str, str | None] = {"BYBIT_API_KEY": None, "BYBIT_API_SECRET": None}
MAIN = Keys("main-key", "main-secret")


@pytest.fixture
def sim() -> Simulator:
    """What `trueup simulator` serves."""
    return load_scenario(scenarios()["start"], ClockKind.REAL)


@pytest.fixture
def url(sim: Simulator) -> Iterator[str]:
    """Where it is served."""
    with SimulatorServer(sim) as server:
        yield server.url


def _check(folder: Path, url: str, env: dict[str, str | None]) -> Result:
    return Desk(folder, env=env).bare("simulator", "--check", url)


def _by_name(found: Iterator[Finding], verdict: Verdict) -> list[str]:
    return [one.check.name for one in found if one.verdict is verdict]


def test_our_own_simulator_agrees_and_nothing_is_left(
    tmp_path: Path, sim: Simulator, url: str
) -> None:
    result = _check(tmp_path, url, ENV)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1] == f"{len(CHECKS)} agree, 0 differ, 0 were skipped"
    assert (sim.orders("101"), sim.positions("101")) == ((), ())


def test_one_difference_is_shown_and_is_exit_code_1(
    tmp_path: Path, sim: Simulator, url: str
) -> None:
    sim.behaviour = replace(sim.behaviour, link_id_reuse=LinkIdReuse.AFTER_CLOSE)
    result = _check(tmp_path, url, ENV)
    assert result.exit_code == 1
    (shown,) = (line for line in result.stdout.splitlines() if "DIFFERS" in line)
    assert shown.split("  ")[0] == "a link id stays taken after its order closed"
    assert shown.split()[-4:] == ["110072", "0", "OK", "DIFFERS"]
    assert sim.orders("101") == ()


def test_in_hedge_mode_all_agree_as_well(sim: Simulator, url: str) -> None:
    sim.switch_mode("101", "BTCUSDT", hedge=True)
    assert _by_name(findings(url, MAIN), Verdict.AGREES) == [check.name for check in CHECKS]


def test_without_keys_what_needs_them_is_skipped(tmp_path: Path, sim: Simulator, url: str) -> None:
    result = _check(tmp_path, url, NONE)
    free = sum(check.needs is Needs.NOTHING for check in CHECKS)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1] == (
        f"{free} agree, 0 differ, {len(CHECKS) - free} were skipped"
    )
    assert sim.closed_orders("101") == ()


def test_no_order_goes_where_money_may_be_real(
    sim: Simulator, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trueup.simulator.conformance.run.PLAY_MONEY", PLAY_MONEY - {"127.0.0.1"})
    skipped = _by_name(findings(url, MAIN), Verdict.SKIPPED)
    assert skipped == [check.name for check in CHECKS if check.needs is Needs.ORDERS]
    assert not any(record.method == "POST" for record in sim.requests)


def test_mainnet_is_no_play_money() -> None:
    assert "api.bybit.com" not in PLAY_MONEY


def test_an_open_position_skips_what_needs_a_flat_one(sim: Simulator, url: str) -> None:
    sim.trade("101", "BTCUSDT", "Buy", "0.01")
    assert _by_name(findings(url, MAIN), Verdict.SKIPPED) == ["reduce-only", "stop-of-nothing"]


def test_what_is_no_json_differs(sim: Simulator, url: str) -> None:
    sim.inject(Fault(kind=FaultKind.EMPTY_OBJECT, path="market/kline", times=None))
    sim.inject(Fault(kind=FaultKind.NOT_JSON, path="market/orderbook", times=None))
    assert _by_name(findings(url), Verdict.DIFFERS) == ["error", "book", "candles"]


@pytest.mark.parametrize(
    ("url", "env", "says"),
    [
        ("api.bybit.com", NONE, "it must be an address such as https://HOST"),
        ("http://127.0.0.1:9", NONE, "it does not answer as Bybit does: "),
        ("http://127.0.0.1:9", {**NONE, "BYBIT_API_KEY": "k"}, "go together"),
    ],
)
def test_what_is_no_address(
    tmp_path: Path, url: str, env: dict[str, str | None], says: str
) -> None:
    result = _check(tmp_path, url, env)
    assert result.exit_code == 2
    assert says in result.stderr


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("BYBIT_API_KEY", "API key is invalid. (retCode 10003)"),
        ("BYBIT_API_SECRET", "Error sign, please check your signature generation algorithm. (retC"),
    ],
)
def test_keys_that_are_refused_are_said_so(tmp_path: Path, url: str, name: str, text: str) -> None:
    result = _check(tmp_path, url, {**ENV, name: "wrong"})
    assert result.exit_code == 2
    says = "it refuses the key and secret of BYBIT_API_KEY and BYBIT_API_SECRET: "
    assert result.stderr.startswith(f"trueup: --check {url}: {says}{text}")

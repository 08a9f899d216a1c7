"""``trueup simulator``: serves a scenario, and says what is wrong with one."""

import signal
import socket
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from pybit.unified_trading import HTTP

from ..desk import Desk, start

SCENARIO = """
[[instruments]]
symbol = "BANDUSDT"
tick = "0.0001"
step = "0.1"
min_quantity = "0.1"
max_quantity = "100000"
price = "0.7000"

[[accounts]]
uid = "101"
api_key = "main-key"
api_secret = "main-secret"

[[accounts.positions]]
symbol = "BANDUSDT"
side = "Buy"
quantity = "1000"
price = "0.6950"

[[accounts]]
uid = "202"
api_key = "mirror-key"
api_secret = "mirror-secret"
"""
WITHOUT_UVICORN = """
import sys
sys.modules["uvicorn"] = None
from trueup.__main__ import main
main()
"""


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """A scenario's file."""
    path = tmp_path / "scenario.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_stopped(scenario: Path, number: signal.Signals) -> None:
    process = start(["simulator", "--scenario", str(scenario)], {"PYTHONUNBUFFERED": "1"})
    assert process.stdout is not None
    head, main, mirror = (process.stdout.readline() for _ in range(3))
    url = head.split()[0]
    http = HTTP(api_key="main-key", api_secret="main-secret", max_retries=1)
    http.endpoint = url
    try:
        answer = http.get_positions(category="linear", symbol="BANDUSDT")
    finally:
        http.client.close()
    process.send_signal(number)
    rest, stderr = process.communicate()
    assert Decimal(answer["result"]["list"][0]["size"]) == 1000
    assert main == "account 101: BANDUSDT Buy 1000; 0 open orders\n"
    assert mirror == "account 202: no position; 0 open orders\n"
    assert (process.returncode, rest.splitlines()[-1], stderr) == (0, "stopped", "")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[shop]", "it is not a scenario: unknown sections: shop"),
        ("[[accounts]]\nuid = 3\n", "it is not a scenario: "),
        ("[[instruments]]\nsymbol = 'X'\n", "it is not a scenario: "),
        ("[accounts", "it is not a scenario: Expected ']'"),
    ],
)
def test_a_scenario_that_is_none_is_one_line(tmp_path: Path, text: str, line: str) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(text, encoding="utf-8")
    result = Desk(tmp_path).bare("simulator", "--scenario", str(path))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"trueup: {path}: {line}")
    assert len(result.stderr.splitlines()) == 1


def test_a_scenario_that_is_not_there(tmp_path: Path) -> None:
    result = Desk(tmp_path).bare("simulator", "--scenario", str(tmp_path / "none.toml"))
    assert result.stderr == (
        f"trueup: {tmp_path / 'none.toml'}: it cannot be read: No such file or directory\n"
    )


def test_a_port_in_use_is_one_line(scenario: Path, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = Desk(tmp_path).bare("simulator", "--scenario", str(scenario), "--port", port)
    assert (result.exit_code, result.stderr) == (
        2,
        f"trueup: --port {port}: Address already in use\n",
    )


def test_without_the_extra_it_says_how_to_get_it(scenario: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", WITHOUT_UVICORN, "simulator", "--scenario", str(scenario)],
        capture_output=True,
        text=True,
        check=False,
    )
    needs = "the command simulator needs uvicorn, which is not installed"
    assert (done.returncode, done.stderr) == (
        2,
        f"trueup: {needs}: pip install 'trueup[simulator]'\n",
    )

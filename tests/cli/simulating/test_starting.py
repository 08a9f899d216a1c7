"""``trueup simulator`` as it comes: accounts, keys, a configuration that works, a market."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from trueup.cli.simulating.configuration import exports_for
from trueup.simulator import Simulator

from ..desk import Desk, start

_EXPORT = re.compile(r"(\w+)=(\S+)")


@contextmanager
def _simulator(*args: str) -> Iterator[tuple[str, list[str]]]:
    """The command at work: its URL, and the lines that it printed by then."""
    process = start(["simulator", *args], {"PYTHONUNBUFFERED": "1"})
    assert process.stdout is not None
    lines: list[str] = []
    try:
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if line.endswith(".toml\n") or line == 'follows = "main"\n':
                break
        assert lines, process.communicate()[1]
        yield lines[0].split()[0], lines
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _control(url: str, name: str, **values: str) -> Any:  # noqa: ANN401 - any JSON
    body = json.dumps(values).encode() if values else None
    request = Request(f"{url}/control/{name}", body)  # noqa: S310 - this machine
    with build_opener(ProxyHandler({})).open(request, timeout=10) as answer:
        return json.loads(answer.read())["result"]


def _candles(url: str) -> list[list[str]]:
    """The last minutes of a contract: bots want some before they trade."""
    asked = "category=linear&symbol=BTCUSDT&interval=1&limit=200"
    with build_opener(ProxyHandler({})).open(
        f"{url}/v5/market/kline?{asked}", timeout=10
    ) as answer:
        rows: list[list[str]] = json.loads(answer.read())["result"]["list"]
        return rows


def _trueup(folder: Path, env: dict[str, str], *args: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "trueup", *args],
        cwd=folder,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("written", [False, True])
def test_the_configuration_works_as_it_is(tmp_path: Path, *, written: bool) -> None:
    file = tmp_path / "trueup.toml"
    with _simulator(*(("--toml", str(file)) if written else ())) as (url, lines):
        printed = "\n".join(lines)
        if not written:
            file.write_text(printed[printed.index("# Written by") :], encoding="utf-8")
        env = dict(_EXPORT.findall("\n".join(x for x in lines if x.startswith("export "))))
        assert len(_candles(url)) == 200
        assert "account mirror" in _trueup(tmp_path, env, "doctor")
        _control(url, "trade", uid="101", symbol="BTCUSDT", side="Buy", quantity="0.1")
        _control(url, "trade", uid="202", symbol="BTCUSDT", side="Buy", quantity="0.05")
        assert "SUCCESS" in _trueup(tmp_path, env, "run", "--once")
        accounts = _control(url, "state")["accounts"]
    for uid, shares in (("101", ["0.05", "0.03", "0.02"]), ("202", ["0.025", "0.015", "0.01"])):
        rows = [row for row in accounts[uid]["orders"] if row["reduceOnly"]]
        ladder = {row["price"]: row["qty"] for row in rows if row["orderType"] == "Limit"}
        assert ladder == dict(zip(("60600", "61200", "61800"), shares, strict=True))
        (position,) = accounts[uid]["positions"]
        assert position["stopLoss"] == "58800"


def test_a_file_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("mine", encoding="utf-8")
    result = Desk(tmp_path).bare("simulator", "--toml", str(file))
    assert (result.exit_code, file.read_text("utf-8")) == (2, "mine")
    assert result.stderr == f"trueup: --toml {file}: it is there already, and not written by this\n"


def test_the_names_of_the_scenarios(tmp_path: Path) -> None:
    result = Desk(tmp_path).bare("simulator", "--list")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "band: A long with its ladder of 85/5/5/5 %, and a mirror whose second entry still rests",
        "hedge: A long and a short of one contract in hedge mode, each with its stop",
        "start: Where a bot begins: a main account and a mirror with money, and nothing open",
    ]


def test_a_scenario_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "trueup.toml"
    with _simulator("--scenario", "hedge", "--toml", str(file)) as (_, lines):
        assert lines[1] == "account 101: ETHUSDT Buy 2, ETHUSDT Sell 1; 2 open orders"
        assert 'position_mode = "hedge"' in file.read_text("utf-8")


def test_a_name_that_no_scenario_has(tmp_path: Path) -> None:
    result = Desk(tmp_path).bare("simulator", "--scenario", "bend")
    assert result.stderr == (
        "trueup: bend: it cannot be read: No such file or directory;"
        " those that ship are band, hedge, start\n"
    )


def test_a_market_moves_by_itself(tmp_path: Path) -> None:
    args = ("--market", "random-walk", "--speed", "1000", "--seed", "7")
    with _simulator(*args, "--toml", str(tmp_path / "trueup.toml")) as (url, _):
        seen = {_control(url, "state")["prices"]["BTCUSDT"]}
        while len(seen) < 3:
            seen.add(_control(url, "state")["prices"]["BTCUSDT"])


def test_a_market_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "market.csv"
    file.write_text("time_ms,symbol,price\n0,BTCUSDT,60000\n600,BTCUSDT,61000\n", encoding="utf-8")
    args = ("--market", str(file), "--speed", "10", "--toml", str(tmp_path / "trueup.toml"))
    with _simulator(*args) as (url, _):
        while _control(url, "state")["prices"]["BTCUSDT"] != "61000":
            pass


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--market", "walk"), "--market walk: it cannot be read: No such file or directory; "),
        (("--market", "random-walk", "--speed", "0"), "--speed 0: it must be above 0, and at most"),
        (("--market", "random-walk", "--speed", "x"), "--speed x: it must be above 0"),
        (("--market", "random-walk", "--speed", "1001"), "--speed 1001: it must be above 0"),
    ],
)
def test_what_is_no_market(tmp_path: Path, args: tuple[str, ...], says: str) -> None:
    result = Desk(tmp_path).bare("simulator", *args)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"trueup: {says}")


def test_a_bad_file_is_one_line_with_its_number(tmp_path: Path) -> None:
    file = tmp_path / "market.csv"
    file.write_text("time_ms,symbol,price\n0,BTCUSDT,1.05\n", encoding="utf-8")
    result = Desk(tmp_path).bare("simulator", "--market", str(file))
    assert (result.exit_code, result.stderr) == (
        2,
        f"trueup: {file}: line 2: price 1.05 is not on BTCUSDT's tick of 0.1\n",
    )


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--speed", "60"), "--speed 60: without --market no price moves"),
        (("--seed", "7"), "--seed 7: without --market no price moves"),
        (
            ("--seed", "7", "--market", "prices.csv"),
            "--seed 7: it goes with --market random-walk alone",
        ),
    ],
)
def test_what_would_do_nothing_is_refused(tmp_path: Path, args: tuple[str, ...], says: str) -> None:
    result = Desk(tmp_path).bare("simulator", *args)
    assert (result.exit_code, result.stderr) == (2, f"trueup: {says}\n")


def test_the_file_is_whole_before_the_first_line(tmp_path: Path) -> None:
    file = tmp_path / "my bot's.toml"
    process = start(["simulator", "--toml", str(file)], {"PYTHONUNBUFFERED": "1"})
    assert process.stdout is not None
    try:
        url = process.stdout.readline().split()[0]
        written = file.read_text("utf-8")
    finally:
        process.terminate()
        rest = process.stdout.read()
        process.communicate(timeout=20)
    assert written.startswith(f"# Written by `trueup simulator` at {url}.")
    assert written.endswith('follows = "main"\n')
    assert f"trueup run --config {shlex.quote(str(file))}\n" in rest
    assert rest.endswith("\nstopped\n")
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_a_file_without_accounts_is_refused(tmp_path: Path) -> None:
    scenario, file = tmp_path / "none.toml", tmp_path / "written.toml"
    scenario.write_text("seed = 'x'", encoding="utf-8")
    result = Desk(tmp_path).bare("simulator", "--scenario", str(scenario), "--toml", str(file))
    assert result.exit_code == 2
    assert result.stderr.endswith(": the scenario has no account to write there\n")
    assert not file.exists()


def test_a_shell_reads_the_keys_as_they_are() -> None:
    sim = Simulator()
    sim.add_account(uid="1", api_key="it's", api_secret="$HOME")
    exports = shlex.split(exports_for(sim))
    assert exports == ["export", "MAIN_API_KEY=it's", "MAIN_API_SECRET=$HOME"]

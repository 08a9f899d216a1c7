"""``trueup run``: it follows, it is told, and it stops."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from itertools import islice
from typing import Any

import pytest

from trueup.simulator import Fault, FaultKind, Simulator

from ..desk import KEYS, LADDER, MIRROR, SYMBOL, Desk, Process


def lines(process: Process) -> Iterator[dict[str, Any]]:
    assert process.stdout is not None
    for line in process.stdout:
        yield json.loads(line)


def runs(process: Process) -> Iterator[dict[str, Any]]:
    return (line for line in lines(process) if "run" in line)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_after_the_runs_under_way(desk: Desk, number: signal.Signals) -> None:
    process = desk.process("run", "--json")
    first = next(runs(process))
    process.send_signal(number)
    _, stderr = process.communicate()
    assert process.returncode == 0
    assert first["reason"] == "start-up"
    assert "stopped" in stderr
    assert "Traceback" not in stderr
    states = {monitor["state"] for monitor in desk.json("status")["monitors"]}
    assert states == {"Idle"}


def test_it_follows_a_position_that_grows(desk: Desk, sim: Simulator) -> None:
    process = desk.process("run", "--json")
    mirror = (line["run"] for line in runs(process) if line["run"]["account"] == "mirror")
    assert next(mirror)["covered"] == "400"
    sim.open_position(MIRROR, SYMBOL, "Buy", "600", "0.6900")
    grown = next(run for run in mirror if run["covered"] != "400")
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert (grown["covered"], grown["outcome"]) == ("1000", "SUCCESS")
    assert sum(order.leaves for order in sim.orders(MIRROR)) == 1000


def test_sweeps_that_find_nothing_run_nothing_and_ask_two_reads(desk: Desk, sim: Simulator) -> None:
    process = desk.process("run", "--json")
    said = lines(process)
    first = {line["run"]["account"]: line["run"]["outcome"] for line in islice(runs(process), 2)}
    assert first == {"main": "SUCCESS", "mirror": "SUCCESS"}
    later = list(islice(said, 12))[6:]
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert [line["sweep"]["drifted"] for line in later] == [{}] * 6
    assert all(not request.is_write for request in sim.requests[-12:])


def test_a_slow_account_delays_nobody_else(desk: Desk, sim: Simulator) -> None:
    slow = Fault(kind=FaultKind.LATE_REPLY, uid=MIRROR, path="position/list", delay_ms=7000)
    sim.inject(slow)
    process = desk.process("run", "--json")
    sweeps = (line["sweep"]["account"] for line in lines(process) if "sweep" in line)
    first = [next(sweeps) for _ in range(3)]
    process.kill()
    process.communicate()
    assert first == ["main"] * 3


def test_progress_is_one_line_a_run(desk: Desk) -> None:
    process = desk.process("run")
    assert process.stderr is not None
    told = next(line for line in process.stderr if "start-up" in line)
    process.send_signal(signal.SIGTERM)
    stdout, _ = process.communicate()
    assert told.split(" INFO    ")[1] in (
        "main BANDUSDT Buy: start-up: SUCCESS, 1000 of 1000 covered, writes 4\n",
        "mirror BANDUSDT Buy: start-up: SUCCESS, 400 of 400 covered, writes 4\n",
    )
    assert stdout == ""


def test_sighup_reads_the_configuration_again(desk: Desk, sim: Simulator) -> None:
    process = desk.process("run", "--json")
    first = {line["run"]["account"] for line in islice(runs(process), 2)}
    assert first == {"main", "mirror"}
    desk.write((LADDER, LADDER.replace("0.7200", "0.7100")))
    process.send_signal(signal.SIGHUP)
    moved: set[str] = set()
    for line in runs(process):
        # A sweep may have been under way, and find nothing to do.
        if line["run"]["outcome"] == "SUCCESS":
            moved.add(line["run"]["account"])
        if moved == {"main", "mirror"}:
            break
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 0
    assert moved == {"main", "mirror"}
    assert min(order.price for order in sim.orders(MIRROR)) == Decimal("0.7100")


def test_a_broken_configuration_is_told_and_the_engine_goes_on(desk: Desk, sim: Simulator) -> None:
    process = desk.process("run", "--json")
    next(runs(process))
    desk.config.write_text("[engine", encoding="utf-8")
    process.send_signal(signal.SIGHUP)
    assert process.stderr is not None
    told = next(line for line in process.stderr if "was not reloaded" in line)
    sim.open_position(MIRROR, SYMBOL, "Buy", "600", "0.6900")
    mirror = (line["run"] for line in runs(process) if line["run"]["account"] == "mirror")
    grown = next(run for run in mirror if run["covered"] == "1000")
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert "it is not TOML" in told
    assert process.returncode == 0
    assert grown["outcome"] == "SUCCESS"


def test_a_reload_refuses_a_new_symbol_alone(desk: Desk, sim: Simulator) -> None:
    process = desk.process("run", "--json")
    assert len(list(islice(runs(process), 2))) == 2
    third = f'[[monitors]]\naccount = "main"\nsymbol = "BONDUSDT"\nside = "Buy"\n{LADDER}\n'
    moved = LADDER.replace("0.7200", "0.7100")
    desk.write((LADDER, f"{moved}\n\n{third}"))
    process.send_signal(signal.SIGHUP)
    main = (line["run"] for line in runs(process) if line["run"]["account"] == "main")
    assert next(run for run in main if run["outcome"] == "SUCCESS")["covered"] == "1000"
    assert process.stderr is not None
    told = next(line for line in process.stderr if "is refused" in line)
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert "monitors[1]: the exchange does not trade this symbol (main BONDUSDT Buy)" in told
    assert process.returncode == 0
    assert min(order.price for order in sim.orders(MIRROR)) == Decimal("0.7100")


IMPATIENT = """
from datetime import timedelta
from trueup.cli.commands import serving
from trueup.cli.main import main

serving.PATIENCE = timedelta(seconds=0.3)
main()
"""


def impatient(desk: Desk) -> Process:
    """The service, which has little patience at its end."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", IMPATIENT, "run", "--config", str(desk.config)],
        env={**os.environ, **KEYS},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    desk.started.append(process)
    return process


@pytest.fixture
def mute() -> Iterator[socket.socket]:
    """A host that accepts connections and answers nothing."""
    with socket.create_server(("127.0.0.1", 0)) as host:
        host.settimeout(60)
        yield host


@contextmanager
def asked(host: socket.socket, path: str) -> Iterator[None]:
    """Connections are open that nobody answers, one with a request for that path."""
    with ExitStack() as opened:
        while path.encode() not in opened.enter_context(host.accept()[0]).recv(4096):
            pass
        yield


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_end_does_not_wait_for_an_exchange_that_never_answers(
    desk: Desk, mute: socket.socket, number: signal.Signals
) -> None:
    assert desk("run", "--once").exit_code == 0
    desk.write((desk.url, f"http://127.0.0.1:{mute.getsockname()[1]}"))
    process = impatient(desk)
    with asked(mute, "/v5/position/list"):
        process.send_signal(number)
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "ERROR   ended after 0 s without waiting for the " in stderr
    assert ": the next start goes on from the record" in stderr
    assert "Traceback" not in stderr
    desk.write()
    again = desk.process("run", "--json")
    assert next(lines(again))
    again.send_signal(signal.SIGTERM)
    assert "stopped" in again.communicate()[1]
    assert again.returncode == 0


def test_a_start_that_waits_for_the_exchange_ends_likewise(desk: Desk, mute: socket.socket) -> None:
    desk.write((desk.url, f"http://127.0.0.1:{mute.getsockname()[1]}"))
    process = impatient(desk)
    with asked(mute, "/v5/market/instruments-info"):
        process.send_signal(signal.SIGTERM)
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "without waiting for " in stderr


def test_a_second_signal_ends_it_at_once(desk: Desk, mute: socket.socket) -> None:
    desk.write((desk.url, f"http://127.0.0.1:{mute.getsockname()[1]}"))
    process = desk.process("run")
    with asked(mute, "/v5/market/instruments-info"):
        while process.poll() is None:
            process.send_signal(signal.SIGTERM)
            os.sched_yield()
        _, stderr = process.communicate(timeout=60)
    assert process.returncode in (-signal.SIGTERM, 128 + signal.SIGTERM)
    assert "Traceback" not in stderr

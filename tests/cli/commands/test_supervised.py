"""``trueup run`` under systemd: it says when it works, reloads and stops, and that it is alive."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from trueup.cli.base.supervisor import Supervisor

from ..desk import KEYS, Desk, Process

PERIOD_US = "200000"
HANGS = """
import signal, sys, threading
from trueup.__main__ import main
from trueup.aio.loop_thread import LOOP
signal.signal(
    signal.SIGUSR1,
    lambda *_: LOOP.hold().call_soon_threadsafe(threading.Event().wait),
)
main()
"""


@contextmanager
def systemd(folder: Path) -> Iterator[socket.socket]:
    """The socket of a supervisor, as systemd opens it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        notified.bind(str(folder / "notify"))
        notified.settimeout(60)
        yield notified


def under(notified: socket.socket, desk: Desk) -> Process:
    """The service, supervised; SIGUSR1 has the thread that does all jobs hang."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", HANGS, "run", "--config", str(desk.config)],
        env={
            **os.environ,
            **KEYS,
            "NOTIFY_SOCKET": notified.getsockname(),
            "WATCHDOG_USEC": PERIOD_US,
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    desk.started.append(process)
    return process


def told(notified: socket.socket) -> Iterator[dict[str, str]]:
    """What the process says, message by message."""
    while True:
        lines = notified.recv(4096).decode().splitlines()
        yield dict(line.split("=", 1) for line in lines)


def until(messages: Iterator[dict[str, str]], field: str) -> dict[str, str]:
    return next(each for each in messages if field in each)


def test_it_says_when_it_works_reloads_and_stops(desk: Desk) -> None:
    with systemd(desk.folder) as notified:
        process, messages = under(notified, desk), told(notified)
        ready = until(messages, "READY")
        assert ready["STATUS"] == "watching 2 monitors, a sweep every 0.05 s"
        until(messages, "WATCHDOG")
        process.send_signal(signal.SIGHUP)
        assert int(until(messages, "RELOADING")["MONOTONIC_USEC"]) > 0
        assert until(messages, "READY") == ready
        desk.config.write_text("[store", "utf-8")
        process.send_signal(signal.SIGHUP)
        until(messages, "RELOADING")
        assert until(messages, "READY") == ready
        process.send_signal(signal.SIGTERM)
        assert until(messages, "STOPPING")["STATUS"] == "waits for the runs under way"
        assert process.wait(60) == 0


def test_an_engine_that_hangs_gives_no_sign_of_life(desk: Desk) -> None:
    with systemd(desk.folder) as notified:
        process, messages = under(notified, desk), told(notified)
        until(messages, "READY")
        until(messages, "WATCHDOG")
        process.send_signal(signal.SIGUSR1)
        notified.settimeout(1)
        with pytest.raises(TimeoutError):
            until(messages, "READY")
        assert process.poll() is None
        process.kill()


def test_a_socket_of_nobody_holds_nothing_up(tmp_path: Path) -> None:
    supervisor = Supervisor({"NOTIFY_SOCKET": str(tmp_path / "none"), "WATCHDOG_USEC": "1000"})
    supervisor.ready("watching")
    with supervisor.watched(lambda answer: answer()):
        supervisor.stopping()


def test_an_abstract_address_is_one() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        notified.bind(f"\0trueup-{os.getpid()}")
        notified.settimeout(10)
        Supervisor({"NOTIFY_SOCKET": f"@trueup-{os.getpid()}"}).ready("here")
        assert notified.recv(100) == b"READY=1\nSTATUS=here"


@pytest.mark.parametrize(
    "environment",
    [
        {"WATCHDOG_USEC": "1000"},
        {"NOTIFY_SOCKET": "@nobody", "WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"},
        {"NOTIFY_SOCKET": "@nobody"},
    ],
)
def test_without_a_watchdog_nothing_is_asked(environment: dict[str, str]) -> None:
    with Supervisor(environment).watched(lambda _: pytest.fail("nobody asked")):
        pass

"""The bots of examples/ as processes of their own, from the wheel, on `trueup simulator`."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.clients.environments import EXAMPLES, CannotBeHadError, python_of, with_wheel
from tests.clients.serving import KEY, SECRET, SYMBOL, UID, control
from tests.packaging.building import build

EARNED = Decimal("10.2")
"""What the ladder brings before fees."""
FEES = Decimal("0.00055") * 600 + Decimal("0.0002") * (303 + Decimal("183.6") + Decimal("123.6"))
_PATIENCE_S, _PACE_S = 30.0, 0.02


def python_for(name: str, folder: Path, *, built: Sequence[str] = ()) -> Path:
    """An interpreter with what an example pins and the wheel of these sources.

    Args:
        name: the example's folder.
        folder: where the wheel is built.
        built: the packages of which there is no wheel.

    Skips the test where a package cannot be had.
    """
    try:
        base = python_of(EXAMPLES / name / "requirements.lock", built=built)
    except CannotBeHadError as error:
        pytest.skip(f"{name} cannot be had from the package index here: {error}")
    return with_wheel(base, build(folder), folder / "environment")


@dataclass
class Bot:
    """A bot at work.

    Attributes:
        url: the exchange.
        process: the bot.
        said: the lines that it has printed so far.
    """

    url: str
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    def read_until(self, *words: str) -> str:
        """Read what it prints until a line has all the words; returns that line.

        Raises:
            AssertionError: it ended before; the message is what it printed.
        """
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))
            if all(word in line for word in words):
                return self.said[-1]
        raise AssertionError("\n".join(self.said[-60:]))

    def go_to(self, price: str) -> None:
        """Move the market."""
        control(self.url, "set_price", symbol=SYMBOL, price=price)

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, and read what it still says."""
        self.process.send_signal(how)
        self.ended()

    def ended(self) -> int:
        """Wait for its end; the exit code."""
        out, _ = self.process.communicate(timeout=_PATIENCE_S)
        self.said += out.splitlines()
        return self.process.returncode


@contextmanager
def bot(python: Path, folder: Path, url: str, script: str, **variables: str) -> Iterator[Bot]:
    """Start a script of examples/ in a folder, with the account's keys; it is killed at the end."""
    with (folder / "bot.log").open("a", encoding="utf-8") as log:
        command: list[str | Path] = [python, "-u", EXAMPLES / script, url]
        process = subprocess.Popen(  # noqa: S603 - ours
            command,
            env={**os.environ, "BYBIT_KEY": KEY, "BYBIT_SECRET": SECRET, **variables},
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        yield Bot(url, process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate(timeout=_PATIENCE_S)


def account(url: str) -> dict[str, Any]:
    """The account as the exchange has it: positions, orders, wallet."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(f"{url}/control/state", timeout=10)
    found: dict[str, Any] = answer.json()["result"]["accounts"][UID]
    return found


def held(url: str) -> str:
    """How much of the position is open at the exchange."""
    positions = account(url)["positions"]
    return str(positions[0]["size"]) if positions else "0"


def ladder(url: str) -> dict[str, str]:
    """The take-profits that rest: price and open quantity, the nearest first."""
    orders = account(url)["orders"]
    rest = {each["price"]: each["leavesQty"] for each in orders if not each["triggerPrice"]}
    return dict(sorted(rest.items()))


def stops(url: str) -> list[str]:
    """Where the stops of the position are."""
    return [each["triggerPrice"] for each in account(url)["orders"] if each["triggerPrice"]]


def wait_for(url: str, wanted: dict[str, str], stop: str) -> None:
    """Wait until a ladder and one stop rest, and the ladder covers the position.

    Raises:
        AssertionError: they do not within half a minute.
    """
    until = time.monotonic() + _PATIENCE_S
    while (ladder(url), stops(url)) != (wanted, [stop]):
        assert time.monotonic() < until, account(url)
        time.sleep(_PACE_S)
    assert sum(map(Decimal, wanted.values())) == Decimal(held(url))


def is_flat(url: str) -> None:
    """Nothing is open, nothing rests, and the wallet has what the ladder brought, less fees.

    Raises:
        AssertionError: it is not so.
    """
    there = account(url)
    assert (there["positions"], there["orders"]) == ([], [])
    assert Decimal(there["wallet"]["USDT"]) == 1000 + EARNED - FEES

"""An exchange, a database, and the processes of a fleet."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from threading import Event
from time import monotonic
from typing import IO

from tests.docs.pages import ROOT
from tests.storage.databases import client
from trueup.simulator import Behaviour, ClockKind, InstrumentSpec, Simulator, SimulatorServer

SYMBOL = "BANDUSDT"
COUNTS = "SELECT (SELECT sum(version) FROM monitor), (SELECT count(*) FROM journal)"


def until(is_so: Callable[[], object], patience_s: float, what: str) -> float:
    """Waits until something holds; returns how many seconds that took."""
    began, never = monotonic(), Event()
    while not is_so():
        assert monotonic() - began < patience_s, what
        never.wait(0.02)
    return monotonic() - began


@dataclass
class Crew:
    """The processes, and what they work on.

    Attributes:
        names: of the accounts.
    """

    url: str
    sim: Simulator
    exchange: str
    names: tuple[str, ...]
    processes: "list[subprocess.Popen[bytes]]" = field(default_factory=list)
    logs: list[IO[bytes]] = field(default_factory=list)

    def start(self, *options: str) -> "subprocess.Popen[bytes]":
        """Starts a process."""
        command = [sys.executable, "-m", "tests.fleet.child", self.url, self.exchange]
        log = tempfile.TemporaryFile()  # noqa: SIM115 - read where the test fails
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, ",".join(self.names), *options], cwd=ROOT, stdout=log, stderr=log
        )
        self.logs.append(log)
        self.processes.append(process)
        return process

    def hold(self, size: str, *names: str) -> None:
        """The positions of these accounts, or of all, have this size now."""
        for name in names or self.names:
            self.sim.set_position(name, SYMBOL, "Sell", size, "0.6800")

    def covers(self, size: str) -> bool:
        """Whether every ladder covers this size."""
        return all(
            sum((order.leaves for order in self.sim.orders(name)), Decimal(0)) == Decimal(size)
            for name in self.names
        )

    def accepted(self) -> int:
        """How many writes the exchange has accepted."""
        return sum(one.is_write and one.ret_code == 0 for one in self.sim.requests)

    def committed(self) -> object:
        """What changes with every commit."""
        with client(self.url) as server:
            return server.execute(COUNTS).fetchone()


def is_frozen(process: "subprocess.Popen[bytes]") -> bool:
    """Whether a process was stopped by SIGSTOP."""
    return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


@contextmanager
def crew(url: str, names: tuple[str, ...]) -> Iterator[Crew]:
    """A crew without a process yet; what it has started is killed at the end."""
    behaviour = Behaviour(rate_limits=False, ip_limit=False)
    sim = Simulator(clock=ClockKind.REAL, behaviour=behaviour)
    for name in names:
        sim.add_account(uid=name, api_key=f"{name}-key", api_secret=f"{name}-secret")
    sim.add_instrument(
        InstrumentSpec(
            symbol=SYMBOL, tick="0.0001", step="0.1", min_quantity="0.1",
            max_quantity="100000", min_notional="5",
        ),
        price="0.7000",
    )  # fmt: skip
    with SimulatorServer(sim, port=0) as server:
        made = Crew(url, sim, server.url, names)
        try:
            yield made
        finally:
            for process in made.processes:
                process.kill()
                process.wait()
            for log in made.logs:
                log.seek(0)
                # pytest shows it where the test failed.
                print(log.read().decode()[-3000:])  # noqa: T201 - for people
                log.close()

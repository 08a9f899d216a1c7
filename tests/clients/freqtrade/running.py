"""freqtrade as a process of its own, on a simulator of the test's, with the example's strategy."""

import json
import os
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from tests.clients.environments import EXAMPLES
from trueup.simulator import ClockKind, Simulator, SimulatorServer, load_scenario, scenarios

EXAMPLE = EXAMPLES / "freqtrade"
TRUEUP = (EXAMPLE, "TrueupStrategy")
UID, SYMBOL, KEY, SECRET = "101", "BTCUSDT", "main-key", "main-secret"
BUILT = ("sdnotify",)
"""A package of freqtrade's that has no wheel."""
_HOUR_MS, _LIMIT_S = 3_600_000, 60


@dataclass
class Bot:
    """freqtrade at work, or between two lives.

    Attributes:
        python: the interpreter that has freqtrade and the wheel.
        folder: where its configuration and its databases are.
        sim: the exchange.
        url: where that is.
        said: the lines that its strategy has logged about exits.
        strategy: the file of its strategy, and the class in it.
        loop_s: how often its loop runs.
    """

    python: Path
    folder: Path
    sim: Simulator
    url: str
    said: list[str]
    strategy: tuple[Path, str] = TRUEUP
    loop_s: int = 1
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it as the README does."""
        config = json.loads((EXAMPLE / "config.json").read_text("utf-8"))
        config["exchange"]["ccxt_config"]["urls"]["api"] = {"public": self.url, "private": self.url}
        config["trueup"]["environment"] = self.url
        config["internals"] = {
            "process_throttle_secs": self.loop_s,
            "heartbeat_interval": 1,
        }
        if self.strategy != TRUEUP:
            del config["order_types"]  # a strategy without trueup says so itself
        file, user = self.folder / "config.json", self.folder / "user"
        file.write_text(json.dumps(config), encoding="utf-8")
        user.mkdir(exist_ok=True)
        path, name = self.strategy
        options = ("--userdir", user, "--strategy-path", path, "--strategy", name)
        self.process = subprocess.Popen(  # noqa: S603 - ours
            (self.python, "-m", "freqtrade", "trade", "--config", file, *options),
            env={
                **os.environ,
                "COLUMNS": "250",  # freqtrade wraps the lines of its log
                "FREQTRADE__EXCHANGE__KEY": KEY,
                "FREQTRADE__EXCHANGE__SECRET": SECRET,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            text=True,
        )

    def read_until(self, word: str) -> None:
        """Read its log until a line has the word.

        Raises:
            AssertionError: it ended; the message is the end of its log.
        """
        assert self.process is not None
        assert self.process.stdout is not None
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line)
            if " - strategy - INFO - trueup" in line:
                self.said.append(line.partition("INFO - ")[2].strip())
            if word in line:
                return
        raise AssertionError("".join(lines[-60:]))

    def end(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it, if it runs."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.communicate(timeout=40)
            self.process = None

    def rows(self, table: str) -> list[dict[str, Any]]:
        """What its own database says."""
        with closing(sqlite3.connect(self.folder / "tradesv3.sqlite")) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(f"SELECT * FROM {table} ORDER BY id")]  # noqa: S608 - a name of ours


@contextmanager
def freqtrade(
    python: Path,
    folder: Path,
    strategy: tuple[Path, str] = TRUEUP,
    loop_s: int = 1,
) -> Iterator[Bot]:
    """A simulator with an hour of candles, and freqtrade at work on it."""
    sim = load_scenario(scenarios()["start"], ClockKind.REAL)
    sim.backdate(SYMBOL, _HOUR_MS)
    with SimulatorServer(sim) as server:
        bot = Bot(python, folder, sim, server.url, [], strategy, loop_s)
        bot.start()
        try:
            yield bot
        finally:
            bot.end()


def wait_for(sim: Simulator, is_so: Callable[[], bool]) -> None:
    """Wait until something is so at the exchange; it is looked at after every change.

    Raises:
        Empty: nothing has changed there for a minute.
    """
    changes: SimpleQueue[None] = SimpleQueue()
    sim.listen(lambda _changes: changes.put(None))
    while not is_so():
        changes.get(timeout=_LIMIT_S)

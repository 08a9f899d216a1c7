"""A desk that the pictures show: two accounts, seven positions, and `trueup run` that serves them.

Five are as they should be. One is not wholly covered, since the exchange refuses to enlarge its
take-profits after a second entry, and one is paused.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import IO, cast

from trueup.simulator import ClockKind, Fault, FaultKind, InstrumentSpec, Simulator, SimulatorServer
from trueup.storage import Row, open_reader

TOKEN = "a-token-of-the-pictures"  # noqa: S105 - of a page that ends with them
_UIDS = {"main": "101", "mirror": "202"}
_CONTRACTS = {  # tick, step, price
    "BANDUSDT": ("0.0001", "0.1", "0.7000"),
    "BTCUSDT": ("0.1", "0.001", "61200"),
    "ETHUSDT": ("0.01", "0.01", "2950"),
    "LINKUSDT": ("0.001", "0.1", "14.200"),
    "SOLUSDT": ("0.01", "0.1", "148.00"),
}
_POSITIONS = (
    ("main", "BANDUSDT", "Buy", "1000"),
    ("main", "BTCUSDT", "Buy", "0.240"),
    ("main", "ETHUSDT", "Buy", "6.00"),
    ("main", "LINKUSDT", "Sell", "320.0"),
    ("main", "SOLUSDT", "Sell", "45.0"),
    ("mirror", "BANDUSDT", "Buy", "400"),
    ("mirror", "BTCUSDT", "Buy", "0.120"),
)
_CONFIGURATION = """
[engine]
retry_after_seconds = 2

[accounts.main]
environment = "{url}"
api_key_env = "MAIN_KEY"
api_secret_env = "MAIN_SECRET"

[accounts.mirror]
role = "mirror"
follows = "main"
environment = "{url}"
api_key_env = "MIRROR_KEY"
api_secret_env = "MIRROR_SECRET"

[stops.safe]
percent = 4
breakeven = {{after_level = 1}}

[ladders.swing]
levels = [
    {{percent = 2, share = 85}},
    {{percent = 4, share = 5}},
    {{percent = 6, share = 5}},
    {{percent = 9, share = 5}},
]
stop = "safe"

[service]
listen = "127.0.0.1:0"
token_env = "PAGE_TOKEN"
"""
_MONITOR = """
[[monitors]]
account = "{0}"
symbol = "{1}"
side = "{2}"
ladder = "swing"
"""
_REFUSAL = Fault(
    kind=FaultKind.RET_CODE,
    method="POST",
    path="order/amend",
    symbol="ETHUSDT",
    code=110007,
    text="ab not enough for new order",
    times=None,
)
_TRUEUP = (sys.executable, "-m", "trueup")
_ENVIRONMENT = os.environ | {
    "PAGE_TOKEN": TOKEN,
    **{f"{name.upper()}_KEY": f"{name}-key" for name in _UIDS},
    **{f"{name.upper()}_SECRET": f"{name}-secret" for name in _UIDS},
}
_LISTENS = re.compile(r"and (127\.0\.0\.1:\d+)")
_PATIENCE_S, _PAUSE_S = 60.0, 0.1


@contextmanager
def desk(folder: Path) -> Iterator[str]:
    """The engine, once all has happened that the pictures show; gives the address of its page."""
    sim = _exchange()
    with SimulatorServer(sim) as server:
        text = _CONFIGURATION.format(url=server.url)
        text += "".join(_MONITOR.format(*position) for position in _POSITIONS)
        folder.joinpath("trueup.toml").write_text(text, encoding="utf-8")
        with _engine(folder) as address:
            _happens(sim, folder)
            yield address


def _exchange() -> Simulator:
    sim = Simulator(clock=ClockKind.REAL)
    for symbol, (tick, step, price) in _CONTRACTS.items():
        spec = InstrumentSpec(
            symbol=symbol, tick=tick, step=step, min_quantity=step, max_quantity="100000"
        )
        sim.add_instrument(spec, price=price)
    for account, uid in _UIDS.items():
        sim.add_account(uid=uid, api_key=f"{account}-key", api_secret=f"{account}-secret")
    for account, symbol, side, quantity in _POSITIONS:
        sim.open_position(_UIDS[account], symbol, side, quantity, _CONTRACTS[symbol][2])
    return sim


def _happens(sim: Simulator, folder: Path) -> None:
    """A first take-profit fills, entries are added, and somebody pauses a monitor."""
    _wait(folder, lambda rows: all(row["last_outcome"] for row in rows.values()))
    sim.set_price("BANDUSDT", "0.7141")
    _wait(folder, lambda rows: rows["main BANDUSDT"]["position_size"] == "150")
    sim.trade(_UIDS["main"], "BTCUSDT", "Buy", "0.060")
    _wait(folder, lambda rows: rows["main BTCUSDT"]["covered_quantity"] == "0.3")
    sim.inject(_REFUSAL)
    sim.trade(_UIDS["main"], "ETHUSDT", "Buy", "3.00")
    _wait(folder, lambda rows: rows["main ETHUSDT"]["last_outcome"] in ("PARTIAL", "FAILED"))
    pause = (
        "pause",
        "main",
        "SOLUSDT",
        "sell",
        "--by",
        "ann",
        "--reason",
        "until the news are out",
        "-y",
    )
    subprocess.run(  # noqa: S603 - the command of this environment
        (*_TRUEUP, *pause), cwd=folder, env=_ENVIRONMENT, check=True, capture_output=True
    )


def _wait(folder: Path, condition: Callable[[Mapping[str, Row]], bool]) -> None:
    """Wait until the monitors stand so, by their account and symbol.

    Raises:
        TimeoutError: they do not.
    """
    until = monotonic() + _PATIENCE_S
    rows: Mapping[str, Row] = {}
    while monotonic() < until:
        with open_reader(f"sqlite:///{folder / 'trueup.db'}") as reader:
            found = reader.rows("monitor_status")
        rows = {f"{row['account']} {row['symbol']}": row for row in found}
        if len(rows) == len(_POSITIONS) and condition(rows):
            return
        sleep(_PAUSE_S)
    raise TimeoutError(str(rows))


@contextmanager
def _engine(folder: Path) -> Iterator[str]:
    """`trueup run`, ended in good order; gives the address of its page."""
    command = (*_TRUEUP, "run")
    with subprocess.Popen(  # noqa: S603 - the same
        command, cwd=folder, env=_ENVIRONMENT, stderr=subprocess.PIPE, text=True
    ) as process:
        log: list[str] = []
        reading: Thread | None = None
        lines = cast("IO[str]", process.stderr)
        try:
            for line in lines:
                log.append(line)
                if (found := _LISTENS.search(line)) is not None:
                    break
            else:
                raise ConnectionError("".join(log))
            reading = Thread(target=log.extend, args=(lines,))
            reading.start()
            yield f"http://{found[1]}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
            if reading is not None:
                reading.join()

"""A desk with some hundred monitors, as real runs left them on a simulated exchange.

Three of them are uncovered, each for another reason: the exchange refused a TP for want of margin,
nobody gave a ladder, and a fault of the exchange ended the run in part.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from trueup import Account, Ladder, Reconciler, RunSettings, Stop
from trueup.adapters.notify import CallableSink
from trueup.domain.model.identity import MonitorKey, Side
from trueup.simulator import (
    Behaviour,
    Fault,
    FaultKind,
    InstrumentSpec,
    Simulator,
    SimulatorServer,
)
from trueup.storage import Row

ACCOUNTS, SIZE = 20, "1000"
POOR, BARE, LOST = "S40USDT", "S90USDT", "S150USDT"
"""Without margin for TP1; without a ladder; with an exchange that answers no write of TP2."""
UNCOVERED = (POOR, BARE, LOST)
_LADDER = Ladder.of(("0.7200", 85), ("0.7400", 5), ("0.7600", 5), ("0.8000", 5))
_STOP = Stop.of(price="0.6500")
_AT_MOST = 10
_SETTINGS = RunSettings(
    read_budget=timedelta(milliseconds=50),
    grace=timedelta(milliseconds=50),
    pause=timedelta(milliseconds=10),
    retry_after=timedelta(minutes=5),
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What was made.

    Attributes:
        url: of the database.
        reconciler: the engine, which still runs nothing by itself.
        sim: the exchange.
    """

    url: str
    reconciler: Reconciler
    sim: Simulator


@contextmanager
def scene(folder: Path, monitors: int, faults: Sequence[Fault] = ()) -> Iterator[Scene]:
    """The monitors, once each has run and stands as it should in this scene.

    Args:
        folder: for the database.
        monitors: how many; with more than 150 the three are among them.
        faults: of the exchange, besides those of the three.
    """
    sim = _exchange(monitors)
    for fault in faults:
        sim.inject(fault)
    url = f"sqlite:///{folder / 'trueup.db'}"
    with SimulatorServer(sim) as server:
        accounts = [
            Account(name, f"{name}-key", f"{name}-secret", environment=server.url)
            for name in map(account_of, range(min(monitors, ACCOUNTS)))
        ]
        sink = CallableSink(lambda _: None, name="nobody")
        made = Reconciler(url, accounts=accounts, settings=_SETTINGS, sinks=(sink,))
        with closing(made) as reconciler:
            for number in range(monitors):
                ladder = None if symbol(number) == BARE else _LADDER
                reconciler.watch(account_of(number), symbol(number), Side.BUY, ladder, stop=_STOP)
            _run(reconciler)
            yield Scene(url, reconciler, sim)


def _run(reconciler: Reconciler) -> None:
    """Runs all, and again those that a slow machine kept from ending as they would elsewhere.

    A read that is late is not tried again for long here, so that its run knows no position.
    """
    keys: Sequence[MonitorKey] | None = None
    rows: Sequence[Row] = ()
    for _ in range(_AT_MOST):
        reconciler.reconcile_all(keys, "caller")
        rows = [row for row in reconciler.store.rows("monitor_status") if not _stands(row)]
        if not rows:
            return
        keys = [MonitorKey(str(row["account"]), str(row["symbol"]), Side.BUY) for row in rows]
    raise AssertionError(f"these do not end as they should: {rows}")


def _stands(row: Row) -> bool:
    """Whether a monitor's last run read its position, and failed where it was to fail alone."""
    succeeded = row["last_outcome"] in ("SUCCESS", "IN_SYNC")
    return row["position_size"] is not None and succeeded != (row["symbol"] in (POOR, LOST))


def symbol(number: int) -> str:
    """The symbol of that number."""
    return f"S{number}USDT"


def account_of(number: int) -> str:
    """The account whose position in that symbol is watched."""
    return f"desk{number % ACCOUNTS}"


def _exchange(monitors: int) -> Simulator:
    sim = Simulator(behaviour=Behaviour(rate_limits=False, ip_limit=False))
    for number in range(min(monitors, ACCOUNTS)):
        name = account_of(number)
        sim.add_account(uid=_uid(number), api_key=f"{name}-key", api_secret=f"{name}-secret")
    for number in range(monitors):
        name = symbol(number)
        spec = InstrumentSpec(
            symbol=name, tick="0.0001", step="0.1", min_quantity="0.1", max_quantity="100000"
        )
        sim.add_instrument(spec, price="0.7000")
        sim.open_position(_uid(number), name, "Buy", SIZE, "0.6950")
    poor = Fault(
        kind=FaultKind.RET_CODE, symbol=POOR, code=110007, text="ab not enough for new order"
    )
    lost = Fault(kind=FaultKind.SERVER_ERROR, symbol=LOST)
    for fault in (poor, lost):
        sim.inject(replace(fault, method="POST", path="order/create", times=None))
    return sim


def _uid(number: int) -> str:
    return str(101 + number % ACCOUNTS)

"""The demo's act of the stop: its process is killed between a request and the reply."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ... import Account, Ladder, MonitorRecord, Reconciler
from ...adapters.notify import CallableSink
from ...domain.model.instrument import ZERO, plain
from ...domain.model.stop import Breakeven, Stop
from ...simulator import Change, SimOrder, Simulator, SimulatorServer
from .accounts import MAIN, MIRROR, accounts
from .screen import Screen

STOP = Stop.of(percent=5, breakeven=Breakeven.of(after_level=1, offset="0.08"))
_SIDE = "Sell"
_ENTRIES = {MAIN: "0.6720", MIRROR: "0.6800"}
_PATIENCE_S = 30.0


class StopAct:
    """TP1 fills on a mirror, and its stop has to go to breakeven by the mirror's own entry.

    Args:
        screen: where it is shown.
        sim: the exchange.
        symbol: the contract; nothing is open on it.
        database: of the acts before.
    """

    def __init__(self, screen: Screen, sim: Simulator, symbol: str, database: Path) -> None:
        self._screen = screen
        self._sim = sim
        self._symbol = symbol
        self._database = database
        self._child: subprocess.Popen[bytes] | None = None
        self._before = ZERO

    def play(self, ladder: Ladder) -> None:
        """Kills a process between request and reply, and starts another."""
        self._sim.behaviour = replace(self._sim.behaviour, visible_delay_ms=0)
        for uid, entry in _ENTRIES.items():
            self._sim.open_position(uid, self._symbol, _SIDE, "307.3", entry)
        with SimulatorServer(self._sim, port=0, follow_wall=True) as server:
            owners = accounts(server.url)
            with self._screen.unseen(), self._engine(owners) as engine:
                monitor = engine.watch("mirror", self._symbol, _SIDE, ladder, stop=STOP)
                engine.reconcile(monitor)
            self._tp1_fills()
            self._kill(server.url)
            with self._engine(owners) as engine:
                self._go_on(engine, monitor)

    @contextmanager
    def _engine(self, owners: Sequence[Account]) -> Iterator[Reconciler]:
        sink = CallableSink(lambda alert: self._screen.alert(alert.text))
        url = f"sqlite:///{self._database}"
        with Reconciler(url, accounts=owners, sinks=[sink]) as opened:
            yield opened

    def _tp1_fills(self) -> None:
        levels = [o for o in self._sim.orders(MIRROR, self._symbol) if "_TP1_" in o.link_id]
        self._sim.set_price(self._symbol, "0.6600")
        self._sim.fill(MIRROR, levels[0].order_id)
        self._screen.say(f"TP1 fills. {self._stops()}")

    def _kill(self, url: str) -> None:
        """Runs a process until the exchange has its request, and not one reply more."""
        (stop,) = self._own_stops()
        self._before = stop.trigger_price or self._before
        self._sim.listen(self._on_change)
        command = [sys.executable, "-m", "trueup.cli.demo.killed", url, str(self._database)]
        self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        status = self._child.wait(timeout=_PATIENCE_S)
        self._screen.say(
            f"Process {self._child.pid} sent its request and was killed (kill -9, status {status}) "
            f"before the exchange replied. {self._stops()}"
        )
        self._child = None

    def _on_change(self, changes: tuple[Change, ...]) -> None:
        """Kills the process as soon as its request has moved the stop; no reply has left then."""
        moved = any(
            isinstance(one.subject, SimOrder)
            and one.subject.stop_order_type == "StopLoss"
            and one.subject.trigger_price != self._before
            for one in changes
        )
        if moved and self._child is not None:
            self._child.kill()

    def _go_on(self, engine: Reconciler, monitor: MonitorRecord) -> None:
        """Another process finds the request on record, and what it did at the exchange."""
        logged = engine.store.rows("stop_log", account="mirror", symbol=self._symbol)[-1]
        self._screen.say(
            f"Another process finds on record: the stop goes to {logged['price']} "
            f"({logged['rule']}), {logged['status']}."
        )
        asked = len(self._sim.requests)
        self._screen.run(engine.reconcile(monitor))
        sent = sum(request.is_write for request in self._sim.requests[asked:])
        self._screen.alerts()
        self._screen.say(f"Requests it sent to change anything: {sent}. {self._stops()}")

    def _stops(self) -> str:
        own = self._own_stops()
        stops = [f"{plain(o.trigger_price or ZERO)} for {plain(o.quantity)}" for o in own]
        return f"The exchange has {len(stops)} stop: {', '.join(stops)}."

    def _own_stops(self) -> list[SimOrder]:
        orders = self._sim.orders(MIRROR, self._symbol)
        return [order for order in orders if order.stop_order_type == "StopLoss"]

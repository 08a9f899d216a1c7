"""Three accounts with healthy monitors, one bad monitor on the first, and the real reconciler."""

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from chaos.speed.patching import Patches
from chaos.world.virtual_waiting import VirtualWaiting
from tests.engine.beside.timeline import InTurn, Timeline, TimelineLoop
from tests.stage import CountedChance, Interrupted
from trueup import Account, Alert, Ladder, LoopSettings, MonitorKey, Reconciler, Role, Side
from trueup.adapters.bybit import BybitExchange, BybitSettings
from trueup.adapters.notify import CallableSink
from trueup.domain.model.instrument import Instrument
from trueup.domain.model.observation import Unknown
from trueup.domain.ports import Exchange, Moment
from trueup.engine import door as engine_door
from trueup.engine.door import Door, Wanted
from trueup.engine.live.exchange import LiveExchange
from trueup.engine.loop import accounts, service
from trueup.simulator import Behaviour, InstrumentSpec
from trueup.testing import InProcessSimulator, Network, SimulatorFeed, in_process_exchange

START_MS = 1_737_809_937_842
BAD, HEALTHY = "BADUSDT", ("AUSDT", "ENAUSDT")
NAMES = ("main", "mirror", "other")
LADDER = Ladder.of(("0.72", 50), ("0.74", 20), ("0.76", 20), ("0.80", 10))
KEY = MonitorKey("main", BAD, Side.BUY)
GOOD = tuple(
    MonitorKey(name, symbol, Side.BUY)
    for name in NAMES
    for symbol in (HEALTHY[:1] if name == KEY.account else HEALTHY)
)
"""The bad monitor's account has one only: together they stay within its ten orders a second."""
MINUTE = timedelta(minutes=1)
FRESH = BybitSettings(instrument_ttl=timedelta(seconds=1))
"""Rules of contracts are read again in each run, so that a change shows at once."""


def spec(symbol: str, **rules: Any) -> InstrumentSpec:  # noqa: ANN401 - any rule
    """A contract."""
    usual: dict[str, Any] = {
        "tick": "0.0001",
        "step": "0.1",
        "min_quantity": "0.1",
        "max_quantity": "100000",
    }
    return InstrumentSpec(symbol=symbol, **{**usual, **rules})


class Beside:
    """The world.

    Attributes:
        with_bad: whether there is the bad monitor at all.
        unreadable_rules: what is wrong with the bad contract's rules, if they cannot be read.
    """

    def __init__(self, folder: Path, *, with_bad: bool) -> None:
        self.with_bad = with_bad
        self.unreadable_rules = ""
        self.clock = Timeline(START_MS)
        self.sim = InProcessSimulator(
            self.clock, Behaviour(rate_limits=False, ip_limit=False), "beside"
        )
        self.alerts: list[Alert] = []
        self.refused: list[str] = []
        self.runs = 0
        self._url = f"sqlite:///{folder / 'trueup.db'}"
        self._opened = ExitStack()
        self._randomness = CountedChance()
        for name in NAMES:
            self.sim.add_account(uid=name, api_key=f"{name}-key", api_secret=f"{name}-secret")
        for symbol in (BAD, *HEALTHY):
            self.sim.add_instrument(spec(symbol), price="0.70")
        for key in GOOD:
            self.sim.open_position(key.account, key.symbol, "Buy", "1000", "0.69")
        if with_bad:
            self.sim.open_position(KEY.account, BAD, "Buy", "600", "0.69")

    def start(self, *more: MonitorKey) -> None:
        """Another process on the same database, with the same file, and ``more`` in it."""
        wanted = dict.fromkeys((*GOOD, *((KEY,) if self.with_bad else ()), *more), LADDER)
        patches = Patches(
            (
                (service, "JobLoop", TimelineLoop),
                (accounts, "LiveExchange", partial(LiveExchange, waiting=self._waiting())),
                (engine_door, "ThreadPoolExecutor", InTurn),
            )
        )
        self._opened.enter_context(patches)
        self.reconciler = self._opened.enter_context(
            Reconciler(
                self._url,
                accounts=[_account(name) for name in NAMES],
                sinks=[CallableSink(self._alerted)],
                clock=self.clock,
                randomness=self._randomness,
                connect=self._connect,
                listen=lambda account: SimulatorFeed(self.sim, account.name),
            )
        )
        self._open(wanted)

    def stop(self) -> None:
        """The runs under way end, and the process with them."""
        if self.clock.pool is not None:
            self.clock.pool.stop()
        self.clock.until(lambda: self.clock.is_idle, MINUTE)
        self._opened.close()

    def pass_by(self, duration: timedelta) -> None:
        """Time passes."""
        self.clock.until(lambda: False, duration)

    def until_true(self, *, but: str = "") -> int:
        """How many milliseconds it takes until the healthy monitors of all accounts but one are."""
        wanted = [key for key in GOOD if key.account != but]
        began_ms = self.clock.now_ms()
        self.clock.until(lambda: all(map(self._is_true, wanted)), 10 * MINUTE)
        assert all(map(self._is_true, wanted))
        return self.clock.now_ms() - began_ms

    def grow(self) -> None:
        """An entry of each healthy monitor fills."""
        for key in GOOD:
            self.sim.open_position(key.account, key.symbol, "Buy", "500", "0.69")

    def _is_true(self, key: MonitorKey) -> bool:
        orders = self.sim.orders(key.account, key.symbol)
        resting = {order.price: order.leaves for order in orders}
        size = self.sim.position(key.account, key.symbol, "Buy").size
        return resting == {level.price: size * level.share / 100 for level in LADDER.levels}

    def _open(self, wanted: Mapping[MonitorKey, Ladder | None]) -> None:
        """As ``trueup run`` does: first what is on record, then, beside it, what is new."""
        asked = {key: Wanted(ladder) for key, ladder in wanted.items()}
        door = Door(self.reconciler, asked, dict.fromkeys(NAMES))
        assert door.watch_stored() == ()
        stored = [record.key for record in self.reconciler.monitors()]
        self.reconciler.start(stored, settings=LoopSettings(), on_run=self._ran)

        def watch_new() -> None:
            self.refused += [f"{each.key}: {each.reason}" for each in door.watch_new()]

        self.clock.begin(watch_new)

    def _alerted(self, alert: Alert) -> None:
        self.alerts.append(alert)

    def _ran(self, _reason: str, report: Any) -> None:  # noqa: ANN401 - a report
        self.runs += report.key == KEY

    def _waiting(self) -> VirtualWaiting:
        return VirtualWaiting(self.clock)

    def _connect(self, account: Account) -> Exchange:
        real = in_process_exchange(account, self.sim, network=Network(20), settings=FRESH)
        return _Misread(real, self)


class _Misread(Interrupted):
    """An account whose exchange answers about the bad contract as no simulator would."""

    def __init__(self, real: BybitExchange, world: Beside) -> None:
        super().__init__(real, {})
        self._world = world

    def instrument(
        self, symbol: str, *, since: Moment | None = None
    ) -> Instrument | Unknown | None:
        """The rules, or what is wrong with them."""
        wrong = self._world.unreadable_rules
        if symbol == BAD and wrong:
            return Unknown(self.account, self._world.clock.now(), wrong, lasts=True)
        return super().instrument(symbol, since=since)


def _account(name: str) -> Account:
    return Account(name, f"{name}-key", f"{name}-secret", role=Role.MAIN)

"""The demo's live act: trueup runs by itself, and a stopwatch runs from a fill to a true ladder."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue

from ... import (
    Account,
    Alert,
    Keep,
    Ladder,
    LoopSettings,
    MonitorKey,
    Reconciler,
    Retention,
    RunReport,
    Side,
    Sweep,
)
from ...adapters.bybit import BybitFeed
from ...adapters.notify import CallableSink
from ...domain.model.instrument import ZERO, plain
from ...domain.ports import Feed
from ...domain.tracking.feed import StreamEvent
from ...engine.live.status import ViewState
from ...simulator import Simulator
from .screen import Screen
from .stopwatch import Moment, Watch, on_the_wire

_SIDE = "Sell"
# To the machine's clock, the acts in virtual time are years old.
_FOR_GOOD = Retention(Keep(), Keep(), Keep(), Keep(), Keep())
_STREAMED = LoopSettings(retention=_FOR_GOOD)
_SWEPT = LoopSettings(interval=timedelta(seconds=1), streams=False, retention=_FOR_GOOD)
_PATIENCE_S = 30.0
# Of the exchange's time: what changes twice in one millisecond has to be read.
_A_WHILE_MS = 100
_HONESTLY = (
    "Measured in this run, by one clock: exchange, trueup and both ends of the wire share this "
    "machine and one process. The round trip to Bybit comes on top."
)


class TappedFeed:
    """A feed whose events also go to an observer, before anybody else handles them."""

    def __init__(self, feed: Feed, observe: Callable[[StreamEvent], None]) -> None:
        self._feed = feed
        self._observe = observe

    @property
    def account(self) -> str:
        """See the port."""
        return self._feed.account

    def start(self, handle: Callable[[StreamEvent], None]) -> None:
        """See the port."""

        def both(event: StreamEvent) -> None:
            self._observe(event)
            handle(event)

        self._feed.start(both)

    def stop(self) -> None:
        """See the port."""
        self._feed.stop()

    def ping(self) -> None:
        """See the port."""
        self._feed.ping()


class LiveAct:
    """A position that grows by itself, under a reconciler that runs by itself.

    Args:
        screen: where it is shown.
        sim: the exchange; its time follows the machine's.
        uid: the account that the position is opened on, called ``mirror`` by trueup.
        symbol: the contract; nothing is open on it.
    """

    def __init__(self, screen: Screen, sim: Simulator, uid: str, symbol: str) -> None:
        self._screen = screen
        self._sim = sim
        self._uid = uid
        self._key = MonitorKey("mirror", symbol, Side(_SIDE))
        self._watch = Watch(sim, uid, symbol)
        self._runs: SimpleQueue[RunReport] = SimpleQueue()
        self._sweeps: SimpleQueue[Sweep] = SimpleQueue()
        self._alerts: SimpleQueue[Alert] = SimpleQueue()

    def play(self, database: Path, accounts: Sequence[Account], ladder: Ladder) -> None:
        """Opens a short of 307.3, and lets it grow once with streams and once without."""
        self._sim.behaviour = replace(self._sim.behaviour, visible_delay_ms=0)
        self._sim.open_position(self._uid, self._key.symbol, _SIDE, "307.3", "0.6800")
        with Reconciler(
            f"sqlite:///{database}",
            accounts=accounts,
            sinks=[CallableSink(self._alerts.put)],
            listen=lambda account: TappedFeed(BybitFeed(account), self._watch.received),
        ) as reconciler:
            reconciler.watch(self._key.account, self._key.symbol, _SIDE, ladder)
            self._start(reconciler, _STREAMED)
            self._runs.get(timeout=_PATIENCE_S)
            while not self._is_synced(reconciler):
                self._sweeps.get(timeout=_PATIENCE_S)
            self._show("Private streams on", "the private stream reports it", "614.6")
            self._screen.alerts()
            reconciler.stop()
            self._sweeps = SimpleQueue()
            self._start(reconciler, _SWEPT)
            while self._sweeps.get(timeout=_PATIENCE_S).account != self._key.account:
                pass
            self._show("Streams off, a sweep every second", "a sweep finds it", "307.3")
        self._screen.say(_HONESTLY)

    def _show(self, title: str, learned: str, growth: str) -> None:
        asked = len(self._sim.requests)
        self._watch.begin()
        self._sim.clock.advance(_A_WHILE_MS)
        entry = self._sim.place_entry(self._uid, self._key.symbol, _SIDE, growth, "0.7100")
        self._sim.clock.advance(_A_WHILE_MS)
        self._sim.fill(self._uid, entry)
        report = self._runs.get(timeout=_PATIENCE_S)
        while not report.is_true:
            report = self._runs.get(timeout=_PATIENCE_S)
        own = [each for each in self._sim.requests[asked:] if each.uid == self._uid]
        size = plain(report.record.position_size)
        words = {
            Moment.FILL: f"an entry of {growth} fills: the short is {size}",
            Moment.LEARNED: learned,
            Moment.REQUEST: f"the exchange has the request: {_gist(report)}",
            Moment.TRUE: f"the ladder is true: {plain(report.covered)} of {size} covered",
            Moment.ENDED: f"the run is over: {report.outcome.value}, verified, on record",
        }
        moments = self._watch.moments()
        rows = [(milliseconds, words[moment]) for moment, milliseconds in moments.items()]
        self._screen.moments(title, rows, on_the_wire(own))
        while (alert := self._alerts.get(timeout=_PATIENCE_S)).run_id != report.run_id:
            pass
        self._screen.alert(alert.text)

    def _start(self, reconciler: Reconciler, settings: LoopSettings) -> None:
        reconciler.start(settings=settings, on_run=self._ran, on_sweep=self._swept)

    def _ran(self, _reason: str, report: RunReport) -> None:
        if report.key == self._key and report.results:
            self._watch.mark(Moment.ENDED)
            self._runs.put(report)

    def _swept(self, sweep: Sweep) -> None:
        if self._key in sweep.drifted:
            self._watch.mark(Moment.LEARNED)
        self._sweeps.put(sweep)

    def _is_synced(self, reconciler: Reconciler) -> bool:
        own = (view for view in reconciler.views() if view.account == self._key.account)
        return any(view.state is ViewState.SYNCED for view in own)


def _gist(report: RunReport) -> str:
    before = sum((result.before for result in report.results), ZERO)
    after = sum((result.after for result in report.results), ZERO)
    return f"{len(report.results)} TP orders, {plain(before)} → {plain(after)}"

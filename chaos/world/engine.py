"""The engine under test: the real reconciler on the history's exchange and store."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol, runtime_checkable

from trueup.adapters.bybit import BybitExchange, BybitSettings
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.instrument import Instrument
from trueup.domain.model.record import MonitorRecord
from trueup.domain.planning.beyond_market import BeyondMarket
from trueup.domain.ports import AlertSink, Feed, Moment, Randomness
from trueup.domain.recognition.classify import Recognition
from trueup.domain.venue.account import Account
from trueup.engine.accounts import check_accounts
from trueup.engine.door import Door, Wanted
from trueup.engine.keys import gate
from trueup.engine.outbox import outbox
from trueup.engine.reconciler import Reconciler
from trueup.engine.run.report import RunReport
from trueup.states.work.settings import RunSettings
from trueup.testing import InProcessSimulator, Network, in_process_exchange

from ..judge.judge import Judge
from ..scene.scene import Scene
from ..speed.patching import Patches
from .machine_clock import MachineClock
from .stepped_loop import SteppedCourier


class Parts(Protocol):
    """What the world hands to an engine each time it starts one."""

    @property
    def scene(self) -> Scene:
        """What was there at the start."""
        ...

    @property
    def simulator(self) -> InProcessSimulator:
        """The exchange."""
        ...

    @property
    def machine(self) -> MachineClock:
        """The clock of the engine's machine."""
        ...

    @property
    def network(self) -> Network:
        """The network between engine and exchange."""
        ...

    @property
    def randomness(self) -> Randomness:
        """Where ids come from."""
        ...

    @property
    def store(self) -> Any:  # noqa: ANN401 - any Store
        """The database."""
        ...

    @property
    def sinks(self) -> Sequence[AlertSink]:
        """Where alerts go."""
        ...

    def keeps(self, name: str, goes_on: Callable[[], None]) -> bool:
        """Whether the sink of a name keeps the call that is due; ``goes_on`` is called then."""
        ...

    @property
    def reach(self) -> Callable[[str], None]:
        """Called at every crash point that the engine passes."""
        ...

    @property
    def judge(self) -> Judge:
        """Receives what the engine is shown other than by replies: stream events and views."""
        ...


class Engine(Protocol):
    """What a history runs: trueup, or anything else that should be held to the promises."""

    def reconcile(self, key: MonitorKey) -> None:
        """Brings one monitor's orders to what its ladder asks for."""
        ...

    def deliver(self) -> None:
        """Delivers the alerts of the outbox."""
        ...

    def refresh_controls(self) -> None:
        """Somebody has paused, halted or resumed something."""
        ...


@runtime_checkable
class LiveEngine(Engine, Protocol):
    """An engine that runs by itself, job by job, when the world lets it."""

    def run_next(self) -> bool:
        """Does the next job that is due; false if none is."""
        ...

    def next_at(self) -> Moment | None:
        """When the next job falls due; None if none will."""
        ...

    @property
    def begun(self) -> int:
        """How many jobs have begun and not ended."""
        ...

    def ladder_given(self, record: MonitorRecord) -> None:
        """A monitor was put under watch, or its ladder was replaced."""
        ...

    def wake(self, key: MonitorKey) -> None:
        """A monitor was woken."""
        ...

    def disconnect(self) -> None:
        """The process has died: its connections end, and none of its code runs any more."""
        ...

    def stands_still(self) -> Callable[[], None]:
        """The process is stopped: what its streams receive waits; returns what lets it go on."""
        ...


Start = Callable[[Parts], Engine]

DOOR = "P8 a start refuses nobody"
"""The name of the promise that what is on record comes under watch, whatever the market does."""


def one_by_one(jobs: Sequence[Callable[[], None]]) -> None:
    """Does the jobs at once, where trueup would use threads."""
    for job in jobs:
        job()


class Trueup:
    """trueup: the real :class:`~trueup.engine.reconciler.Reconciler`, run pass by pass."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        settings = BybitSettings(
            order_page=parts.scene.order_page,
            batch_size=parts.scene.batch_size,
            conditional_orders=parts.scene.conditional_orders,
            asks_key=parts.scene.asks_key,
            lateness=parts.scene.lateness,
        )
        twin = parts.scene.twin
        accounts = (*parts.scene.accounts, *(() if twin is None else (twin,)))

        def connect(account: Account) -> BybitExchange:
            return in_process_exchange(
                account,
                parts.simulator,
                network=parts.network,
                settings=settings,
                clock=parts.machine,
            )

        with Patches(((outbox, "Courier", partial(SteppedCourier, keeps=parts.keeps)),)):
            self._reconciler = Reconciler(
                parts.store,
                accounts=check_accounts(accounts),
                connect=connect,
                listen=self._listen,
                sinks=parts.sinks,
                clock=parts.machine,
                randomness=parts.randomness,
                settings=RunSettings(
                    beyond_market=BeyondMarket(parts.scene.beyond_market),
                    recognition=Recognition(adopt_stops=parts.scene.adopts_stops),
                ),
                reach=parts.reach,
            )

    def open(self) -> None:
        """Puts the monitors under watch, through the same door as ``trueup run`` at each start.

        All of them are on record, and the file asks for what it asked before: none may be refused.
        """
        self.refresh_controls()
        follows = {account.name: account.follows for account in self._parts.scene.accounts}
        records = [r for r in self._parts.store.monitors() if r.key.account in follows]
        wanted = {r.key: Wanted(r.ladder if r.ladder_source == "given" else None) for r in records}
        for refused in Door(self._reconciler, wanted, follows).watch_stored():
            self._parts.judge.find(DOOR, refused.key, f"it is refused: {refused.reason}")

    def reconcile(self, key: MonitorKey) -> None:
        """Runs one monitor once."""
        with Patches(((gate, "in_threads", one_by_one),)):
            self.ran(self._reconciler.reconcile(key))
        self._parts.judge.notified()

    def ran(self, report: RunReport) -> None:
        """A pass has come to its end; a subclass may look at its report."""

    def rules_read(self, key: MonitorKey) -> Instrument | None:
        """The rules of the monitor's contract that this process keeps; None if it keeps none."""
        exchange = self._reconciler._exchanges[key.account]  # noqa: SLF001 - it is not shown
        kept = exchange._instruments._kept.of.get(key.symbol)  # type: ignore[attr-defined] # noqa: SLF001 - nor is this
        return None if kept is None else kept[0]

    def deliver(self) -> None:
        """Delivers the outbox."""
        self._reconciler.deliver_alerts()
        self._parts.judge.notified()

    def refresh_controls(self) -> None:
        """Does what the reconciler's thread does a moment later."""
        self._reconciler._stops.refresh()  # noqa: SLF001 - as its thread

    def _listen(self, _account: Account) -> Feed | None:
        """No stream: an engine that is run pass by pass receives no events."""
        return None

"""The engine under test: the real reconciler, with the history's exchange and store under it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from trueup.adapters.bybit import BybitExchange, BybitSettings
from trueup.domain.model.account import Account
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.record import MonitorRecord
from trueup.domain.ports import AlertSink, Feed, Randomness
from trueup.engine.accounts import check_accounts
from trueup.engine.reconciler import Reconciler
from trueup.states.work.settings import RunSettings
from trueup.testing.client import Line, in_process
from trueup.testing.face import AskedSimulator

from ..exchange.scene import Scene
from ..judging.judge import Judge


class Parts(Protocol):
    """What the world hands to an engine, each time one is started."""

    @property
    def scene(self) -> Scene:
        """What there is."""
        ...

    @property
    def simulator(self) -> AskedSimulator:
        """The exchange."""
        ...

    @property
    def line(self) -> Line:
        """The line to it."""
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

    @property
    def reach(self) -> Callable[[str], None]:
        """Told every crash point that is passed."""
        ...

    @property
    def judge(self) -> Judge:
        """Told what the engine is shown otherwise than by replies: see :mod:`.earshot`."""
        ...


class Engine(Protocol):
    """What a history runs: trueup, or whatever else shall be held to the promises."""

    def reconcile(self, key: MonitorKey) -> None:
        """Brings one monitor's orders to what its ladder asks for."""
        ...

    def deliver(self) -> None:
        """Delivers what alerts there are."""
        ...


@runtime_checkable
class Living(Engine, Protocol):
    """An engine that runs by itself, step by step in the world's hands."""

    def turn(self) -> bool:
        """Does one thing that is due; false if nothing is."""
        ...

    def next_at(self) -> datetime | None:
        """When something becomes due of itself; None if nothing will."""
        ...

    def given(self, record: MonitorRecord) -> None:
        """A monitor was put under watch, or given another ladder."""
        ...

    def wake(self, key: MonitorKey) -> None:
        """A monitor is to run."""
        ...

    def cut(self) -> None:
        """The process has died: its connections end, and nothing of it moves any more."""
        ...


Start = Callable[[Parts], Engine]


class Trueup:
    """The real :class:`~trueup.engine.reconciler.Reconciler`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        settings = BybitSettings(
            order_page=parts.scene.order_page,
            batch_size=parts.scene.batch_size,
            conditional_orders=parts.scene.conditional_orders,
        )

        def connect(account: Account) -> BybitExchange:
            return in_process(account, parts.simulator, parts.line, settings)

        self._reconciler = Reconciler(
            parts.store,
            accounts=check_accounts(parts.scene.accounts),
            connect=connect,
            listen=self._listen,
            sinks=parts.sinks,
            clock=parts.simulator.clock,
            randomness=parts.randomness,
            settings=RunSettings(),
            reach=parts.reach,
        )

    def reconcile(self, key: MonitorKey) -> None:
        """One pass."""
        self._reconciler.reconcile(key)

    def deliver(self) -> None:
        """Delivers the outbox."""
        self._reconciler.deliver_alerts()

    def _listen(self, _account: Account) -> Feed | None:
        """An engine that is run by hand hears nothing."""
        return None

"""The engine under test: the real reconciler, with the history's exchange and store under it."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from ..adapters.bybit import BybitExchange, BybitSettings
from ..domain.account import Account
from ..domain.identity import MonitorKey
from ..domain.ports import AlertSink, Chance
from ..engine import driver, reconciler
from ..engine.reconciler import Reconciler
from ..states.monitor import Machine
from .client import Line, in_process
from .face import AskedSimulator
from .machine import TableMachine
from .scene import Scene
from .swapping import swapped


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
    def chance(self) -> Chance:
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


class Engine(Protocol):
    """What a history runs: trueup, or whatever else shall be held to the promises."""

    def reconcile(self, key: MonitorKey) -> None:
        """Brings one monitor's orders to what its ladder asks for."""
        ...

    def deliver(self) -> None:
        """Delivers what alerts there are."""
        ...


Start = Callable[[Parts], Engine]


class Trueup:
    """The real :class:`~trueup.engine.reconciler.Reconciler`.

    Args:
        parts: the world's.
        real_chart: walk the chart with its library, as in production, or by its table.
    """

    def __init__(self, parts: Parts, *, real_chart: bool = False) -> None:
        self._machine: object = Machine if real_chart else TableMachine
        settings = BybitSettings(
            order_page=parts.scene.order_page,
            batch_size=parts.scene.batch_size,
            conditional_orders=parts.scene.conditional_orders,
        )

        def connect(account: Account) -> BybitExchange:
            return in_process(account, parts.simulator, parts.line, settings)

        with swapped(reconciler, "open_store", lambda _url: parts.store):
            self._reconciler = Reconciler(
                "in the history's hands",
                accounts=parts.scene.accounts,
                sinks=parts.sinks,
                clock=parts.simulator.clock,
                chance=parts.chance,
                connect=connect,
                reach=parts.reach,
            )

    def reconcile(self, key: MonitorKey) -> None:
        """One pass."""
        with swapped(driver, "Machine", self._machine):
            self._reconciler.reconcile(key)

    def deliver(self) -> None:
        """Delivers the outbox."""
        self._reconciler.deliver_alerts()


def start_trueup(parts: Parts) -> Engine:
    """Starts trueup, on the chart's table."""
    return Trueup(parts)


def start_trueup_on_its_chart(parts: Parts) -> Engine:
    """Starts trueup, on the chart itself."""
    return Trueup(parts, real_chart=True)

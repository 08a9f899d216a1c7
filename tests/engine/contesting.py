"""An exchange with a long of 1000, and engines on it, each with a database of its own."""

from copy import deepcopy
from decimal import Decimal

from tests.stage import CountedChance
from trueup import Account, Alert, CallableSink, Ladder, RunReport, RunSettings
from trueup.engine.accounts import check_accounts
from trueup.engine.reconciler import Reconciler
from trueup.simulator import Behaviour, Change, InstrumentSpec, SimOrder, VirtualClock
from trueup.simulator.api import writes
from trueup.testing import InProcessSimulator, MemoryStore, in_process_exchange

BAND = "BANDUSDT"
OURS = Ladder.of(("0.7100", 85), ("0.7200", 5), ("0.7300", 5), ("0.7400", 5))
THEIRS = Ladder.of(("0.7150", 50), ("0.7250", 50))


class Engine:
    """A reconciler with a database of its own, and the alerts that it has sent."""

    def __init__(
        self, sim: InProcessSimulator, ladder: Ladder | None, settings: RunSettings | None = None
    ) -> None:
        self._sim = sim
        self._settings = settings or RunSettings()
        self.store = MemoryStore()
        self.account = Account("main", "key", "secret")
        self.alerts: list[Alert] = []
        self.restart()
        self.monitor = self.reconciler.watch("main", BAND, "Buy", ladder)

    def restart(self) -> None:
        """Another process on the same database."""
        self.reconciler = Reconciler(
            self.store,
            accounts=check_accounts([self.account]),
            sinks=[CallableSink(self.alerts.append)],
            connect=lambda account: in_process_exchange(account, self._sim),
            listen=lambda _account: None,
            clock=self._sim.clock,
            randomness=CountedChance(),
            settings=self._settings,
            reach=lambda _point: None,
        )

    def copy(self) -> "Engine":
        """An engine on another host, with a copy of the database."""
        copied = Engine(self._sim, OURS, self._settings)
        copied.store = deepcopy(self.store)
        copied.restart()
        return copied

    def run(self) -> RunReport:
        """One run, and its alert."""
        report = self.reconciler.reconcile(self.monitor)
        self.reconciler.deliver_alerts()
        return report

    def named(self, text: str) -> list[Alert]:
        """The alerts that state it."""
        return [alert for alert in self.alerts if text in alert.text]


class Venue:
    """An exchange with a long of 1000, and what happened at it."""

    def __init__(self, max_quantity: str = "100000") -> None:
        self.sim = InProcessSimulator(
            VirtualClock(1_737_809_937_842), Behaviour(rate_limits=False, ip_limit=False), "fight"
        )
        self.sim.add_account(uid="main", api_key="key", api_secret="secret")
        self.sim.add_instrument(
            InstrumentSpec(
                symbol=BAND,
                tick="0.0001",
                step="0.1",
                min_quantity="0.1",
                max_quantity=max_quantity,
            ),
            price="0.7000",
        )
        self.sim.open_position("main", BAND, "Buy", "1000", "0.7000")
        self.sim.clock.advance(10)
        self.sim.forget_setup()
        self.covers: list[Decimal] = []
        self.sim.listen(self._changed)

    @property
    def orders(self) -> list[SimOrder]:
        """What closes the position, nearest first."""
        return sorted(self.sim.orders("main", BAND), key=lambda order: order.price)

    @property
    def covered(self) -> Decimal:
        """What they cover."""
        return sum((order.leaves for order in self.orders), Decimal(0))

    def amend(self, place: int, **fields: str) -> None:
        """Somebody changes an order."""
        order = self.orders[place]
        sent = {"symbol": BAND, "orderId": order.order_id, **fields}
        assert self.sim.by_hand("main", writes.amend, sent)
        self.pass_by(10)

    def pass_by(self, ms: int) -> None:
        """Lets time pass."""
        self.sim.clock.advance(ms)

    def sent(self) -> int:
        """How many write requests came since this was last asked."""
        count = sum(request.is_write for request, _ in self.sim.request_log)
        self.sim.request_log.clear()
        return count

    def _changed(self, changes: tuple[Change, ...]) -> None:
        if any(isinstance(change.subject, SimOrder) for change in changes):
            self.covers.append(self.covered)

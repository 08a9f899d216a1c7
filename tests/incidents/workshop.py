"""A stage for one symbol, with somebody who watches every change and every commit."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from decimal import Decimal
from sqlite3 import connect

from tests.stage import START_MS, UIDS, Stage
from trueup import MonitorRecord, Reconciler
from trueup.adapters.notify import CallableSink
from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus
from trueup.domain.store import Step
from trueup.simulator import (
    Behaviour,
    Change,
    InstrumentSpec,
    SimOrder,
    SimPosition,
    Simulator,
    VirtualClock,
)

MAIN, MIRROR = UIDS["main"], UIDS["mirror"]
ZERO = Decimal(0)


class Cut(KeyboardInterrupt):
    """The process ends here, as far as the run can tell."""


def nothing() -> None:
    """Lets a request pass."""


def cut() -> None:
    """Ends the process before the request leaves."""
    raise Cut


def market(symbol: str, *, tick: str, step: str, price: str, notional: str = "5") -> Simulator:
    """Two accounts and one contract."""
    sim = Simulator(
        clock=VirtualClock(start_ms=START_MS),
        behaviour=Behaviour(rate_limits=False, ip_limit=False),
    )
    for name, uid in UIDS.items():
        sim.add_account(uid=uid, api_key=f"{name}-key", api_secret=f"{name}-secret")
    spec = InstrumentSpec(
        symbol=symbol,
        tick=tick,
        step=step,
        min_quantity=step,
        max_quantity="100000000",
        min_notional=notional,
    )
    sim.add_instrument(spec, price=price)
    return sim


@dataclass
class Workshop(Stage):
    """A stage whose reconciler tells the name of every crash point that it reaches."""

    reach: Callable[[str], None] = field(default=lambda _point: None)

    def open(self) -> Reconciler:
        """A reconciler on the stage's database."""
        return Reconciler(
            self.url,
            accounts=self.accounts(),
            settings=self.settings,
            sinks=[CallableSink(self.alerts.append)],
            clock=self.clock,
            randomness=self.randomness,
            connect=self.connect,
            reach=self._reached,
        )

    def restart(self) -> None:
        """A new process on the same database."""
        self.moments.clear()
        self.reach = lambda _point: None
        self.reconciler.close()
        self.reconciler = self.open()

    def rewrite(self, monitor: MonitorRecord, **fields: object) -> MonitorRecord:
        """Puts something else on record, as a script did behind the bot's back."""
        record = self.reconciler.store.load(monitor.key)
        assert record is not None
        changed = replace(record, **fields)  # type: ignore[arg-type] # whatever field the script changed
        return self.reconciler.store.commit(Step(record=changed))

    def believe(
        self,
        monitor: MonitorRecord,
        *,
        level: int,
        order_id: str,
        order_link_id: str,
        quantity: str,
    ) -> None:
        """Puts an order on record as a take-profit of the level, at its price or at none."""
        ladder = monitor.ladder
        price = ladder.levels[level - 1].price if ladder else ZERO
        order = OwnedOrder(
            level=level,
            part=1,
            order_link_id=order_link_id,
            order_id=order_id,
            price=price,
            asked_price=price,
            quantity=Decimal(quantity),
            filled=ZERO,
            status=OwnedStatus.OPEN,
            origin=Origin.ADOPTED,
        )
        record = self.reconciler.store.load(monitor.key)
        assert record is not None
        self.reconciler.store.commit(Step(record=record.with_order(order)))

    def _reached(self, point: str) -> None:
        self.reach(point)

    def tables(self, query: str) -> list[tuple[str, ...]]:
        """What somebody else reads in the database: what is committed, and nothing else."""
        with closing(connect(f"file:{self.path / 'trueup.db'}?mode=ro", uri=True)) as database:
            return [tuple(map(str, row)) for row in database.execute(query)]


class Watch:
    """Follows one account's position and orders, change by change.

    Attributes:
        size: of the position, as last seen.
        excesses: the moments at which more was covered than was open.
        touched: ids of the orders that changed.
    """

    def __init__(self, sim: Simulator, uid: str, size: Decimal) -> None:
        self.size = size
        self.excesses: list[str] = []
        self.touched: set[str] = set()
        self._uid = uid
        self._leaves = {o.order_id: o.leaves for o in sim.orders(uid) if o.reduce_only}
        sim.listen(self.listen)

    def listen(self, changes: tuple[Change, ...]) -> None:
        """Takes the changes of one effect."""
        for change in (each for each in changes if each.uid == self._uid):
            if isinstance(change.subject, SimPosition):
                self.size = change.subject.size
            elif isinstance(change.subject, SimOrder):
                self.touched.add(change.subject.order_id)
                if change.subject.reduce_only:
                    self._leaves[change.subject.order_id] = change.subject.leaves
        cover = sum(self._leaves.values(), ZERO)
        if cover > self.size:
            self.excesses.append(f"{cover} covered, {self.size} open")


def ladder_at(sim: Simulator, uid: str) -> Mapping[Decimal, Decimal]:
    """What reduce-only limit orders cover at each price."""
    return dict(_by_price(sim, uid))


def covered(sim: Simulator, uid: str) -> Decimal:
    """What reduce-only limit orders cover."""
    return sum(ladder_at(sim, uid).values(), ZERO)


def _by_price(sim: Simulator, uid: str) -> Iterator[tuple[Decimal, Decimal]]:
    own = [o for o in sim.orders(uid) if o.reduce_only and o.trigger_price is None]
    for price in sorted({order.price for order in own}):
        yield price, sum((order.leaves for order in own if order.price == price), ZERO)

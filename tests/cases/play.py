"""Playing a case: the state is put on a simulator and on record, and reconciled twice.

The adapter is the real one, over HTTP; the database is a file of the case's own, written through
the store. Time is virtual.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tests.cases.casebook import Case
from tests.cases.journey import Journey
from tests.cases.market import market_price
from tests.cases.resting import Kind, Resting, resting_of
from tests.cases.switchboard import Switchboard
from tests.replayed import replayed
from tests.stage import PATIENCE, START_MS, CountedChance
from trueup import Account, Alert, MonitorKey, PositionMode, Reconciler, Role, RunReport
from trueup.adapters.bybit import BybitExchange
from trueup.adapters.notify import CallableSink
from trueup.domain.model.protection import StopRecord
from trueup.domain.model.record import OwnedStatus
from trueup.domain.store import Step
from trueup.engine.discovery.result import FoundPosition
from trueup.simulator import Behaviour, SimOrder, Simulator, VirtualClock

OWN, MAINS = "202", "101"
SET_STOP = "/v5/position/trading-stop"
Book = Mapping[str, SimOrder]
MoveIn = Callable[[Case, str], None]
"""Puts what the bot believed into the database of that URL, before an engine opens it."""


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a case.

    Attributes:
        loaded: what was put on the book.
        protected: the kinds of what nobody may touch, by order id.
        before: the book as loaded; every open order of every account, by order id.
        after: the book after the first run.
        at_last: the book after the second run.
        requests: what the first run sent.
        writes_again: what the second run wrote.
        alerts_again: alerts that the second run put into the outbox.
        strayed: requests of the runs under another account's keys, whose key it is aside.
        found: the position as trueup found it before the first run; None where it is flat.
        left: the same after the second run.
        wanted: what is on record of the stop that trueup is to keep; None where none is wanted.
        stops_set: how often a request has set, moved or cleared the stop of a position.
        otherwise: what a replay of what was recorded decides otherwise.
    """

    case: Case
    loaded: tuple[Resting, ...]
    protected: Mapping[str, Kind]
    before: Book
    after: Book
    at_last: Book
    first: RunReport
    second: RunReport
    requests: int
    writes_again: int
    alerts_again: int
    strayed: int
    journey: Journey
    alerts: tuple[Alert, ...]
    otherwise: tuple[str, ...]
    found: FoundPosition | None
    left: FoundPosition | None
    wanted: StopRecord | None
    stops_set: int


def play(
    case: Case, board: Switchboard, url: str, database: Path, move_in: MoveIn | None = None
) -> Played:
    """Plays the case; ``database`` is an empty one, or none yet.

    What the bot believed is put on record as ``case.belief`` has it, or by ``move_in``.
    """
    state = case.state
    loaded = resting_of(state, case.rules)
    sim = _simulator(case, loaded)
    board.guest = sim
    before = _book(sim)
    protected = {o.order_id: o.kind for o in loaded if o.kind is not Kind.TAKE_PROFIT}
    journey = Journey(case.rules.floored(state.size), before, protected)
    sim.listen(journey.listen)
    alerts: list[Alert] = []
    if move_in is not None:
        move_in(case, f"sqlite:///{database}")
    with Reconciler(
        f"sqlite:///{database}",
        accounts=_accounts(case, url),
        sinks=[CallableSink(alerts.append)],
        clock=sim.clock,
        randomness=CountedChance(),
        connect=lambda account: BybitExchange(account, PATIENCE, clock=sim.clock),
    ) as reconciler:
        key = _put_on_record(case, reconciler, believed=move_in is None)
        found, asked = _found(reconciler, key), len(sim.requests)
        first = reconciler.reconcile(key)
        sent, told, after = sim.requests, _outbox(reconciler), _book(sim)
        second = reconciler.reconcile(key)
        told_again, again = _outbox(reconciler) - told, sim.requests[len(sent) :]
        left, record = _found(reconciler, key), reconciler.store.load(key)
    return Played(
        case=case,
        loaded=loaded,
        protected=protected,
        before=before,
        after=after,
        at_last=_book(sim),
        first=first,
        second=second,
        requests=len(sent) - asked,
        writes_again=sum(request.is_write for request in again),
        alerts_again=told_again,
        strayed=sum(
            request.uid == MAINS and not request.path.endswith("/query-api")
            for request in sim.requests
        ),
        journey=journey,
        alerts=tuple(alerts),
        otherwise=tuple(line for run in replayed(f"sqlite:///{database}") for line in run.lines),
        found=found,
        left=left,
        wanted=record.stop if record else None,
        stops_set=sum(request.path == SET_STOP for request in sim.requests),
    )


def _simulator(case: Case, loaded: tuple[Resting, ...]) -> Simulator:
    state, rules = case.state, case.rules
    sim = Simulator(
        clock=VirtualClock(start_ms=START_MS),
        behaviour=Behaviour(rate_limits=False, ip_limit=False),
    )
    ladder = case.belief.ladder or case.main_ladder
    finished = {o.level for o in case.belief.orders if o.status is OwnedStatus.FILLED}
    open_prices = [
        level.price for level in (ladder.levels if ladder else ()) if level.number not in finished
    ]
    market = market_price(state, rules, loaded, open_prices)
    sim.add_instrument(rules.spec(), price=market)
    for uid in (OWN, MAINS):
        sim.add_account(
            uid=uid, api_key=f"{uid}-key", api_secret=f"{uid}-secret", hedge=state.hedge
        )
    size = rules.floored(state.size)
    if size:
        sim.set_position(OWN, state.symbol, state.side.value, size, state.entry_price)
    for order in loaded:
        sim.place_order(OWN, order_id=order.order_id, **order.fields(state.symbol, market))
    return sim


def _accounts(case: Case, url: str) -> list[Account]:
    """The case's account, and for a mirror the one that it follows."""
    state = case.state
    mode = PositionMode.HEDGE if state.hedge else PositionMode.ONE_WAY

    def account(name: str, uid: str, role: Role, follows: str | None) -> Account:
        return Account(name, f"{uid}-key", f"{uid}-secret", role, follows, url, mode)

    own = account(state.account, OWN, state.role, state.follows)
    if state.follows is None:
        return [own]
    return [account(state.follows, MAINS, Role.MAIN, None), own]


def _put_on_record(case: Case, reconciler: Reconciler, *, believed: bool) -> MonitorKey:
    """Stores the main's ladder, and what the bot believed as this monitor's record."""
    state, store = case.state, reconciler.store
    if case.main_ladder is not None and state.follows is not None:
        key = MonitorKey(state.follows, state.symbol, state.side)
        store.watch(key, Role.MAIN, None, case.main_ladder)
    key = MonitorKey(state.account, state.symbol, state.side)
    if not believed:
        return key
    record = store.watch(key, state.role, state.follows, case.belief.ladder, stop=state.stop)
    belief = replace(
        record,
        position_size=state.size,
        entry_price=state.entry_price,
        orders=case.belief.orders,
    )
    store.commit(Step(record=belief))
    return key


def _found(reconciler: Reconciler, key: MonitorKey) -> FoundPosition | None:
    """The position as `trueup discover` shows it; None where it is flat."""
    (discovered,) = reconciler.discover([key.account])
    return next((one for one in discovered.positions if one.key == key), None)


def _book(sim: Simulator) -> Book:
    return {order.order_id: order for uid in sim.accounts for order in sim.orders(uid)}


def _outbox(reconciler: Reconciler) -> int:
    """How many alerts there are, delivered or not."""
    return len(reconciler.store.rows("alert_log"))

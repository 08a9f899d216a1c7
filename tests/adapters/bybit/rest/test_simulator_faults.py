"""The adapter against the simulator when something fails: one request, one honest outcome."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from trueup.adapters.bybit import BybitExchange
from trueup.domain.model.instrument import Instrument
from trueup.domain.model.observation import Observation, OrdersUnread, Unknown
from trueup.domain.model.order import OrderStatus
from trueup.domain.model.outcomes import Absent, Accepted, Found, OutcomeClass, Refused, Unsure
from trueup.simulator import Fault, FaultKind, Simulator

from ..conftest import KEY, SYMBOL, UID, Connect
from ..ladder import observed, take_profit


def _writes(sim: Simulator) -> list[str]:
    return [record.path for record in sim.requests if record.is_write]


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.REPLY_LOST,
        FaultKind.SERVER_ERROR,
        FaultKind.TRUNCATED,
        FaultKind.NOT_JSON,
        FaultKind.EMPTY_OBJECT,
        FaultKind.RATE_LIMITED,
        FaultKind.TIMESTAMP,
        FaultKind.RET_CODE,
    ],
)
def test_a_fault_of_one_read(sim: Simulator, simulated: BybitExchange, kind: FaultKind) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    sim.clock.advance(1)

    sim.inject(Fault(kind=kind, path="position/list"))
    assert isinstance(simulated.observe([SYMBOL]), Unknown)
    sim.inject(Fault(kind=kind, path="order/realtime", skip=1))
    assert isinstance(simulated.observe([SYMBOL]), OrdersUnread)
    sim.inject(Fault(kind=kind, path="execution/list"))
    assert isinstance(simulated.look_up(SYMBOL, order_link_id="TP1"), Unknown)
    sim.inject(Fault(kind=kind, path="instruments-info"))
    assert isinstance(simulated.instrument(SYMBOL), Unknown)

    assert isinstance(simulated.observe([SYMBOL]), Observation)
    assert isinstance(simulated.instrument(SYMBOL), Instrument)


@pytest.mark.parametrize(
    ("fault", "landed"),
    [
        (Fault(kind=FaultKind.REQUEST_LOST), False),
        (Fault(kind=FaultKind.REPLY_LOST), True),
        (Fault(kind=FaultKind.LATE_REPLY, delay_ms=3000), True),
        (Fault(kind=FaultKind.TRUNCATED), True),
        (Fault(kind=FaultKind.NOT_JSON, effect=True), True),
        (Fault(kind=FaultKind.EMPTY_OBJECT, effect=True), True),
        (Fault(kind=FaultKind.SERVER_ERROR, effect=True), True),
        (Fault(kind=FaultKind.SERVER_ERROR), False),
        (Fault(kind=FaultKind.RET_CODE, code=10000, effect=True), True),
    ],
)
def test_a_write_in_doubt_is_sent_once_and_looked_up(
    sim: Simulator, simulated: BybitExchange, fault: Fault, *, landed: bool
) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    sim.inject(fault)

    (outcome,) = simulated.place([take_profit()])
    looked = simulated.look_up(SYMBOL, order_link_id="TP1")

    assert isinstance(outcome, Unsure)
    assert len(_writes(sim)) == 1
    if landed:
        assert isinstance(looked, Found)
        assert looked.order.status is OrderStatus.OPEN
    else:
        assert looked == Absent()


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (FaultKind.RATE_LIMITED, OutcomeClass.RATE_LIMIT),
        (FaultKind.TIMESTAMP, OutcomeClass.TIMESTAMP),
    ],
)
def test_a_refused_write_is_sent_once(
    sim: Simulator, simulated: BybitExchange, kind: FaultKind, outcome: OutcomeClass
) -> None:
    sim.inject(Fault(kind=kind))

    (refused,) = simulated.place([take_profit()])

    assert isinstance(refused, Refused)
    assert refused.kind is outcome
    assert len(_writes(sim)) == 1


def test_a_resend_with_the_same_link_id_makes_no_second_order(
    sim: Simulator, simulated: BybitExchange
) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    sim.inject(Fault(kind=FaultKind.REPLY_LOST, path="create-batch"))

    first = simulated.place([take_profit()])
    second = simulated.place([take_profit()])

    assert isinstance(first[0], Unsure)
    assert isinstance(second[0], Refused)
    assert second[0].kind is OutcomeClass.DUPLICATE_LINK_ID
    assert len(sim.orders(UID, SYMBOL)) == 1


def test_a_clock_that_is_wrong(sim: Simulator, simulated: BybitExchange) -> None:
    """The first request is refused; what that refusal says corrects the next."""
    sim.wall_skew_ms = 60_000
    assert isinstance(simulated.observe([SYMBOL]), OrdersUnread)
    assert isinstance(simulated.observe([SYMBOL]), Observation)


def test_a_secret_that_is_wrong(attach: Connect) -> None:
    reading = attach(secret="another").observe([SYMBOL])

    assert isinstance(reading, Unknown)
    assert reading.code == 10004
    assert KEY not in repr(reading)


def test_threads_may_share_an_account(sim: Simulator, simulated: BybitExchange) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")

    with ThreadPoolExecutor(8) as pool:
        placed = list(
            pool.map(lambda number: simulated.place([take_profit(number, "10")]), range(10))
        )

    assert all(isinstance(outcome, Accepted) for (outcome,) in placed)
    assert len(observed(simulated).orders) == 10

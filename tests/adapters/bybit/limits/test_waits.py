"""10006 and 403: every account waits exactly as long as the exchange asks it to."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from trueup.adapters.bybit import BybitExchange, BybitSettings
from trueup.domain.model.commands import CancelOrder
from trueup.domain.model.observation import Observation, Unknown
from trueup.domain.model.outcomes import Accepted, Held, OutcomeClass, Refused, Unsure
from trueup.simulator import Behaviour, Fault, FaultKind, Simulator, SimulatorServer

from ..conftest import SIMULATED, SYMBOL, UID, Connect, ManualClock, account
from ..ladder import take_profit
from ..loopback import Answer, Json, Loopback, as_json, batch, page, refusal

NOW_MS = 1_737_809_937_842
TOO_MANY = "Too many visits. Exceeded the API Rate Limit."
CANCEL = CancelOrder("BTCUSDT", "o-1", "link-1")
DONE = batch(("o-1", "link-1", 0, "OK"))
OTHER_UID = "202"


@pytest.fixture
def limited(sim: Simulator) -> Simulator:
    """The simulator with its limits on, and room for orders."""
    sim.behaviour = Behaviour(rate_limits=True, ip_limit=True)
    sim.open_position(UID, SYMBOL, "Buy", "1000", "0.69")
    return sim


@pytest.fixture
def twice(sim: Simulator) -> Iterator[tuple[BybitExchange, BybitExchange]]:
    """Two accounts of one process."""
    sim.add_account(uid=OTHER_UID, api_key="other-key", api_secret="other-secret")
    with SimulatorServer(sim) as server:
        first = BybitExchange(account(server.url), SIMULATED, clock=sim.clock)
        other = account(server.url, key="other-key", secret="other-secret")
        second = BybitExchange(other, SIMULATED, clock=sim.clock)
        yield first, second
        first.close()
        second.close()


def _arrivals(sim: Simulator) -> list[tuple[int, int, int | None]]:
    """When the writes arrived, with how many orders, and what was answered."""
    first = sim.requests[0].at_ms
    return [
        (record.at_ms - first, len(record.params["request"]), record.ret_code)
        for record in sim.requests
        if record.is_write
    ]


def test_another_program_of_the_same_uid_makes_us_wait_as_long_as_told(
    limited: Simulator, attach: Connect
) -> None:
    ours, theirs = attach(), attach()
    theirs.place([take_profit(number) for number in range(10)])
    limited.clock.advance(300)

    (refused,) = ours.place([take_profit(10)])
    (accepted,) = ours.place([take_profit(11)])

    assert refused == Refused(OutcomeClass.RATE_LIMIT, 10006, TOO_MANY)
    assert isinstance(accepted, Accepted)
    assert _arrivals(limited) == [(0, 10, 0), (300, 1, 10006), (1000, 1, 0)]


def test_what_another_program_used_is_left_out_of_our_batches(
    limited: Simulator, attach: Connect
) -> None:
    ours, theirs = attach(), attach()
    theirs.place([take_profit(number) for number in range(6)])
    limited.clock.advance(100)

    outcomes = [ours.place([take_profit(6)]), ours.place([take_profit(n) for n in range(7, 12)])]

    assert all(isinstance(outcome, Accepted) for placed in outcomes for outcome in placed)
    assert _arrivals(limited) == [(0, 6, 0), (100, 1, 0), (100, 3, 0), (1115, 2, 0)]


def test_the_limit_is_learned_from_the_reply(sim: Simulator, attach: Connect) -> None:
    sim.behaviour = Behaviour(rate_limits=True)
    sim.add_account(
        uid="303", api_key="low", api_secret="low", limits={"/v5/order/create-batch": 3}
    )
    sim.open_position("303", SYMBOL, "Buy", "1000", "0.69")
    exchange = attach(key="low", secret="low")

    exchange.place([take_profit(0)])
    outcomes = exchange.place([take_profit(number) for number in range(1, 8)])

    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert [units for _, units, _ in _arrivals(sim)] == [1, 2, 3, 2]
    assert {limit.name: limit.limit for limit in exchange.limits}["place_batch_order"] == 3


def test_a_tail_that_was_cut_off_is_told_and_waited_for(
    limited: Simulator, attach: Connect
) -> None:
    ours, theirs = attach(), attach()
    theirs.place([take_profit(number) for number in range(8)])

    outcomes = ours.place([take_profit(number) for number in range(8, 20)])
    again = ours.place([take_profit(number) for number in range(10, 20)])

    assert all(isinstance(outcome, Accepted) for outcome in (*outcomes[:2], *again))
    assert all(o == Refused(OutcomeClass.RATE_LIMIT, 10006, TOO_MANY) for o in outcomes[2:10])
    assert all(isinstance(o, Refused) and "not sent" in o.message for o in outcomes[10:])
    assert _arrivals(limited)[-1][2] == 0


@pytest.mark.parametrize(
    ("fault", "waited_ms"),
    [
        (Fault(kind=FaultKind.RATE_LIMITED, delay_ms=1700), 1700),
        (Fault(kind=FaultKind.RATE_LIMITED, delay_ms=0), 1000),
        (Fault(kind=FaultKind.RATE_LIMITED, delay_ms=5000, reset_header=False), 1000),
    ],
)
def test_a_refusal_holds_its_endpoint_and_no_other(
    limited: Simulator, attach: Connect, fault: Fault, waited_ms: int
) -> None:
    exchange = attach()
    limited.inject(fault)
    exchange.place([take_profit(1)])

    assert isinstance(exchange.observe([SYMBOL]), Observation)
    exchange.place([take_profit(2)])

    assert _arrivals(limited) == [(0, 1, 10006), (waited_ms, 1, 0)]


def test_a_long_wait_is_not_slept(limited: Simulator, attach: Connect) -> None:
    exchange = attach()
    limited.inject(Fault(kind=FaultKind.RATE_LIMITED, delay_ms=60_000))
    exchange.place([take_profit(1)])
    before = limited.clock.now_ms()

    (refused,) = exchange.place([take_profit(1)])

    assert refused == Refused(
        OutcomeClass.RATE_LIMIT,
        0,
        f"not sent: the exchange asked for a pause ({TOO_MANY}), until 12:59:57 UTC",
    )
    assert limited.clock.now_ms() == before
    assert len(_arrivals(limited)) == 1
    held = {limit.name: limit.held_for for limit in exchange.limits}
    assert held["place_batch_order"] == timedelta(seconds=60)
    assert held["amend_batch_order"] == held["address"] == timedelta(0)


def test_a_403_silences_every_account_for_ten_minutes(
    limited: Simulator, twice: tuple[BybitExchange, BybitExchange]
) -> None:
    first, second = twice
    limited.inject(Fault(kind=FaultKind.SERVER_ERROR, status=403, uid=UID))
    before = limited.clock.now_ms()
    assert isinstance(first.observe([SYMBOL]), Unknown)
    asked = len(limited.requests)

    for wait in (0, 300_000, 284_999):
        limited.clock.advance(wait)
        blind = second.observe([SYMBOL])
        (refused,) = first.place([take_profit()])
        assert isinstance(blind, Unknown)
        assert "nothing may leave this address (HTTP 403: " in blind.reason
        assert isinstance(refused, Refused)
        assert refused.kind is OutcomeClass.RATE_LIMIT
    assert len(limited.requests) == asked

    assert isinstance(second.observe([SYMBOL]), Unknown)
    limited.clock.advance(1)
    assert isinstance(second.observe([SYMBOL]), Observation)
    assert limited.requests[asked].at_ms - before == 600_000


def _told(answer: Json, status: int, reset_ms: int) -> Answer:
    headers = {"Timenow": str(NOW_MS), "X-Bapi-Limit-Reset-Timestamp": str(NOW_MS + reset_ms)}
    return Answer(json.dumps(answer).encode(), status, headers=headers)


@pytest.mark.parametrize(
    ("answer", "held"),
    [
        (_told({}, 403, 90_000), timedelta(seconds=90)),
        (_told({}, 403, -1), timedelta(minutes=10)),
        (_told({}, 403, 10**12), timedelta(minutes=10)),
        (_told(refusal(10018, "Exceeded the IP Rate Limit."), 200, 0), timedelta(minutes=10)),
        (as_json({}, 403), timedelta(minutes=10)),
    ],
)
def test_how_long_an_address_is_silent(
    server: Loopback, exchange: BybitExchange, answer: Answer, held: timedelta
) -> None:
    server.script(answer)
    exchange.cancel([CANCEL])

    assert exchange.limits[-1].held_for == held


def test_the_exchanges_own_clock_tells_how_long(
    server: Loopback, connect: Connect, clock: ManualClock
) -> None:
    exchange = connect(server.url, BybitSettings())
    server.script(_told(refusal(10006, TOO_MANY), 200, 2500), DONE)
    before = clock.now()

    exchange.cancel([CANCEL])

    assert {limit.name: limit.held_for for limit in exchange.limits}[
        "cancel_batch_order"
    ] == timedelta(milliseconds=2500)
    assert clock.now() == before


def test_protection_against_frequency_is_in_doubt_and_told_so(
    server: Loopback, exchange: BybitExchange
) -> None:
    server.script(refusal(10429, "System level frequency protection"), page())

    (outcome,) = exchange.cancel([CANCEL])

    assert outcome == Unsure("System level frequency protection", 10429, OutcomeClass.RATE_LIMIT)
    assert {limit.name: limit.held_for for limit in exchange.limits}[
        "cancel_batch_order"
    ] == timedelta(seconds=1)


def test_a_write_that_is_held_back_after_its_wait_gives_its_turn_to_the_next(
    limited: Simulator, attach: Connect
) -> None:
    exchange = attach()
    exchange.place([take_profit(number) for number in range(8)])
    asked: list[int] = []

    def why_held() -> str:
        asked.append(limited.clock.now_ms())
        return "the position changed"

    held = exchange.place([take_profit(8), take_profit(9)], why_held)
    placed = exchange.place([take_profit(8), take_profit(9)])

    assert held == (Held("the position changed"),) * 2
    assert len(asked) == 1
    assert all(isinstance(outcome, Accepted) for outcome in placed)
    assert [units for _, units, _ in _arrivals(limited)] == [8, 2]
    assert _arrivals(limited)[1][0] == 0, "what was held back used up nothing of the limit"

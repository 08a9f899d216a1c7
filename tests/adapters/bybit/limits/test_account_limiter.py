"""Who leaves first, and who does not leave: the budget of accounts on one address."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from trueup.adapters.bybit.limits.account_limiter import AccountBudget
from trueup.adapters.bybit.limits.headers import ReplyHeaders, read_headers
from trueup.adapters.bybit.limits.ip_limiter import IpBudget, shared_ip_budget
from trueup.adapters.bybit.limits.values import NotNow, Permit
from trueup.adapters.bybit.wire.clock import SystemClock
from trueup.adapters.bybit.wire.endpoints import Endpoint
from trueup.simulator import VirtualClock

from ..together import Together

PATIENCE = timedelta(seconds=15)
SECOND_MS = 1015
"""A second, and the margin."""


@pytest.fixture
def time() -> VirtualClock:
    """A clock that moves while somebody sleeps."""
    return VirtualClock(1_000_000)


def _leave(budget: AccountBudget, endpoint: Endpoint, units: int = 1) -> Permit:
    permit = budget.admit(endpoint, units)
    assert isinstance(permit, Permit), permit
    return permit


def _wait_side_by_side(
    time: VirtualClock, ip: IpBudget, clock: Together, wanted: list[Endpoint]
) -> list[tuple[int, Endpoint]]:
    """Requests that come one after the other, each from a thread; when they left."""
    budgets = [AccountBudget(ip, timedelta(minutes=1)) for _ in wanted]
    left: list[tuple[int, Endpoint]] = []

    def ask(number: int) -> None:
        # They come a millisecond apart, so that their sequence is known.
        clock.sleep(timedelta(milliseconds=1 + number))
        _leave(budgets[number], wanted[number])
        left.append((time.now_ms(), wanted[number]))
        clock.done()

    with ThreadPoolExecutor(len(wanted)) as pool:
        list(pool.map(ask, range(len(wanted))))
    return left


def test_cover_first_then_resizing_then_reads(time: VirtualClock) -> None:
    wanted = [
        Endpoint.POSITIONS,
        Endpoint.CANCEL,
        Endpoint.OPEN_ORDERS,
        Endpoint.AMEND,
        Endpoint.PLACE,
    ]
    clock = Together(time, len(wanted))
    ip = IpBudget(clock, requests=1, kept_for_writes=0)
    ip.window.leave(ip.ticks(), 1)

    left = _wait_side_by_side(time, ip, clock, wanted)

    assert [endpoint for _, endpoint in left] == [
        Endpoint.PLACE,
        Endpoint.CANCEL,
        Endpoint.AMEND,
        Endpoint.POSITIONS,
        Endpoint.OPEN_ORDERS,
    ]


def test_an_endpoint_is_left_in_the_sequence_of_coming(time: VirtualClock) -> None:
    clock = Together(time, 12)
    ip = IpBudget(clock)
    budget = AccountBudget(ip, PATIENCE)
    came: list[int] = []
    left: list[tuple[int, int]] = []

    def ask(number: int) -> None:
        clock.sleep(timedelta(milliseconds=1 + number))
        came.append(number)
        _leave(budget, Endpoint.PLACE, 5)
        left.append((time.now_ms() - 1_000_000, number))
        clock.done()

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(ask, range(12)))

    # Two fives fit into ten; each pair leaves as soon as the pair before it is a second old.
    assert sorted(left) == [(1 + n % 2 + n // 2 * SECOND_MS, n) for n in came]


def test_reads_leave_room_for_writes(time: VirtualClock) -> None:
    ip = IpBudget(time, requests=10, kept_for_writes=3)
    budget = AccountBudget(ip, timedelta(0))

    assert all(isinstance(budget.admit(Endpoint.POSITIONS), Permit) for _ in range(7))
    assert isinstance(budget.admit(Endpoint.POSITIONS), NotNow)
    assert all(isinstance(budget.admit(Endpoint.CANCEL), Permit) for _ in range(3))
    assert isinstance(budget.admit(Endpoint.PLACE), NotNow)


def test_who_would_wait_too_long_does_not_wait(time: VirtualClock) -> None:
    budget = AccountBudget(IpBudget(time), timedelta(milliseconds=500))
    _leave(budget, Endpoint.PLACE, 10)
    before = time.now_ms()

    refused = budget.admit(Endpoint.PLACE, 1)

    assert isinstance(refused, NotNow)
    assert refused.why == (
        "too many requests are waiting (10 a second are allowed), until 00:16:41 UTC"
    )
    assert time.now_ms() == before
    assert [limit.waiting for limit in budget.limits()] == [0] * (len(Endpoint) + 1)


def test_one_thread_waits_on_a_clock_that_only_sleep_moves(time: VirtualClock) -> None:
    budget = AccountBudget(IpBudget(time), PATIENCE)

    left = [_leave(budget, Endpoint.PLACE, 10).left // 1000 - 1_000_000 for _ in range(3)]

    assert left == [0, SECOND_MS, 2 * SECOND_MS]


def test_a_batch_is_cut_to_use_up_the_second_unless_it_has_to_stay_whole(
    time: VirtualClock,
) -> None:
    budget = AccountBudget(IpBudget(time), PATIENCE)
    _leave(budget, Endpoint.PLACE, 6)
    _leave(budget, Endpoint.AMEND, 6)

    cut = budget.admit(Endpoint.PLACE, 7, whole=False)
    whole = budget.admit(Endpoint.AMEND, 7, whole=True)
    larger_than_the_limit = budget.admit(Endpoint.CANCEL, 20, whole=True)

    assert isinstance(cut, Permit)
    assert isinstance(whole, Permit)
    assert isinstance(larger_than_the_limit, Permit)
    assert (cut.units, cut.left // 1000 - 1_000_000) == (4, 0)
    assert (whole.units, whole.left // 1000 - 1_000_000) == (7, SECOND_MS)
    assert larger_than_the_limit.units == 10


def test_a_request_that_was_long_under_way_counts_from_its_arrival(time: VirtualClock) -> None:
    budget = AccountBudget(IpBudget(time), PATIENCE)
    for way in (20, 300):
        permit = _leave(budget, Endpoint.PLACE, 5)
        time.advance(way)
        budget.answered(permit, ReplyHeaders())
    lost = _leave(budget, Endpoint.CANCEL, 10)
    time.advance(400)
    budget.unanswered(lost)

    # The quick reply took 20 ms: so the slow request may have arrived 280 ms after it left.
    assert _leave(budget, Endpoint.PLACE, 5).left // 1000 - 1_000_000 == SECOND_MS
    assert _leave(budget, Endpoint.PLACE, 5).left // 1000 - 1_000_000 == 300 + SECOND_MS
    assert _leave(budget, Endpoint.CANCEL, 1).left // 1000 - 1_000_000 == 720 + SECOND_MS


def test_accounts_of_the_process_share_the_address() -> None:
    here, there = VirtualClock(0), VirtualClock(0)

    machines = shared_ip_budget("https://a.test", SystemClock())
    assert shared_ip_budget("https://a.test", SystemClock()) is machines
    assert shared_ip_budget("https://b.test", SystemClock()) is not machines
    virtual = shared_ip_budget("https://a.test", here)
    assert virtual is not machines
    assert shared_ip_budget("https://a.test", here) is virtual
    assert shared_ip_budget("https://a.test", there) is not virtual


@pytest.mark.parametrize("text", ["", "-1", "1.5", "ten", "٣", "9" * 5000, " 1"])
def test_a_header_that_is_no_number_says_nothing(text: str) -> None:
    assert (
        read_headers({"X-Bapi-Limit": text, "X-Bapi-Limit-Status": text, "Timenow": text})
        == ReplyHeaders()
    )
    assert read_headers(None) == ReplyHeaders()

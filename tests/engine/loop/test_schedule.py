"""The schedule's laws: nothing is lost, nothing runs twice at a time, nobody is starved."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from trueup import MonitorKey, Side
from trueup.domain.flow import Wait
from trueup.domain.ports import Moment
from trueup.engine.jobs.schedule import Job, RunFlow, Schedule

NOW = timedelta(days=1)
COOL_DOWN = timedelta(seconds=5)


def monitor(account: str, number: int = 0) -> MonitorKey:
    return MonitorKey(account, f"S{number}USDT", Side.BUY)


def taken(schedule: Schedule, now: Moment = NOW) -> Iterator[Job]:
    while (job := schedule.next_job(now)) is not None:
        yield job


def with_monitors(*keys: MonitorKey, max_runs: int = 2) -> Schedule:
    schedule = Schedule(max_runs, COOL_DOWN)
    for key in keys:
        schedule.add(key)
    return schedule


def test_a_flood_of_one_account_leaves_the_others_their_turn() -> None:
    flood = [monitor("flood", number) for number in range(50)]
    schedule = with_monitors(*flood, monitor("calm"))
    for key in (*flood, monitor("calm")):
        schedule.wake(key, "stream", NOW)
    first = list(taken(schedule))
    assert Counter(job.account for job in first) == {"flood": 2, "calm": 1}


def test_wakes_of_a_running_monitor_become_one_more_run() -> None:
    key = monitor("main")
    schedule = with_monitors(key)
    schedule.wake(key, "stream", NOW)
    job = schedule.next_job(NOW)
    assert job == Job("main", key, "stream")
    for _ in range(5):
        schedule.wake(key, "stream", NOW)
    assert schedule.next_job(NOW) is None
    schedule.done(job, NOW, None)
    assert [each.key for each in taken(schedule)] == [key]


def test_a_retry_comes_when_it_is_due() -> None:
    key = monitor("main")
    schedule = with_monitors(key)
    schedule.retry(key, NOW + timedelta(minutes=1))
    assert schedule.next_job(NOW) is None
    assert schedule.next_at() == NOW + timedelta(minutes=1)
    assert schedule.next_job(NOW + timedelta(minutes=1)) == Job("main", key, "retry")


def test_a_wake_brings_a_failed_monitor_forward_but_not_at_once() -> None:
    key = monitor("main")
    schedule = with_monitors(key)
    schedule.wake(key, "start-up", NOW)
    job = schedule.next_job(NOW)
    assert job is not None
    schedule.done(job, NOW, NOW + timedelta(minutes=10))
    schedule.wake(key, "stream", NOW)
    assert schedule.is_waiting(key)
    assert schedule.next_job(NOW + COOL_DOWN - timedelta(microseconds=1)) is None
    assert schedule.next_job(NOW + COOL_DOWN) == Job("main", key, "retry")
    assert schedule.next_job(NOW + timedelta(minutes=10)) is None


def test_a_sweep_asked_for_while_one_runs_follows_it() -> None:
    schedule = with_monitors(monitor("main"))
    schedule.sweep_now("main", "start-up")
    job = schedule.next_job(NOW)
    assert job == Job("main", None, "start-up")
    schedule.sweep_now("main", "stream lost")
    assert schedule.next_job(NOW) is None
    schedule.done(job, NOW, NOW + timedelta(seconds=15))
    assert schedule.next_job(NOW) == Job("main", None, "stream lost")


def test_a_monitor_that_was_removed_runs_no_more() -> None:
    key = monitor("main")
    schedule = with_monitors(key)
    schedule.wake(key, "caller", NOW)
    schedule.remove(key)
    schedule.wake(key, "caller", NOW)
    schedule.retry(key, NOW)
    assert schedule.next_job(NOW) is None


@given(st.lists(st.sampled_from("abcde"), min_size=1, max_size=60), st.integers(1, 3))
def test_accounts_take_turns(accounts: list[str], max_runs: int) -> None:
    keys = [monitor(account, number) for number, account in enumerate(accounts)]
    schedule = with_monitors(*keys, max_runs=max_runs)
    for key in keys:
        schedule.wake(key, "stream", NOW)
    order: list[str] = []
    while (job := schedule.next_job(NOW)) is not None:
        order.append(job.account)
        schedule.done(job, NOW, None)
    waiting = Counter(accounts)
    for start in range(len(order)):
        # Between two turns of one account every other that waits has one.
        rest = order[start + 1 :]
        turn = rest[: rest.index(order[start])] if order[start] in rest else rest
        waiting[order[start]] -= 1
        if order[start] in rest:
            assert {name for name in waiting if waiting[name] and name != order[start]} <= set(turn)
    assert sorted(order) == sorted(accounts)


def begun(schedule: Schedule, key: MonitorKey) -> Job:
    """The monitor's run, as it is once it has begun and asks for a wait."""
    schedule.wake(key, "stream", NOW)
    job = schedule.next_job(NOW)
    assert job is not None
    return with_flow(job)


def with_flow(job: Job) -> Job:
    """The job with the flow of its run."""
    flow: RunFlow = (Wait(NOW, "") for _ in ())
    return replace(job, flow=job.flow or flow)


def test_a_run_that_waits_leaves_its_share_to_others_and_goes_on_first() -> None:
    one, other = monitor("main", 1), monitor("main", 2)
    schedule = with_monitors(one, other, max_runs=1)
    run = begun(schedule, one)
    schedule.wake(other, "stream", NOW)
    assert schedule.next_job(NOW) is None
    schedule.park(run, NOW + timedelta(seconds=1), wakes=True)
    second = schedule.next_job(NOW)
    assert second == Job("main", other, "stream")
    assert (schedule.under_way, schedule.begun) == (1, 2)
    schedule.done(second, NOW, None)
    schedule.wake(other, "stream", NOW)
    assert schedule.next_at() == NOW + timedelta(seconds=1)
    assert schedule.next_job(NOW + timedelta(seconds=1)) is run
    schedule.done(run, NOW, None)
    assert schedule.next_job(NOW) == Job("main", other, "stream")


def test_an_event_wakes_a_run_that_waits_and_is_followed_by_another_run() -> None:
    key = monitor("main")
    schedule = with_monitors(key)
    run = begun(schedule, key)
    schedule.park(run, NOW + timedelta(minutes=1), wakes=True)
    assert schedule.next_job(NOW) is None
    schedule.wake(key, "stream", NOW)
    assert schedule.next_job(NOW) is run
    schedule.done(run, NOW, None)
    assert schedule.next_job(NOW) == Job("main", key, "stream")
    assert schedule.next_job(NOW + timedelta(minutes=1)) is None


def test_no_event_shortens_a_pause_that_the_exchange_asked_for() -> None:
    key = monitor("main")
    schedule = with_monitors(key)
    run = begun(schedule, key)
    schedule.park(run, NOW + timedelta(minutes=1), wakes=False)
    schedule.wake(key, "stream", NOW)
    assert schedule.next_job(NOW) is None
    assert schedule.next_job(NOW + timedelta(minutes=1)) is run


def test_a_run_that_waits_goes_on_though_its_monitor_was_removed() -> None:
    key = monitor("main")
    schedule = with_monitors(key)
    run = begun(schedule, key)
    schedule.park(run, NOW + timedelta(seconds=1), wakes=True)
    schedule.remove(key)
    assert schedule.next_job(NOW + timedelta(seconds=1)) is run
    schedule.done(run, NOW, NOW)
    assert (schedule.begun, schedule.next_job(NOW)) == (0, None)


def test_where_nothing_new_begins_runs_that_wait_go_on() -> None:
    one, other = monitor("main", 1), monitor("main", 2)
    schedule = with_monitors(one, other)
    run = begun(schedule, one)
    schedule.park(run, NOW, wakes=True)
    schedule.wake(other, "stream", NOW)
    schedule.sweep_now("main", "sweep")
    assert schedule.next_job(NOW, only_begun=True) is run
    assert schedule.next_job(NOW, only_begun=True) is None


class Life(RuleBasedStateMachine):
    """Wakes, retries, sweeps and ends in any sequence, beside a simple model of pending wakes."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.keys = [monitor(account, number) for account in "ab" for number in range(2)]
        self.schedule = with_monitors(*self.keys, max_runs=2)
        self.under_way: list[Job] = []
        self.pending: set[MonitorKey] = set()

    @rule(index=st.integers(0, 3))
    def wake(self, index: int) -> None:
        """A monitor is woken: it must run from now on."""
        self.schedule.wake(self.keys[index], "stream", self.now)
        self.pending.add(self.keys[index])

    @rule(account=st.sampled_from("ab"))
    def sweep(self, account: str) -> None:
        """An account is to be swept."""
        self.schedule.sweep_now(account, "sweep")

    @rule(seconds=st.integers(0, 20))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.now += timedelta(seconds=seconds)

    @rule()
    def take(self) -> None:
        """A thread asks for work: what begins now answers the wakes before it."""
        job = self.schedule.next_job(self.now)
        if job is not None:
            self.under_way.append(job)
            if job.key is not None and job.flow is None:
                self.pending.discard(job.key)

    @precondition(lambda self: any(job.key for job in self.under_way))
    @rule(seconds=st.integers(0, 20), wakes=st.booleans())
    def park(self, seconds: int, wakes: bool) -> None:  # noqa: FBT001 - drawn
        """A run has to wait."""
        job = next(job for job in self.under_way if job.key)
        self.under_way.remove(job)
        self.schedule.park(with_flow(job), self.now + timedelta(seconds=seconds), wakes=wakes)

    @precondition(lambda self: self.under_way)
    @rule(place=st.integers(0, 9), fails=st.booleans())
    def end(self, place: int, fails: bool) -> None:  # noqa: FBT001 - drawn
        """A job ends."""
        job = self.under_way.pop(place % len(self.under_way))
        self.schedule.done(job, self.now, self.now + timedelta(seconds=9) if fails else None)

    @invariant()
    def shares_hold_and_nothing_runs_twice(self) -> None:
        """Never more than the maximum of an account, never one monitor or sweep twice."""
        assert all(n <= 2 for n in Counter(job.account for job in self.under_way).values())
        places = Counter((job.account, job.key) for job in self.under_way)
        assert not places or max(places.values()) == 1
        assert self.schedule.under_way == len(self.under_way) <= self.schedule.begun

    def teardown(self) -> None:
        """Every monitor that was woken has run in the end."""
        for job in self.under_way:
            self.schedule.done(job, self.now, None)
        for _ in range(4):
            self.now += timedelta(seconds=30)
            for job in taken(self.schedule, self.now):
                if job.key is not None and job.flow is None:
                    self.pending.discard(job.key)
                self.schedule.done(job, self.now, None)
        assert not self.pending
        assert self.schedule.begun == 0


TestLife = Life.TestCase

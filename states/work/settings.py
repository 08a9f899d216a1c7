"""How long a run waits, and how often it tries."""

from dataclasses import dataclass
from datetime import timedelta

from ...domain.model.events import ABOUT_MONEY, EventKind
from ...domain.model.record import MonitorRecord
from ...domain.planning.beyond_market import BeyondMarket
from ...domain.planning.plan import ReplaceMode
from ...domain.recognition.by_hand import ByHand
from ...domain.recognition.classify import DEFAULT_RULES, Recognition
from ...domain.recognition.contest import ContestRules

_LADDER = 4


@dataclass(frozen=True, slots=True)
class RunSettings:
    """The budgets of a run. Retries within a run are limited by time, not by their number.

    Attributes:
        replace: amend orders in place, or cancel and place level by level.
        read_budget: how long a failing read is tried again before the run is blind.
        grace: how long "found nowhere" proves nothing: reads lag behind acknowledgements
            (freqtrade#9273: open right after an acknowledged cancel; docs-legacy#184: 10-15 s).
        decided_within: how long after the run last asked the exchange a write may leave; twice as
            long each time that the run had to plan anew for it. A process that was stopped, or
            that had to wait for its turn for longer, reads and decides anew. The run's own pauses
            between two questions are no longer than ``grace``.
        pause: the first wait between tries; each next one is twice as long, up to ``grace``.
        max_rounds: how often a run goes back to Validating before it ends with what it has, besides
            once for each level.
        max_requests: how many requests a run may send for a ladder of up to four levels, and a
            quarter of it for each level of a longer one; half as many more where the stop was
            set, and where orders have to be looked for: the answer to a write was lost, or one
            left no trace. The next run goes on.
        retry_after: the longest wait after the first run that failed; it doubles with every further
            failure, and a random part of it is waited ("full jitter").
        retry_cap: the longest wait that the doubling leads to.
        contest_changes: how many changes in a row by somebody else, of orders that trueup owns, are
            a contest; the monitor's repairs then keep a pause.
        contest_window: the longest time between two of them for the second to count as one more.
        contest_pause: the first pause; each further change doubles it.
        contest_cap: the longest pause that the doubling leads to.
        repeat_after: for how long a run that sent nothing does not repeat the last alert.
        alerts_of: which kinds of events are alerted, also where a run sent nothing.
        by_hand: what to do about a TP whose price somebody else changed at the exchange.
        beyond_market: what becomes of a level that has no order yet, and whose price the market has
            passed.
        recognition: which orders may be adopted, and which ladder wins in recovery.
    """

    replace: ReplaceMode = ReplaceMode.AMEND
    read_budget: timedelta = timedelta(seconds=10)
    grace: timedelta = timedelta(seconds=5)
    decided_within: timedelta = timedelta(seconds=8)
    pause: timedelta = timedelta(milliseconds=250)
    max_rounds: int = 8
    max_requests: int = 40
    retry_after: timedelta = timedelta(seconds=5)
    retry_cap: timedelta = timedelta(minutes=10)
    contest_changes: int = 3
    contest_window: timedelta = timedelta(minutes=10)
    contest_pause: timedelta = timedelta(seconds=30)
    contest_cap: timedelta = timedelta(minutes=15)
    repeat_after: timedelta = timedelta(hours=6)
    alerts_of: frozenset[EventKind] = ABOUT_MONEY
    by_hand: ByHand = ByHand.RESTORE
    beyond_market: BeyondMarket = BeyondMarket.FILL
    recognition: Recognition = DEFAULT_RULES

    def requests_for(self, orders: int) -> int:
        """How many requests a run may send for a ladder of so many orders."""
        return self.max_requests * max(orders, _LADDER) // _LADDER

    @property
    def contest(self) -> ContestRules:
        """When changes by others are a contest, and how far apart repairs are then."""
        return ContestRules(
            self.contest_changes, self.contest_window, self.contest_pause, self.contest_cap
        )

    def back_off(self, attempts: int) -> timedelta:
        """The longest wait after so many runs that failed one after the other."""
        return min(self.retry_after * (1 << min(attempts - 1, 16)), self.retry_cap)

    def longest_wait_of(self, record: MonitorRecord) -> timedelta:
        """The longest time from the end of the run that left this record to the try that it set.

        A stored time is trusted no further: the wall clock that wrote it, or the one that it is
        held against, may be wrong (promise P13).
        """
        if record.contests or not record.attempts:
            return self.longest_wait
        return self.back_off(record.attempts)

    @property
    def longest_wait(self) -> timedelta:
        """The longest time from the end of a run to the next try that it sets."""
        return max(self.retry_cap, self.contest_window, 2 * self.contest_cap)

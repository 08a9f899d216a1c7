"""How patient a run is."""

from dataclasses import dataclass
from datetime import timedelta

from ...domain.planning.plan import ReplaceMode
from ...domain.recognition.classify import DEFAULT_RULES, Recognition


@dataclass(frozen=True, slots=True)
class RunSettings:
    """The budgets of a run; retries are counted in time, not in tries.

    Attributes:
        replace: amend orders in place, or cancel and place level by level.
        read_budget: how long a failing read is tried again before the run is blind.
        grace: how long "found nowhere" proves nothing: reads lag behind acknowledgements
            (freqtrade#9273: open right after an acknowledged cancel; docs-legacy#184: 10-15 s).
        pause: the first wait between tries; each next one is twice as long, up to ``grace``.
        max_rounds: how often a run goes back to Validating before it gives its result as is,
            beside once for each level.
        retry_after: the longest wait after the first run that did not come out; it doubles with
            every further one, and a random part of it is waited ("full jitter").
        retry_cap: where the doubling ends.
        repeat_after: how long a run that did nothing does not repeat the last alert word by word.
        recognition: which orders may be taken over, and which ladder wins in recovery.
    """

    replace: ReplaceMode = ReplaceMode.AMEND
    read_budget: timedelta = timedelta(seconds=10)
    grace: timedelta = timedelta(seconds=5)
    pause: timedelta = timedelta(milliseconds=250)
    max_rounds: int = 8
    retry_after: timedelta = timedelta(seconds=5)
    retry_cap: timedelta = timedelta(minutes=10)
    repeat_after: timedelta = timedelta(hours=6)
    recognition: Recognition = DEFAULT_RULES

    @property
    def vanishing(self) -> timedelta:
        """How long an order that does exist has to be found nowhere to be gone.

        It was seen to rest, or the exchange refuses its id as taken. It stands in the open orders
        or in the history: where it is in neither, reads lag, by up to 10-15 s (docs-legacy#184),
        or it was cancelled unfilled a day ago.
        """
        return 3 * self.grace

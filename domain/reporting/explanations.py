"""What an alert means to the person who got it: its outcome, its marks, its codes, its lines.

The page of alerts in the documentation is written from these tables, and a test holds every alert
of the stories against them, so that no alert says anything that nobody explains.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ..model.intent import IntentStatus
from ..model.outcomes import OutcomeClass
from ..model.record import RunOutcome

VARIES = "…"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why something is said, and what a person has to do about it.

    Attributes:
        cause: what happened.
        remedy: what to do; "Nothing" where trueup does it.
    """

    cause: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """A line of an alert, or the reason behind a level's mark, with its explanation.

    Attributes:
        text: the line; ``…`` stands for what varies from alert to alert.
        meaning: its explanation.
    """

    text: str
    meaning: Explanation

    def fits(self, line: str) -> bool:
        """Whether the line is of this shape.

        >>> line = ExplainedLine("no ladder: …", Explanation("There is none.", "Give one."))
        >>> line.fits("no ladder: none on record"), line.fits("no ladders")
        (True, False)
        """
        return _shape(self.text).fullmatch(line) is not None


@cache
def _shape(text: str) -> re.Pattern[str]:
    """The pattern of a line, made once: every alert is held against all of them."""
    return re.compile(".+".join(map(re.escape, text.split(VARIES))))


def explained(text: str, cause: str, remedy: str = "Nothing.") -> ExplainedLine:
    """A line of an alert with its explanation."""
    return ExplainedLine(text, Explanation(cause, remedy))


TRY_AGAIN = (
    "If it lasts: check the network, the key and the exchange's status page. trueup tries again."
)

OUTCOMES: Mapping[RunOutcome, Explanation] = {
    RunOutcome.SUCCESS: Explanation(
        "The run changed orders, or the stop, and a read or an event has shown every change.",
        "Nothing.",
    ),
    RunOutcome.IN_SYNC: Explanation(
        "The orders already equal the ladder. There is an alert only if something happened, which "
        "is its headline then; if the run had found out what became of an earlier write; if what "
        "an earlier alert named is over; or if the contract is about to expire.",
        "Nothing.",
    ),
    RunOutcome.PARTIAL: Explanation(
        "Some changes took effect and some did not, or could not be verified.",
        "Read the marks of the levels below. trueup tries again by itself; act if the same alert "
        "comes again.",
    ),
    RunOutcome.FAILED: Explanation(
        "No change took effect, or the exchange could not be read.",
        "Read the reason in the results. trueup tries again by itself, with growing pauses; act if "
        "the same alert comes again.",
    ),
    RunOutcome.SKIPPED: Explanation(
        "Something that only a person can change keeps trueup from acting on this monitor: it sent "
        "nothing.",
        "Read the reason in the results and remove it. The monitor is tried again by itself.",
    ),
}

WRITES: Mapping[IntentStatus, Explanation] = {
    IntentStatus.CONFIRMED: Explanation("A read or an event has shown the change.", "Nothing."),
    IntentStatus.RESOLVED: Explanation(
        "The level ended in another way, which the line states: its order filled, say.", "Nothing."
    ),
    IntentStatus.REFUSED: Explanation(
        "The exchange refused the write and nothing was executed. The number is its code.",
        "Look the code up below.",
    ),
    IntentStatus.HELD: Explanation(
        "The write never left: the position or its orders had changed since they were read, or "
        "were read too long ago. The run plans anew.",
        "Nothing.",
    ),
    IntentStatus.SENT: Explanation(
        "The exchange acknowledged the write, and no read has shown its effect yet.",
        "Nothing: the next run finds out.",
    ),
    IntentStatus.UNKNOWN: Explanation(
        "The request may or may not have been executed: its answer was lost, or no read has shown "
        "an effect.",
        "Nothing: the next run looks the order up before it sends anything.",
    ),
    IntentStatus.PLANNED: Explanation(
        "The process ended, or the run broke off, just before the request left or just after it.",
        "Nothing: the next run looks the order up before it sends anything.",
    ),
}

_WAIT = "Nothing: trueup tries again. If it lasts for minutes, look at the exchange's status page."
CLASSES: Mapping[OutcomeClass, Explanation] = {
    OutcomeClass.OK: Explanation("The exchange acknowledged the request.", "Nothing."),
    OutcomeClass.ALREADY_GONE: Explanation(
        "The order was no longer open, or cannot be seen yet.",
        "Nothing: trueup looks the order up and counts its fill.",
    ),
    OutcomeClass.DUPLICATE_LINK_ID: Explanation(
        "An order with this order link id exists: an earlier request did arrive.",
        "Nothing: trueup looks the order up and adopts it.",
    ),
    OutcomeClass.TRANSIENT: Explanation("The exchange could not do it at that moment.", _WAIT),
    OutcomeClass.RATE_LIMIT: Explanation(
        "Too many requests were sent from this account or from this address.",
        "If it comes often: see what else sends requests with this account, or from this address.",
    ),
    OutcomeClass.AUTH: Explanation(
        "The key, or the account behind it, may not do this.",
        "Check at the exchange that the key exists in this environment, has not expired, may read "
        "and write contract orders and positions, and allows this machine's address.",
    ),
    OutcomeClass.VALUES: Explanation(
        "A price or a quantity breaks a rule of the contract, which may have changed. trueup reads "
        "the rules again and plans anew; it cancels nothing for it.",
        "If it lasts: compare the ladder with the contract's rules, and correct it.",
    ),
    OutcomeClass.CROSSED: Explanation(
        "The market is already past the price that was to trigger the stop.",
        "Close the position, or set another stop: no stop can be placed there any more.",
    ),
    OutcomeClass.NOT_AMENDABLE: Explanation(
        "This order cannot be amended, whatever the values.",
        "Nothing: a new order replaces it.",
    ),
    OutcomeClass.INVALID: Explanation(
        "The exchange does not accept a value of the request.",
        "Compare the ladder with the contract's rules: tick, step, smallest and largest order. If "
        "it fits, please report it, with the code and its text.",
    ),
    OutcomeClass.INSUFFICIENT: Explanation(
        "The account's balance or margin does not allow it.",
        "Free margin, or reduce what the account has open; then trueup places what is missing.",
    ),
    OutcomeClass.REDUCE_ONLY: Explanation(
        "The exchange finds nothing left to reduce: the position moved, or other reduce-only "
        "orders take the room.",
        "Nothing if it comes once. If it comes again, look with `trueup plan` for reduce-only "
        "orders that trueup does not own.",
    ),
    OutcomeClass.POSITION_MODE: Explanation(
        "The account's position mode is not the configured one.",
        'Set `position_mode` of the account to what the exchange shows: `"one_way"` or `"hedge"`.',
    ),
    OutcomeClass.MAINTENANCE: Explanation(
        "The exchange, or this contract, accepts no requests at present.", _WAIT
    ),
    OutcomeClass.TIMESTAMP: Explanation(
        "The request's time was outside the window that the exchange accepts.",
        "If it comes again: set this machine's clock by NTP, and check the network's delay.",
    ),
    OutcomeClass.NOTHING_CHANGED: Explanation("The order is already as asked for.", "Nothing."),
}

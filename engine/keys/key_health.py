"""How an account stands with its key: what was asked, what was answered, and when to ask again."""

from dataclasses import dataclass
from datetime import timedelta

from ...domain.keys.facts import (
    KeyAnswer,
    KeyFacts,
    KeyRecord,
    KeyUnread,
    NoKeyFacts,
    fingerprint_of,
)
from ...domain.keys.judgement import Verdict
from ...domain.ports import Moment
from ...domain.venue.account import Account

_FRESH = timedelta(hours=24)
_AGAIN = timedelta(seconds=15)
_LONGEST = timedelta(minutes=10)
_UNREAD = timedelta(minutes=1)
"""Nothing but the answer may be missing by then: a position waits for it."""


@dataclass(slots=True)
class KeyHealth:
    """One account's key; changed under the gate's lock only.

    Attributes:
        account: the account.
        record: what is on record of its key; None if the key was never read.
        twin_of: an account before it that has the same key; empty if none has.
        answer: the exchange's last answer; None before the first, or where the adapter knows
            nothing of keys.
        verdict: what follows from it; None before the first answer.
        is_asked: whether a request about the key is under way.
        warned: what was logged last of the verdict.
    """

    account: Account
    record: KeyRecord | None = None
    twin_of: str = ""
    answer: KeyAnswer | None = None
    verdict: Verdict | None = None
    is_asked: bool = False
    warned: tuple[str, ...] = ()
    _asked_at: Moment | None = None
    _pause: timedelta = timedelta(0)
    _failed: int = 0

    @property
    def name(self) -> str:
        """The account's name."""
        return self.account.name

    @property
    def fingerprint(self) -> str:
        """Tells the account's key from others."""
        return fingerprint_of(self.account)

    @property
    def barred(self) -> str:
        """Why the account may not write, as far as it is known; empty if it may."""
        return "" if self.verdict is None else self.verdict.barred

    def is_due(self, now: Moment) -> bool:
        """Whether it is time to ask."""
        if self.twin_of or self.is_asked:
            return False
        return self._asked_at is None or now - self._asked_at >= self._pause

    def answered(self, answer: KeyAnswer | None, verdict: Verdict, now: Moment) -> None:
        """Keeps an answer. What bars the account or could not be read is asked again soon.

        The pauses double from 15 seconds to 10 minutes, to one minute where there was no answer; a
        good key is asked about once a day.
        """
        known = answer is None or isinstance(answer, KeyFacts | NoKeyFacts)
        good = known and not verdict.barred
        self._failed = 0 if good else self._failed + 1
        longest = _UNREAD if isinstance(answer, KeyUnread) else _LONGEST
        self._pause = _FRESH if good else min(_AGAIN * (1 << min(self._failed - 1, 8)), longest)
        self.answer, self.verdict, self._asked_at = answer, verdict, now

"""How long ago writes were announced, by a clock that nobody sets (promise P13)."""

from datetime import datetime, timedelta

from ...domain.model.intent import Intent
from ...domain.ports import Clock, Moment

_MANY = 1000
_OLD = timedelta(hours=1)


class Ages:
    """Measures how long ago each write was announced, from the first time it is asked for on.

    The wall clock may be set forth or back at any time, and whether a request may still take effect
    must not change with it: an order would be given up that is still on its way, or waited for as
    long as the clock was wrong. So the time since the machine started is on
    record, which goes on over restarts of the process. Where it is less than what is on record, the
    machine was started since, and a write is at least as old as that. One that was recorded without
    it is as old as this process knows of it. Safe for use by several threads.

    Args:
        clock: the time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began: dict[tuple[str, datetime], Moment] = {}

    def of(self, intent: Intent) -> timedelta:
        """How long ago the write was announced."""
        now = self._clock.moment()
        if intent.announced is not None:
            return now - intent.announced if intent.announced <= now else now
        # A run that was dropped before its commit leaves its ids to the run that resumes it.
        key = intent.id, intent.created_at
        began = self._began.get(key)
        if began is None:
            began = self._began.setdefault(key, now)
            if len(self._began) > _MANY:
                self._forget_old(now)
        return now - began

    def _forget_old(self, now: Moment) -> None:
        """What is as old as that is on its way no more; asked for again, it is waited for anew."""
        old = [key for key, began in tuple(self._began.items()) if now - began > _OLD]
        for key in old:
            self._began.pop(key, None)

"""What an exchange knew when: how much was open, and how much of it a stop protected."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from threading import Condition

from trueup.simulator import Change, SimOrder, SimPosition, Simulator

PATIENCE_S = 150.0
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Moment:
    """The position and its stops after a change.

    Attributes:
        at: when, in seconds of the monotonic clock.
        held: how much is open.
        stops: the open quantity of each stop, by order id.
        triggers: where each of them triggers.
    """

    at: float
    held: Decimal = ZERO
    stops: Mapping[str, Decimal] = field(default_factory=dict)
    triggers: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def unprotected(self) -> Decimal:
        """The quantity that no stop closes."""
        return max(ZERO, self.held - sum(self.stops.values(), ZERO))


class Watch:
    """Listens to one account of a simulator; all positions of it are taken for one.

    Attributes:
        moments: what it was after each change.
        at_change: is called with the last moment and the new one, before anybody sees that one,
            under the simulator's lock.
    """

    def __init__(self, sim: Simulator, uid: str) -> None:
        self.moments = [Moment(time.monotonic())]
        self.at_change: Callable[[Moment, Moment], None] = lambda _before, _after: None
        self._uid = uid
        self._changed = Condition()
        sim.listen(self._hear)

    def wait(self, is_so: Callable[[Moment], bool], since: float = 0.0) -> Moment:
        """The first moment from a time on at which something was so; waits for it.

        Raises:
            TimeoutError: it did not come.
        """
        until = time.monotonic() + PATIENCE_S
        with self._changed:
            while True:
                for one in self.moments:
                    if one.at >= since and is_so(one):
                        return one
                if not self._changed.wait(until - time.monotonic()):
                    raise TimeoutError(str(self.moments[-3:]))

    def fallen(self) -> Moment:
        """The moment at which the position became as small as it is."""
        with self._changed:
            now, *before = reversed(self.moments)
            for one in before:
                if one.held != now.held:
                    break
                now = one
            return now

    def unprotected(self, since: float, until: float) -> Decimal:
        """Quantity-seconds without a stop, between two times."""
        with self._changed:
            spans = [*pairwise(self.moments), (self.moments[-1], Moment(until))]
        whole = ZERO
        for one, following in spans:
            span = min(following.at, until) - max(one.at, since)
            whole += one.unprotected * Decimal(max(0.0, span))
        return whole

    def _hear(self, changes: tuple[Change, ...]) -> None:
        before = self.moments[-1]
        held, stops, triggers = before.held, dict(before.stops), dict(before.triggers)
        for change in changes:
            subject = change.subject
            if change.uid != self._uid:
                continue
            if isinstance(subject, SimPosition):
                held = subject.size
            elif isinstance(subject, SimOrder) and subject.trigger_price:
                stops.pop(subject.order_id, None)
                triggers.pop(subject.order_id, None)
                if subject.status.is_open:
                    stops[subject.order_id] = subject.leaves
                    triggers[subject.order_id] = subject.trigger_price
        after = Moment(time.monotonic(), held, stops, triggers)
        self.at_change(before, after)
        with self._changed:
            self.moments.append(after)
            self._changed.notify_all()

"""A stopwatch for the demo's live act: what happened when, as the exchange itself saw it."""

import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

from ...domain.model.instrument import ZERO
from ...domain.tracking.feed import FillEvent, PositionEvent, StreamEvent
from ...simulator import Change, Fill, RequestRecord, SimOrder, SimPosition, Simulator


class Moment(StrEnum):
    """What is waited for, in the order that it comes."""

    FILL = "fill"
    LEARNED = "learned"
    REQUEST = "request"
    TRUE = "true"
    ENDED = "ended"


Moments = Mapping[Moment, float]
"""Milliseconds since the fill at the exchange, by the machine's steady clock."""


class Watch:
    """Marks the first time that each moment came after :meth:`begin`.

    It follows the exchange's own changes, under its lock: fill, first change of a take-profit, and
    the moment when what rests equals the position. Threads may share it.

    Args:
        sim: the exchange.
        uid: the account.
        symbol: the contract; nothing is open on it yet.
    """

    def __init__(self, sim: Simulator, uid: str, symbol: str) -> None:
        self._uid = uid
        self._symbol = symbol
        self._marks: dict[Moment, float] = {}
        self._size = ZERO
        self._resting: dict[str, Decimal] = {}
        sim.listen(self._changed)

    def begin(self) -> None:
        """Forgets what was marked."""
        self._marks = {}

    def mark(self, moment: Moment) -> None:
        """It came just now; the first time after a fill counts."""
        self._mark(moment, time.perf_counter())

    def received(self, event: StreamEvent) -> None:
        """Handles an event of the private stream: the fill, or the position that it led to."""
        if isinstance(event, FillEvent | PositionEvent) and event.symbol == self._symbol:
            position = event.position if isinstance(event, PositionEvent) else None
            if isinstance(event, FillEvent) or (position and position.size == self._size):
                self.mark(Moment.LEARNED)

    def moments(self) -> Moments:
        """What has come so far.

        A thread may say late that it has learned of the fill: that was before the request at least.
        """
        marks = dict(self._marks)
        filled = marks[Moment.FILL]
        if Moment.LEARNED in marks and Moment.REQUEST in marks:
            marks[Moment.LEARNED] = min(marks[Moment.LEARNED], marks[Moment.REQUEST])
        return {moment: 1000 * (marks[moment] - filled) for moment in Moment if moment in marks}

    def _mark(self, moment: Moment, now: float) -> None:
        if moment is Moment.FILL or Moment.FILL in self._marks:
            self._marks.setdefault(moment, now)

    def _changed(self, changes: tuple[Change, ...]) -> None:
        now = time.perf_counter()
        own = [change.subject for change in changes if change.uid == self._uid]
        for subject in own:
            if subject.symbol == self._symbol:
                self._apply(subject, now)
        if sum(self._resting.values(), ZERO) == self._size:
            self._mark(Moment.TRUE, now)

    def _apply(self, subject: SimOrder | SimPosition | Fill, now: float) -> None:
        match subject:
            case Fill():
                self._mark(Moment.FILL, now)
            case SimPosition(size=size):
                self._size = size
            case SimOrder(reduce_only=True):
                self._mark(Moment.REQUEST, now)
                self._resting[subject.order_id] = subject.leaves
            case _:
                pass


def on_the_wire(requests: Sequence[RequestRecord]) -> str:
    """What was asked, for people: how many reads, and each write."""
    reads = sum(not request.is_write for request in requests)
    writes = [
        f"{request.method} {request.path} ({_items(request)} orders)"
        for request in requests
        if request.is_write
    ]
    shown = {0: "no read", 1: "1 read"}.get(reads, f"{reads} reads")
    return f"{shown}; {', '.join(writes) or 'no write'}"


def _items(request: RequestRecord) -> int:
    return len(request.params.get("request", ())) or 1

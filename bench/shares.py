"""Where the CPU time of runs goes: the time of some parts, measured while they work.

Threads and fibers are told apart: a part's time stands still while its fiber is suspended, and what
the thread does meanwhile counts for whoever does it. So the parts add up to no more than there was.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from decimal import Decimal
from types import TracebackType
from typing import Any, Self
from weakref import WeakKeyDictionary

from greenlet import settrace

from chaos.speed.patching import patched
from trueup.adapters.bybit.rest.connection import Connection
from trueup.adapters.bybit.stream.socket import Socket
from trueup.adapters.bybit.transport.channel import Channel
from trueup.aio.fibers import identity
from trueup.aio.names import Loop
from trueup.aio.turns import Turns
from trueup.engine.jobs import job
from trueup.engine.jobs.job_loop import JobLoop
from trueup.engine.live.exchange import LiveExchange
from trueup.engine.live.waiting import RealWaiting
from trueup.states.machine import Machine
from trueup.storage import SqlStore
from trueup.storage.sqlite.access.writer import Writer

Parts = Mapping[str, tuple[tuple[object, str], ...]]
"""The methods of each part; time in one within another counts for the inner one alone."""

_READS = ("load", "wakes", "open_intents", "run_intents", "last_alert")
# Methods that are looked up when they are called: a reference taken earlier would not be timed.
PARTS: Parts = {
    "pybit's request": ((Connection, "ask"),),
    "the answer's bytes": ((Channel, "data_received"),),
    "the chart": ((Machine, "__init__"), (Machine, "send")),
    "the store's commits": ((Writer, "_commit"), (SqlStore, "commit")),
    "the store's reads": tuple((SqlStore, name) for name in _READS),
    "the stream's messages": ((Socket, "_handle"),),
    "the stream's frames": ((Socket, "data_received"), (Turns, "_turn")),
    "the view": ((LiveExchange, "known"), (LiveExchange, "_write")),
    "the outbox": ((SqlStore, "pending_alerts"), (SqlStore, "note_deliveries")),
    "states, targets, plan": ((job, "run_until_wait"),),
    "the job around a run": ((JobLoop, "_serve"),),
    "jobs that wait, wake and are handed over": (
        (JobLoop, "_begin_jobs"),
        (JobLoop, "with_schedule"),
        (RealWaiting, "notify"),
    ),
    "the event loop": ((Loop, "_run_once"),),
}
REST = "none of these"


class _Used(threading.local):
    """The CPU time that each fiber of a thread has used; threads without fibers are one each."""

    def __init__(self, clock: Callable[[], int], ended: threading.Event) -> None:
        self._clock = clock
        self._ended = ended
        self._of: WeakKeyDictionary[object, int] = WeakKeyDictionary()
        self._since = clock()
        self.inside: WeakKeyDictionary[object, int] = WeakKeyDictionary()
        settrace(self._switched)

    def now(self) -> int:
        """Nanoseconds of the caller."""
        return self._of.get(identity(), 0) + self._clock() - self._since

    def _switched(self, _event: str, sides: tuple[object, object]) -> None:
        now = self._clock()
        self._of[sides[0]] = self._of.get(sides[0], 0) + now - self._since
        self._since = now
        if self._ended.is_set():
            settrace(None)


class Shares:
    """Adds up the CPU time that threads and fibers spend in parts, until the block ends.

    Args:
        parts: the parts; those of a run by default.
        clock: CPU nanoseconds of the calling thread.
    """

    def __init__(
        self, parts: Parts = PARTS, clock: Callable[[], int] = time.thread_time_ns
    ) -> None:
        self._parts = parts
        self._spent: dict[str, int] = defaultdict(int)
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._used = _Used(clock, self._ended)
        self._opened = ExitStack()

    def __enter__(self) -> Self:
        """Starts timing."""
        for name, methods in self._parts.items():
            for owner, method in methods:
                timed = self._timed(name, getattr(owner, method))
                self._opened.enter_context(patched(owner, method, timed))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stops timing."""
        self._opened.close()
        self._ended.set()

    def spent_ms(self, all_ms: Decimal) -> dict[str, Decimal]:
        """CPU milliseconds by part, and what is left of the total.

        Args:
            all_ms: what the process used meanwhile.
        """
        spent = {name: Decimal(self._spent[name]) / 1_000_000 for name in self._parts}
        return spent | {REST: all_ms - sum(spent.values())}

    def _timed(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - as the call's own
            used, caller = self._used, identity()
            outer, used.inside[caller] = used.inside.get(caller, 0), 0
            began = used.now()
            try:
                return call(*arguments, **named)
            finally:
                spent = used.now() - began
                with self._lock:
                    self._spent[name] += spent - used.inside[caller]
                used.inside[caller] = outer + spent

        return timed

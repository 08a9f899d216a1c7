"""What the service gets from the reconciler."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from ...aio.threads import Threads
from ...domain.flow import Flow
from ...domain.model.identity import MonitorKey
from ...domain.model.record import MonitorRecord
from ...domain.ports import Clock, Exchange, Moment
from ...domain.reporting.account_status import AccountStatus
from ...domain.tracking.stored_time import left_until
from ..keys.gate import KeyGate
from ..outbox.outbox import Outbox
from ..run.main_ladders import MainLadders
from ..run.outage import Outage
from ..run.report import RunReport
from .accounts import MakeFeed
from .callbacks import Callbacks
from .engine_log import EngineLog
from .unwatched import UnwatchedPositions
from .upkeep import Upkeep


@dataclass(frozen=True, slots=True)
class Parts:
    """What the service needs of a reconciler.

    Attributes:
        exchanges: by account name.
        gate: asks about the accounts' keys, and says which accounts may write.
        make_feed: makes an account's feed.
        main_ladders: finds the ladder of a mirror's main account.
        clock: the time.
        longest_wait: the longest pause that a run can have set, by the record that it left.
        load: loads a monitor's record; None if there is none.
        run: one run of a monitor for a reason, from its record if the caller has it.
        outage: whether the database can be written.
        outbox: delivers alerts.
        swept: stores an account's status after a sweep.
        callbacks: calls the bot's functions.
        engine_log: records starts and stops.
        threads: where functions of the bot run.
        unwatched: finds positions that no monitor watches.
        upkeep: removes old rows from the database.
    """

    exchanges: Mapping[str, Exchange]
    gate: KeyGate
    make_feed: MakeFeed
    main_ladders: MainLadders
    clock: Clock
    longest_wait: Callable[[MonitorRecord], timedelta]
    load: Callable[[MonitorKey], MonitorRecord | None]
    run: Callable[[MonitorKey, str, MonitorRecord | None], Flow[RunReport]]
    outage: Outage
    outbox: Outbox
    swept: Callable[[AccountStatus], None]
    callbacks: Callbacks
    engine_log: EngineLog
    threads: Threads
    unwatched: UnwatchedPositions
    upkeep: Upkeep

    def moment_of(self, record: MonitorRecord) -> Moment | None:
        """When a stored time falls due; no later than the longest pause from now."""
        if record.next_try_at is None:
            return None
        longest = self.longest_wait(record)
        left = left_until(record.next_try_at, self.clock.now(), longest)
        return self.clock.moment() + left

"""What a database says of one run, and of what was around it; of a level or a stop, over time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from ..model.alert import Delivery
from ..model.events import Event, LadderChanged, LevelFilled
from ..model.identity import MonitorKey
from ..model.intent import Intent
from ..model.journal import ExchangeCall
from ..model.ladder import Ladder
from ..model.protection import StopIntent
from ..model.record import OwnedStatus
from .inputs import Inputs
from .transcript import Transcript


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which a part of the position was uncovered, or had no stop, at the end of a run.

    Attributes:
        since: when the run ended that left it so.
        until: when a run found it whole again; None while it lasts.
        why: what the first run had to say about it.
    """

    quantity: Decimal
    since: datetime
    until: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class SentAlert:
    """How far the alert of a run has got.

    Attributes:
        delivered_at: when every sink had it; None while one does not.
        sinks: how far it is with each sink that was given it.
    """

    delivered_at: datetime | None
    sinks: Mapping[str, Delivery]


@dataclass(frozen=True, slots=True)
class RunOnRecord:
    """A run, and what was around it.

    Attributes:
        key: of its monitor.
        transcript: what it did.
        before: the id of the monitor's run before it; empty where there is none.
        size_before: the position's size as runs before it had last read it; None if none had.
        ladder: that it followed; None if it had none.
        ladder_from: where that was from; empty where it is not known.
        engine: the version of the service that was running, and since when; empty if none was.
        stops: what kept writes from leaving, in words.
        alert: of its alert; None where it wrote none.
        gaps: the times without whole cover that touch it.
        inputs: what it was decided by; None where that was not recorded, or cannot be read.
        unread: why what was recorded of that cannot be read; empty where it can, or none was.
        positions: of its orders, by their link ids: the number of the position, as the monitor
            counts them.
    """

    key: MonitorKey
    transcript: Transcript
    before: str = ""
    size_before: str | None = None
    ladder: Ladder | None = None
    ladder_from: str = ""
    engine: str = ""
    stops: tuple[str, ...] = ()
    alert: SentAlert | None = None
    gaps: tuple[Gap, ...] = ()
    inputs: Inputs | None = None
    unread: str = ""
    positions: Mapping[str, int] = field(default_factory=dict)

    @property
    def began(self) -> datetime:
        """When the first thing happened that is on record of it."""
        return min(self._times())

    @property
    def ended(self) -> datetime:
        """When the last thing happened that is on record of it."""
        return max(self._times())

    def _times(self) -> list[datetime]:
        run = self.transcript
        return [
            *(one.at for one in run.transitions),
            *(one.at for one in run.decisions),
            *(one.at for one in run.calls),
        ]


@dataclass(frozen=True, slots=True)
class LevelOnRecord:
    """A level of a monitor: how it stands, and what happened to it.

    Attributes:
        number: of the level.
        status: how it stands, by the columns of ``level_status``; empty if the ladder lacks it.
        writes: that concerned it, oldest first.
        fills: of it, each with the run that reported it, and when.
        ladders: changes of the ladder, each with its run, and when.
        runs: the transcripts of the runs that wrote.
        positions: of its orders, by their link ids: the number of the position, as the monitor
            counts them.
    """

    key: MonitorKey
    number: int
    status: Mapping[str, str | int | None]
    writes: tuple[Intent, ...] = ()
    fills: tuple[tuple[datetime, str, LevelFilled], ...] = ()
    ladders: tuple[tuple[datetime, str, LadderChanged], ...] = ()
    runs: Mapping[str, Transcript] = field(default_factory=dict)
    positions: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StopOnRecord:
    """The stop of a monitor: how it stands, and what happened to it.

    Attributes:
        status: how it stands, by the columns of ``stop_status``; empty if none is wanted.
        requests: that set it, oldest first, each as its last commit left it.
        events: what others did to it, and entries that have gone, each with when it was
            reported, and by which run.
        gaps: the times in which the position was without it.
    """

    key: MonitorKey
    status: Mapping[str, str | int | None]
    requests: tuple[StopIntent, ...] = ()
    events: tuple[tuple[datetime, str, Event], ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Delisted:
    """Since when the exchange knows the contract no more, as runs of the monitor found.

    Attributes:
        read_at: when the monitor was last read as a whole; None where that is not on record.
        since: when a run first found the contract gone.
        run_id: that run.
        said: what it said of that.
        last: when a run last found it gone.
        last_run: that run.
        answer: the exchange's first refusal of a read since then; None where none is on record.
    """

    read_at: datetime | None
    since: datetime
    run_id: str
    said: str
    last: datetime
    last_run: str
    answer: ExchangeCall | None = None


@dataclass(frozen=True, slots=True)
class OrderEnd:
    """An order of a level, and what was around its end.

    Attributes:
        writes: of trueup that concerned it, oldest first.
        fills: of it, each with the run that reported it, and when.
        run_id: the run that saw its end; empty where none did, or it filled.
        seen_at: when that was; None likewise.
        said: what that run decided about it, oldest first.
        events: what that run reported of the position.
        placed_next: the write that placed the level's next order; None if none did.
        delisted: since when the exchange lists its contract no more; None while it does.
        cycle: the number of the position that it was an order of.
        present: the number of the monitor's present position, or of its last one.
    """

    key: MonitorKey
    level: int
    order_link_id: str
    order_id: str
    price: Decimal
    quantity: Decimal
    filled: Decimal
    status: OwnedStatus
    writes: tuple[Intent, ...] = ()
    fills: tuple[tuple[datetime, str, Event], ...] = ()
    run_id: str = ""
    seen_at: datetime | None = None
    said: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    placed_next: Intent | None = None
    delisted: Delisted | None = None
    cycle: int = 1
    present: int = 1

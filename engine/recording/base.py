"""What a pass starts from."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ...domain.model.close.closing import CloseCommand
from ...domain.model.identity import PositionMode
from ...domain.model.intent import Intent
from ...domain.model.record import MonitorRecord
from ...domain.recording.codec import Form
from ...domain.venue.exchange_facts import Lateness, LinkIdForm
from ...states.work.settings import RunSettings


@dataclass(frozen=True, slots=True)
class Base:
    """What a pass starts from, before it asks the world anything.

    Attributes:
        version: of trueup.
        reason: why the monitor runs.
        record: the monitor as stored.
        settings: the time limits and rules in force.
        position_mode: of the account.
        lateness: of the exchange.
        link_ids: what the exchange accepts as one.
        now: the wall clock's time.
        moment: the same by the clock that nobody sets.
        commands: to close the position, oldest first.
        unanswered: amends that ended and may take effect all the same, each with until when.
    """

    version: str
    reason: str
    record: MonitorRecord
    settings: RunSettings
    position_mode: PositionMode
    lateness: Lateness
    link_ids: LinkIdForm
    now: datetime
    moment: timedelta
    unanswered: tuple[tuple[Intent, timedelta], ...] = ()
    commands: tuple[CloseCommand, ...] = ()


BASE = Form[Base](Base)

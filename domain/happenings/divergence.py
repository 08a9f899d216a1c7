"""Whether a mirror's position and its main's have parted: a pure function, for an alert alone.

Of the main nothing is used but whether its position is open, and on which side (promise P8).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from ..model.identity import Side
from ..model.record import MonitorRecord
from ..tracking.stored_time import has_passed

PATIENCE = timedelta(minutes=1)
"""Entries and TPs of two accounts fill seconds apart: for so long both must stand still."""


class Divergence(StrEnum):
    """How a mirror and its main have parted.

    ``main-flat``: the mirror's position is open, the main's is not. ``main-turned``: the main's is
    open on the other side. ``mirror-flat``: the mirror's position was closed, the main's is open.
    """

    NONE = ""
    MAIN_FLAT = "main-flat"
    MAIN_TURNED = "main-turned"
    MIRROR_FLAT = "mirror-flat"


@dataclass(frozen=True, slots=True)
class MainStands:
    """How the main stands in the mirror's symbol, as its last run read it.

    Attributes:
        side: of its position; None where it is flat.
        since: when that run ended.
    """

    side: Side | None
    since: datetime


def main_stands(own: MonitorRecord | None, other: MonitorRecord | None) -> MainStands | None:
    """How the main stands; None where nobody knows, or nobody watches it there.

    Args:
        own: its monitor of the mirror's side.
        other: its monitor of the other side; None in hedge mode, where that one is independent.
    """
    known = [one for one in (own, other) if one is not None and one.position_known]
    for record in known:
        if record.position_size and record.last_run_at is not None:
            return MainStands(record.key.side, record.last_run_at)
    if own is None or own not in known or own.last_run_at is None:
        return None
    return MainStands(None, own.last_run_at)


def divergence_of(
    mirror: MonitorRecord, size: Decimal, main: MainStands | None, now: datetime
) -> Divergence | None:
    """How the two have parted; None where that is not known, or may be over in a moment.

    Args:
        mirror: its record, as its last run left it.
        size: of its position now.
        main: how its main stands.
        now: the time.
    """
    if main is None or mirror.last_run_at is None:
        return None
    parted = _parted(mirror, size, main)
    if parted is Divergence.NONE:
        return parted
    stands_still = has_passed(mirror.last_run_at, PATIENCE, now)
    return parted if stands_still and has_passed(main.since, PATIENCE, now) else None


def _parted(mirror: MonitorRecord, size: Decimal, main: MainStands) -> Divergence:
    if size:
        if main.side is None:
            return Divergence.MAIN_FLAT
        return Divergence.NONE if main.side is mirror.key.side else Divergence.MAIN_TURNED
    # A mirror that never had the position has not closed it.
    had_one = bool(mirror.orders)
    is_open = main.side is mirror.key.side
    return Divergence.MIRROR_FLAT if had_one and is_open else Divergence.NONE

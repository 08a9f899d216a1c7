"""A command to close a position, as the control that people and programs put on record."""

from datetime import datetime
from decimal import Decimal

from ...domain.model.errors import ConfigurationError
from ...domain.model.instrument import given_number
from ...domain.model.ladder import HUNDRED
from ...domain.model.record import MonitorRecord
from ...domain.stopping.control import Control, ControlKind, Scope
from .person import this_person


def share_of(share: Decimal | str | int) -> Decimal:
    """How much of a position is to be closed, in percent.

    Raises:
        ConfigurationError: it is not above 0 and at most 100, or not exact.
    """
    percent = given_number("the share", share)
    if percent > HUNDRED:
        raise ConfigurationError(f"the share is a percentage up to 100, not {share}")
    return percent


def command_to_close(
    record: MonitorRecord,
    share: Decimal | str | int,
    at: datetime,
    by: str,
    reason: str,
    cycle: int,
) -> Control:
    """The command, to be put on record.

    Args:
        record: of the monitor whose position is to be closed.
        share: how much of it, in percent.
        at: now.
        by: who asks; this process's user and machine where it is empty.
        reason: why.
        cycle: of the position that is meant.

    Raises:
        ConfigurationError: the share is not above 0 and at most 100, or exact; the monitor is not
            watched; or a close of its position is open.
    """
    percent = share_of(share)
    if not record.is_watched:
        raise ConfigurationError(f"{record.key} is not watched", account=record.key.account)
    if (one := record.closing.open) is not None:
        raise ConfigurationError(f"a close of {record.key} is open: {one}; wait for its end")
    key = record.key
    scope = Scope(key.account, key.symbol, key.side)
    who = by or this_person()
    return Control(ControlKind.CLOSE, scope, at, who, reason, share=percent, cycle=cycle)

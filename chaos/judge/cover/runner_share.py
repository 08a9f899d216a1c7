"""How large the runner is, reckoned by the judge."""

from decimal import Decimal

from trueup.domain.model.instrument import ZERO
from trueup.domain.model.record import MonitorRecord

_HUNDRED = Decimal(100)


def runner_of(record: MonitorRecord, size: Decimal) -> Decimal:
    """The runner's part of a position of that size, before any rounding."""
    if record.ladder is None:
        return ZERO
    levels = record.ladder.levels
    share = _HUNDRED - sum((level.share for level in levels), ZERO)
    if not share:
        return ZERO
    numbers = {level.number for level in levels}
    filled = sum((o.filled for o in record.orders if o.level in numbers), ZERO)
    if all(record.is_done(number) for number in numbers):
        return size
    return min((size + filled) * share / _HUNDRED, size)

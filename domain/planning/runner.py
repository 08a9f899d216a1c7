"""The runner: the part of a position that no level closes, and that is left to the trailing stop.

The levels divide what is open without it, by their own shares, just as a ladder without a runner
divides a position. So nothing else of planning knows of it.
"""

from dataclasses import dataclass
from decimal import Decimal

from ..copies import replace
from ..model.instrument import ZERO, Instrument, plain
from ..model.ladder import HUNDRED, Ladder, Withheld
from ..model.record import MonitorRecord
from ..model.stop import Trailing
from .apportion import apportion, in_proportion

LEFT = "is left to the trailing stop"


@dataclass(frozen=True, slots=True)
class Divided:
    """A position, divided between the levels and the runner.

    Attributes:
        ladder: the levels as they divide what is not the runner's.
        runner: the runner's quantity.
        notes: what a level has of the runner's part, for journal and alert.
    """

    ladder: Ladder
    runner: Decimal = ZERO
    notes: tuple[str, ...] = ()


def divided(record: MonitorRecord, ladder: Ladder, instrument: Instrument) -> Divided:
    """How much of the record's position is the runner's, and how the levels divide the rest.

    The runner's part is its share of the whole, which is what is open and what the levels have
    filled, rounded to the quantity step; but no more than is open. Where all levels are done it is
    all that is open.

    The runner is allowed only where a read has shown a trailing stop. As long as none has, it takes
    nothing of what orders cover: the farthest level that is not done has that.

    A long of 100 has 50/30 and a runner of 20:

    ================================  ================  =========  ====================
    open                              stop, as read     runner     so the levels have
    ================================  ================  =========  ====================
    100, and nothing rests            trails, or not    20         50 and 30
    50, as TP1 has filled             trails            20         TP2's 30
    20, as both have                  trails            20         nothing
    100, and orders cover all of it   trails            20         50 and 30
    100, and orders cover all of it   does not trail    0          50 and 50
    ================================  ================  =========  ====================

    Args:
        record: the position, its stop, and the orders.
        ladder: the levels.
        instrument: the rules.
    """
    size = record.position_size
    if not (ladder.runner and size):
        return Divided(ladder)
    bare = size if record.trails else max(size - record.covered, ZERO)
    left = [level.number for level in ladder.levels if not record.is_done(level.number)]
    if not left:
        return Divided(ladder, bare)
    part = _part(record, ladder, instrument)
    if part <= bare:
        return Divided(ladder, part)
    runner = instrument.quantity(instrument.steps(bare))
    more = ladder.runner * (part - runner) / part
    levels = (
        replace(level, share=level.share + more) if level.number == left[-1] else level
        for level in ladder.levels
    )
    note = f"the runner's {plain(part - runner)} is TP{left[-1]}'s until the stop is seen to trail"
    return Divided(Ladder(tuple(levels)), runner, (note,))


def _part(record: MonitorRecord, ladder: Ladder, instrument: Instrument) -> Decimal:
    """The runner's share of the whole, as far as it is open, to the quantity step."""
    size = record.position_size
    whole = size + sum([record.filled(level.number) for level in ladder.levels], ZERO)
    part = min(whole * ladder.runner / HUNDRED, size)
    others, runner = in_proportion([size - part, part])
    steps = instrument.steps(size)
    of_it = apportion(steps, {1: others, 2: runner})[2]
    return size if of_it == steps else instrument.quantity(of_it)


def left_to_stop(record: MonitorRecord, quantity: Decimal) -> Withheld:
    """The runner's part, with what becomes of it, for people."""
    return Withheld(0, ZERO, quantity, LEFT if record.trails else _waits(record))


def runner_waits(record: MonitorRecord) -> bool:
    """Whether the last plan left a part to a trailing stop that the last read did not show."""
    return not record.trails and any(one.is_runner for one in record.withheld)


def _waits(record: MonitorRecord) -> str:
    """What the runner waits for, and what that asks of people."""
    trailing = record.stop.wanted.trailing if record.stop else None
    if trailing is None:
        return (
            "is not covered: no trailing stop is wanted; give the monitor a stop with trailing, or "
            "a ladder without a runner"
        )
    return f"is not covered: it waits for the trailing stop, which {_starts(record, trailing)}"


def _starts(record: MonitorRecord, trailing: Trailing) -> str:
    """When the stop trails; what is not read back may come any moment."""
    level = trailing.after_level
    if level is None or any(record.is_done(each) for each in range(level, _beyond(record))):
        return "no read of the position has shown"
    return f"starts once TP{level} has filled"


def _beyond(record: MonitorRecord) -> int:
    return len(record.ladder.levels) + 1 if record.ladder else 0

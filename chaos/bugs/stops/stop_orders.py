"""Bugs in how trueup keeps a stop that is an order of its own."""

from decimal import Decimal

from trueup.adapters.bybit.wire import requests
from trueup.domain.copies import replace
from trueup.domain.model.commands import Operation
from trueup.domain.model.identity import Side
from trueup.domain.model.instrument import ZERO, Instrument
from trueup.domain.model.protection import PositionStop, StopOrder, StopRecord
from trueup.domain.protection import setting, stop_orders
from trueup.domain.protection.setting import StopChange
from trueup.states import validating
from trueup.states.protection import deciding, entries
from trueup.states.work.findings import Findings, Result
from trueup.states.work.run import Run

from ...histories.stops.form_drawing import FIRST_SEED
from ...histories.stops.limit_drawing import FIRST_SEED as FIRST_LIMIT_SEED
from ...judge.protection.kept import NeverLoosened
from ...judge.protection.limits import StopLimitFollows
from ...judge.protection.orders import (
    OneStopOrder,
    StopCoverKept,
    StopGrowsFirst,
    StopOrderIsSound,
)
from ..planted import Bug

_needs_stop = deciding.needs_stop
_announce_stop = deciding.announce_stop
_in_form = stop_orders.in_form


def _ladder_first(run: Run, found: Findings) -> StopChange | None:
    """Lets the stop grow only once the ladder covers the position."""
    stop, size = run.record.stop, run.record.position_size
    seen = stop.seen if stop and stop.is_order else None
    is_behind = seen is not None and 0 < seen.quantity < size and run.record.covered < size
    return None if is_behind else _needs_stop(run, found)


def _fresh_id(run: Run, found: Findings, change: StopChange) -> Result:
    """Places the order under another link id where no read has shown the one before."""
    stop = run.record.stop
    if stop is not None and stop.order is not None and not stop.order.exists:
        run.record = replace(run.record, stop=replace(stop, order=None))
    return _announce_stop(run, found, change)


def _cancel_first(order: StopOrder) -> Operation:
    """Cancels the order that would have to be amended; the next round places another one."""
    return Operation.CANCEL if order.exists else Operation.PLACE


def _limit_stays(
    stop: StopRecord, asked: PositionStop, side: Side, size: Decimal, instrument: Instrument
) -> PositionStop:
    """Moves the trigger of a limit order that rests, and leaves its price where it is."""
    formed = _in_form(stop, asked, side, size, instrument)
    limit = stop.seen.limit if stop.seen else ZERO
    return replace(formed, limit=limit) if limit and formed.limit else formed


STOP_ORDER_BUGS = (
    Bug(
        "a stop's order shrinks unconfirmed",
        (StopCoverKept.name,),
        lambda *_: ((validating, "must_confirm", lambda *_: False),),
        FIRST_SEED,
    ),
    Bug(
        "a stop's order grows after the ladder",
        (StopGrowsFirst.name,),
        lambda *_: ((validating, "needs_stop", _ladder_first),),
        FIRST_SEED,
    ),
    Bug(
        "a stop's order sent again by another id",
        (OneStopOrder.name,),
        lambda *_: ((validating, "announce_stop", _fresh_id),),
        FIRST_SEED,
    ),
    Bug(
        "a stop's order cancelled and placed anew",
        (NeverLoosened.name,),
        lambda *_: ((deciding, "operation_of", _cancel_first),),
        FIRST_SEED,
    ),
    Bug(
        "a stop's order triggers on the wrong side",
        (StopOrderIsSound.name,),
        lambda *_: ((requests, "_DIRECTIONS", {Side.BUY: 1, Side.SELL: 2}),),
        FIRST_SEED,
    ),
    Bug(
        "a stop's order left over",
        (OneStopOrder.name,),
        lambda *_: ((entries, "cancel_left_over", lambda *_: None),),
        FIRST_SEED,
    ),
    Bug(
        "a stop's limit stays as its trigger moves",
        (StopLimitFollows.name,),
        lambda *_: ((setting, "in_form", _limit_stays),),
        FIRST_LIMIT_SEED,
    ),
)

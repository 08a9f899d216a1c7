"""Bugs in what trueup makes of writes that are still open, and of reads that it could not make."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from trueup.domain.flow import Flow
from trueup.domain.model.commands import AmendOrder
from trueup.domain.model.instrument import ZERO
from trueup.domain.model.outcomes import Unsure, WriteOutcome
from trueup.domain.planning.leaving import measures
from trueup.domain.planning.pending import Pending, PendingStatus
from trueup.domain.planning.plan import Amend, Plan
from trueup.states import validating
from trueup.states.work import calls
from trueup.states.work.findings import Findings
from trueup.states.work.run import Run

from ..judge.cover.covered_again import CoveredAgain
from ..judge.cover.pending_cover import LeastStays, MostIsWithin
from ..judge.reads import AmendedUnread
from .planted import Bug

_UNREAD_SEED = 2468
"""The first history with a plan that shrinks an order while the orders are unread."""
_NO_ROOM_SEED = 5073459
"""A history in which orders go out again that leave each other no room."""
_TRIES = 3
_amend = calls.amend
_beyond = measures.beyond


def _beyond_by_places(plan: Plan, pending: Pending) -> Any:  # noqa: ANN401 - a Decimal
    """Leaves no room for amends that may still take effect."""
    places = {link: one for link, one in pending.items() if one.status is PendingStatus.NEW}
    return _beyond(plan, places)


def _beside_nothing(plan: Plan, _pending: Pending, covered: Decimal) -> Decimal:
    """Takes it that beside what goes out again nothing rests but what is shown."""
    return covered + measures.net(plan)


def _never_unsure(_pending: Pending) -> Any:  # noqa: ANN401 - a Decimal
    return ZERO


def _anything(_run: Run, _found: Findings, plan: Plan) -> Sequence[Amend]:
    """Lets every amend leave while the orders are unread, those that shrink among them."""
    return plan.amends


def _slow_to_grow(run: Run, orders: Sequence[AmendOrder]) -> Flow[tuple[WriteOutcome, ...]]:
    """Leaves growth to the fourth try of a run, and says each time that it may have left."""
    if run.record.attempts >= _TRIES:
        return (yield from _amend(run, orders))
    answers = yield from _amend(run, [order for order in orders if order.shrinks])
    sent = iter(answers)
    return tuple(next(sent) if order.shrinks else Unsure("no answer") for order in orders)


PENDING_BUGS = (
    Bug(
        "headroom that ignores pending amends",
        (MostIsWithin.name,),
        lambda *_: ((measures, "beyond", _beyond_by_places),),
    ),
    Bug(
        "places again on top of what may rest",
        (MostIsWithin.name,),
        lambda *_: ((measures, "carried_out_with_one", _beside_nothing),),
        _NO_ROOM_SEED,
    ),
    Bug(
        "what may have shrunk counts in full",
        (LeastStays.name,),
        lambda *_: ((measures, "unsure", _never_unsure),),
    ),
    Bug(
        "growth that keeps others waiting",
        (CoveredAgain.name,),
        lambda *_: ((calls, "amend", _slow_to_grow),),
    ),
    Bug(
        "shrinks while the orders are unread",
        (AmendedUnread.name,),
        lambda *_: ((validating, "_within_position", _anything),),
        _UNREAD_SEED,
    ),
)

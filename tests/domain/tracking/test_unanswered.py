"""Amends that ended without an answer count as trueup's own for a while, and no longer."""

from datetime import timedelta

import pytest

from tests.domain.planning.test_plan import order
from tests.domain.writes import amended, cancelled
from trueup.domain.model.intent import IntentStatus
from trueup.domain.tracking.settling import may_arrive_later
from trueup.domain.tracking.unanswered import Unanswered

S = timedelta(seconds=1)


def test_an_amend_is_kept_until_a_read_after_its_time_is_on_record() -> None:
    first, second = amended(order(1, 50), 60), amended(order(1, 60), 70)
    unanswered = Unanswered()
    unanswered.note(first, 10 * S)
    unanswered.note(second, 12 * S)
    unanswered.forget_until(9 * S)
    assert unanswered.writes() == (first, second)
    unanswered.forget_until(10 * S)
    assert unanswered.writes() == (second,)
    unanswered.forget_until(12 * S)
    assert unanswered.writes() == ()


@pytest.mark.parametrize(
    ("status", "became", "may_arrive"),
    [
        (IntentStatus.UNKNOWN, IntentStatus.CONFIRMED, True),
        (IntentStatus.PLANNED, IntentStatus.RESOLVED, True),
        (IntentStatus.SENT, IntentStatus.CONFIRMED, False),
        (IntentStatus.PLANNED, IntentStatus.SENT, False),
        (IntentStatus.PLANNED, IntentStatus.HELD, False),
        (IntentStatus.UNKNOWN, IntentStatus.REFUSED, False),
    ],
)
def test_only_what_nobody_answered_may_arrive_after_it_ended(
    status: IntentStatus, became: IntentStatus, *, may_arrive: bool
) -> None:
    assert may_arrive_later(amended(order(1, 50), 60, status=status), became) is may_arrive
    assert not may_arrive_later(cancelled(order(1, 50), status), became)

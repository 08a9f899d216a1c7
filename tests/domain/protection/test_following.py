"""What a read of the position says of its stop, where reads lag and people act."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from trueup import Side, Stop
from trueup.domain.model.intent import IntentStatus
from trueup.domain.model.order import Position
from trueup.domain.model.protection import PositionStop, StopIntent, StopRecord
from trueup.domain.protection.following import BY_HAND, follow

AT = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
FIRST, SET, OTHER = (PositionStop(Decimal(price)) for price in ("1140", "1110.5", "1120"))
REQUEST = StopIntent(
    id="r-stop-1",
    run_id="r",
    cycle=1,
    generation=1,
    position_index=0,
    asked=SET,
    rule="breakeven",
    before=FIRST,
    created_at=AT,
    status=IntentStatus.CONFIRMED,
)
STOP = StopRecord(Stop.of(percent=3), cycle=1, asked=SET, seen=SET, best_ms=1)


def shown(stop: PositionStop) -> Position:
    """A short whose row shows that stop."""
    return Position("ENAUSDT", Side.SELL, Decimal(203), Decimal(1111), stop=stop, updated_ms=1)


@pytest.mark.parametrize(
    ("now", "requests", "moved"),
    [
        (FIRST, (REQUEST,), False),
        (FIRST, (), True),
        (FIRST, (replace(REQUEST, status=IntentStatus.RESOLVED),), True),
        (OTHER, (REQUEST,), True),
        (SET, (REQUEST,), False),
    ],
)
def test_a_read_from_before_our_request_is_nobody_s_move(
    now: PositionStop, requests: tuple[StopIntent, ...], *, moved: bool
) -> None:
    """Seed 40017231: the stop loosened, as an older read counted as somebody's wish."""
    stop = replace(STOP, unreported=requests)
    followed = follow(stop, shown(now), 1, Decimal(1111))
    assert (followed.stop.rule == BY_HAND, bool(followed.change)) == (moved, moved)
    assert followed.stop.asked == (now if moved else SET)


def test_a_read_that_shows_no_stop_is_believed_in_any_case() -> None:
    """Seed 40019807: somebody had removed it."""
    stop = replace(STOP, unreported=(replace(REQUEST, before=PositionStop()),))
    followed = follow(stop, shown(PositionStop()), 1, Decimal(1111))
    assert followed.stop.seen == PositionStop()
    assert followed.change == "the stop at 1110.5 was removed by somebody else"

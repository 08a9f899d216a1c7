"""Whether a mirror and its main have parted: only once both have stood still for a minute."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from trueup import MonitorKey, MonitorRecord, Role, Side
from trueup.domain.happenings.divergence import (
    PATIENCE,
    Divergence,
    MainStands,
    divergence_of,
    main_stands,
)
from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus

D = Decimal
AT = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
LATER = AT + PATIENCE
ORDER = OwnedOrder(
    level=1,
    part=1,
    order_link_id="link-1",
    order_id="id-1",
    price=D("0.71"),
    asked_price=D("0.71"),
    quantity=D(100),
    filled=D(100),
    status=OwnedStatus.FILLED,
    origin=Origin.PLACED,
)
MIRROR = MonitorRecord(
    id=1,
    key=MonitorKey("mirror", "BANDUSDT", Side.BUY),
    role=Role.MIRROR,
    follows="main",
    ladder=None,
    orders=(ORDER,),
    last_run_at=AT,
    position_read_at=AT,
)
OPEN, FLAT, TURNED = (MainStands(side, AT) for side in (Side.BUY, None, Side.SELL))


def main(side: Side, size: int) -> MonitorRecord:
    """A monitor of the main that has run."""
    key = MonitorKey("main", "BANDUSDT", side)
    return replace(MIRROR, key=key, follows=None, position_size=D(size))


@pytest.mark.parametrize(
    ("size", "stands", "parted"),
    [
        (100, OPEN, Divergence.NONE),
        (100, FLAT, Divergence.MAIN_FLAT),
        (100, TURNED, Divergence.MAIN_TURNED),
        (0, OPEN, Divergence.MIRROR_FLAT),
        (0, FLAT, Divergence.NONE),
        (0, TURNED, Divergence.NONE),
        (100, None, None),
    ],
)
def test_how_two_positions_have_parted(
    size: int, stands: MainStands | None, parted: Divergence | None
) -> None:
    assert divergence_of(MIRROR, D(size), stands, LATER) is parted


def test_a_mirror_that_never_had_the_position_has_not_closed_it() -> None:
    assert divergence_of(replace(MIRROR, orders=()), D(0), OPEN, LATER) is Divergence.NONE


def test_what_may_be_over_in_a_moment_is_not_known_yet_and_agreement_is() -> None:
    soon = LATER - timedelta(seconds=1)
    assert divergence_of(MIRROR, D(100), FLAT, soon) is None
    moved = MainStands(None, AT + timedelta(seconds=30))
    assert divergence_of(MIRROR, D(100), moved, LATER) is None
    assert divergence_of(MIRROR, D(100), OPEN, soon) is Divergence.NONE


def test_how_a_main_stands() -> None:
    long, short = main(Side.BUY, 500), main(Side.SELL, 500)
    flat = main(Side.BUY, 0)
    assert main_stands(long, None) == MainStands(Side.BUY, AT)
    assert main_stands(flat, short) == MainStands(Side.SELL, AT)
    assert main_stands(flat, None) == MainStands(None, AT)
    assert main_stands(None, None) is None
    assert main_stands(replace(long, position_read_at=None), None) is None

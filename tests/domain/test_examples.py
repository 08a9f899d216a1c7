"""The worked examples in docstrings of the domain: doctests, and tables checked row by row."""

import doctest
from dataclasses import replace
from decimal import Decimal
from importlib import import_module
from types import ModuleType

import pytest

from tests.domain.planning.test_headroom import FINE
from tests.domain.planning.test_plan import order, target
from tests.domain.planning.test_remap_levels import order as ladder_order
from tests.domain.planning.test_remap_levels import record as ladder_record
from tests.domain.tracking import test_symbol_view as views
from tests.domain.writes import pending, placed
from trueup import Ladder, MonitorKey, MonitorRecord, Role, Side
from trueup.domain.model.instrument import ZERO
from trueup.domain.model.order import Order, OrderStatus, OrderType
from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus
from trueup.domain.planning.leaving.headroom import fit_to_headroom
from trueup.domain.planning.pairing import pair_orders
from trueup.domain.planning.plan import plan_for
from trueup.domain.planning.remap_levels import RETIRED, remap_levels
from trueup.domain.tracking.known_order import KnownOrder
from trueup.domain.tracking.matching import MatchedRead, match_orders, with_fills
from trueup.domain.tracking.snapshot_merge import merge_read

D = Decimal

MODULES = [
    import_module(f"trueup.domain.{name}")
    for name in (
        "planning.apportion",
        "planning.merge_levels",
        "planning.split_level",
        "planning.targets",
        "protection.prices",
        "protection.rule_ladders",
        "protection.rules",
    )
]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_doctests(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert (result.failed, result.attempted > 0) == (0, True)


def test_headroom_example() -> None:
    sent = order(9, 20, status=OwnedStatus.PENDING_NEW)
    not_wanted = pending([sent], placed(sent))
    grows = plan_for([target(1, 100)], [order(1, 40)])
    now = fit_to_headroom(grows, not_wanted, D(40), D(100), FINE)
    assert [(a.order.remaining, a.target.quantity) for a in now.amends] == [(D(40), D(80))]
    shifts = plan_for([target(1, 60), target(2, 40)], [order(1, 50), order(2, 50)])
    assert fit_to_headroom(shifts, not_wanted, D(100), D(100), FINE).is_empty


def test_pairing_example() -> None:
    orders = [order(1, 85), order(3, 5, price=105), order(4, 10, price=106)]
    pairing = pair_orders([target(1, 90), target(2, 5)], orders)
    assert [(o.level, t.level) for o, t in pairing.pairs] == [(1, 1), (3, 2)]
    assert [o.level for o in pairing.spare] == [4]
    assert pairing.unserved == ()


def test_remap_levels_example() -> None:
    old = ladder_record(
        ladder_order(1, "1", OwnedStatus.OPEN),
        ladder_order(2, "2", OwnedStatus.FILLED, 85),
        ladder_order(3, "3", OwnedStatus.OPEN),
        ladder_order(4, "4", OwnedStatus.FILLED, 85),
    )
    new = remap_levels(old, Ladder.of(("0.5", 20), ("1", 40), ("2", 40)))
    levels = {str(each.price): each.level for each in new.orders}
    assert levels == {"1": 2, "2": 3, "3": 3, "4": RETIRED}
    assert (new.is_done(2), new.filled(3)) == (False, D(85))


def test_known_order_example() -> None:
    known = KnownOrder(views.order("10", "3", at=5), event_number=1)
    for event in (
        views.order("12", "3", at=6),
        views.order("10", "4", at=5),
        views.order("10", "3", at=5, status=OrderStatus.CANCELLED),
    ):
        assert known.merge_event(event, 2).order == event
    assert known.merge_event(views.order("10", "2", at=7), 2) is known
    ambiguous = known.merge_event(views.order("12", "3", at=5), 2)
    assert (ambiguous.order.quantity, ambiguous.is_ambiguous) == (D(12), True)


def test_symbol_view_example() -> None:
    view = views.SYNCED
    assert view.inconsistent == ""
    view = view.with_fill(views.fill("4", 8), 1)
    assert view.inconsistent == "a fill is newer than its position"
    view = view.with_position(views.moved("96", 8), 2)
    assert view.inconsistent == "an order and its fills disagree"
    view = view.with_order(views.order("10", "4", at=6), 3)
    assert view.inconsistent == ""
    assert [order.remaining for order in view.open_orders] == [6]


def test_snapshot_merge_example() -> None:
    known = views.SYNCED
    listed, position = (views.order("10"),), (views.held("100", 7),)

    same = merge_read(known, listed, position, as_of_event=1, read_ms=6)
    assert (same.synced, same.stale, same.open_orders) == (True, "", listed)

    missing = merge_read(known, (), position, as_of_event=1, read_ms=6)
    assert missing.invalidation == "the read does not list an order that was known to be open"
    assert missing.open_orders == ()

    cancelled = known.with_order(views.order("10", status=OrderStatus.CANCELLED, at=6), 2)
    later = merge_read(cancelled, listed, position, as_of_event=1, read_ms=6)
    assert (later.invalidation, later.open_orders) == ("", ())

    amended = known.with_order(views.order("12", at=6), 1)
    outdated = merge_read(amended, listed, position, as_of_event=1, read_ms=6)
    assert outdated.invalidation == "the read shows an outdated state of an order"
    assert [order.quantity for order in outdated.open_orders] == [12]


KEY = MonitorKey("mirror", "BANDUSDT", Side.BUY)
OWNED = OwnedOrder(
    1, 1, "tp", "o", D("0.72"), D("0.72"), D(40), ZERO, OwnedStatus.OPEN, Origin.PLACED,
    updated_ms=9,
)  # fmt: skip
LISTED = Order(
    order_id="o", order_link_id="tp", symbol="BANDUSDT", side=Side.SELL,
    order_type=OrderType.LIMIT, price=D("0.72"), quantity=D(40), filled=ZERO,
    status=OrderStatus.OPEN, reduce_only=True, updated_ms=9,
)  # fmt: skip


def matched(owned: OwnedOrder, *listed: Order) -> MatchedRead:
    ladder = Ladder.of(("0.72", 100))
    return match_orders(MonitorRecord(1, KEY, Role.MIRROR, None, ladder, orders=(owned,)), listed)


def test_match_orders_example() -> None:
    filled = matched(OWNED, replace(LISTED, filled=D(15), updated_ms=10))
    assert [o.remaining for o in filled.record.orders] == [25]
    assert matched(OWNED).unseen == (OWNED,)
    assert matched(OWNED, replace(LISTED, quantity=D(50), updated_ms=8)).outdated == (OWNED,)
    assert matched(OWNED, replace(LISTED, trigger_price=D("0.7"))).disowned == (OWNED,)
    rejected = replace(OWNED, status=OwnedStatus.REJECTED, updated_ms=0)
    found = matched(rejected, replace(LISTED, updated_ms=8))
    assert [o.status for o in found.record.orders] == [OwnedStatus.OPEN]
    cancelled = replace(OWNED, status=OwnedStatus.CANCELLED)
    assert matched(cancelled, replace(LISTED, updated_ms=8)).outdated == (cancelled,)


def test_with_fills_example() -> None:
    fill = replace(LISTED, quantity=D(50), filled=D(15), updated_ms=10, reduce_only=False)
    filled = with_fills(OWNED, fill)
    assert (filled.quantity, filled.filled, filled.updated_ms) == (D(50), D(15), 9)
    assert with_fills(OWNED, replace(fill, updated_ms=8)) == OWNED
    sent = replace(OWNED, order_id="", status=OwnedStatus.PENDING_NEW, updated_ms=0)
    found = with_fills(sent, replace(fill, quantity=D(40)))
    assert (found.order_id, found.status, found.remaining) == ("o", OwnedStatus.OPEN, D(25))

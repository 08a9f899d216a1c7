"""Putting one question to a situation built by hand and to the states of an incident."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from tests.cases.play import Played
from tests.cases.resting import Kind
from tests.cases.verdict import Verdict, judge
from trueup.domain.model.identity import Side
from trueup.domain.model.record import OwnedOrder
from trueup.simulator import OrderType, SimOrder

Row = Mapping[str, object]


def situations(by_hand: Row, *cases: str) -> pytest.MarkDecorator:
    """The test's ``played``: the row, then each of these states."""
    return pytest.mark.parametrize(
        "played", [by_hand, *cases], ids=["by hand", *cases], indirect=True
    )


def tp(order_id: str, price: str, quantity: str, **fields: object) -> Row:
    """A stored take-profit."""
    return {"order_id": order_id, "price": price, "quantity": quantity, **fields}


def stop(order_id: str, price: str, quantity: str, **fields: object) -> Row:
    """A stored stop-loss."""
    return {"order_id": order_id, "price": price, "quantity": quantity, **fields}


def assert_true(played: Played) -> None:
    """All that is asked of every case: whole cover, hands off, a silent second run."""
    judged = judge(played)
    assert judged.differences == ()
    assert judged.verdict is Verdict.TRUE
    assert judged.cover == size_of(played)


def size_of(played: Played) -> Decimal:
    """The position at the exchange."""
    return played.case.rules.floored(played.case.state.size)


def resting(played: Played) -> list[SimOrder]:
    """What rests at last of orders that nobody protects, nearest price first."""
    own = [o for key, o in played.at_last.items() if key not in played.protected]
    return sorted(own, key=lambda o: o.price, reverse=played.case.state.side is Side.SELL)


def on_record(played: Played) -> list[OwnedOrder]:
    """The orders on record that rest, nearest price first."""
    live = played.second.record.resting
    return sorted(live, key=lambda o: o.price, reverse=played.case.state.side is Side.SELL)


def assert_ranked(played: Played) -> None:
    """Numbers and shares follow the rank of the price: 85 % nearest, none but amended orders."""
    orders = resting(played)
    steps = Decimal(len(orders)) * played.case.rules.step
    assert [order.level for order in on_record(played)] == [1, 2, 3, 4]
    assert abs(orders[0].leaves - size_of(played) * 85 / 100) <= steps
    assert all(abs(order.leaves - size_of(played) * 5 / 100) <= steps for order in orders[1:])
    assert {order.order_id for order in orders} == loaded(played)


def loaded(played: Played) -> set[str]:
    """The ids of the take-profits that rested when the run began."""
    return {key for key in played.before if key not in played.protected}


def assert_stops_alone(played: Played) -> None:
    """Every stop is what it was, to the last field, was never named in a request, is not ours."""
    stops = {
        k for k, kind in played.protected.items() if kind in (Kind.STOP_LOSS, Kind.STOP_MARKET)
    }
    assert all(played.before[key] == played.at_last[key] for key in stops)
    asked = {call.order_link_id for run in (played.first, played.second) for call in run.calls}
    assert not asked & {played.before[key].link_id or key for key in stops}
    assert not stops & {order.order_id for order in on_record(played)}
    made = played.at_last.keys() - played.before.keys()
    assert all(played.at_last[key].order_type is OrderType.LIMIT for key in made)

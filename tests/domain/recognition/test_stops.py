"""What waits for a trigger at a position: its own fields say what it is, its id only whose."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from trueup.domain.model.identity import Side
from trueup.domain.model.order import Order, OrderKind, OrderStatus, OrderType, Position
from trueup.domain.model.protection import PositionStop
from trueup.domain.recognition.classify import Kind, suggest
from trueup.domain.recognition.stops import (
    Maker,
    Purpose,
    protected_quantity,
    stops_among,
    waiting_orders,
)

LINK_IDS = Path(__file__).parents[4] / "shared" / "cases" / "order_link_ids.json"
SIZE = Decimal(250)
LONG = Position(
    "BANDUSDT",
    Side.BUY,
    SIZE,
    Decimal("0.68"),
    mark_price=Decimal("0.70"),
    stop=PositionStop(Decimal("0.62")),
)
CONDITIONAL = {"trigger_price": Decimal("0.61"), "kind": OrderKind.OTHER, "kind_text": "Stop"}
NATIVE = {"trigger_price": Decimal("0.62"), "kind": OrderKind.STOP_LOSS, "kind_text": "StopLoss"}


def order(**changes: Any) -> Order:  # noqa: ANN401 - any field of an order
    """An order that waits to close the long of 250, except for the changes."""
    fields: dict[str, Any] = {
        "order_id": "1",
        "order_link_id": "",
        "symbol": "BANDUSDT",
        "side": Side.SELL,
        "order_type": OrderType.MARKET,
        "price": Decimal(0),
        "quantity": SIZE,
        "filled": Decimal(0),
        "status": OrderStatus.PENDING_TRIGGER,
        "reduce_only": True,
    }
    return Order(**(fields | changes))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (NATIVE, "stop at 0.62, the position's own: protects 250"),
        (
            NATIVE | {"trigger_price": Decimal("0.6"), "quantity": Decimal(50)},
            "stop at 0.6, the exchange's, for a part: protects 50",
        ),
        (
            NATIVE | {"parent_link_id": "x"},
            "stop at 0.62, the exchange's, for a part: protects 250",
        ),
        (
            NATIVE | {"kind": OrderKind.TAKE_PROFIT, "trigger_price": Decimal("0.8")},
            "take-profit at 0.8, the position's own: for 250",
        ),
        (CONDITIONAL, "stop at 0.61, without an id: protects 250"),
        (
            CONDITIONAL | {"quantity": 20 * SIZE, "order_link_id": "MIR_SL_KSMUSDT_1753552439180"},
            "stop at 0.61, a known bot's (setup): protects 250",
        ),
        (
            CONDITIONAL | {"order_link_id": "BOT_TPSL_NOTUSDT_1753873881048_9747"},
            "stop at 0.61, a known bot's (rebalance): protects 250",
        ),
        (
            CONDITIONAL | {"order_link_id": "MANUAL_STPTUSDT_TP"},
            "stop at 0.61, another tool's: protects 250",
        ),
        (
            CONDITIONAL | {"order_link_id": "MIR_TP2_COTIUSDT_1752036225793"},
            "stop at 0.61, a known bot's (setup): protects 250",
        ),
        (
            CONDITIONAL | {"trigger_price": Decimal("0.75"), "quantity": Decimal(40)},
            "take-profit at 0.75, without an id: for 40",
        ),
        (CONDITIONAL | {"reduce_only": False}, "entry at 0.61, without an id: for 250"),
        (CONDITIONAL | {"side": Side.BUY}, "entry at 0.61, without an id: for 250"),
        (
            CONDITIONAL | {"parent_link_id": "x"},
            "TP or SL at 0.61, the exchange's, for a part: for 250",
        ),
    ],
)
def test_what_an_order_is(changes: dict[str, Any], said: str) -> None:
    found = waiting_orders(LONG, [order(**changes)])
    assert said in map(str, found)


@pytest.mark.parametrize("kind", [CONDITIONAL, NATIVE])
@pytest.mark.parametrize("status", [OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED])
@pytest.mark.parametrize("mark", ["0.70", "0.59"])
def test_a_limit_order_that_has_triggered_and_rests_protects_nothing(
    kind: dict[str, Any], status: OrderStatus, mark: str
) -> None:
    """The market was at 0.59, below its price of 0.605: it closes only if the market comes back."""
    bare = Position("BANDUSDT", Side.BUY, SIZE, Decimal("0.68"), mark_price=Decimal(mark))
    rests = order(
        **kind
        | {"order_type": OrderType.LIMIT, "price": Decimal("0.605"), "status": status}
        | {"trigger_price": Decimal("0.61"), "quantity": Decimal(100)}
    )
    (found,) = waiting_orders(bare, [rests])
    assert found.purpose is Purpose.TRIGGERED
    assert str(found).endswith(": rests unfilled at 0.605 for 100, and protects nothing")
    assert (protected_quantity(bare, [found]), stops_among([found])) == (Decimal(0), ())
    waits = replace(rests, status=OrderStatus.PENDING_TRIGGER)
    above = replace(bare, mark_price=Decimal("0.70"))
    assert protected_quantity(above, waiting_orders(above, [waits])) == Decimal(100)


def test_a_take_profit_or_an_entry_that_rests_once_triggered_stays_what_it_is() -> None:
    rests = {"order_type": OrderType.LIMIT, "price": Decimal("0.75"), "status": OrderStatus.OPEN}
    gains = NATIVE | {"kind": OrderKind.TAKE_PROFIT, "trigger_price": Decimal("0.75")}
    orders = [order(**gains | rests), order(**CONDITIONAL | rests | {"reduce_only": False})]
    found = {one.purpose for one in waiting_orders(LONG, orders) if one.trigger != Decimal("0.62")}
    assert found == {Purpose.TAKE_PROFIT, Purpose.ENTRY}


def test_what_does_not_wait_is_not_listed() -> None:
    plain = order(price=Decimal("0.72"), order_type=OrderType.LIMIT, status=OrderStatus.OPEN)
    elsewhere = order(**CONDITIONAL, position_index=2)
    other = order(**CONDITIONAL | {"symbol": "KSMUSDT"})
    closed = order(**CONDITIONAL, status=OrderStatus.CANCELLED)
    orders = [order(**NATIVE), plain, elsewhere, other, closed]
    assert [str(one) for one in waiting_orders(LONG, orders)] == [
        "stop at 0.62, the position's own: protects 250"
    ]


def test_the_position_s_row_shows_its_stop_where_no_order_does() -> None:
    trailing = Position(
        "BANDUSDT",
        Side.BUY,
        SIZE,
        Decimal("0.68"),
        stop=PositionStop(Decimal("0.62"), Decimal("0.01")),
    )
    assert [str(one) for one in waiting_orders(trailing, [])] == [
        "stop at 0.62, the position's own: protects 250",
        "stop trailing by 0.01, the position's own: protects 250",
    ]
    trails = order(**CONDITIONAL | {"kind": OrderKind.TRAILING_STOP})
    assert [str(one) for one in waiting_orders(trailing, [trails])] == [
        "stop at 0.62, the position's own: protects 250",
        "stop trailing by 0.01 at 0.61, the position's own: protects 250",
    ]


def test_two_stops_protect_no_more_than_is_open() -> None:
    part = order(**CONDITIONAL | {"quantity": Decimal(100)})
    also = order(**CONDITIONAL | {"quantity": Decimal(120)})
    gains = order(**CONDITIONAL | {"trigger_price": Decimal("0.75")})
    bare = Position("BANDUSDT", Side.BUY, SIZE, Decimal("0.68"), mark_price=Decimal("0.70"))
    found = waiting_orders(bare, [part, also, gains])
    assert protected_quantity(bare, found) == Decimal(220)
    assert protected_quantity(LONG, waiting_orders(LONG, [part, also])) == SIZE
    assert [one.protects for one in stops_among(found)] == [Decimal(100), Decimal(120)]


def test_the_side_of_the_market_decides_for_a_short_too() -> None:
    short = Position("BANDUSDT", Side.SELL, SIZE, Decimal("0.68"), mark_price=Decimal("0.65"))
    back = order(**CONDITIONAL | {"side": Side.BUY, "trigger_price": Decimal("0.67")})
    (found,) = waiting_orders(short, [back])
    assert (found.purpose, found.maker) == (Purpose.STOP, Maker.NO_ID)


def test_every_real_id_of_a_stop_is_a_known_bot_s_and_no_id_makes_a_stop_something_else() -> None:
    if not LINK_IDS.is_file():
        pytest.skip("the real ids are not here: no ../shared/cases/order_link_ids.json")
    rows = json.loads(LINK_IDS.read_text("utf-8"))["rows"]
    assert len(rows) == 766
    for row in rows:
        (found,) = stops_among(
            waiting_orders(
                Position("BANDUSDT", Side.BUY, SIZE, Decimal("0.68")),
                [order(**CONDITIONAL, order_link_id=row["id"])],
            )
        )
        assert found.protects == SIZE
        assert suggest(row["id"]).kind is Kind(row["expect"]["kind"])
        assert (found.maker is Maker.BOT) is (row["expect"]["kind"] != "FOREIGN")

"""What a run saw and went by, in words and tables."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.storage.samples import KEY, NOON
from trueup.domain.audit.inputs import Inputs, OtherSetting, Pause
from trueup.domain.audit.seen import orders_seen, reading_text, size_seen, went_by
from trueup.domain.model.identity import Side
from trueup.domain.model.instrument import Instrument
from trueup.domain.model.observation import (
    Flat,
    Observation,
    OrdersUnread,
    Reading,
    Unknown,
    Unread,
)
from trueup.domain.model.order import Order, OrderStatus, OrderType, Position
from trueup.domain.model.record import Source

ENTRY, MARK = Decimal("0.68000"), Decimal("0.7")
SHORT = Position(KEY.symbol, KEY.side, Decimal("921.90"), ENTRY, MARK)
SEEN = Observation(KEY.account, NOON, (SHORT,), ())
BOTH = replace(SEEN, positions=(), flat=(Flat(KEY.symbol, KEY.side),))
RULES = Instrument(KEY.symbol, Decimal("0.10"), Decimal(1), Decimal(1), Decimal(500))


def going_by(reading: Reading | None = None) -> Inputs:
    """Inputs with that reading."""
    return Inputs(("0.1.0",), Source.CONFIGURED, reading)


def order(order_id: str, link: str = "", **fields: object) -> Order:
    """A take-profit of the short."""
    made = Order(
        order_id,
        link,
        KEY.symbol,
        Side.BUY,
        OrderType.LIMIT,
        Decimal("0.65"),
        Decimal(100),
        Decimal(0),
        OrderStatus.OPEN,
        reduce_only=True,
    )
    return replace(made, **fields)  # type: ignore[arg-type] # fields of an order


@pytest.mark.parametrize(
    ("reading", "size", "text"),
    [
        (None, None, ""),
        (SEEN, "921.9", "read at 12:00:00.000: entry price 0.68, mark price 0.7"),
        (replace(SEEN, changes=4), "921.9", "as the streams showed it at 12:00:00.000: entry"),
        (BOTH, "0", "read at 12:00:00.000: flat"),
        (replace(SEEN, positions=()), None, "read at 12:00:00.000: no row says what the position"),
        (
            OrdersUnread(KEY.account, NOON, (SHORT,), "502"),
            "921.9",
            "read at 12:00:00.000: entry price 0.68, mark price 0.7",
        ),
        (Unknown(KEY.account, NOON, "timed out"), None, "unknown at 12:00:00.000: timed out"),
        (
            replace(SEEN, unread={KEY.symbol: Unread("size is x", position_known=False)}),
            None,
            "unknown at 12:00:00.000: size is x",
        ),
    ],
)
def test_the_position_is_shown_as_read_or_as_unknown(
    reading: Reading | None, size: str | None, text: str
) -> None:
    inputs = going_by(reading)
    assert size_seen(KEY, inputs) == size
    shown = reading_text(KEY, inputs)
    assert shown.startswith(text)
    assert bool(shown) == bool(text)


def test_orders_of_levels_stand_before_the_others() -> None:
    stop = order("id-3", price=Decimal(0), trigger_price=Decimal("0.75"))
    other = order("id-0", symbol="XRPUSDT")
    seen = replace(SEEN, orders=(stop, order("id-2", "b"), order("id-1"), other))
    levels = {"b": (2, 2), "id-1": (1, 1), "gone": (3, 1)}
    part = orders_seen(KEY, replace(going_by(seen), levels=levels))
    assert [row[:2] + row[3:4] for row in part.rows] == [
        ("TP1", "id-1", "0.65"),
        ("TP2.2", "b", "0.65"),
        ("–", "id-3", "0.75"),
    ]


@pytest.mark.parametrize(
    ("reading", "line"),
    [
        (SEEN, "none as of 12:00:00.000, before the first write of an order"),
        (None, "no read of them is on record"),
        (OrdersUnread(KEY.account, NOON, (SHORT,), "502"), "unknown: 502"),
        (replace(SEEN, unread={KEY.symbol: Unread("price is x")}), "unknown: price is x"),
    ],
)
def test_no_orders_and_unknown_orders_are_told_apart(reading: Reading | None, line: str) -> None:
    assert orders_seen(KEY, going_by(reading)).lines == (line,)


def test_what_it_went_by_leaves_out_what_has_no_bounds() -> None:
    inputs = replace(
        going_by(),
        versions=("0.1.0", "0.2.0"),
        rules=replace(RULES, halted="Closed"),
        settings=(OtherSetting("grace", "9 s", "5 s"),),
        pauses=(
            Pause("", timedelta(seconds=1)),
            Pause("place", timedelta(milliseconds=250)),
            Pause("place", timedelta(minutes=2)),
        ),
    )
    assert went_by(inputs).rows == (
        ("trueup", "0.1.0, then 0.2.0"),
        ("watched by", "a configuration file"),
        ("tick size", "0.1"),
        ("quantity step", "1"),
        ("smallest order", "1"),
        ("largest order", "500"),
        ("takes no orders", "Closed"),
        ("setting grace", "9 s (default 5 s)"),
        ("waited", "1000 ms after it began; 250 ms, 0:02:00 after place"),
    )


@pytest.mark.parametrize(
    ("rules", "text"),
    [(None, "none"), (Unknown(KEY.account, NOON, "timed out"), "unknown: timed out")],
)
def test_rules_that_it_did_not_have_are_named(rules: Unknown | None, text: str) -> None:
    assert ("contract rules", text) in went_by(replace(going_by(), rules=rules)).rows

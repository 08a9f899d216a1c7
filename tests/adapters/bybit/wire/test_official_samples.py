"""The samples of Bybit's documentation, where a copy of them lies beside the repository."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from trueup.adapters.bybit.codes.classify import classify
from trueup.adapters.bybit.wire.parsing import (
    parse_fill,
    parse_instrument,
    parse_order,
    parse_position,
)
from trueup.domain.model.identity import Side
from trueup.domain.model.order import CancelReason, Closure, OrderKind, OrderStatus
from trueup.domain.model.outcomes import OutcomeClass

from ..loopback import Json

SAMPLES = Path(__file__).parents[5] / "shared" / "facts" / "bybit-samples"

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="no copy of Bybit's samples beside the repository"
)


def _sample(name: str) -> Json:
    body: Json = json.loads((SAMPLES / name).read_text())
    return body


def _first(name: str) -> Json:
    result = _sample(name)["result"]
    assert isinstance(result, dict)
    row: Json = result["list"][0]
    return row


def test_open_order() -> None:
    order = parse_order(_first("rest-order-realtime.response.json"))

    assert order.status is OrderStatus.OPEN
    assert order.trigger_price is None
    assert order.kind is OrderKind.PLAIN
    assert order.position_index == 1
    assert not order.is_take_profit


def test_closed_order() -> None:
    order = parse_order(_first("rest-order-history.response.json"))

    assert order.status is OrderStatus.CANCELLED
    assert order.closure == Closure(CancelReason.OTHER, "EC_PostOnlyWillTakeLiquidity")


def test_position() -> None:
    row = parse_position(_first("rest-position-list-inverse.response.json"))

    assert row.position is not None
    assert row.position.side is Side.SELL
    assert row.position.size == Decimal(300)


def test_execution() -> None:
    fill = parse_fill(_first("rest-execution-list.response.json"))

    assert (fill.quantity, fill.left) == (Decimal("0.1"), Decimal(0))


def test_instrument() -> None:
    rules = parse_instrument(_first("rest-market-instruments-info-linear.response.json"))

    assert rules.max_quantity == Decimal(1190)


def test_an_instrument_before_its_launch_trades_in_one_phase() -> None:
    row = _first("rest-market-instruments-info-linear-premarket.response.json")

    assert row["status"] == "PreLaunch"
    assert parse_instrument(row).halted == ""


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("error-10000.observed.json", OutcomeClass.TRANSIENT),
        ("error-10001-position-idx.observed.json", OutcomeClass.POSITION_MODE),
        ("error-10002.observed.json", OutcomeClass.TIMESTAMP),
        ("error-10006.observed.json", OutcomeClass.RATE_LIMIT),
        ("error-110001.observed.json", OutcomeClass.ALREADY_GONE),
        ("error-110017.observed.json", OutcomeClass.REDUCE_ONLY),
        ("error-110072.composed.json", OutcomeClass.DUPLICATE_LINK_ID),
    ],
)
def test_refusals(name: str, kind: OutcomeClass) -> None:
    body = _sample(name)
    code, message = body["retCode"], body["retMsg"]
    assert isinstance(code, int)
    assert isinstance(message, str)

    assert classify(code, message).kind is kind

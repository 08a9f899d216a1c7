"""What rows say of money: what is not as documented is unknown, and the row none the worse."""

from decimal import Decimal

import pytest

from trueup.adapters.bybit.wire.fields import Row
from trueup.adapters.bybit.wire.money import (
    fee_of_execution,
    fee_of_fills,
    filled_by_then,
    price_of_execution,
    value_of_fills,
)


@pytest.mark.parametrize(
    ("row", "fee"),
    [
        ({"cumExecQty": "0"}, "0"),
        ({"cumExecQty": "5", "cumFeeDetail": {"USDT": "0.1"}, "cumExecFee": "9"}, "0.1"),
        ({"cumExecQty": "5", "cumFeeDetail": {"USDC": "-0.1"}}, "-0.1"),
        ({"cumExecQty": "5", "cumFeeDetail": {"USDT": "0.1", "MNT": "0.2"}}, None),
        ({"cumExecQty": "5", "cumFeeDetail": {"MNT": "0.2"}, "cumExecFee": "0"}, None),
        ({"cumExecQty": "5", "cumFeeDetail": {"USDT": "much"}}, None),
        ({"cumExecQty": "5", "cumFeeDetail": {}, "cumExecFee": "0.3"}, "0.3"),
        ({"cumExecQty": "5", "cumFeeDetail": {}, "cumExecFee": "0"}, None),
        ({"cumExecQty": "5"}, None),
    ],
)
def test_the_fee_of_an_order_is_known_in_the_coins_that_contracts_settle_in(
    row: Row, fee: str | None
) -> None:
    assert fee_of_fills(row) == (None if fee is None else Decimal(fee))


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ({"cumExecQty": "0", "cumExecValue": ""}, "0"),
        ({"cumExecQty": "5", "cumExecValue": "3.5"}, "3.5"),
        ({"cumExecQty": "5", "cumExecValue": "0"}, None),
        ({"cumExecQty": "5", "cumExecValue": 3.5}, None),
        ({"cumExecQty": "5"}, None),
    ],
)
def test_the_value_of_an_order_s_fills_is_known_where_its_row_says_it(
    row: Row, value: str | None
) -> None:
    assert value_of_fills(row) == (None if value is None else Decimal(value))


def test_an_execution_says_its_price_its_fee_and_what_its_order_had_filled() -> None:
    row = {"execPrice": "95900.1", "execFee": "26.37", "orderQty": "0.5", "leavesQty": "0.2"}
    assert price_of_execution(row) == Decimal("95900.1")
    assert fee_of_execution(row) == Decimal("26.37")
    assert fee_of_execution({**row, "feeCurrency": "MNT"}) is None
    assert filled_by_then(row) == Decimal("0.3")
    assert (price_of_execution({}), fee_of_execution({}), filled_by_then({})) == (None, None, None)

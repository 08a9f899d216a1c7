"""Checks that send orders: far below the market, and what is refused; they leave none behind."""

from decimal import Decimal
from typing import Any

from .check import CannotCheckError, Check, Needs
from .live import Live
from .reading import code

_NO_ORDER = "00000000-0000-0000-0000-000000000000"
_TOO_LONG = "x" * 46


def _flat(live: Live) -> None:
    if any(Decimal(row["size"] or 0) for row in live.positions()):
        raise CannotCheckError(f"a position of {live.symbol} is open")


def _cancel_none(live: Live) -> tuple[str, str]:
    return code(live.client.write("order/cancel", symbol=live.symbol, orderId=_NO_ORDER))


def _amend_none(live: Live) -> tuple[str, str]:
    fields = {"symbol": live.symbol, "orderId": _NO_ORDER, "qty": f"{live.quantity:f}"}
    return code(live.client.write("order/amend", **fields))


def _off_step(live: Live) -> tuple[str, str]:
    step = Decimal(live.contract["lotSizeFilter"]["qtyStep"])
    return code(live.buy(qty=f"{step / 2:f}"))


def _below_notional(live: Live) -> tuple[str, str]:
    lot = live.contract["lotSizeFilter"]
    quantity = Decimal(lot["minOrderQty"])
    price = live.on_tick(Decimal(lot.get("minNotionalValue") or 0) / quantity / 2)
    if not 0 < price < live.last_price:
        raise CannotCheckError(f"the smallest order of {live.symbol} is above the minimum value")
    return code(live.buy(qty=f"{quantity:f}", price=f"{price:f}"))


def _long_link_id(live: Live) -> tuple[str, str]:
    return code(live.buy(orderLinkId=_TOO_LONG))


def _wrong_mode(live: Live) -> tuple[str, str]:
    return code(live.buy(positionIdx=int(not live.is_hedged)))


def _reduce_only(live: Live) -> tuple[str, str]:
    _flat(live)
    price = f"{live.on_tick(live.last_price):f}"
    index = 2 if live.is_hedged else 0
    return code(live.buy(price=price, reduceOnly=True, positionIdx=index))


def _stop_of_nothing(live: Live) -> tuple[str, str]:
    _flat(live)
    price = f"{live.on_tick(live.last_price / 2):f}"
    fields = {"symbol": live.symbol, "positionIdx": int(live.is_hedged), "tpslMode": "Full"}
    return code(live.client.write("position/trading-stop", **fields, stopLoss=price))


def _batch(live: Live) -> tuple[str, str]:
    step = Decimal(live.contract["lotSizeFilter"]["qtyStep"])
    wrong = {
        "symbol": live.symbol,
        "side": "Buy",
        "orderType": "Limit",
        "qty": f"{step / 2:f}",
        "price": f"{live.on_tick(live.last_price / 2):f}",
        "positionIdx": int(live.is_hedged),
    }
    answer = live.client.write("order/create-batch", request=[wrong, wrong])
    for order in answer.rows:
        live.accepted(order)
    extra: Any = answer.envelope.get("retExtInfo") or {}
    codes = ", ".join(str(item.get("code")) for item in extra.get("list", []))
    return f"{answer.code}: {codes}", answer.text


def _post_only(live: Live) -> tuple[str, str]:
    link_id = f"{live.link_id}-post"
    price = f"{live.on_tick(live.last_price * Decimal('1.02')):f}"
    answer = live.buy(price=price, timeInForce="PostOnly", orderLinkId=link_id)
    row = live.row_of(link_id, lambda row: row.get("orderStatus") == "Cancelled")
    return f"{answer.code}, {row.get('orderStatus')}, {row.get('rejectReason')}", answer.text


def _resting(live: Live) -> tuple[str, str]:
    answer = live.placed()
    row = live.row_of(live.link_id, lambda row: row.get("orderStatus") == "New")
    return f"{answer.code}, {row.get('orderStatus')}", answer.text


def _twice(live: Live) -> tuple[str, str]:
    live.placed()
    return code(live.buy(orderLinkId=live.link_id))


def _unchanged(live: Live) -> tuple[str, str]:
    live.placed()
    row = live.row_of(live.link_id, bool)
    return code(live.change("amend", qty=str(row.get("qty"))))


def _cancelled(live: Live) -> tuple[str, str]:
    live.placed()
    answer = live.change("cancel")
    row = live.row_of(live.link_id, lambda row: row.get("orderStatus") == "Cancelled")
    return f"{answer.code}, {row.get('orderStatus')}, {row.get('cancelType')}", answer.text


def _cancel_twice(live: Live) -> tuple[str, str]:
    live.placed()
    live.change("cancel")
    return code(live.change("cancel"))


def _after_close(live: Live) -> tuple[str, str]:
    live.placed()
    live.change("cancel")
    live.row_of(live.link_id, lambda row: row.get("orderStatus") == "Cancelled")
    return code(live.buy(orderLinkId=live.link_id))


def _check(name: str, behaviour: str, expected: str, see: Any) -> Check:  # noqa: ANN401 - as of Check
    return Check(name, behaviour, expected, see, Needs.ORDERS)


WRITING = (
    _check("cancel-none", "a cancel of an order that is none is refused", "110001", _cancel_none),
    _check("amend-none", "an amend of an order that is none is refused", "110001", _amend_none),
    _check("off-step", "a quantity off the step is refused", "10001", _off_step),
    _check("notional", "an order below the minimum value is refused", "110094", _below_notional),
    _check("long-link-id", "a link id of 46 characters is refused", "10001", _long_link_id),
    _check("wrong-mode", "a positionIdx of the other mode is refused", "10001", _wrong_mode),
    _check("reduce-only", "a reduce-only order is refused when flat", "110017", _reduce_only),
    _check("stop-of-nothing", "trading-stop is refused when flat", "10001", _stop_of_nothing),
    _check("batch", "a batch whose items all fail has retCode 0", "0: 10001, 10001", _batch),
    _check(
        "post-only",
        "PostOnly that would cross is cancelled after its acknowledgement",
        "0, Cancelled, EC_PostOnlyWillTakeLiquidity",
        _post_only,
    ),
    _check("resting", "an accepted order rests, and its link id finds it", "0, New", _resting),
    _check("twice", "a link id is refused a second time", "110072", _twice),
    _check("unchanged", "an amend that changes nothing is refused", "10001", _unchanged),
    _check(
        "cancelled",
        "a cancelled order is found as the user's cancel",
        "0, Cancelled, CancelByUser",
        _cancelled,
    ),
    _check("cancel-twice", "a second cancel is refused", "110001", _cancel_twice),
    _check("after-close", "a link id stays taken after its order closed", "110072", _after_close),
)
"""The checks that send orders, in their order: the last ones follow one order through its life."""

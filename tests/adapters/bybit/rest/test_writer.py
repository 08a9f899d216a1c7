"""Batches: what leaves, and one outcome an order."""

from decimal import Decimal

import pytest

from trueup.adapters.bybit import BybitExchange
from trueup.domain.model.commands import AmendOrder, CancelOrder, PlaceOrder
from trueup.domain.model.identity import Side
from trueup.domain.model.outcomes import Accepted, OutcomeClass, Refused, Unsure

from ..loopback import Json, Loopback, as_json, batch, ok, refusal


def _place(number: int = 1, **changes: object) -> PlaceOrder:
    fields: dict[str, object] = {
        "symbol": "BTCUSDT",
        "side": Side.SELL,
        "price": Decimal("70000.10"),
        "quantity": Decimal("0.850"),
        "order_link_id": f"link-{number}",
        "position_index": 0,
    }
    return PlaceOrder(**(fields | changes))  # type: ignore[arg-type]  # changes of a test


def _placed(*numbers: int) -> Json:
    return batch(*((f"o-{number}", f"link-{number}", 0, "OK") for number in numbers))


def _cancels(count: int) -> list[CancelOrder]:
    return [CancelOrder("BTCUSDT", f"o-{n}", f"link-{n}") for n in range(count)]


def _sent(server: Loopback, number: int = 0) -> list[Json]:
    items = server.received[number].body["request"]
    assert isinstance(items, list)
    return items


def test_what_a_place_sends(server: Loopback, exchange: BybitExchange) -> None:
    server.script(_placed(1))

    outcomes = exchange.place([_place(position_index=2)])

    assert outcomes == (Accepted("o-1", "link-1"),)
    assert server.paths == ["/v5/order/create-batch"]
    assert server.received[0].body["category"] == "linear"
    assert _sent(server) == [
        {
            "symbol": "BTCUSDT",
            "side": "Sell",
            "orderType": "Limit",
            "qty": "0.85",
            "price": "70000.1",
            "timeInForce": "GTC",
            "reduceOnly": True,
            "positionIdx": 2,
            "orderLinkId": "link-1",
        }
    ]


@pytest.mark.parametrize(
    ("number", "text"),
    [("1E-8", "0.00000001"), ("0.00001000", "0.00001"), ("1E+3", "1000"), ("120", "120")],
)
def test_numbers_leave_as_plain_decimals(
    server: Loopback, exchange: BybitExchange, number: str, text: str
) -> None:
    server.script(_placed(1))

    exchange.place([_place(price=Decimal(number), quantity=Decimal(number))])

    (item,) = _sent(server)
    assert (item["price"], item["qty"]) == (text, text)


@pytest.mark.parametrize(
    ("price", "quantity", "changed"),
    [
        (Decimal(71000), None, {"price": "71000"}),
        (None, Decimal("0.5"), {"qty": "0.5"}),
        (Decimal(71000), Decimal("0.5"), {"price": "71000", "qty": "0.5"}),
    ],
)
def test_an_amend_names_only_what_changes(
    server: Loopback,
    exchange: BybitExchange,
    price: Decimal | None,
    quantity: Decimal | None,
    changed: Json,
) -> None:
    server.script(batch(("o-1", "", 0, "OK")))

    outcomes = exchange.amend([AmendOrder("BTCUSDT", "o-1", "link-1", price, quantity)])

    assert outcomes == (Accepted("o-1", "link-1"),)
    assert server.paths == ["/v5/order/amend-batch"]
    assert _sent(server) == [{"symbol": "BTCUSDT", "orderId": "o-1"} | changed]


def test_an_order_without_an_order_id_goes_by_its_link_id(
    server: Loopback, exchange: BybitExchange
) -> None:
    server.script(batch(("o-1", "link-1", 0, "OK")))

    outcomes = exchange.cancel([CancelOrder("BTCUSDT", "", "link-1")])

    assert outcomes == (Accepted("o-1", "link-1"),)
    assert server.paths == ["/v5/order/cancel-batch"]
    assert _sent(server) == [{"symbol": "BTCUSDT", "orderLinkId": "link-1"}]


def test_nothing_to_write_sends_nothing(server: Loopback, exchange: BybitExchange) -> None:
    assert exchange.place([]) == ()
    assert server.received == []


def test_each_item_has_its_own_outcome(server: Loopback, exchange: BybitExchange) -> None:
    server.script(
        batch(
            ("o-1", "link-1", 0, "OK"),
            ("", "link-2", 110017, "orderQty will be truncated to zero"),
            ("", "link-3", 110072, "OrderLinkedID is duplicate"),
            ("", "link-4", 10001, "position idx not match position mode"),
            ("", "link-5", 10000, "Server Timeout"),
            ("", "link-6", 424242, "news"),
            ("", "link-7", 10006, "Too many visits"),
            ("", "link-8", 10006, ""),
        )
    )

    outcomes = exchange.place([_place(number) for number in range(1, 9)])

    assert outcomes == (
        Accepted("o-1", "link-1"),
        Refused(OutcomeClass.REDUCE_ONLY, 110017, "orderQty will be truncated to zero"),
        Refused(OutcomeClass.DUPLICATE_LINK_ID, 110072, "OrderLinkedID is duplicate"),
        Refused(OutcomeClass.POSITION_MODE, 10001, "position idx not match position mode"),
        Unsure("Server Timeout", 10000),
        Unsure("news", 424242, OutcomeClass.INVALID),
        Refused(OutcomeClass.RATE_LIMIT, 10006, "Too many visits"),
        Refused(OutcomeClass.RATE_LIMIT, 10006, "too many requests from this account"),
    )


def test_a_cancel_of_an_order_that_is_gone(server: Loopback, exchange: BybitExchange) -> None:
    text = "order not exists or too late to cancel"
    server.script(batch(("o-0", "", 110001, text), ("", "", 170213, "Order does not exist.")))

    outcomes = exchange.cancel(_cancels(2))

    assert outcomes == (
        Refused(OutcomeClass.ALREADY_GONE, 110001, text),
        Refused(OutcomeClass.ALREADY_GONE, 170213, "Order does not exist."),
    )


def test_an_amend_that_changes_nothing(server: Loopback, exchange: BybitExchange) -> None:
    server.script(batch(("", "", 34039, "order not modified")))

    (outcome,) = exchange.amend([AmendOrder("BTCUSDT", "o-1", "link-1", Decimal(1), None)])

    assert outcome == Refused(OutcomeClass.NOTHING_CHANGED, 34039, "order not modified")


NAMED: Json = {"orderId": "o-1", "orderLinkId": "link-1"}
OTHER: Json = {"orderId": "o-2", "orderLinkId": "link-2"}
DONE: Json = {"code": 0, "msg": "OK"}
GONE: Json = {"code": 110001, "msg": "gone"}


@pytest.mark.parametrize(
    ("orders", "codes"),
    [
        ([NAMED], [DONE, DONE]),
        ([NAMED, OTHER], [DONE]),
        ([NAMED], [DONE]),
        ([], []),
        ([NAMED, OTHER, NAMED], [DONE, DONE, DONE]),
        (None, [DONE, DONE]),
        ([NAMED, OTHER], None),
        ([NAMED, "text"], [DONE, DONE]),
    ],
)
def test_lists_that_do_not_match_the_request(
    server: Loopback, exchange: BybitExchange, orders: object, codes: object
) -> None:
    server.script(ok({"list": orders}, {"list": codes}))

    outcomes = exchange.place([_place(1), _place(2)])

    assert len(outcomes) == 2
    assert all(isinstance(outcome, Unsure) for outcome in outcomes)


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (OTHER, DONE),
        (NAMED | {"orderLinkId": "link-9"}, GONE),
        (NAMED | {"orderLinkId": ""}, DONE),
        (NAMED | {"orderId": ""}, DONE),
        ({"orderId": "o-1"}, DONE),
        ({"orderLinkId": "link-1"}, DONE),
        (NAMED | {"orderId": 1}, DONE),
        (NAMED, {"msg": "OK"}),
        (NAMED, {"code": 0}),
        (NAMED, {"code": "0", "msg": "OK"}),
        (NAMED, {"code": None, "msg": "OK"}),
        (NAMED, {"code": False, "msg": "OK"}),
        (NAMED, GONE),
        ({"orderId": "", "orderLinkId": "link-9"}, GONE),
    ],
)
def test_an_item_that_contradicts_the_request_spares_the_others(
    server: Loopback, exchange: BybitExchange, order: Json, code: Json
) -> None:
    server.script(ok({"list": [order, OTHER]}, {"list": [code, DONE]}))

    first, second = exchange.place([_place(1), _place(2)])

    assert isinstance(first, Unsure)
    assert second == Accepted("o-2", "link-2")


@pytest.mark.parametrize("code", [0, 110001])
def test_a_cancel_that_names_another_order(
    server: Loopback, exchange: BybitExchange, code: int
) -> None:
    server.script(batch(("o-9", "", code, "text")))

    assert isinstance(exchange.cancel(_cancels(1))[0], Unsure)


@pytest.mark.parametrize("code", [None, False, "0"])
def test_a_reply_without_a_code_is_no_success(
    server: Loopback, exchange: BybitExchange, code: object
) -> None:
    server.script(_placed(1) | {"retCode": code})

    assert isinstance(exchange.place([_place(1)])[0], Unsure)


def test_chunks_of_ten(server: Loopback, exchange: BybitExchange) -> None:
    server.script(_placed(*range(10)), _placed(*range(10, 20)), _placed(20))

    outcomes = exchange.place([_place(number) for number in range(21)])

    assert outcomes == tuple(Accepted(f"o-{n}", f"link-{n}") for n in range(21))
    assert [len(_sent(server, number)) for number in range(3)] == [10, 10, 1]


def test_a_refused_order_does_not_hold_up_the_next_chunk(
    server: Loopback, exchange: BybitExchange
) -> None:
    gone = [("", f"link-{n}", 110001, "gone") for n in range(10)]
    server.script(batch(*gone), batch(("o-10", "link-10", 0, "OK")))

    assert exchange.cancel(_cancels(11))[10] == Accepted("o-10", "link-10")


@pytest.mark.parametrize(
    "ending",
    [
        batch(
            *((f"o-{n}", f"link-{n}", 0, "OK") for n in range(9)),
            ("", "link-9", 10006, "Too many visits"),
        ),
        batch(
            *((f"o-{n}", f"link-{n}", 0, "OK") for n in range(9)),
            ("", "link-9", 10000, "Server Timeout"),
        ),
        refusal(10006, "Too many visits"),
        refusal(10003, "API key is invalid."),
        refusal(10002, "timestamp"),
        as_json({}, 503),
        as_json({}, 403),
    ],
)
def test_no_chunk_follows_one_that_ended_in_doubt(
    server: Loopback, exchange: BybitExchange, ending: object
) -> None:
    server.script(ending)

    outcomes = exchange.cancel(_cancels(25))

    assert len(outcomes) == 25
    assert len(server.received) == 1
    for outcome in outcomes[10:]:
        assert isinstance(outcome, Refused)
        assert (outcome.kind, outcome.code) == (OutcomeClass.TRANSIENT, 0)
        assert outcome.message.startswith("not sent")


@pytest.mark.parametrize("code", [10001, 110001])
def test_what_grows_does_not_follow_a_refused_shrink_in_the_next_chunk(
    server: Loopback, exchange: BybitExchange, code: int
) -> None:
    """Seed 421798: the growth of the next request lifted the cover above the position."""
    shrinking = [("", f"link-{n}", code, "refused") for n in range(10)]
    server.script(batch(*shrinking), batch(("o-10", "link-10", 0, "OK")))
    amends = [
        AmendOrder("BTCUSDT", f"o-{n}", f"link-{n}", None, Decimal(1), shrinks=n < 10)
        for n in range(11)
    ]

    last = exchange.amend(amends)[10]

    assert len(server.received) == 1
    assert isinstance(last, Refused)
    assert last.message.startswith("not sent")


def test_a_request_that_failed_as_a_whole_failed_for_each(
    server: Loopback, exchange: BybitExchange
) -> None:
    server.script(as_json({}, 502))

    outcomes = exchange.place([_place(1), _place(2)])

    assert [type(outcome) for outcome in outcomes] == [Unsure, Unsure]

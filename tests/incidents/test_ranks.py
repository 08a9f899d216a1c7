"""Which level an order stands for: the rank of its price says so, not lists, ids or numbers."""

from decimal import Decimal

from tests.cases.play import Played
from tests.incidents.situations import (
    Row,
    assert_ranked,
    assert_true,
    loaded,
    on_record,
    situations,
    stop,
    tp,
)
from trueup.domain.recognition.classify import suggest

AFTER_THE_REBUILD: Row = {
    "account": "mirror",
    "symbol": "CYBERUSDT",
    "side": "Buy",
    "entry_price": "1.676",
    "remaining_size": "250.5",
    "tp_orders": [
        tp("c1", "1.978", "212.9", tp_number=1, order_link_id="MIR_TP1_CYBERUSDT_1753731791351_31"),
        tp("c2", "1.880", "12.5", tp_number=2, order_link_id="MIR_TP2_CYBERUSDT_1753731793242_28"),
        tp("c3", "1.874", "12.5", tp_number=3, order_link_id="MIR_TP3_CYBERUSDT_1753731795156_19"),
        tp("c4", "1.814", "12.5", tp_number=4, order_link_id="MIR_TP4_CYBERUSDT_1753731796355_44"),
    ],
    "sl_order": stop("s1", "1.599", "250.5", order_link_id="MIR_SL_CYBERUSDT_1753710168224"),
}

RECONSTRUCTED: Row = {
    "account": "mirror",
    "symbol": "STORJUSDT",
    "side": "Sell",
    "entry_price": "0.28658874",
    "remaining_size": "1402.7",
    "tp_orders": [
        tp("j1", "0.2407", "1192.2", tp_number=1, status="ACTIVE", reconstructed=True),
        tp("j2", "0.2633", "70.1", tp_number=2, status="ACTIVE", reconstructed=True),
        tp("j3", "0.2709", "70.1", tp_number=3, status="ACTIVE", reconstructed=True),
        tp("j4", "0.2784", "70.1", tp_number=4, status="ACTIVE", reconstructed=True),
    ],
    "sl_order": None,
}

COUNTED_BACKWARDS: Row = {
    "account": "main",
    "symbol": "SUSHIUSDT",
    "side": "Buy",
    "entry_price": "0.61664141",
    "remaining_size": "325.3",
    "tp_orders": [
        tp("u1", "0.7956", "16.2", tp_number=1, order_link_id="BOT_CONS_SUSHIUSDT_TP4_003529"),
        tp("u2", "0.7057", "16.2", tp_number=2, order_link_id="BOT_CONS_SUSHIUSDT_TP3_003528"),
        tp("u3", "0.6757", "16.2", tp_number=3, order_link_id="BOT_CONS_SUSHIUSDT_TP2_003528"),
        tp("u4", "0.6458", "276.5", tp_number=4, order_link_id="BOT_CONS_SUSHIUSDT_TP1_003528"),
    ],
    "sl_order": stop("s1", "0.5578", "976.1", order_link_id="BOT_CONS_SUSHIUSDT_SL_003529"),
}

WITHOUT_IDS: Row = {
    "account": "main",
    "symbol": "SUSHIUSDT",
    "side": "Buy",
    "entry_price": "0.61896991",
    "position_size": "412.9",
    "tp_orders": [
        {"order_id": "n4", "price": Decimal("0.7956"), "qty": Decimal("20.6"), "status": "ACTIVE"},
        {"order_id": "n3", "price": Decimal("0.7057"), "qty": Decimal("20.6"), "status": "ACTIVE"},
        {"order_id": "n2", "price": Decimal("0.6757"), "qty": Decimal("20.6"), "status": "ACTIVE"},
        {"order_id": "n1", "price": Decimal("0.6458"), "qty": Decimal(350), "status": "ACTIVE"},
    ],
    "sl_order": {"order_id": "s1", "price": Decimal("0.5566"), "status": "ACTIVE"},
}


@situations(AFTER_THE_REBUILD, "M159", "M160")
def test_i02_the_share_follows_the_price_rank(played: Played) -> None:
    """After the third entry fill 85 % lay at the farthest price: the list ran backwards.

    The nearest price is TP1 and gets TP1's share, whatever order a list or an id gives. The
    same four orders are made to fit: none is cancelled.
    """
    assert_true(played)
    assert_ranked(played)


@situations(RECONSTRUCTED, "M186", "M468")
def test_i18_a_reconstructed_ladder_is_turned_the_right_way(played: Played) -> None:
    """The step that rebuilt ladders from live orders wrote them farthest first, as ACTIVE.

    As with I02: for a short too the nearest price is TP1, and the status that a script wrote
    proves nothing; the orders that rest are amended in place.
    """
    assert_true(played)
    assert_ranked(played)
    assert played.first.writes >= 2


@situations(COUNTED_BACKWARDS, "M476")
def test_i14_numbers_that_ran_backwards_are_set_right(played: Played) -> None:
    """On a long the nearest price carried number 4 and 85 %, the farthest number 1.

    The number comes from the stored ladder, checked by price rank. Here the ids were right: the
    order whose id says TP1 is TP1 on record, and keeps its 85 %.
    """
    assert_true(played)
    assert_ranked(played)
    names = [suggest(order.order_link_id) for order in on_record(played)]
    assert [name.level for name in names] == [1, 2, 3, 4]


@situations(WITHOUT_IDS, "M474")
def test_i19_take_profits_without_link_ids_are_taken_over(played: Played) -> None:
    """Take-profits stood on record as floats, without link ids and without numbers.

    They are known by their order ids, numbered by price rank, and amended where they rest; the
    second run knows them again.
    """
    assert_true(played)
    assert_ranked(played)
    assert {order.order_id for order in on_record(played)} == loaded(played)
    assert all(order.order_link_id == order.order_id for order in on_record(played))
    assert all(order.link_id == "" for order in played.at_last.values())

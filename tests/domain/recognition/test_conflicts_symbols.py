"""Ids that name another symbol than the one that the exchange lists their orders under."""

from decimal import Decimal

from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus
from trueup.domain.recognition.conflicts import symbol_conflict

DATED = "BOT_TP1_BTC-5YRQJ_1737809937842_7432"


def adopted(link_id: str) -> OwnedOrder:
    """A live order that came onto the record."""
    one = Decimal(1)
    return OwnedOrder(
        1, 1, link_id, "order-1", one, one, one, Decimal(0), OwnedStatus.OPEN, Origin.ADOPTED
    )


def test_an_id_that_names_its_own_symbol_or_none_is_no_conflict() -> None:
    assert symbol_conflict([adopted(DATED), adopted("")], "BTCUSDT-26DEC25") is None


def test_an_id_that_names_another_symbol_is_reported() -> None:
    for symbol in ("BTCUSDT", "BTC-26DEC25"):
        conflict = symbol_conflict([adopted(DATED)], symbol)
        assert conflict is not None
        assert f"{DATED}: the id names another symbol, but the order is of {symbol}" in (
            conflict.summary
        )


def test_several_ids_are_one_line_of_the_alert() -> None:
    conflict = symbol_conflict([adopted(DATED), adopted(DATED)], "BTCUSDT")
    assert conflict is not None
    assert conflict.summary.startswith("the ids of 2 orders name another symbol")
    assert len(conflict.details) == 2

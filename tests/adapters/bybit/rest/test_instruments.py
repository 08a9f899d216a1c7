"""Instruments' rules: read, kept for a while, and never invented."""

from datetime import timedelta
from decimal import Decimal

import pytest

from trueup.adapters.bybit import BybitExchange
from trueup.domain.model.instrument import Instrument
from trueup.domain.model.observation import Unknown

from ..conftest import ManualClock, account
from ..loopback import Json, Loopback, as_json, page, refusal
from ..rows import instrument_row


def test_rules_are_kept_and_read_again(
    server: Loopback, exchange: BybitExchange, clock: ManualClock
) -> None:
    lots = {"maxOrderQty": "900", "minOrderQty": "0.001", "qtyStep": "0.001"}
    server.script(page(instrument_row()), page(instrument_row(lotSizeFilter=lots)))

    first = exchange.instrument("BTCUSDT")
    clock.sleep(timedelta(minutes=59))
    kept = exchange.instrument("BTCUSDT")
    clock.sleep(timedelta(minutes=1))
    fresh = exchange.instrument("BTCUSDT")

    assert isinstance(first, Instrument)
    assert kept is first
    assert isinstance(fresh, Instrument)
    assert fresh.max_quantity == Decimal(900)
    assert server.paths == ["/v5/market/instruments-info"] * 2


def test_a_contract_that_takes_no_orders_is_asked_for_again(
    server: Loopback, exchange: BybitExchange
) -> None:
    server.script(page(instrument_row(status="Closed")), page(instrument_row()))

    halted, trading = exchange.instrument("BTCUSDT"), exchange.instrument("BTCUSDT")

    assert isinstance(halted, Instrument)
    assert isinstance(trading, Instrument)
    assert (halted.halted, trading.halted) == ("Closed", "")


@pytest.mark.parametrize(
    "answer",
    [
        page(),
        refusal(10001, "params error: symbol invalid"),
        refusal(10001, "params error: Symbol Invalid"),
    ],
)
def test_symbols_that_are_not_traded(
    server: Loopback, exchange: BybitExchange, answer: Json
) -> None:
    server.script(answer, page(instrument_row()))

    assert exchange.instrument("BTCUSDT") is None
    assert isinstance(exchange.instrument("BTCUSDT"), Instrument)


@pytest.mark.parametrize(
    "answer",
    [
        refusal(10001, "params error"),
        refusal(10016, "symbol invalid, or the server"),
        as_json({}, 503),
        page(instrument_row(symbol="ETHUSDT")),
        page(instrument_row(), instrument_row()),
        page(instrument_row(priceFilter=None)),
    ],
)
def test_a_failed_read_is_unknown_and_not_kept(
    server: Loopback, exchange: BybitExchange, answer: object
) -> None:
    server.script(answer, page(instrument_row()))

    assert isinstance(exchange.instrument("BTCUSDT"), Unknown)
    assert isinstance(exchange.instrument("BTCUSDT"), Instrument)


def test_rules_are_read_once_for_all_accounts_at_a_host(
    server: Loopback, exchange: BybitExchange, clock: ManualClock
) -> None:
    server.script(page(instrument_row()))
    other = BybitExchange(account(server.url), clock=clock)

    assert isinstance(exchange.instrument("BTCUSDT"), Instrument)
    assert other.instrument("BTCUSDT") is exchange.instrument("BTCUSDT")
    assert len(server.paths) == 1
    other.close()


def test_fresh_rules_replace_the_kept_ones(
    server: Loopback, exchange: BybitExchange, clock: ManualClock
) -> None:
    lots = {"maxOrderQty": "900", "minOrderQty": "0.001", "qtyStep": "0.001"}
    server.script(page(instrument_row()), page(instrument_row(lotSizeFilter=lots)))

    began = clock.moment()
    clock.sleep(timedelta(seconds=1))
    kept = exchange.instrument("BTCUSDT")
    assert exchange.instrument("BTCUSDT", since=began) is kept
    fresh = exchange.instrument("BTCUSDT", since=clock.moment())

    assert isinstance(fresh, Instrument)
    assert fresh.max_quantity == Decimal(900)
    assert exchange.instrument("BTCUSDT") is fresh
    assert server.paths == ["/v5/market/instruments-info"] * 2

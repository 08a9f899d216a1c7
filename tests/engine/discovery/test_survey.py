"""A survey is complete, to the last page of every list, or it says that it is not."""

from decimal import Decimal

import pytest

from tests.engine.discovery.conftest import MIRROR, NATIVE_STOP, many_symbols, rest
from tests.stage import PATIENCE, Stage
from trueup.adapters.bybit import BybitExchange
from trueup.domain.model.observation import Observation, OrdersUnread, Unknown
from trueup.domain.model.order import OrderKind
from trueup.simulator import Fault, FaultKind, InstrumentSpec


@pytest.fixture
def exchange(stage: Stage) -> BybitExchange:
    """The mirror's real adapter."""
    return BybitExchange(stage.accounts()[1], PATIENCE, clock=stage.clock)


@pytest.fixture
def crowded(stage: Stage) -> Stage:
    """60 orders at one position, and 209 positions more."""
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    for number in range(60):
        rest(stage, f"0.{6000 + number}", "0.1", f"order-{number}")
    for symbol in many_symbols(stage.sim, 209):
        stage.sim.open_position(MIRROR, symbol, "Buy", "10", "0.6900")
    return stage


@pytest.mark.usefixtures("crowded")
def test_60_orders_and_210_positions_are_all_there(exchange: BybitExchange) -> None:
    seen = exchange.survey()
    assert isinstance(seen, Observation)
    assert len({order.order_id for order in seen.orders}) == len(seen.orders) == 60
    assert len({position.symbol for position in seen.positions}) == len(seen.positions) == 210
    exchange.close()


def test_both_kinds_of_orders_are_asked_for(stage: Stage, exchange: BybitExchange) -> None:
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    rest(stage, "", "307.3", **NATIVE_STOP)
    seen = exchange.survey()
    assert isinstance(seen, Observation)
    assert [(order.kind, order.kind_text) for order in seen.orders] == [
        (OrderKind.STOP_LOSS, "StopLoss")
    ]
    filters = [r.params.get("orderFilter") for r in stage.sim.requests if "realtime" in r.path]
    assert {None, "StopOrder"} <= set(filters)
    exchange.close()


def test_positions_that_settle_in_usdc_are_there_too(stage: Stage, exchange: BybitExchange) -> None:
    stage.sim.add_instrument(
        InstrumentSpec(
            symbol="BTCPERP",
            settle_coin="USDC",
            tick="0.5",
            step="0.001",
            min_quantity="0.001",
            max_quantity="100",
        ),
        price="60000",
    )
    stage.sim.open_position(MIRROR, "BTCPERP", "Buy", "0.5", "59000")
    seen = exchange.survey()
    assert isinstance(seen, Observation)
    assert [(p.symbol, p.size) for p in seen.positions] == [("BTCPERP", Decimal("0.5"))]
    exchange.close()


@pytest.mark.parametrize(
    ("symbols", "coins"),
    [(["AUSDT", "BANDUSDT"], {"USDT"}), (["BTCPERP"], {"USDC"}), (["AUSDT", "BTCPERP"], None)],
)
def test_coins_that_none_of_the_symbols_settles_in_are_left_out(
    stage: Stage, exchange: BybitExchange, symbols: list[str], coins: set[str] | None
) -> None:
    for symbol in symbols:
        usdc = symbol == "BTCPERP"
        stage.sim.add_instrument(
            InstrumentSpec(
                symbol=symbol,
                settle_coin="USDC" if usdc else "USDT",
                tick="0.5",
                step="0.001",
                min_quantity="0.001",
                max_quantity="100",
            ),
            price="60000",
        )
    assert isinstance(exchange.survey(symbols), Observation)
    walks = [r.params for r in stage.sim.requests if not r.path.endswith("instruments-info")]
    asked = {params["settleCoin"] for params in walks}
    assert asked == (coins or {"USDT", "USDC"})
    exchange.close()


def test_a_page_of_orders_that_fails_leaves_the_positions(
    crowded: Stage, exchange: BybitExchange
) -> None:
    crowded.sim.inject(
        Fault(kind=FaultKind.SERVER_ERROR, path="order/realtime", skip=1, times=None)
    )
    seen = exchange.survey()
    assert isinstance(seen, OrdersUnread)
    assert len(seen.positions) == 210
    exchange.close()


def test_a_page_of_positions_that_fails_leaves_nothing(
    crowded: Stage, exchange: BybitExchange
) -> None:
    crowded.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="position/list", skip=1, times=None))
    assert isinstance(exchange.survey(), Unknown)
    exchange.close()

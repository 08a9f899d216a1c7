"""Symbols that are no linear contracts are refused at the door, each with what it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stage import BAND_LADDER, Stage
from trueup import InstrumentError
from trueup.simulator import Behaviour, Fault, FaultKind, InstrumentSpec, UnknownInstrument

OTHERS = {
    "BTCUSD": ("inverse", "an inverse contract (InversePerpetual)"),
    "BTC-27MAR26-100000-C": ("option", "an option (Call)"),
    "BTCEUR": ("spot", "a spot pair"),
}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage with a contract of each other category."""
    with Stage(tmp_path) as opened:
        for symbol, (category, _) in OTHERS.items():
            opened.sim.add_instrument(
                InstrumentSpec(
                    symbol=symbol,
                    category=category,
                    tick="0.5",
                    step="1",
                    min_quantity="1",
                    max_quantity="100",
                ),
                price="60000",
            )
        yield opened


@pytest.mark.parametrize("answer", UnknownInstrument)
@pytest.mark.parametrize("symbol", OTHERS)
def test_it_is_refused_and_named(stage: Stage, symbol: str, answer: UnknownInstrument) -> None:
    stage.sim.behaviour = Behaviour(rate_limits=False, ip_limit=False, unknown_instrument=answer)
    with pytest.raises(InstrumentError) as refused:
        stage.reconciler.watch("mirror", symbol, "Sell", BAND_LADDER)
    said = f"it is {OTHERS[symbol][1]}, and trueup handles linear contracts only"
    assert said in refused.value.message
    assert refused.value.symbol == symbol
    assert stage.reconciler.monitors() == ()


def test_a_symbol_that_the_exchange_does_not_know_is_none_of_these(stage: Stage) -> None:
    with pytest.raises(InstrumentError, match="does not trade this symbol") as refused:
        stage.reconciler.watch("mirror", "NOSUCHUSDT", "Sell", BAND_LADDER)
    assert "it is" not in refused.value.message


def test_where_a_category_cannot_be_read_the_others_are(stage: Stage) -> None:
    stage.sim.inject(
        Fault(kind=FaultKind.SERVER_ERROR, path="instruments-info", skip=1, times=1, status=502)
    )
    with pytest.raises(InstrumentError, match="an inverse contract"):
        stage.reconciler.watch("mirror", "BTCUSD", "Sell", BAND_LADDER)

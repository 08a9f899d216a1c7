"""What the market does to one monitor between two starts stops no other one, and is alerted."""

import gc
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from typer.testing import Result

from trueup.simulator import InstrumentSpec, Simulator

from ..desk import LADDER, MAIN, MIRROR, SYMBOL, Desk

OTHER = "FTMUSDT"
THIRD = f"""
[[monitors]]
account = "main"
symbol = "{OTHER}"
side = "Buy"
{LADDER}
"""


def contract(sim: Simulator, price: str = "0.7000", **rules: Any) -> None:  # noqa: ANN401 - any rule
    usual: dict[str, Any] = {
        "tick": "0.0001",
        "step": "0.1",
        "min_quantity": "0.1",
        "max_quantity": "100000",
    }
    sim.add_instrument(InstrumentSpec(symbol=OTHER, **{**usual, **rules}), price=price)


def enter_elsewhere(sim: Simulator) -> None:
    sim.open_position(MIRROR, SYMBOL, "Buy", "1", "0.6900")


def fill_the_first_level(sim: Simulator) -> None:
    sim.set_price(OTHER, "0.7250")


def enter_beyond_the_first_level(sim: Simulator) -> None:
    sim.open_position(MAIN, OTHER, "Buy", "3000", "0.7300")


def open_anew_beyond_it(sim: Simulator) -> None:
    sim.set_position(MAIN, OTHER, "Buy", "0")
    sim.open_position(MAIN, OTHER, "Buy", "700", "0.7300")


@pytest.fixture
def third(desk: Desk, sim: Simulator) -> Desk:
    """A desk whose main account has a monitor more, all of them true."""
    contract(sim)
    sim.open_position(MAIN, OTHER, "Buy", "600", "0.6900")
    desk.write(('\n[[monitors]]\naccount = "mirror"', f'{THIRD}\n[[monitors]]\naccount = "mirror"'))
    assert desk.json("run", "--once")["true"] is True
    return desk


def restart(desk: Desk) -> Result:
    """Runs all monitors, as another process would: with no rules of contracts in its memory."""
    gc.collect()
    return desk("run", "--once")


def covered(sim: Simulator, uid: str, symbol: str = SYMBOL) -> Decimal:
    return sum((order.leaves for order in sim.orders(uid, symbol)), Decimal(0))


CONDITIONS: dict[str, tuple[Callable[[Simulator], None], str]] = {
    "delisted": (
        lambda sim: sim.delist(OTHER),
        (
            "FTMUSDT is not traded: the exchange has no such contract; the last position on record "
            "was 600, of which 600 was covered"
        ),
    ),
    "closed": (
        lambda sim: sim.set_instrument_status(OTHER, "Closed"),
        "FTMUSDT takes no orders: its status is Closed",
    ),
    "opened anew beyond TP1": (
        open_anew_beyond_it,
        "TP1 at 0.72 is on the losing side of the entry 0.73 of a Buy position",
    ),
}


@pytest.mark.parametrize(("happen", "said"), CONDITIONS.values(), ids=CONDITIONS)
def test_a_condition_is_alerted_and_the_others_run(
    third: Desk, sim: Simulator, happen: Callable[[Simulator], None], said: str
) -> None:
    happen(sim)
    sim.open_position(MAIN, SYMBOL, "Buy", "100", "0.6900")
    sim.open_position(MIRROR, SYMBOL, "Buy", "100", "0.6900")
    result = restart(third)
    assert result.exit_code == 1
    assert [covered(sim, uid) for uid in (MAIN, MIRROR)] == [1100, 500]
    assert result.stderr.count("TP REBALANCING SKIPPED\n") == 1
    assert said in result.stderr
    again = restart(third)
    assert "SKIPPED" not in again.stderr, "it is alerted once"


@pytest.mark.parametrize(
    ("before", "left"),
    [(enter_elsewhere, 3600), (fill_the_first_level, 3090)],
    ids=["TP1 rests", "TP1 is done"],
)
def test_an_entry_that_lifts_the_average_past_the_first_level_is_followed(
    third: Desk, sim: Simulator, before: Callable[[Simulator], None], left: int
) -> None:
    before(sim)
    enter_beyond_the_first_level(sim)
    assert third.json("run", "--once")["true"] is True
    assert covered(sim, MAIN, OTHER) == left
    sim.open_position(MIRROR, SYMBOL, "Buy", "100", "0.6900")
    assert third.json("run", "--once")["true"] is True, "the next start runs all of them, too"
    assert covered(sim, MIRROR) == sim.position(MIRROR, SYMBOL, "Buy").size >= 500


@pytest.mark.parametrize(
    "rules", [{"tick": "0.03"}, {"min_notional": "5000"}], ids=["coarser tick", "higher minimum"]
)
def test_rules_that_changed_between_two_starts_stop_nobody_else(
    third: Desk, sim: Simulator, rules: dict[str, str]
) -> None:
    contract(sim, **rules)
    sim.open_position(MIRROR, SYMBOL, "Buy", "100", "0.6900")
    assert restart(third).exit_code in (0, 1)
    assert covered(sim, MIRROR) == 500


def test_a_contract_that_is_delisted_while_its_rules_are_known_is_found_out(
    third: Desk, sim: Simulator
) -> None:
    sim.delist(OTHER)
    result = third("run", "--once")
    assert "FTMUSDT is not traded" in result.stderr
    assert "FAILED" not in result.stderr

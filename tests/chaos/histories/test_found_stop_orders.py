"""Histories of stops that are orders which once broke a promise, cut down to what it takes."""

from dataclasses import replace
from decimal import Decimal

import pytest

from chaos import History, Scene, Verdict, draw_history, play
from chaos.histories import moves
from trueup.domain.model.stop import Stop

from .stop_scene import scene

STOP = Stop.of(percent=5, form="order")


def of(*happening: moves.Move, **rules: str) -> Verdict:
    """The long of 100 at 10, with the stop as an order, and with these rules of its contract."""
    return play(History(0, with_rules(**rules), happening), keep_log=True)


def with_rules(**rules: str) -> Scene:
    made = scene(STOP)
    spec, price = made.instruments[0]
    numbers = {name: Decimal(number) for name, number in rules.items()}
    return replace(made, instruments=((replace(spec, **numbers), price),))  # type: ignore[arg-type] # numbers


def test_a_position_that_is_larger_than_any_order_is_protected_as_far_as_one_order_goes() -> None:
    """Every place was refused for its size, and nothing protected the position."""
    verdict = of(moves.Run(0, 0), max_quantity="60", max_market_quantity="60")
    assert verdict.findings == ()
    said = "UNPROTECTED: the stop closes 60 of 100: no order of this contract may be larger"
    assert any(said in line for line in verdict.lines)


def test_a_position_that_is_no_number_of_steps_is_protected_by_an_order_that_is() -> None:
    """The step had grown, and every order of the position's size was refused."""
    verdict = of(moves.ChangeRules(0, 0, "step", 3), moves.Run(1, 0))
    assert verdict.findings == ()


FOUND = {
    50000005: "the order was cancelled while the monitor was paused, and no alert said so",
    50000129: "a list of which one page was not understood showed none",
    50000209: "TP orders in no list kept the orders unread, and no request of the stop was settled",
    50000252: "the order was in no list as the requests ran out, and the alert had it where it was",
    50000291: "the order was gone while the contract took none, and no alert said so",
    50000396: "an order that was never shown in a new position counted as unknown for ever",
    50000517: "somebody moved the order of the last position, and the new one's rule loosened it",
    50000633: "an order whose id was taken counted as one without a price, and a rule loosened it",
    50000962: "the position was read as closed before somebody moved the order of the last one",
    55000030: "the largest order had become smaller, and the stop's shrank below the position",
    55000049: "a limit was put where the band of prices ended, off the tick and past its trigger",
    50001367: "an order was cancelled at the tighter price that nobody had seen it amended to",
}


@pytest.mark.parametrize("seed", FOUND, ids=str)
def test_seeds_that_broke_a_promise_about_stops_that_are_orders(seed: int) -> None:
    """What trueup, or its judge, had not considered is in the table."""
    assert play(draw_history(seed)).findings == ()

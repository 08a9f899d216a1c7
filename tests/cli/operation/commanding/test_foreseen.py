"""A plan says what would follow: the requests, what would fill at once, and what stays."""

import signal
from collections.abc import Iterator
from typing import Any

import pytest

from trueup.simulator import Fault, FaultKind, InstrumentSpec, Simulator

from ...commands.test_commanded import BARE, logged, started
from ...desk import MAIN, SYMBOL, Desk, Process
from ...terminal import terminal

BAND = ("main", SYMBOL, "Buy")


@pytest.fixture
def engine(desk: Desk) -> Iterator[Process]:
    """An engine that has run both monitors; neither has a ladder. The market is at 0.70."""
    desk.write(BARE)
    process = started(desk)
    yield process
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 0


def plan(desk: Desk, *args: str) -> dict[str, Any]:
    """The one change of a plan; nothing is done."""
    before = logged(desk)
    (change,) = desk.json(*args, code=1)["changes"]
    assert logged(desk) == before
    found: dict[str, Any] = change
    return found


@pytest.mark.usefixtures("engine")
def test_the_requests_that_a_ladder_would_cause_are_in_its_plan(desk: Desk, sim: Simulator) -> None:
    change = plan(desk, "ladder", "set", *BAND, "0.72:60", "0.74:40")
    assert change["sends"] == ["place TP1 600 at 0.72", "place TP2 400 at 0.74"]
    assert not [one for one in sim.requests if one.is_write]
    shown = desk("ladder", "set", *BAND, "0.72:60", "0.74:40").stdout
    assert "  → place TP1 600 at 0.72\n" in shown


@pytest.mark.usefixtures("engine")
def test_a_price_that_the_market_has_passed_is_named_before_the_question(desk: Desk) -> None:
    change = plan(desk, "ladder", "set", *BAND, "0.698:60", "0.74:40")
    assert (
        "TP1 at 0.698 would fill at once: the market has passed it (mark price 0.7)"
        in change["notes"]
    )
    with terminal(desk, "ladder", "set", *BAND, "0.698:60", "0.74:40") as shown:
        assert "TP1 at 0.698 would fill at once" in shown.until("Do this? [y/N]:")
        shown.press("n\n")
        assert shown.ended() == 1


@pytest.mark.usefixtures("engine")
def test_a_price_on_the_losing_side_of_the_entry_is_named_before_the_question(desk: Desk) -> None:
    change = plan(desk, "ladder", "set", *BAND, "0.69:60", "0.74:40")
    assert change["sends"] == []
    (note,) = (one for one in change["notes"] if "losing side" in one)
    assert note == (
        "as it stands, no order can be placed or changed: TP1 at 0.69 is on the losing side of "
        "the entry 0.695 of a Buy position"
    )


def test_levels_that_are_merged_are_named(desk: Desk, sim: Simulator) -> None:
    rules = InstrumentSpec(
        symbol=SYMBOL, tick="0.0001", step="1", min_quantity="60", max_quantity="10000"
    )
    sim.add_instrument(rules, price="0.70")
    desk.write(BARE)
    process = started(desk)
    merged = plan(desk, "ladder", "set", *BAND, "0.72:95", "0.74:5")
    none = plan(desk, "ladder", "set", *BAND, "0.72:99.96", "0.74:0.04")
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert merged["sends"] == none["sends"] == ["place TP1 1000 at 0.72"]
    assert "TP2's 50 is below the exchange's minimum: merged into TP1" in merged["notes"]
    assert "TP2 gets no order: 0.04 % of 1000 is less than the quantity step" in none["notes"]


@pytest.mark.usefixtures("engine")
def test_it_says_that_what_is_set_stays_for_later_positions(desk: Desk) -> None:
    (ladder,) = (n for n in plan(desk, "ladder", "set", *BAND, "0.72:100")["notes"] if "stays" in n)
    assert "for later positions of this monitor" in ladder
    (stop,) = (n for n in plan(desk, "stop", "set", *BAND, "percent = 5")["notes"] if "stays" in n)
    assert "until `trueup stop set` gives another, or false" in stop
    desk.json("stop", "set", *BAND, "percent = 5", "--yes")
    (even,) = (n for n in plan(desk, "breakeven", *BAND)["notes"] if "stays" in n)
    assert "`trueup stop set` without breakeven takes it off" in even


@pytest.mark.usefixtures("engine")
def test_breakeven_says_its_price(desk: Desk) -> None:
    desk.json("stop", "set", *BAND, "percent = 5", "--yes")
    change = plan(desk, "breakeven", *BAND, "--offset", "0.2")
    said = "the stop goes to 0.69639 (0.2 % beyond the entry 0.695) once the price is beyond it"
    assert change["after"].endswith(said)
    assert [one for one in change["sends"] if "0.6964" in one]
    (part,) = desk.json("breakeven", *BAND, "--yes")["parts"]
    assert part["detail"].endswith("the stop goes to 0.695 (the entry) once the price is beyond it")
    (again,) = desk.json("breakeven", *BAND, "--yes", "--id", "b-2")["parts"]
    assert (again["became"], again["detail"]) == ("unchanged", part["detail"])


@pytest.mark.usefixtures("engine")
def test_a_plan_comes_while_the_exchange_does_not_answer(desk: Desk, sim: Simulator) -> None:
    late = Fault(
        kind=FaultKind.LATE_REPLY, uid=MAIN, path="position/list", delay_ms=4000, times=None
    )
    sim.inject(late)
    change = plan(desk, "ladder", "set", *BAND, "0.72:100")
    sim.clear_faults()
    assert change["after"] == "0.72: 100 %"
    assert change["notes"][-1] == (
        "what would be sent is not known: the exchange has not answered within 3 s"
    )

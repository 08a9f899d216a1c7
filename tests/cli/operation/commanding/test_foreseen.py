"""A plan says what would follow: the requests, what would fill at once, and what stays."""

import signal
from collections.abc import Iterator
from typing import Any

import pytest

from trueup.service.commanding.foreseeing import MOST_IN_DETAIL
from trueup.simulator import Fault, FaultKind, InstrumentSpec, Simulator

from ...commands.test_commanded import BARE, logged, started
from ...desk import LADDER, MAIN, SYMBOL, Desk, Process
from ...terminal import terminal

BAND = ("main", SYMBOL, "Buy")
COPY = ("mirror", SYMBOL, "Buy")


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


@pytest.mark.usefixtures("engine")
def test_the_plan_of_an_account_and_of_all_foresees_each_monitor(desk: Desk) -> None:
    for account in ("main", "mirror"):
        desk.json("pause", account, "--yes")
    desk.json("ladder", "set", *BAND, "0.72:100", "--yes")
    first, second = desk.json("reconcile", "--all", code=1)["changes"]
    assert (first["account"], first["sends"]) == ("main", ["place TP1 1000 at 0.72"])
    assert (second["account"], second["sends"]) == ("mirror", ["place TP1 400 at 0.72"])
    shown = desk("reconcile", "--all").stdout
    assert "  → main BANDUSDT Buy: place TP1 1000 at 0.72\n" in shown
    (own,) = desk.json("reconcile", "main", code=1)["changes"]
    assert own["sends"] == first["sends"]
    desk.json("resume", "--all", "--yes")


@pytest.mark.usefixtures("engine")
def test_the_plan_of_a_close_names_the_request_and_does_nothing(desk: Desk, sim: Simulator) -> None:
    part = plan(desk, "close", *BAND, "--share", "50")
    assert part["sends"] == ["close 500 of 1000 at the market"]
    assert part["notes"] == ["its take-profits then follow what is left of it"]
    assert plan(desk, "close", *BAND)["sends"] == ["close 1000 of 1000 at the market"]
    less = plan(desk, "close", *BAND, "--share", "0.01")
    assert less["sends"] == []
    assert less["notes"] == [
        "nothing would be closed: 0.01 % of 1000 is 0.1: the smallest order is worth 5"
    ]
    assert sim.position(MAIN, SYMBOL, "Buy").size == 1000
    assert not [one for one in sim.requests if one.is_write]
    sim.set_position(MAIN, SYMBOL, "Buy", "0")
    flat = plan(desk, "close", *BAND)
    assert "there is no position" in flat["notes"][0]


@pytest.mark.usefixtures("engine")
def test_the_plan_of_a_close_of_what_is_paused_is_refused(desk: Desk) -> None:
    desk.json("pause", *BAND, "--yes")
    (change,) = desk.json("close", *BAND, code=2)["changes"]
    assert change["refusal"].endswith("nothing is closed before `trueup resume main BANDUSDT Buy`")


@pytest.mark.usefixtures("engine")
def test_the_plan_of_a_resume_names_what_would_be_sent_then(desk: Desk) -> None:
    desk.json("pause", "main", "--yes")
    desk.json("pause", "mirror", "--yes")
    desk.json("ladder", "set", *BAND, "0.72:60", "0.74:40", "--yes")
    change = plan(desk, "resume", "main")
    assert change["sends"] == [
        "main BANDUSDT Buy: place TP1 600 at 0.72",
        "main BANDUSDT Buy: place TP2 400 at 0.74",
    ]
    both = plan(desk, "resume", "--all")
    assert both["sends"][2:] == [
        "mirror BANDUSDT Buy: place TP1 240 at 0.72",
        "mirror BANDUSDT Buy: place TP2 160 at 0.74",
    ]
    desk.json("resume", "--all", "--yes")


@pytest.mark.usefixtures("engine")
def test_the_plan_of_a_watch_names_the_requests_that_follow(desk: Desk, sim: Simulator) -> None:
    desk.write(BARE)
    second = desk.text.rindex("[[monitors]]")
    desk.config.write_text(desk.config.read_text("utf-8").replace(desk.text[second:], ""), "utf-8")
    desk.json("reload", "--yes")
    desk.json("unwatch", *COPY, "--yes")
    given = ("watch", *COPY, "--level", "0.75:100", "--stop", "percent = 4")
    change = plan(desk, *given)
    assert change["sends"] == [
        "set the stop none → 0.6672: 4 % from the entry",
        "place TP1 400 at 0.75",
    ]
    new = plan(desk, "watch", "mirror", SYMBOL, "Sell", "--level", "0.65:100")
    assert new["sends"] == []
    (wrong,) = desk.json("watch", *COPY, "--level", "0.75:50", "--level", "0.72:50", code=2)[
        "changes"
    ]
    assert "prices of a Buy ladder must rise from level to level" in wrong["refusal"]
    (unknown,) = desk.json("watch", "mirror", "NONEUSDT", "Buy", code=2)["changes"]
    assert unknown["refusal"] == "the exchange does not trade this symbol"
    assert not [one for one in sim.requests if one.is_write]


def test_of_many_monitors_the_open_ones_are_foreseen_and_the_others_named(
    desk: Desk, sim: Simulator
) -> None:
    texts = []
    for number in range(MOST_IN_DETAIL + 1):
        symbol = f"A{number:02}USDT"
        rules = InstrumentSpec(
            symbol=symbol, tick="0.0001", step="1", min_quantity="1", max_quantity="10000"
        )
        sim.add_instrument(rules, price="0.70")
        texts.append(
            f'\n[[monitors]]\naccount = "main"\nsymbol = "{symbol}"\nside = "Buy"\n{LADDER}\n'
        )
    desk.write()
    desk.config.write_text(desk.config.read_text("utf-8") + "".join(texts), "utf-8")
    process = started(desk, len(texts) + 2)
    changes = desk.json("reconcile", "main", code=1)["changes"]
    shown = desk("reconcile", "main").stdout
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert len(changes) == MOST_IN_DETAIL + 2
    without = [one["symbol"] for one in changes if "not foreseen" in "".join(one["notes"])]
    assert without == [f"A{MOST_IN_DETAIL - 1:02}USDT", f"A{MOST_IN_DETAIL:02}USDT"]
    (band,) = (one for one in changes if one["symbol"] == SYMBOL)
    assert band["notes"] == ["nothing would be sent now: 1000 covered"]
    assert "not foreseen: a plan does that for 12 monitors at most" in shown

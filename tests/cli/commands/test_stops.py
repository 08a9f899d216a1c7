"""Stops at the command line: configured, planned, set, shown, explained and checked."""

import sqlite3
from contextlib import closing

import pytest

from trueup.simulator import Simulator
from trueup.storage.sqlite.generated.guards import GUARDS

from ..desk import LADDER, MAIN, SYMBOL, Desk

STOP = LADDER + "\nstop = {percent = 5, breakeven = {after_level = 1}}"
MONITOR = ("main", SYMBOL, "Buy")


@pytest.fixture
def stopped(desk: Desk) -> Desk:
    """A desk whose main wants a stop 5 % from the entry."""
    desk.write((LADDER, STOP))
    return desk


def stops(sim: Simulator) -> list[str]:
    """Where the stops of the main's positions rest."""
    kinds = [one for one in sim.orders(MAIN) if one.stop_order_type == "StopLoss"]
    return [str(one.trigger_price) for one in kinds if one.status.is_open]


def test_a_plan_sets_the_stop_before_the_ladder(stopped: Desk, sim: Simulator) -> None:
    lines = stopped("plan").stdout.splitlines()
    assert lines[1:3] == [
        "  → set the stop none → 0.6603: 5 % from the entry",
        "  → place TP1 850 at 0.72",
    ]
    planned = stopped.json("plan")[0]
    assert planned["stop"] == {"before": "none", "after": "0.6603", "rule": "5 % from the entry"}
    assert planned["event"] == "short"
    assert stops(sim) == []
    stopped("run", "--once")
    assert stops(sim) == ["0.6603"]
    settled = stopped.json("plan")[0]
    assert (settled["event"], settled["stop"], settled["actions"]) == ("settled", None, [])


def test_status_shows_where_the_stop_is_and_by_which_rule(stopped: Desk) -> None:
    stopped("run", "--once")
    shown = stopped("status").stdout
    assert "0.6603: 5 % from the entry" in shown
    assert "protects 1000" in shown
    monitor = stopped.json("status")["monitors"][0]
    assert (monitor["stop"]["status"], monitor["stop"]["price"]) == ("protected", "0.6603")


@pytest.mark.parametrize(("begins", "runner"), [("", "trails"), (", after_level = 1", "waits")])
def test_status_shows_whether_the_runner_trails(desk: Desk, begins: str, runner: str) -> None:
    """10 % of 1000 are left to a stop that trails at once, or once TP1 has filled."""
    levels = '{price = "0.72", share = 90}, {runner = 10}'
    stop = f'{{percent = 5, trailing = {{distance = "0.02"{begins}}}}}'
    desk.write((LADDER, f"ladder = [{levels}]\nstop = {stop}"))
    desk("run", "--once")
    assert f"runner of 100 {runner}" in desk("status").stdout
    shown = desk.json("status")["monitors"][0]["stop"]
    assert (shown["runner"], shown["runner_quantity"]) == (runner, "100")


def test_a_monitor_without_a_stop_has_no_column_for_it(desk: Desk) -> None:
    desk("run", "--once")
    assert "stop" not in desk("status").stdout.splitlines()[0]
    assert desk.json("status")["monitors"][0]["stop"] is None


def test_a_position_without_its_stop_fails_the_check(stopped: Desk, sim: Simulator) -> None:
    sim.set_price(SYMBOL, "0.6600")
    stopped("run", "--once")
    result = stopped("status", "--check")
    assert result.exit_code == 1
    concern = "main BANDUSDT Buy: UNPROTECTED: no stop for 1000; it is to be at 0.6603"
    assert concern in result.stdout
    stop = stopped.json("status")["monitors"][0]["stop"]
    assert (stop["status"], stop["protected_quantity"]) == ("unprotected", "0")


def test_a_run_and_a_stop_are_explained(stopped: Desk) -> None:
    stopped("run", "--once")
    page = stopped("explain", *MONITOR, "sl").stdout
    assert "5 % from the entry" in page
    assert "none → 0.6603" in page
    run = stopped.json("status")["monitors"][0]["last_run_id"]
    page = stopped("explain", run).stdout
    assert "What it did about the stop" in page
    assert "5 % from the entry" in page


def test_the_story_of_a_stop_that_nobody_wants_is_empty(desk: Desk) -> None:
    desk("run", "--once")
    page = desk("explain", *MONITOR, "SL").stdout
    assert "no stop is wanted" in page


def test_a_stop_that_was_sent_without_an_intent_is_found(stopped: Desk) -> None:
    stopped("run", "--once")
    assert stopped("verify").exit_code == 0
    with closing(sqlite3.connect(stopped.database)) as client, client:
        for name in GUARDS:
            client.execute(f"DROP TRIGGER {name}")
        client.execute("UPDATE journal SET stops = NULL")
        for trigger in GUARDS.values():
            client.execute(trigger)
    found = stopped("verify").stdout
    assert "has a set_stop with no intent before it" in found

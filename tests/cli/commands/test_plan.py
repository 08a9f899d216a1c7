"""``trueup plan``: it says what a run would do, and does none of it."""

from decimal import Decimal
from pathlib import Path

import pytest

from trueup import Account, Ladder, Reconciler
from trueup.simulator import Fault, FaultKind, Simulator

from ..desk import KEYS, LADDER, MAIN, MIRROR, SYMBOL, Desk


def test_before_the_first_run_it_leaves_nothing_behind(desk: Desk, sim: Simulator) -> None:
    result = desk("plan")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "main BANDUSDT Buy: position 1000, covered 0: short: amend 0, place 4",
        "  → place TP1 850 at 0.72",
        "  → place TP2 50 at 0.74",
        "  → place TP3 50 at 0.76",
        "  → place TP4 50 at 0.8",
        "mirror BANDUSDT Buy: position 400, covered 0: short: amend 0, place 4",
        "  → place TP1 340 at 0.72",
        "  → place TP2 20 at 0.74",
        "  → place TP3 20 at 0.76",
        "  → place TP4 20 at 0.8",
    ]
    assert list(desk.folder.iterdir()) == [desk.config]
    assert {request.method for request in sim.requests} == {"GET"}


def test_it_says_what_would_fill_at_once_and_which_levels_are_too_small(desk: Desk) -> None:
    levels = """ladder = [
        {price = "0.6980", share = 60}, {price = "0.74", share = "39.995"},
        {price = "0.76", share = "0.005"}]"""
    desk.write((LADDER, levels))
    shown = desk("plan").stdout.splitlines()
    assert "  ! TP1 at 0.698 would fill at once: the market has passed it (mark price 0.7)" in shown
    assert "  ! TP3 gets no order: 0.005 % of 1000 is less than the quantity step" in shown
    main = desk.json("plan")[0]
    assert (len(main["at_once"]), len(main["adjusted"])) == (1, 1)


def test_it_says_what_the_run_then_does(desk: Desk, sim: Simulator) -> None:
    desk.json("run", "--once")
    sim.open_position(MIRROR, SYMBOL, "Buy", "600", "0.6900")
    planned = desk.json("plan")[1]
    assert sorted(planned["actions"]) == [
        "amend TP1 340→850 at 0.72",
        "amend TP2 20→50 at 0.74",
        "amend TP3 20→50 at 0.76",
        "amend TP4 20→50 at 0.8",
    ]
    ran = desk.json("run", "--once")["runs"][1]
    targets = {target["level"]: target["quantity"] for target in planned["targets"]}
    assert {level["level"]: level["after"] for level in ran["levels"]} == targets


def test_it_knows_the_fills_on_record(desk: Desk, sim: Simulator) -> None:
    desk.json("run", "--once")
    first = next(order for order in sim.orders(MIRROR) if order.leaves == 340)
    sim.fill(MIRROR, first.order_id)
    planned = desk.json("plan")[1]
    assert (planned["position"], planned["event"], planned["actions"]) == ("60", "settled", [])


def test_it_works_beside_a_running_engine(desk: Desk) -> None:
    account = Account("main", KEYS["MAIN_KEY"], KEYS["MAIN_SECRET"], environment=desk.url)
    with Reconciler(f"sqlite:///{desk.database}", accounts=[account]) as engine:
        stored = engine.watch("main", SYMBOL, "Buy", Ladder.of(("0.72", 100)))
        engine.reconcile(stored)
        before = engine.monitors()
        planned = desk.json("plan")[0]
        assert engine.monitors() == before
    # The configuration's ladder has four levels; the order on record becomes the first.
    assert planned["actions"] == [
        "amend TP1 1000→850 at 0.72",
        "place TP2 50 at 0.74",
        "place TP3 50 at 0.76",
        "place TP4 50 at 0.8",
    ]


def test_nothing_to_do_is_said(desk: Desk) -> None:
    desk.json("run", "--once")
    assert desk("plan").stdout.splitlines()[:2] == [
        "main BANDUSDT Buy: position 1000, covered 1000: settled: 1000 covered",
        "  → nothing to do",
    ]


def test_verbose_shows_what_was_seen(desk: Desk, sim: Simulator) -> None:
    result = desk("plan", "--verbose")
    assert "Ladder copied from main: prices and shares only" in result.stdout
    assert not sim.orders(MAIN)


def test_an_exchange_that_cannot_be_read_is_exit_code_1(lone: Desk, tmp_path: Path) -> None:
    planned = lone.json("plan", code=1)
    assert [plan["event"] for plan in planned] == ["blind", "blind"]
    assert [path.name for path in tmp_path.iterdir()] == [lone.config.name]


def test_a_size_that_could_not_be_read_is_not_shown(desk: Desk, sim: Simulator) -> None:
    desk.json("run", "--once")
    sim.inject(Fault(kind=FaultKind.SERVER_ERROR, times=None))
    for line in desk("plan").stdout.splitlines()[::2]:
        assert "Buy: position unknown: blind: " in line
    assert desk("plan").stdout.splitlines()[1] == "  → no plan can be made"
    planned = desk.json("plan", code=1)
    assert [(plan["position"], plan["covered"]) for plan in planned] == [(None, None)] * 2


@pytest.mark.parametrize("words", [("pause", "mirror"), ("halt",)])
def test_what_is_stopped_has_a_plan_that_says_so(
    desk: Desk, sim: Simulator, words: tuple[str, ...]
) -> None:
    desk.json("run", "--once")
    sim.open_position(MIRROR, SYMBOL, "Buy", "600", "0.6900")
    assert desk(*words, "--by", "ann").exit_code == 0
    sent = len(sim.requests)
    planned = desk.json("plan")[1]
    assert planned["actions"][0] == "amend TP1 340→850 at 0.72"
    assert "by ann" in planned["stopped"]
    shown = desk("plan")
    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    assert lines[-5].startswith(f"  nothing of this is sent now: {planned['stopped']}")
    assert lines[-4] == "  → amend TP1 340→850 at 0.72"
    assert not any(request.is_write for request in sim.requests[sent:])
    assert desk("resume", "--all").exit_code == 0
    assert desk.json("plan")[1]["stopped"] == ""


def watches_by_itself(desk: Desk) -> None:
    """The file names no monitor: what is open on main comes under watch by itself."""
    monitors = desk.text[desk.text.index("[[monitors]]") :]
    template = "[ladders.swing]\nlevels = [{percent = 2, share = 100}]\nstop = {percent = 3}\n"
    secret = 'api_secret_env = "MAIN_SECRET"'
    desk.write((monitors, template), (secret, f'{secret}\nauto_watch = "swing"'))


def test_it_shows_what_a_run_would_take_up(desk: Desk, sim: Simulator) -> None:
    watches_by_itself(desk)
    result = desk("plan")
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        [
            (
                "main BANDUSDT Buy: position 1000, covered 0: short: set the stop to 0.6742; "
                "amend 0, place 1"
            ),
            "  → set the stop none → 0.6742: 3 % from the entry",
            "  → place TP1 1000 at 0.7089",
        ],
    )
    assert list(desk.folder.iterdir()) == [desk.config]
    assert {request.method for request in sim.requests} == {"GET"}
    desk.json("run", "--once")
    assert [(order.price, order.leaves) for order in sim.orders(MAIN) if order.price] == [
        (Decimal("0.7089"), Decimal(1000))
    ]
    assert desk("plan").stdout.splitlines()[0].endswith("covered 1000: settled: 1000 covered")


def test_it_says_that_there_is_nothing_to_plan_for(desk: Desk, sim: Simulator) -> None:
    watches_by_itself(desk)
    sim.set_position(MAIN, SYMBOL, "Buy", "0")
    result = desk("plan")
    said = "nothing is under watch, and no open position would come under it by itself"
    assert (result.exit_code, result.stdout.strip()) == (0, said)
    assert desk.json("plan") == []


def test_it_does_not_pass_over_positions_that_cannot_be_read(desk: Desk, sim: Simulator) -> None:
    watches_by_itself(desk)
    sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="position/list", times=None))
    result = desk("plan")
    assert result.exit_code == 1
    assert "main: its open positions cannot be read" in result.stderr
    assert "no open position" not in result.stdout

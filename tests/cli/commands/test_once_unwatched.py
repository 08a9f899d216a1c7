"""``trueup run --once`` reports a position that no monitor watches, once, and that it is over."""

import json

import pytest

from trueup.simulator import Fault, FaultKind, InstrumentSpec, Simulator

from ..desk import MAIN, MIRROR, SYMBOL, Desk

ETH = "ETHUSDT"
LIST = "/v5/position/list"
HEADING = "POSITION WITHOUT A MONITOR"


@pytest.fixture
def alone(desk: Desk, sim: Simulator) -> Desk:
    """The desk, with a position on the main account that no monitor watches."""
    _opened(sim)
    return desk


def _opened(sim: Simulator) -> None:
    spec = InstrumentSpec(
        symbol=ETH, tick="0.01", step="0.01", min_quantity="0.01", max_quantity="1000"
    )
    sim.add_instrument(spec, price="3000")
    sim.open_position(MAIN, ETH, "Buy", "5", "3000")


def own_lists(desk: Desk, sim: Simulator) -> int:
    """How many lists a pass asks the main account for before it asks for those of a whole coin."""
    desk.json("run", "--once")
    before = len(sim.requests)
    desk.json("run", "--once")
    return lists(sim, before).count(False)


def lists(sim: Simulator, since: int = 0, uid: str = MAIN) -> list[bool]:
    """The position lists that an account was asked for: whether each was a whole coin's."""
    asked = (each for each in sim.requests[since:] if (each.uid, each.path) == (uid, LIST))
    return ["settleCoin" in each.params for each in asked]


def test_it_is_reported_at_first_sight_and_once(alone: Desk, sim: Simulator) -> None:
    first = alone("run", "--once")
    assert first.exit_code == 0
    assert first.stderr.count(HEADING) == 1
    assert "no monitor watches the position of 5 at 3000" in first.stderr
    again = alone("run", "--once")
    assert (again.exit_code, again.stderr.count(HEADING)) == (0, 0)
    (row,) = alone.json("status")["unwatched"]
    assert (row["account"], row["symbol"], row["side"], row["size"]) == ("main", ETH, "Buy", "5")
    assert [order.symbol for order in sim.orders(MAIN)] == [SYMBOL] * 4


def test_it_costs_one_request_of_each_account(alone: Desk, sim: Simulator) -> None:
    alone.json("run", "--once")
    before = len(sim.requests)
    alone.json("run", "--once")
    for uid in (MAIN, MIRROR):
        assert lists(sim, before, uid).count(True) == 1
        assert lists(sim, before, uid)[-1]
    coins = [each.path for each in sim.requests[before:] if "settleCoin" in each.params]
    assert coins == [LIST] * 2


def test_it_is_over_once_two_lists_lack_it(alone: Desk, sim: Simulator) -> None:
    alone.json("run", "--once")
    sim.set_position(MAIN, ETH, "Buy", "0", "3000")
    before = len(sim.requests)
    result = alone("run", "--once")
    assert result.stderr.count(f"{HEADING}: OVER") == 1
    assert "the exchange no longer lists it" in result.stderr
    assert lists(sim, before).count(True) == 2
    assert alone.json("status")["unwatched"] == []
    assert HEADING not in alone("run", "--once").stderr


def test_that_one_list_lacks_it_says_nothing(alone: Desk, sim: Simulator) -> None:
    kind, own = FaultKind.ROWS_LEFT_OUT, own_lists(alone, sim)
    sim.inject(Fault(kind=kind, path=LIST, uid=MAIN, leaves_out=ETH, skip=own))
    before = len(sim.requests)
    result = alone("run", "--once")
    assert (result.exit_code, HEADING in result.stderr) == (0, False)
    assert lists(sim, before).count(True) == 2
    assert len(alone.json("status")["unwatched"]) == 1


def test_it_is_over_once_a_monitor_watches_it(alone: Desk) -> None:
    alone.json("run", "--once")
    monitor = f'account = "main"\nsymbol = "{ETH}"\nside = "Buy"\n'
    ladder = 'ladder = [{price = "3300", share = 100}]\n'
    mirror = '[[monitors]]\naccount = "mirror"'
    alone.write((mirror, f"[[monitors]]\n{monitor}{ladder}\n{mirror}"))
    assert "a monitor watches it now" in alone("run", "--once").stderr


def test_positions_that_cannot_be_read_are_exit_code_1(alone: Desk, sim: Simulator) -> None:
    own = own_lists(alone, sim)
    for _ in range(2):
        sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path=LIST, uid=MAIN, skip=own))
        result = alone("run", "--once", "--json")
        said = json.loads(result.stdout)
        assert result.exit_code == 1
        assert [run["outcome"] for run in said["runs"]] == ["IN_SYNC", "IN_SYNC"]
        main, mirror = said["sweeps"]
        assert "502" in main["unreadable"]
        assert (mirror["account"], mirror["unreadable"]) == ("mirror", None)
        assert "the positions could not be read" in result.stderr
        assert HEADING not in result.stderr
    assert alone("run", "--once").exit_code == 0


def test_an_account_that_is_paused_is_read(desk: Desk, sim: Simulator) -> None:
    desk.json("run", "--once")
    desk("pause")
    _opened(sim)
    assert desk("run", "--once").stderr.count(HEADING) == 1


def test_an_account_whose_key_is_barred_is_not_read(alone: Desk, sim: Simulator) -> None:
    sim.open_position(MIRROR, ETH, "Buy", "1", "3000")
    alone.env["MIRROR_KEY"] = alone.env["MAIN_KEY"]
    alone.env["MIRROR_SECRET"] = alone.env["MAIN_SECRET"]
    alone("run", "--once")
    assert lists(sim).count(True) == 1
    assert [row["account"] for row in alone.json("status")["unwatched"]] == ["main"]


def test_no_pass_counts_as_a_sweep_of_the_service(alone: Desk) -> None:
    alone.json("run", "--once")
    assert alone.json("status")["accounts"] == []

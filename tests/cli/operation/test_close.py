"""``trueup close``, beside an engine of another process and without one."""

import signal
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

import pytest

from trueup.simulator import Fault, FaultKind, Simulator

from ..commands.test_channel import with_section
from ..desk import MAIN, MIRROR, SYMBOL, Desk, Process
from ..terminal import terminal
from .test_control import runs


@pytest.fixture
def ladders(desk: Desk) -> Desk:
    """The desk with both ladders placed, and no engine."""
    assert desk("run", "--once").exit_code == 0
    return desk


@pytest.fixture
def engine(desk: Desk) -> Iterator[Process]:
    """An engine that has placed both ladders, and takes no commands."""
    with_section(desk, "socket = false")
    process = desk.process("run", "--json")
    assert len(list(islice(runs(process), 2))) == 2
    yield process
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 0


def test_without_an_engine_it_closes_by_itself(ladders: Desk, sim: Simulator) -> None:
    size = sim.position(MAIN, SYMBOL, "Buy").size
    done = ladders.json("close", "main", SYMBOL, "Buy", "--share", "50", "--by", "ann", "--yes")
    assert (done["status"], done["filled"]) == ("done", str(size / 2))
    assert sim.position(MAIN, SYMBOL, "Buy").size == size / 2
    shown = ladders("close", "main", SYMBOL, "Buy", "--yes")
    assert (shown.exit_code, sim.position(MAIN, SYMBOL, "Buy").size) == (0, Decimal(0))
    line = f"main BANDUSDT Buy: {size / 2} of {size / 2} closed"
    assert shown.stdout.splitlines()[-1] == line


def test_without_an_engine_it_shows_its_plan_and_asks(ladders: Desk, sim: Simulator) -> None:
    given, before = ("close", "main", SYMBOL, "Buy", "--share", "50"), len(sim.requests)
    nobody = ladders(*given)
    assert (nobody.exit_code, "the position, 1000 when last read" in nobody.stdout) == (1, True)
    assert "to do it, give the command with --yes" in nobody.stderr
    (change,) = ladders.json(*given, code=1)["changes"]
    assert change["after"] == "50 % of it closed at the market"
    with terminal(ladders, *given) as shown:
        assert "50 % of it closed" in shown.until("Do this? [y/N]:")
        shown.press("n\n")
        assert shown.ended() == 1
    assert len(sim.requests) == before
    with terminal(ladders, *given) as shown:
        shown.until("Do this? [y/N]:")
        shown.press("y\n")
        assert shown.ended() == 0
    assert sim.position(MAIN, SYMBOL, "Buy").size == 500


def test_beside_an_engine_the_engine_closes(desk: Desk, sim: Simulator, engine: Process) -> None:
    size = sim.position(MIRROR, SYMBOL, "Buy").size
    done = desk.json("close", "mirror", SYMBOL, "buy", "--share", "25", "--yes")
    assert (done["status"], done["quantity"]) == ("done", str(size / 4))
    seen = next(run for run in runs(engine) if run["account"] == "mirror")
    assert (seen["outcome"], seen["position"]) == ("SUCCESS", str(size * 3 / 4))
    again = desk.json("close", "mirror", SYMBOL, "Buy", "--yes")
    assert (again["status"], again["number"]) == ("done", done["number"] + 1)
    assert sim.position(MIRROR, SYMBOL, "Buy").size == Decimal(0)


@pytest.mark.usefixtures("engine")
def test_a_lost_reply_closes_nothing_twice(desk: Desk, sim: Simulator) -> None:
    size = sim.position(MAIN, SYMBOL, "Buy").size
    sim.inject(Fault(kind=FaultKind.REPLY_LOST, path="order/create-batch", uid=MAIN))
    assert desk.json("close", "main", SYMBOL, "Buy", "--share", "50", "--yes")["status"] == "done"
    assert sim.position(MAIN, SYMBOL, "Buy").size == size / 2


def test_an_engine_that_cannot_read_closes_later(ladders: Desk, sim: Simulator) -> None:
    """The command stays on record, status says so, and the next run takes it."""
    sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="position/list", times=None))
    waits = ladders("close", "main", SYMBOL, "Buy", "--yes")
    assert (waits.exit_code, "no run has taken it yet" in waits.stdout) == (1, True)
    assert "main BANDUSDT Buy: a close is commanded by" in ladders("status").stdout
    assert ladders("status", "--check").exit_code == 1
    sim.clear_faults()
    ladders("run", "--once")
    assert sim.position(MAIN, SYMBOL, "Buy").size == Decimal(0)
    assert "a close is commanded" not in ladders("status").stdout


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("main", SYMBOL, "Buy", "--share", "0"), "the share must be above 0"),
        (("main", SYMBOL, "Buy", "--share", "120"), "a percentage up to 100"),
        (("main", SYMBOL, "Sell"), "there is no monitor main BANDUSDT Sell"),
        (("nobody", SYMBOL, "Buy"), "there is no account 'nobody'"),
    ],
)
def test_what_is_wrong_changes_nothing(
    ladders: Desk, sim: Simulator, args: tuple[str, ...], said: str
) -> None:
    size = sim.position(MAIN, SYMBOL, "Buy").size
    result = ladders("close", *args, "--yes")
    assert (result.exit_code, said in result.output) == (2, True), result.output
    assert sim.position(MAIN, SYMBOL, "Buy").size == size


def test_what_is_stopped_is_not_closed_and_the_refusal_names_what_ends_that(ladders: Desk) -> None:
    def refused() -> str:
        result = ladders("close", "main", SYMBOL, "Buy", "--yes")
        assert result.exit_code == 2
        return " ".join(result.output.split())

    ladders("pause", "main")
    assert refused().endswith("nothing is closed before `trueup resume main`")
    ladders("halt")
    said = refused()
    assert "all accounts are halted" in said
    assert said.endswith("nothing is closed before `trueup resume --all`")


def test_a_database_alone_says_not_where_the_exchange_is(ladders: Desk) -> None:
    result = ladders.bare(
        "close", "main", SYMBOL, "Buy", "--db", f"sqlite:///{ladders.database}", "--yes"
    )
    assert (result.exit_code, "name the configuration" in result.output) == (2, True)

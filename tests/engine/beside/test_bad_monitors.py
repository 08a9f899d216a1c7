"""One monitor in a bad state delays no healthy one, and is alerted once, with figures."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from loguru import logger

from tests.engine.beside.world import BAD, KEY, MINUTE, Beside, spec
from trueup import InstrumentError, MonitorKey, Side
from trueup.simulator import Fault, FaultKind

UID = KEY.account
FIGURES = re.compile(r"Position Size: \d|position on record was \d|rules could not be read")
"""Without its contract's rules no position is read: its size is said to be unknown."""
MOST = 1.1
LATER = 30 * MINUTE
TYPO = MonitorKey(UID, "BONDUSDT", Side.BUY)

Happen = Callable[[Beside], object]


def _enter(world: Beside, quantity: str, price: str) -> None:
    world.sim.open_position(UID, BAD, "Buy", quantity, price)


def _delisted(world: Beside) -> None:
    world.sim.delist(BAD)


def _halted(world: Beside) -> None:
    _enter(world, "100", "0.69")
    world.sim.set_instrument_status(BAD, "Closed")


def _averaged_with_the_first_level_done(world: Beside) -> None:
    world.sim.set_price(BAD, "0.7250")
    _enter(world, "3000", "0.73")


def _averaged_with_the_first_level_resting(world: Beside) -> None:
    _enter(world, "3000", "0.73")


def _opened_beyond(world: Beside) -> None:
    world.sim.set_position(UID, BAD, "Buy", "0")
    _enter(world, "700", "0.73")


def _off_the_tick(world: Beside) -> None:
    world.sim.add_instrument(spec(BAD, tick="0.03"), price="0.70")
    _enter(world, "100", "0.69")


def _below_the_minimum(world: Beside) -> None:
    world.sim.add_instrument(spec(BAD, min_notional="50000"), price="0.70")
    _enter(world, "100", "0.69")


def _above_the_maximum(world: Beside) -> None:
    world.sim.add_instrument(spec(BAD, max_quantity="310"), price="0.70")
    _enter(world, "100", "0.69")


def _unreadable(world: Beside) -> None:
    order_id = world.sim.place_entry(UID, BAD, "Buy", "1", "0.20")
    world.sim.show_order_as(UID, order_id, orderType="LimitMaker")


def _unstorable(world: Beside) -> None:
    world.unreadable_rules = "502 \ud800"
    _enter(world, "100", "0.69")


BAD_STATES: dict[str, tuple[Happen, str]] = {
    "the contract is delisted": (_delisted, "BADUSDT is not traded"),
    "the contract is halted": (_halted, "its status is Closed"),
    "averaged past TP1, which is done": (_averaged_with_the_first_level_done, "REBALANCING"),
    "averaged past TP1, which rests": (_averaged_with_the_first_level_resting, "TP1: 300→1800 ✅"),
    "opened anew beyond TP1": (_opened_beyond, "TP1 at 0.72 is on the losing side of the entry"),
    "off the tick": (_off_the_tick, "is not a multiple of the tick size 0.03"),
    "below the minimum": (_below_the_minimum, "minimum"),
    "above a maximum that was lowered": (_above_the_maximum, "TP1"),
    "a row that nobody understands": (_unreadable, "LimitMaker"),
    "a text that the store refuses": (_unstorable, "could not be read: 502 \\ud800"),
}


def _at_start(world: Beside, happen: Happen) -> None:
    world.stop()
    world.grow()
    if world.with_bad:
        happen(world)
    world.clock.advance(60_000)
    world.start()


def _at_reload(world: Beside, happen: Happen) -> None:
    world.grow()
    if world.with_bad:
        happen(world)
    world.stop()
    world.start()


def _while_running(world: Beside, happen: Happen) -> None:
    world.grow()
    if world.with_bad:
        happen(world)


MOMENTS = {"start": _at_start, "reload": _at_reload, "running": _while_running}


def _settled(folder: Path, *, with_bad: bool) -> Beside:
    """A world in which everything is true and has been for a while."""
    folder.mkdir()
    world = Beside(folder, with_bad=with_bad)
    world.start()
    world.until_true()
    world.pass_by(2 * MINUTE)
    world.alerts.clear()
    world.runs = 0
    return world


def _time(world: Beside, moment: str, happen: Happen) -> int:
    began_ms = world.clock.now_ms()
    MOMENTS[moment](world, happen)
    if moment == "start":
        began_ms = world.clock.now_ms()
    world.until_true()
    return world.clock.now_ms() - began_ms


@pytest.fixture(scope="module", autouse=True)
def _silence() -> Iterator[None]:
    """Half an hour of decisions would take longer to log than to play."""
    logger.disable("trueup")
    yield
    logger.enable("trueup")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """How long the healthy monitors take without the bad one, by moment."""
    taken: dict[str, int] = {}
    for moment in MOMENTS:
        world = _settled(tmp_path_factory.mktemp("alone") / moment, with_bad=False)
        taken[moment] = _time(world, moment, _delisted)
        world.stop()
    return taken


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(("happen", "said"), BAD_STATES.values(), ids=BAD_STATES)
def test_the_healthy_are_true_as_soon_as_alone_and_the_bad_one_is_alerted_once(
    tmp_path: Path, alone: dict[str, int], moment: str, happen: Happen, said: str
) -> None:
    world = _settled(tmp_path / "world", with_bad=True)
    taken = _time(world, moment, happen)
    assert taken <= alone[moment] * MOST, (taken, alone[moment])
    world.pass_by(LATER)
    world.stop()
    (alert, *others) = [alert for alert in world.alerts if alert.key == KEY]
    assert [each.text for each in others] == []
    assert said in alert.text
    assert FIGURES.search(alert.text), alert.text
    assert world.runs <= 20, "it is tried again with back-off"


@pytest.mark.parametrize("moment", ["start", "reload"])
def test_a_symbol_that_nobody_knows_is_refused_beside_them(
    tmp_path: Path, alone: dict[str, int], moment: str
) -> None:
    world = _settled(tmp_path / "world", with_bad=False)
    world.stop()
    world.grow()
    world.start(TYPO)
    assert world.until_true() <= alone["start"] * MOST
    assert world.refused == ["main BONDUSDT Buy: the exchange does not trade this symbol"]
    if moment == "reload":
        world.stop()
        world.start(TYPO)
        world.pass_by(MINUTE)
        assert len(world.refused) == 2, "once for each start"
    world.stop()
    assert {alert.key.symbol for alert in world.alerts} <= {"AUSDT", "ENAUSDT"}


def test_an_account_that_cannot_be_reached_at_start_holds_up_no_other(
    tmp_path: Path, alone: dict[str, int]
) -> None:
    world = _settled(tmp_path / "world", with_bad=False)
    world.stop()
    world.grow()
    late = Fault(kind=FaultKind.LATE_REPLY, uid="other", times=None, delay_ms=9000)
    world.sim.inject(late)
    world.start(MonitorKey("other", BAD, Side.BUY))
    assert world.until_true(but="other") <= alone["start"] * MOST
    world.sim.clear_faults()
    world.until_true()
    world.stop()


def test_a_caller_is_told_of_a_symbol_that_nobody_knows_while_the_others_run(
    tmp_path: Path, alone: dict[str, int]
) -> None:
    world = _settled(tmp_path / "world", with_bad=False)
    world.grow()
    with pytest.raises(InstrumentError, match="does not trade this symbol"):
        world.reconciler.watch(UID, TYPO.symbol, "Buy")
    assert world.until_true() <= alone["running"] * MOST
    world.stop()

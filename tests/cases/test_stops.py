"""The stops of states, one by one, with what a trader would want of each.

The real states are in ``../shared/cases``; where that is absent, those of our own are played.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.cases.casebook import MONITORS, Case, Malformed, read_cases
from tests.cases.play import Played, play
from tests.cases.resting import Kind
from tests.cases.stops import stops_found
from tests.cases.switchboard import Switchboard
from tests.cases.test_cases import OWN
from tests.cases.verdict import judge
from trueup.domain.recognition.stops import Maker, stops_among

Address = tuple[Switchboard, str]
FILLED = ("M025", "M178")
TWENTY_TIMES = ("M015", "M064", "M132", "M179", "M467", "M484")
TAKEN_FOR_TP1 = ("M294", "M330", "M038", "M411", "M460")
OF_THE_OTHER = ("M016", "M141", "M270", "M326", "M467")


def _case(name: str, path: Path) -> Case:
    if not path.is_file():
        pytest.skip(f"the real states are not here: no ../shared/cases/{path.name}")
    (found,) = (one for one in read_cases(path) if _name(one) == name)
    assert isinstance(found, Case)
    return found


def _name(one: Case | Malformed) -> str:
    return one.case


def _played(name: str, address: Address, folder: Path, path: Path = MONITORS) -> Played:
    board, url = address
    played = play(_case(name, path), board, url, folder / "trueup.db")
    judged = judge(played)
    assert not judged.differences, judged.differences
    return played


def _size(played: Played) -> str:
    return f"{played.case.rules.floored(played.case.state.size):f}"


@pytest.mark.parametrize("name", FILLED)
def test_a_stop_that_filled_protects_nothing(name: str, address: Address, tmp_path: Path) -> None:
    """The bot has it as FILLED, and the position is open: it is shown without any stop."""
    played = _played(name, address, tmp_path)
    assert played.found
    assert played.left
    assert (stops_found(played.found), stops_found(played.left)) == ("–", "–")
    assert not played.found.protected
    assert played.stops_set == 0


def test_where_one_is_wanted_a_stop_that_filled_is_set_anew(
    address: Address, tmp_path: Path
) -> None:
    """Of the whole position, at the price that was asked for."""
    played = _played("F22", address, tmp_path, OWN)
    assert (stops_found(played.found), stops_found(played.left)) == ("–", "own@8.7×100")


def test_two_stops_are_both_shown_and_left_and_protect_no_more_than_is_open(
    address: Address, tmp_path: Path
) -> None:
    """60 and 70 and 5 of a long of 100; the trader decides which of them goes."""
    played = _played("F21", address, tmp_path, OWN)
    assert played.found
    assert stops_found(played.found).split(",") == [
        "no-id@8.4×5",
        "bot@8.6×70",
        "bot@8.5×60",
    ]
    assert (played.found.protected, played.stops_set) == (Decimal(100), 0)


@pytest.mark.parametrize("name", TWENTY_TIMES)
def test_a_stop_for_twenty_times_the_position_protects_the_position(
    name: str, address: Address, tmp_path: Path
) -> None:
    """It is reduce-only, so it closes what is open, and is left as it is."""
    played = _played(name, address, tmp_path)
    assert played.found
    (stop,) = stops_among(played.found.waiting)
    assert f"{stop.protects:f}" == _size(played)
    assert stop.quantity > 15 * stop.protects


def test_a_stop_of_our_own_stands_beside_one_that_is_too_large(
    address: Address, tmp_path: Path
) -> None:
    """Three per cent from 9.12, on a tick of 0.1: the bot's at 8.5 stays."""
    played = _played("F20", address, tmp_path, OWN)
    assert stops_found(played.found) == "bot@8.5×100"
    assert sorted(stops_found(played.left).split(",")) == ["bot@8.5×100", "own@8.9×100"]


@pytest.mark.parametrize("name", TAKEN_FOR_TP1)
def test_a_stop_that_the_bot_took_for_tp1_is_a_stop(
    name: str, address: Address, tmp_path: Path
) -> None:
    """It protects, takes no room from the ladder, and rests as it did."""
    played = _played(name, address, tmp_path)
    assert played.found
    stops = {one.order_id: one for one in stops_among(played.found.waiting)}
    taken = [order for order in played.loaded if order.kind in (Kind.STOP_MARKET, Kind.STOP_LOSS)]
    assert taken
    assert {order.order_id for order in taken} == stops.keys()
    assert all(played.at_last[key] == played.before[key] for key in stops)


@pytest.mark.parametrize("name", OF_THE_OTHER)
def test_a_stop_with_the_other_account_s_id_is_of_the_account_that_lists_it(
    name: str, address: Address, tmp_path: Path
) -> None:
    """A mirror's order with a main's id: its own account's position is what it protects."""
    played = _played(name, address, tmp_path)
    assert played.found
    (stop,) = stops_among(played.found.waiting)
    assert stop.maker is Maker.BOT
    assert stop.order_link_id.startswith("BOT_CONS_")
    assert (f"{played.found.protected:f}", played.strayed) == (_size(played), 0)

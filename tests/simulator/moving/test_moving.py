"""A market that moves: by chance and from a file, and what orders make of it."""

from decimal import Decimal
from itertools import islice, pairwise
from pathlib import Path

import pytest

from trueup.simulator import (
    Behaviour,
    InstrumentSpec,
    MarketFileError,
    Move,
    Simulator,
    move_market,
    random_walk,
    read_market,
)

from ..caller import SYMBOL
from ..conftest import build

UID = "101"
OTHER = "ETHUSDT"
HEAD = "time_ms,symbol,price"


@pytest.fixture
def sim() -> Simulator:
    """Two contracts, and accounts."""
    made = build()
    made.add_instrument(
        InstrumentSpec(
            symbol=OTHER, tick="0.01", step="0.01", min_quantity="0.01", max_quantity="1000"
        ),
        price="3000",
    )
    return made


def _path(sim: Simulator, seed: str, symbol: str, length: int = 500) -> list[Decimal]:
    moves = (move for move in random_walk(sim, seed) if move.symbol == symbol)
    return [move.price for move in islice(moves, length)]


def test_the_same_seed_gives_the_same_path(sim: Simulator) -> None:
    assert _path(sim, "a", OTHER) == _path(sim, "a", OTHER)
    assert _path(sim, "a", OTHER) != _path(sim, "b", OTHER)


def test_a_contracts_path_is_its_own_whatever_else_is_listed(sim: Simulator) -> None:
    alone = Simulator()
    alone.add_instrument(sim.instrument(OTHER), price="3000")
    assert _path(alone, "a", OTHER) == _path(sim, "a", OTHER)


def test_this_seed_gives_this_path(sim: Simulator) -> None:
    """A path that changes between versions would break whoever has written a seed down."""
    assert [str(price) for price in _path(sim, "trueup", OTHER, 3)] == [
        "2999.81",
        "3000.40",
        "3000.32",
    ]


def test_a_walk_is_as_wide_as_a_market(sim: Simulator) -> None:
    hour = _path(sim, "wide", OTHER, 3600)
    assert all(price % Decimal("0.01") == 0 for price in hour)
    assert all(abs(after - before) <= 1 for before, after in pairwise(hour))
    assert 10 < max(hour) - min(hour) < 300


def test_a_walk_stays_within_the_bounds_of_the_contract() -> None:
    sim = Simulator()
    spec = InstrumentSpec(
        symbol=OTHER,
        tick="0.01",
        step="0.01",
        min_quantity="0.01",
        max_quantity="1000",
        min_price="2999",
        max_price="3001",
    )
    sim.add_instrument(spec, price="3000")
    path = _path(sim, "bound", OTHER)
    assert [min(path), max(path)] == [2999, 3001]


def test_the_clock_makes_the_moves_at_its_speed(sim: Simulator) -> None:
    first, second = _path(sim, "a", OTHER, 2)
    move_market(sim, random_walk(sim, "a"), speed="2.5")
    sim.clock.advance(399)
    assert sim.price(OTHER) == 3000
    sim.clock.advance(1)
    assert sim.price(OTHER) == first
    sim.clock.advance(400)
    assert sim.price(OTHER) == second


@pytest.mark.parametrize("person_at", ["4000", "3000"], ids=["elsewhere", "where it came from"])
def test_a_walk_goes_on_from_where_a_person_put_the_price(sim: Simulator, person_at: str) -> None:
    move_market(sim, random_walk(sim, "a"))
    sim.clock.advance(1500)
    sim.set_price(OTHER, person_at)
    path = []
    for _ in range(20):
        sim.clock.advance(1000)
        path.append(sim.price(OTHER))
    widest = 2 * Decimal(person_at) / 5000
    assert len(set(path)) > 10
    steps = pairwise([Decimal(person_at), *path])
    assert all(abs(after - before) <= widest for before, after in steps)


def test_a_speed_is_positive(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="positive"):
        move_market(sim, random_walk(sim), speed=0)


def test_a_contract_that_is_delisted_is_left_out(sim: Simulator) -> None:
    move_market(sim, random_walk(sim, "a"))
    sim.delist(SYMBOL)
    sim.clock.advance(1000)
    assert sim.price(OTHER) != 3000


def test_orders_and_triggers_follow_the_file(sim: Simulator, tmp_path: Path) -> None:
    rows = ("1000,BANDUSDT,0.7000", "3000,BANDUSDT,0.6900", "6000,BANDUSDT,0.7200")
    file = _file(tmp_path, HEAD, *rows)
    entry = sim.place_order(
        UID, symbol=SYMBOL, side="Buy", orderType="Limit", qty="10", price="0.6950"
    )
    move_market(sim, iter(read_market(file, sim)))
    sim.clock.advance(1999)
    assert [order.order_id for order in sim.orders(UID)] == [entry]
    sim.clock.advance(1)
    held = sim.position(UID, SYMBOL, "Buy")
    assert [held.size, held.average_price] == [10, Decimal("0.6950")]
    sim.place_order(
        UID,
        symbol=SYMBOL,
        side="Sell",
        orderType="Market",
        qty="10",
        triggerPrice="0.7100",
        triggerDirection=1,
        reduceOnly=True,
    )
    sim.clock.advance(3000)
    assert sim.position(UID, SYMBOL, "Buy").size == 0
    assert [fill.price for fill in sim.executions(UID)] == [Decimal("0.6950"), Decimal("0.7100")]
    assert sim.price(SYMBOL) == Decimal("0.7200")


def test_what_a_file_says(sim: Simulator, tmp_path: Path) -> None:
    file = _file(
        tmp_path,
        "symbol, price ,time_ms,mark_price,index_price",
        "BANDUSDT,0.7001,1737809937000,0.70015,",
        "",
        "ETHUSDT,3000.5,1737809937250,,3000.125",
    )
    assert read_market(file, sim) == (
        Move(0, SYMBOL, Decimal("0.7001"), Decimal("0.70015")),
        Move(250, OTHER, Decimal("3000.5"), None, Decimal("3000.125")),
    )


def test_mark_and_index_move_apart_as_the_file_says(sim: Simulator, tmp_path: Path) -> None:
    file = _file(tmp_path, f"{HEAD},mark_price", "0,BANDUSDT,0.71,0.72", "5,BANDUSDT,0.73,")
    move_market(sim, iter(read_market(file, sim)))
    sim.clock.advance(10)
    assert (sim.price(SYMBOL), sim.mark_price(SYMBOL)) == (Decimal("0.73"), Decimal("0.72"))
    assert sim.index_price(SYMBOL) == Decimal("0.73")


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ((), "line 1: there is no column time_ms; the first line names the columns"),
        ((HEAD,), "line 2: there is no price below the names of the columns"),
        (("time_ms,price", "0,1"), "line 1: there is no column symbol"),
        ((f"{HEAD},volume",), "line 1: unknown column 'volume'; there are time_ms, symbol, price"),
        ((f"{HEAD},price",), "line 1: a column is named twice"),
        ((HEAD, "0,BANDUSDT"), "line 2: 2 values, and 3 columns"),
        ((HEAD, "0.5,BANDUSDT,0.7"), "line 2: time_ms is '0.5', and must be whole milliseconds"),
        ((HEAD, "0,BANDUSDT,0.7", "", "x,BANDUSDT,0.7"), "line 4: time_ms is 'x'"),
        (
            (HEAD, "5,BANDUSDT,0.7", "4,BANDUSDT,0.7"),
            "line 3: time_ms goes back from 5 to 4",
        ),
        ((HEAD, "0,DOGEUSDT,0.7"), "line 2: the exchange does not list 'DOGEUSDT'; it lists BAND"),
        ((HEAD, "0,BANDUSDT,cheap"), "line 2: price is 'cheap', and must be a number"),
        ((HEAD, "0,BANDUSDT,"), "line 2: price is '', and must be a number"),
        ((HEAD, "0,BANDUSDT,-0.7"), "line 2: price is -0.7, and must be above 0"),
        ((HEAD, "0,BANDUSDT,NaN"), "line 2: price is 'NaN', and must be a number"),
        ((HEAD, "0,BANDUSDT,0.70005"), "line 2: price 0.70005 is not on BANDUSDT's tick of 0.0001"),
        (
            (f"{HEAD},mark_price", "0,BANDUSDT,0.7,0"),
            "line 2: mark_price is 0, and must be above 0",
        ),
        ((HEAD, "0,BANDUSDT,0.7", '0,"BANDUSDT,0.7'), "line 3: it is not comma-separated values: "),
    ],
)
def test_a_bad_file_says_where_and_why(
    sim: Simulator, tmp_path: Path, lines: tuple[str, ...], says: str
) -> None:
    with pytest.raises(MarketFileError) as refused:
        read_market(_file(tmp_path, *lines), sim)
    assert str(refused.value).startswith(says)


def test_a_file_that_is_no_text(sim: Simulator, tmp_path: Path) -> None:
    file = tmp_path / "market.csv"
    file.write_bytes(HEAD.encode() + b"\n0,\xff,1\n")
    with pytest.raises(MarketFileError, match="UTF-8"):
        read_market(file, sim)


def _file(folder: Path, *lines: str) -> Path:
    file = folder / "market.csv"
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def test_the_book_holds_a_value_at_each_tick(sim: Simulator) -> None:
    sim.behaviour = Behaviour(book_value=Decimal(3000), slippage_ticks=1)
    sim.trade(UID, OTHER, "Buy", "1")
    fills_before = len(sim.executions(UID))
    sim.place_order(UID, symbol=OTHER, side="Buy", orderType="Market", qty="2.5")
    fills = sim.executions(UID)[fills_before:]
    assert [(fill.price, fill.quantity) for fill in fills] == [
        (Decimal("3000.01"), Decimal("0.99")),
        (Decimal("3000.02"), Decimal("0.99")),
        (Decimal("3000.03"), Decimal("0.52")),
    ]

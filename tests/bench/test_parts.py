"""What figures are made of."""

import asyncio
import socket
import sqlite3
import threading
import time
from contextlib import closing
from decimal import Decimal
from pathlib import Path

from bench.counts import Calls
from bench.cover import UNCOVERED_SECONDS, WITHDRAWN_REQUESTS, WITHDRAWN_SECONDS, CoverMeter
from bench.line import DelayedLine
from bench.live import percentile
from bench.measurement import CPU, WALL, Sample, alone, figures
from bench.population import populate
from bench.raw import OneWriter, own_connection, prepare
from bench.sampling import Stopwatch, interleave
from bench.scene import ladder
from bench.seed import SeedSequence
from bench.shares import REST, Shares
from bench.steps import step, watched
from bench.target import at_least, at_most, ratio_at_least, ratio_at_most
from bench.turns import Turns
from bench.world import AFTER, UID, pybit, trueup, world
from trueup.aio.fibers import run_fiber, suspended
from trueup.aio.loop_thread import LOOP, submit
from trueup.storage import open_store

_TABLES = ("intent", "journal")


def _sample(wall: str, cpu: str) -> Sample:
    return {WALL: Decimal(wall), CPU: Decimal(cpu)}


def _count(path: Path, *tables: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        # The names are the test's own.
        queries = [f'SELECT count(*) FROM "{table}"' for table in tables]  # noqa: S608 - the names are the test's own
        return sum(connection.execute(query).fetchone()[0] for query in queries)


def test_a_ratio_is_the_median_of_its_rounds() -> None:
    ours = [_sample("2", "1"), _sample("30", "1"), _sample("9", "1")]
    theirs = [_sample("1", "0"), _sample("10", "0"), _sample("9", "0")]
    wall, cpu = figures(ours, theirs, "the others")
    assert (wall.ours, wall.baseline) == (Decimal(9), Decimal(9))
    assert (wall.ratio, wall.low, wall.high) == (Decimal(2), Decimal(1), Decimal(3))
    assert (cpu.ratio, cpu.low, cpu.high) == (None, None, None)


def test_a_target_is_met_or_not_by_the_number_that_it_is_about() -> None:
    two, half = Decimal(2), Decimal("0.5")
    assert at_most("2").is_met(two, None)
    assert not at_most("1.9", "ms").is_met(two, half)
    assert at_least("2", "/s").is_met(two, None)
    assert ratio_at_most("0.5").is_met(two, half)
    assert not ratio_at_least("0.6").is_met(two, half)
    assert not ratio_at_least("0.6").is_met(two, None)


def test_a_figure_without_a_target_is_neither_met_nor_missed() -> None:
    (wall,) = alone([{WALL: Decimal(3)}, {WALL: Decimal(1)}, {WALL: Decimal(2)}], "alone")
    (held,) = alone([{WALL: Decimal(3)}], "alone", {WALL: at_most("2")})
    assert (wall.ours, wall.baseline, wall.is_met) == (Decimal(2), None, None)
    assert held.is_met is False


def test_percentiles_are_values_that_were_taken() -> None:
    values = [Decimal(n) for n in (5, 1, 4, 2, 3)]
    assert [percentile(values, share) for share in (1, 50, 99)] == [1, 3, 5]


def test_shares_are_of_the_parts_and_end_with_the_block() -> None:
    with world() as place, trueup(place) as (reconciler, monitor):
        place.hold(AFTER)
        with Shares() as shares, Stopwatch(place.server_cpu) as watch:
            reconciler.reconcile(monitor)
        spent = shares.spent_ms(watch.cpu_ms)
        reconciler.reconcile(monitor)
    assert spent["the chart"] > 0
    assert spent["pybit's request"] > 0
    assert spent[REST] > 0
    assert sum(spent.values()) == watch.cpu_ms
    assert shares.spent_ms(watch.cpu_ms) == spent


class _Worker:
    """Has a clock that only its work moves on."""

    def __init__(self) -> None:
        self.clock = 0

    def outer(self) -> None:
        """Works for 1, has the inner part work, and works for 10."""
        self.clock += 1
        self.inner()
        self.clock += 10

    def inner(self) -> None:
        """Works for 100 before it waits and for 1,000 after it."""
        self.clock += 100
        suspended(asyncio.sleep(0))
        self.clock += 1_000


def test_parts_of_fibers_that_take_turns_add_up() -> None:
    worker = _Worker()

    async def both() -> None:
        worker.clock += 10_000
        await asyncio.gather(run_fiber(worker.outer), run_fiber(worker.outer))

    parts = {"outer": ((_Worker, "outer"),), "inner": ((_Worker, "inner"),)}
    with Shares(parts, lambda: 1_000_000 * worker.clock) as shares:
        asyncio.run(both())
    spent = shares.spent_ms(Decimal(worker.clock))
    assert spent == {"outer": 2 * 11, "inner": 2 * 1_100, REST: 10_000}


def test_calls_are_counted_in_fibers_alone_and_after_they_were_suspended_too() -> None:
    counted: list[Decimal] = []

    def work() -> None:
        ladder()
        suspended(asyncio.sleep(0))
        ladder()

    def thread() -> None:
        for act in (
            ladder,
            lambda: asyncio.run(run_fiber(ladder)),
            lambda: asyncio.run(run_fiber(work)),
        ):
            meter.begin()
            act()
            counted.extend(meter.sample(1).values())

    try:
        meter = Calls(Path(), [])
        own = threading.Thread(target=thread)
        own.start()
        own.join()
    finally:
        threading.setprofile(None)
    assert counted[0] == 0 < counted[1]
    assert counted[2] == 2 * counted[1]


def test_the_longest_turn_is_that_of_the_loop_s_thread() -> None:
    async def work(rounds: int) -> int:
        await asyncio.sleep(0)
        return sum(range(rounds))

    with Turns() as turns:
        asyncio.run(work(100_000))
        assert turns.longest.wall_ms == 0
        for rounds in (10, 100_000, 10):
            submit(LOOP.hold(), work(rounds)).result()
            LOOP.release()
        longest = turns.longest
    assert longest.wall_ms > 0 < turns.hardest.cpu_ms
    assert "Handle" in longest.what
    submit(LOOP.hold(), work(1_000_000)).result()
    LOOP.release()
    assert turns.longest == longest


def test_a_line_holds_what_goes_through_it_and_keeps_its_sequence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = DelayedLine(server.getsockname()[1], 0.02)
        line.start()
        with socket.create_connection(("127.0.0.1", line.port)) as client:
            there, _ = server.accept()
            began = time.monotonic()
            for number in range(10):
                client.sendall(b"%d" % number)
            client.shutdown(socket.SHUT_WR)
            with there, there.makefile("rb") as file:
                assert file.read() == b"0123456789"
            assert time.monotonic() - began >= 0.02


def test_a_population_is_what_the_store_would_have_written(tmp_path: Path) -> None:
    symbols = ("BANDUSDT", "S1USDT")
    populate(tmp_path, ("a0", "a1", "a2"), symbols, broken_off=True)
    with closing(open_store(f"sqlite:///{tmp_path / 'trueup.db'}")) as store:
        records = store.monitors()
        intents = [store.run_intents(record.last_run_id or "") for record in records]
    assert [(record.key.account, record.follows) for record in records] == [
        *[("a0", None)] * 2,
        *[("a1", "a0")] * 2,
        *[("a2", "a0")] * 2,
    ]
    assert {record.key.symbol for record in records} == set(symbols)
    assert [record.state.value for record in records] == ["Placing", "Idle"] * 3
    assert [len(own) for own in intents] == [4, 0] * 3
    assert all(record.covered == 400 and len(record.orders) == 4 for record in records)


def test_sides_take_turns_and_the_first_round_does_not_count() -> None:
    order: list[str] = []

    def side(name: str) -> Sample:
        order.append(name)
        return {WALL: Decimal(len(order))}

    ticks: list[int] = []
    taken = interleave(
        {"a": lambda: side("a"), "b": lambda: side("b")}, 2, lambda: ticks.append(len(order))
    )
    assert order == ["a", "b"] * 3
    assert [sample[WALL] for sample in taken["a"]] == [3, 5]
    assert [sample[WALL] for sample in taken["b"]] == [4, 6]
    assert ticks == [2, 4, 6]


def test_cpu_spent_elsewhere_does_not_count() -> None:
    spent = iter([0, 10**12])
    with Stopwatch(lambda: next(spent)) as watch:
        pass
    assert watch.cpu_ms < -900_000
    assert watch.sample(2)[CPU] == watch.cpu_ms / 2


def test_the_meter_counts_what_was_covered_and_no_longer_is() -> None:
    with world() as place, pybit(place) as http:
        bot = SeedSequence(http, place.folder / "records.json")
        bot.rebalance()
        place.hold(AFTER)
        with CoverMeter(place.sim) as meter:
            bot.rebalance()
        sample = meter.sample()
        orders = place.sim.orders(UID)
    # Each level's order is off the book for one request: 261.2 and three times 15.3.
    assert sample[WITHDRAWN_REQUESTS] == Decimal("307.1")
    assert sample[WITHDRAWN_SECONDS] == Decimal("30.71")
    assert sample[UNCOVERED_SECONDS] > sample[WITHDRAWN_SECONDS]
    assert [order.quantity for order in orders] == [
        Decimal("783.6"),
        Decimal("46.0"),
        Decimal("46.0"),
        Decimal("46.0"),
    ]


def test_the_baselines_of_the_store_write_as_many_rows(tmp_path: Path) -> None:
    ours, own, shared = (tmp_path / name for name in ("trueup.db", "own.db", "shared.db"))
    with closing(open_store(f"sqlite:///{ours}")) as store:
        record = watched(store, 0)
        for _ in range(2):
            record = store.commit(step(record))
    prepare(own, 1)
    with own_connection(own, 0) as commit:
        commit()
        commit()
    prepare(shared, 1)
    with closing(OneWriter(shared)) as writer:
        writer.commit(0)
        writer.commit(0)
    assert _count(ours, *_TABLES) == 4 + 2
    for raw in (own, shared):
        assert _count(raw, *_TABLES) == _count(ours, *_TABLES)

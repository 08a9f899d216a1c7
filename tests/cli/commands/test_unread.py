"""Nobody reads what ``trueup run`` writes: orders are repaired all the same, and it ends."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from fcntl import F_SETPIPE_SZ, fcntl

import pytest

from trueup.simulator import Simulator

from ..desk import MIRROR, SYMBOL, Desk
from .test_serving import runs

SMALL = 4096


@contextmanager
def unread_pipe() -> Iterator[int]:
    """A pipe's end to write to; the pipe is full, and nobody reads it."""
    reading, writing = os.pipe()
    try:
        os.write(writing, b"." * fcntl(writing, F_SETPIPE_SZ, SMALL))
        yield writing
    finally:
        os.close(reading)
        os.close(writing)


@pytest.mark.parametrize("words", [(), ("--verbose",)], ids=["quiet", "verbose"])
def test_orders_are_repaired_while_nobody_reads_stderr(
    desk: Desk, sim: Simulator, words: tuple[str, ...]
) -> None:
    with unread_pipe() as stderr:
        process = desk.process("run", "--json", *words, stderr=stderr)
        mirror = (line["run"] for line in runs(process) if line["run"]["account"] == "mirror")
        assert next(mirror)["covered"] == "400"
        sim.open_position(MIRROR, SYMBOL, "Buy", "600", "0.6900")
        assert next(run for run in mirror if run["covered"] != "400")["covered"] == "1000"
        process.send_signal(signal.SIGTERM)
        process.communicate()
        assert process.returncode == 0
    assert sum(order.leaves for order in sim.orders(MIRROR)) == 1000


def test_orders_are_repaired_while_nobody_reads_stdout(desk: Desk, sim: Simulator) -> None:
    process = desk.process("run", "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    fcntl(process.stdout, F_SETPIPE_SZ, SMALL)
    for size, more in (("400", "600"), ("1000", "500"), ("1500", "500")):
        # Some hundred requests: what the sweeps print is more than the pipe has room for.
        before = len(sim.requests)
        assert any(f"Position Size: {size}\n" in line for line in process.stderr)
        while len(sim.requests) < before + 200:
            sim.clock.sleep(timedelta(milliseconds=10))
        sim.open_position(MIRROR, SYMBOL, "Buy", more, "0.6900")
    assert any("Position Size: 2000\n" in line for line in process.stderr)
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 0


def test_a_reader_that_is_gone_changes_no_exit_code(lone: Desk) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nobody:
        process = lone.process("status", stderr=nobody)
        process.communicate()
    assert process.returncode == 3

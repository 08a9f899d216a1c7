"""``trueup status --watch``: pictures of the database, in a terminal and without one."""

import io
import signal
from collections.abc import Iterator
from datetime import datetime, timedelta

from rich.console import Console

from trueup.cli.commands.view import watch_status
from trueup.simulator import Simulator

from ..desk import MIRROR, SYMBOL, Desk
from ..terminal import terminal

WHOLE = "█" * 20


def drawn(desk: Desk, ticks: Iterator[datetime]) -> list[str]:
    """What is drawn without a terminal, one line each, without its padding."""
    out = io.StringIO()
    watch_status(f"sqlite:///{desk.database}", ticks, Console(file=out))
    return [" ".join(line.split()) for line in out.getvalue().splitlines()]


def last_read(desk: Desk) -> datetime:
    monitors = desk.json("status")["monitors"]
    return max(datetime.fromisoformat(one["position_read_at"]) for one in monitors)


def test_each_tick_draws_what_the_database_has_then(desk: Desk, sim: Simulator) -> None:
    desk.json("run", "--once")
    now = last_read(desk)

    def ticks() -> Iterator[datetime]:
        yield now + timedelta(seconds=7)
        desk("pause", "mirror")
        sim.open_position(MIRROR, SYMBOL, "Buy", "600", "0.6900")
        desk("run", "--once")
        yield now + timedelta(seconds=7)

    out = drawn(desk, ticks())
    first, second = (number for number, line in enumerate(out) if line.startswith("20"))
    heads = out[first], out[second]
    assert heads[0] == f"{now + timedelta(seconds=7):%Y-%m-%d %H:%M:%S} UTC"
    assert f"main BANDUSDT Buy 1000 {WHOLE} 100 % no stop wanted 7 s ago – SUCCESS" in out[:second]
    paused = out[second:]
    assert paused[1].startswith("⏸ mirror is paused by ")
    (line,) = (line for line in paused if line.startswith("mirror BANDUSDT"))
    assert f"mirror BANDUSDT Buy 1000 {'█' * 8}{'░' * 12} 40 % no stop wanted" in line
    assert line.endswith("SKIPPED, paused")


def test_a_stop_that_is_missing_is_seen(desk: Desk) -> None:
    desk.write(('symbol = "BANDUSDT"', 'symbol = "BANDUSDT"\nstop = {percent = "5"}'))
    desk.json("run", "--once")
    out = drawn(desk, iter([last_read(desk)]))
    assert any(f"{WHOLE} 100 % {WHOLE} 100 % 0 s ago" in line for line in out), out


def test_in_a_terminal_it_is_drawn_again_until_ctrl_c(desk: Desk) -> None:
    desk.json("run", "--once")
    with terminal(desk, "status", "--watch") as shown:
        shown.until("100 %")
        shown.until("100 %")
        shown.process.send_signal(signal.SIGINT)
        assert shown.ended() == 0
    assert "Traceback" not in shown.shown
    # The screen that was there before is back.
    assert shown.shown.rstrip().endswith("\x1b[?25h\x1b[?1049l")


def test_it_is_given_alone(desk: Desk) -> None:
    desk.json("run", "--once")
    result = desk("status", "--watch", "--json")
    assert (result.exit_code, "--watch is given alone" in result.stderr) == (2, True)

"""``trueup unwatch``: a position is let go, and only the configuration takes it up again."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from trueup import Account, Ladder, MonitorKey, Reconciler, Role, Side, StateName
from trueup.domain.store import Step
from trueup.simulator import Simulator
from trueup.storage import open_reader, open_store

from ..desk import KEYS, MIRROR, SYMBOL, TEXT, Desk, reasons
from .test_discover import rest_tps, without_monitors

GONE = ("mirror", SYMBOL, "Buy")
KEY = MonitorKey("mirror", SYMBOL, Side.BUY)


@pytest.fixture
def watched(desk: Desk, sim: Simulator) -> Desk:
    """A desk without configured monitors, with one discovered on the mirror, and run."""
    without_monitors(desk)
    rest_tps(sim)
    desk("discover", "--watch")
    desk.json("run", "--once")
    return desk


def quantities(sim: Simulator) -> list[Decimal]:
    """What the mirror's orders cover."""
    return sorted(order.leaves for order in sim.orders(MIRROR))


def test_an_unwatched_monitor_is_not_run_and_nothing_is_asked(
    watched: Desk, sim: Simulator
) -> None:
    before = len(sim.requests)
    result = watched("unwatch", *GONE)
    assert (result.exit_code, len(sim.requests)) == (0, before)
    assert result.stdout.splitlines() == [
        "mirror BANDUSDT Buy: unwatched. Orders that stay at the exchange, as of its last run: 2",
        "  TP1 340 at 0.72, MIR_TP1_BANDUSDT_1737800000001_1111",
        "  TP2 60 at 0.74, MIR_TP2_BANDUSDT_1737800000002_1111",
    ]
    sim.open_position(MIRROR, SYMBOL, "Buy", "600", "0.6900")
    assert watched("run", "--once").exit_code == 2
    assert watched("plan").exit_code == 2
    assert quantities(sim) == [60, 340]
    assert {request.method for request in sim.requests} == {"GET"}


def test_status_hides_it_and_history_tells_of_it(watched: Desk) -> None:
    assert [one["source"] for one in watched.json("status")["monitors"]] == ["discovered"]
    watched("unwatch", *GONE)
    assert watched.json("status")["monitors"] == []
    assert [one["source"] for one in watched.json("status", "--all")["monitors"]] == ["unwatched"]
    assert "unwatched" in watched("status", "--all").stdout
    assert watched.json("history", *GONE)


def test_discovery_shows_it_and_does_not_start_it_again(watched: Desk) -> None:
    watched("unwatch", *GONE)
    result = watched("discover", "--watch")
    assert result.exit_code == 1
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines[2] == "mirror BANDUSDT Buy 400 no 400 (2) – – – – it was unwatched"
    assert lines[4].startswith("On record, but left alone by `trueup run`.")
    assert lines[6:] == [
        "[[monitors]]",
        'account = "mirror"',
        f'symbol = "{SYMBOL}"',
        'side = "Buy"',
    ]
    (position,) = watched.json("discover", code=1)[1]["positions"]
    assert (position["watched"], position["source"], position["true"]) == (
        False,
        "unwatched",
        False,
    )


def test_the_configuration_takes_it_up_again(watched: Desk, sim: Simulator) -> None:
    watched("unwatch", *GONE)
    sim.open_position(MIRROR, SYMBOL, "Buy", "600", "0.6900")
    mirror = TEXT[TEXT.rindex("[[monitors]]") :]
    watched.config.write_text(watched.config.read_text("utf-8") + mirror, "utf-8")
    (run,) = watched.json("run", "--once")["runs"]
    assert (run["outcome"], run["covered"]) == ("SUCCESS", "1000")
    assert [one["source"] for one in watched.json("status")["monitors"]] == ["configured"]
    refused = watched("unwatch", *GONE)
    told = "monitors[0]: mirror BANDUSDT Buy is configured: remove it here first"
    said = f"trueup: {watched.config}: {told}\n"
    assert (refused.exit_code, reasons(refused.stderr)) == (2, said)


def test_one_that_is_no_longer_configured_is_warned_of_until_it_is_unwatched(desk: Desk) -> None:
    desk.json("run", "--once")
    desk.write((desk.text[desk.text.rindex("[[monitors]]") :], ""))
    warning = "mirror BANDUSDT Buy: on record but not configured: it does not run"
    assert warning in desk("run", "--once").stderr
    assert desk("discover").exit_code == 1
    assert desk.json("unwatch", *GONE)["orders"][0]["remaining"] == "340"
    result = desk("run", "--once")
    assert (result.exit_code, warning in result.stderr) == (0, False)


def test_a_program_s_monitor_is_left_alone(desk: Desk, sim: Simulator) -> None:
    without_monitors(desk)
    account = Account("main", KEYS["MAIN_KEY"], KEYS["MAIN_SECRET"], environment=desk.url)
    with Reconciler(f"sqlite:///{desk.database}", accounts=[account]) as program:
        program.watch("main", SYMBOL, "Buy", Ladder.of(("0.72", 100)))
    assert desk("run", "--once").exit_code == 2
    assert not [request for request in sim.requests if request.is_write]


def test_a_run_that_was_broken_off_is_told(desk: Desk) -> None:
    with open_store(f"sqlite:///{desk.database}") as store:
        made = store.watch(KEY, Role.MIRROR, "main", None)
        store.commit(Step(replace(made, state=StateName.PLACING)))
    desk.write((desk.text[desk.text.rindex("[[monitors]]") :], ""))
    result = desk("unwatch", *GONE)
    assert result.exit_code == 0
    assert "its last run was interrupted in Placing" in result.stderr
    with open_reader(f"sqlite:///{desk.database}") as reader:
        record = reader.load(KEY)
    assert record is not None
    assert (record.state, record.is_watched) == (StateName.PLACING, False)


def test_what_cannot_be_meant_is_one_line(desk: Desk, tmp_path: Path) -> None:
    without_monitors(desk)
    result = desk("unwatch", *GONE)
    assert (result.exit_code, result.stderr) == (
        3,
        f"trueup: there is no database {desk.database}: `trueup run` creates it\n",
    )
    assert list(tmp_path.iterdir()) == [desk.config]
    with open_store(f"sqlite:///{desk.database}") as store:
        unknown = desk("unwatch", *GONE)
        assert unknown.exit_code == 3
        store.watch(MonitorKey("main", SYMBOL, Side.BUY), Role.MAIN, None, None)
    unknown = desk("unwatch", *GONE)
    assert (unknown.exit_code, unknown.stderr) == (
        2,
        "trueup: there is no monitor mirror BANDUSDT Buy: on record are main BANDUSDT Buy\n",
    )

"""``trueup pause``, ``resume`` and ``halt`` on the database alone: beside an engine, or without."""

import json
import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest

from trueup.simulator import Fault, FaultKind, Simulator
from trueup.storage.sqlite import FileLock

from ..commands.test_channel import with_section
from ..desk import LADDER, MAIN, MIRROR, SYMBOL, Desk, Process

MIRROR_NAME = "mirror"


def runs(process: Process) -> Iterator[dict[str, Any]]:
    """What the engine says of its runs."""
    assert process.stdout is not None
    for line in process.stdout:
        said = json.loads(line)
        if "run" in said:
            yield said["run"]


def writes(sim: Simulator) -> int:
    return sum(request.is_write for request in sim.requests)


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


def test_a_running_engine_stops_writing_and_goes_on_when_it_is_resumed(
    desk: Desk, sim: Simulator, engine: Process
) -> None:
    paused = desk.json("pause", MIRROR_NAME, SYMBOL, "Buy", "--by", "ann", "--reason", "by hand")
    assert (paused["acknowledged"], paused["by"]) == (True, "ann")
    before = writes(sim)
    sim.open_position(MIRROR, SYMBOL, "Buy", "600", "0.6900")
    seen = next(run for run in runs(engine) if run["account"] == "mirror")
    assert (seen["outcome"], seen["position"], seen["covered"]) == ("SKIPPED", "1000", "400")
    assert writes(sim) == before
    resumed = desk.json("resume", MIRROR_NAME)
    assert [one["number"] for one in resumed["ended"]] == [paused["number"]]
    grown = next(run for run in runs(engine) if run["outcome"] == "SUCCESS")
    assert (grown["account"], grown["covered"]) == ("mirror", "1000")


def test_it_answers_once_the_request_before_it_has_its_answer(
    desk: Desk, sim: Simulator, engine: Process
) -> None:
    arrived = Event()
    late = Fault(kind=FaultKind.LATE_REPLY, path="order/amend-batch", uid=MIRROR, delay_ms=2500)
    sim.inject(late)
    sim.open_position(MIRROR, SYMBOL, "Buy", "600", "0.6900")
    sim.listen(lambda _changes: arrived.set())
    assert arrived.wait(30)
    began = monotonic()
    assert desk.json("pause", MIRROR_NAME)["acknowledged"] is True
    assert monotonic() - began > 1
    grown = next(run for run in runs(engine) if run["account"] == "mirror")
    assert grown["covered"] == "1000"


def test_what_is_paused_stops_nobody_else(desk: Desk, sim: Simulator, engine: Process) -> None:
    desk.json("pause", MIRROR_NAME)
    sim.open_position(MAIN, SYMBOL, "Buy", "600", "0.6900")
    grown = next(run for run in runs(engine) if run["covered"] == "1600")
    assert (grown["account"], grown["outcome"]) == ("main", "SUCCESS")


def test_a_halt_holds_across_a_restart_until_everything_is_resumed(
    desk: Desk, sim: Simulator
) -> None:
    desk.json("run", "--once")
    assert desk("halt", "--reason", "flash crash").exit_code == 0
    sim.open_position(MAIN, SYMBOL, "Buy", "600", "0.6900")
    before = writes(sim)
    ended = desk.json("run", "--once", code=1)
    assert {run["outcome"] for run in ended["runs"]} == {"SKIPPED"}
    assert writes(sim) == before
    refused = desk("resume", "main")
    assert refused.exit_code == 2
    assert "`trueup resume --all` ends that" in refused.stderr
    assert "flash crash" in desk("resume", "--all").stdout
    assert desk.json("run", "--once")["true"] is True


def test_an_engine_that_does_not_answer_is_named(desk: Desk) -> None:
    desk.json("run", "--once")
    engine = FileLock(desk.database)
    result = desk("pause", "--patience", "0.1")
    engine.release()
    assert result.exit_code == 1
    assert f"the engine (process {os.getpid()}) has not answered within 0.1 s" in result.stderr
    assert "all accounts are paused" in desk("status").stdout
    assert desk.json("pause")["acknowledged"] is True


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("mian",), "there is no account 'mian': there are main, mirror"),
        (("main", "BONDUSDT", "Buy"), "there is no monitor main BONDUSDT Buy"),
        (("main", "BANDUSDT"), "name a monitor by account, symbol and side"),
    ],
)
def test_a_wrong_name_is_refused_and_changes_nothing(
    desk: Desk, args: tuple[str, ...], said: str
) -> None:
    desk.json("run", "--once")
    for command in ("pause", "resume"):
        refused = desk(command, *args)
        assert refused.exit_code == 2
        assert said in refused.stderr
    assert desk.json("status")["stopped"] == []


def test_without_a_database_there_is_nothing_to_stop(lone: Desk) -> None:
    refused = lone("halt")
    assert refused.exit_code == 3
    assert "there is no database" in refused.stderr
    assert not lone.database.exists()


def test_a_database_that_stays_busy_is_named_and_nothing_is_said_to_be_stopped(desk: Desk) -> None:
    desk.json("run", "--once")
    with closing(sqlite3.connect(desk.database)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        refused = desk("halt", "--patience", "0")
    assert refused.exit_code == 3
    assert "database is locked: this halt is not on record; give the command" in refused.stderr
    assert desk.json("status")["stopped"] == []


def test_a_resume_of_what_was_not_paused_says_so(desk: Desk) -> None:
    desk.json("run", "--once")
    result = desk("resume", "main")
    assert (result.exit_code, result.stdout) == (0, "nothing was paused: main\n")
    assert desk("resume", "main", "--all").exit_code == 2


def test_of_resumes_at_the_same_time_one_has_ended_the_pause(desk: Desk) -> None:
    desk.json("run", "--once")
    desk("pause", "mirror", "--by", "ann")
    with closing(sqlite3.connect(desk.database)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        asked = [desk.process("resume", "mirror", "--json") for _ in range(3)]
        # Each has read what is paused, and waits for its turn to write.
        for process in asked:
            while not _has_open(process.pid, f"{desk.database}-wal"):
                assert process.poll() is None
    said = [json.loads(process.communicate()[0]) for process in asked]
    assert sorted(len(each["ended"]) for each in said) == [0, 0, 1]


def _has_open(process: int, file: str) -> bool:
    """Whether a process has a file open now; what ends meanwhile has none."""
    folder = Path(f"/proc/{process}/fd")
    with suppress(OSError):
        return any(str(one.readlink()) == file for one in folder.iterdir())
    return False


def test_a_resume_of_what_is_resumed_already_says_so(desk: Desk) -> None:
    desk.json("run", "--once")
    desk("pause", "mirror", "--by", "ann")
    assert desk("resume", "--by", "bob").stdout.startswith("ended: mirror is paused by ann")
    again = desk("resume", "mirror").stdout
    assert again.startswith("nothing is paused: mirror; bob ended the last pause, by ann, at 2")
    assert desk("resume", "main").stdout == "nothing was paused: main\n"


def test_status_shows_what_is_stopped_and_why(desk: Desk) -> None:
    desk.json("run", "--once")
    desk("pause", "mirror", "--by", "ann", "--reason", "by hand")
    shown = desk("status").stdout
    assert shown.startswith("⏸ mirror is paused by ann since ")
    assert "Idle, paused" in shown
    document = desk.json("status")
    assert [monitor["stopped"] for monitor in document["monitors"]] == [None, "paused"]
    desk("halt")
    assert {m["stopped"] for m in desk.json("status")["monitors"]} == {"halted"}


def test_a_plan_of_what_is_paused_sends_nothing_either(desk: Desk) -> None:
    desk.json("run", "--once")
    desk("pause", "mirror")
    desk.write((LADDER, LADDER.replace("0.7200", "0.7100")))
    shown = desk("plan").stdout
    assert "mirror is paused by" in shown

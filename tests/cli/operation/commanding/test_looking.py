"""What became of a command is looked up by its id; nothing is done by asking."""

import asyncio
import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest

from trueup import AsyncClient, Became, Client
from trueup.simulator import Fault, FaultKind, Simulator

from ....service.asking import OverUnix, ask
from ...commands.test_commanded import logged, started
from ...desk import MIRROR, SYMBOL, Desk, Process
from ...terminal import terminal

COPY = ("mirror", SYMBOL, "Buy")
LATE = Fault(kind=FaultKind.LATE_REPLY, uid=MIRROR, path="order/create-batch", delay_ms=3000)


@pytest.fixture
def engine(desk: Desk) -> Iterator[Process]:
    """An engine that has run both monitors."""
    process = started(desk)
    yield process
    process.send_signal(signal.SIGTERM)
    process.communicate()


@pytest.mark.usefixtures("engine")
def test_its_answer_is_read_and_nothing_is_done(desk: Desk) -> None:
    none = desk("command", "p-1")
    assert (none.exit_code, none.stdout[:61]) == (
        1,
        "no command p-1 is on record: so far nothing was done for it. ",
    )
    assert desk.json("command", "p-1", code=1) == {"id": "p-1", "on_record": False}
    given = desk.json("pause", *COPY, "--yes", "--id", "p-1", "--by", "ann", "--reason", "news")
    shown = desk("command", "p-1")
    assert shown.exit_code == 0
    head, part = shown.stdout.splitlines()
    assert head.startswith("pause, by ann at 2")
    assert head.endswith(": news")
    assert part.startswith("mirror BANDUSDT Buy: done: mirror BANDUSDT Buy is paused by ann since")
    found = desk.json("command", "p-1")
    assert (found["became"], found["parts"]) == ("done", given["parts"])
    assert len(logged(desk)) == 1


@pytest.mark.usefixtures("engine")
def test_a_client_looks_it_up(desk: Desk) -> None:
    client = Client(desk.folder / "trueup.db.sock", by="bot")
    assert client.look_up("a/b c") is None
    given = client.command("pause", *COPY, command_id="a/b c")
    found = client.look_up("a/b c")
    assert found is not None
    assert (found.id, found.became, found.parts) == ("a/b c", Became.DONE, given.parts)
    later = AsyncClient(desk.folder / "trueup.db.sock", by="bot")
    assert asyncio.run(later.look_up("a/b c")) == found
    status, document = ask(OverUnix(desk.folder / "trueup.db.sock"), "/v1/commands/other")
    assert (status, document["error"]["kind"]) == (404, "NotOnRecord")
    assert len(logged(desk)) == 1


def test_one_without_an_answer_is_unknown(desk: Desk, sim: Simulator) -> None:
    process = started(desk)
    sim.inject(LATE)
    assert desk("close", *COPY, "--yes", "--id", "c-1", "--patience", "1").exit_code == 1
    found = Client(desk.folder / "trueup.db.sock", by="bot").look_up("c-1")
    assert found is not None
    assert (found.became, found.parts[0].detail) == (
        Became.UNKNOWN,
        "it is under way, and has no answer yet",
    )
    process.kill()
    process.communicate()
    (part,) = desk.json("command", "c-1", code=1)["parts"]
    assert part["became"] == "unknown"
    assert part["detail"].startswith("no answer is on record: it is under way, or the service")


@pytest.mark.usefixtures("engine")
def test_who_does_not_wait_is_told_how_to_look(desk: Desk, sim: Simulator) -> None:
    sim.inject(replace(LATE, delay_ms=10_000))
    with terminal(desk, "close", *COPY, "--id", "c-1") as shown:
        shown.until("Do this? [y/N]:")
        shown.press("y\n")
        shown.until("command c-1")
        shown.process.send_signal(signal.SIGINT)
        assert shown.ended() == 130
    assert "It may have been done: `trueup command c-1` says what became of it." in shown.shown

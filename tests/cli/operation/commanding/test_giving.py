"""Commands go to the engine that runs: the plan first, a question, the answer, and once."""

import json
import os
import signal
import socket
from collections.abc import Iterator

import pytest

from trueup.simulator import Fault, FaultKind, Simulator
from trueup.storage.sqlite import FileLock

from ...commands.test_channel import with_section
from ...commands.test_commanded import BARE, logged, started
from ...desk import MAIN, MIRROR, SYMBOL, Desk, Process
from ...terminal import terminal

COPY = ("mirror", SYMBOL, "Buy")


@pytest.fixture
def engine(desk: Desk) -> Iterator[Process]:
    """An engine that has run both monitors."""
    process = started(desk)
    yield process
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 0


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


@pytest.mark.usefixtures("engine")
def test_without_a_terminal_the_plan_is_shown_and_nothing_is_done(desk: Desk) -> None:
    result = desk("reconcile", *COPY)
    assert (result.exit_code, lines(result.stdout)) == (
        1,
        [
            "for from to",
            "mirror BANDUSDT Buy as the last run left it equal to its ladder",
            "! nothing would be sent now: 400 covered",
        ],
    )
    assert result.stderr == "trueup: nothing was done: to do it, give the command with --yes\n"
    assert logged(desk) == []
    planned = desk.json("reconcile", *COPY, code=1)
    assert (planned["became"], planned["parts"]) == (None, [])
    assert planned["changes"][0]["after"] == "equal to its ladder"
    assert logged(desk) == []


@pytest.mark.usefixtures("engine")
def test_what_only_stops_writes_is_done_where_nobody_can_be_asked(desk: Desk) -> None:
    assert desk("pause", *COPY).exit_code == 0
    assert desk.json("halt")["became"] == "done"
    assert [row[1] for row in logged(desk)] == ["pause", "halt"]


@pytest.mark.usefixtures("engine")
def test_with_an_id_it_is_done_once_and_the_first_answer_comes_again(desk: Desk) -> None:
    given = ("pause", *COPY, "--yes", "--id", "p-1", "--by", "ann", "--reason", "news")
    first = desk(*given)
    assert first.exit_code == 0
    assert lines(first.stdout)[2] == "command p-1"
    done = lines(first.stdout)[3]
    assert done.startswith("mirror BANDUSDT Buy: done: mirror BANDUSDT Buy is paused by ann since")
    assert done.endswith("news")
    assert desk("resume", "mirror", "--yes").exit_code == 0
    again = desk(*given)
    assert again.exit_code == 0
    assert lines(again.stdout)[:2] == ["command p-1", done], "no plan is shown of what is not done"
    assert "this command was given before" in again.stdout
    other = desk("pause", "main", "--yes", "--id", "p-1")
    assert other.exit_code == 2
    assert "is that of another command, pause of mirror BANDUSDT Buy, by ann at 2" in other.stderr
    assert desk.json("status")["stopped"] == []
    assert logged(desk)[0][1:3] == ("pause", "ann")
    assert len(logged(desk)) == 2


@pytest.mark.usefixtures("engine")
def test_what_is_so_already_asks_nobody_and_is_not_given(desk: Desk) -> None:
    assert desk.json("halt", "--yes")["became"] == "done"
    again = desk("halt")
    assert (again.exit_code, lines(again.stdout)[1]) == (
        0,
        "all accounts no write leaves: halt =",
    )
    (foreseen,) = desk.json("resume", "main", code=2)["changes"]
    assert foreseen["refusal"].endswith("`trueup resume --all` ends that, and nothing else")
    refused = desk("resume", "main", "--yes")
    assert (refused.exit_code, "`trueup resume --all` ends that" in refused.stdout) == (2, True)
    ended = desk.json("resume", "--all", "--yes")["parts"][0]["detail"]
    assert ended.startswith("ended: all accounts are halted by ")
    assert [row[1] for row in logged(desk)] == ["halt", "resume"], "a refusal is foreseen"


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("pause", "mian"), "refused: there is no account 'mian': there are main, mirror"),
        (("close", "main", SYMBOL, "Sell"), "refused: there is no monitor main BANDUSDT Sell"),
        (("close", "main", "--share", "150"), "refused: the share is a percentage up to 100"),
        (("unwatch", *COPY), "is configured: remove it there, and reload"),
        (("ladder", "set", "main", SYMBOL, "Buy", "0.72:100"), "refused: the configuration gives"),
        (
            ("stop", "set", *COPY, "percent = -1"),
            "refused: the stop's percent must be above 0, not -1",
        ),
        (("breakeven", "--all"), "main BANDUSDT Buy has no stop of its own: set one first"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_plan(
    desk: Desk, args: tuple[str, ...], said: str
) -> None:
    result = desk(*args, "--yes")
    assert result.exit_code == 2, result.output
    assert said in " ".join(result.stdout.split())
    assert logged(desk) == []


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("close",), "name a monitor (ACCOUNT SYMBOL SIDE) or an account, or give --all"),
        (("breakeven", "main", "--all"), "or give --all: not both"),
        (("reconcile", "main", SYMBOL), "name a monitor by account, symbol and side"),
        (("pause", "main", "--all"), "or give --all: not both"),
        (("ladder", "set", *COPY, "0.72"), "'0.72' is no level: write how far, a colon"),
        (("stop", "set", *COPY, "five"), "'five' is no stop: write it as in the file"),
    ],
)
def test_a_slip_on_the_command_line_is_named(desk: Desk, args: tuple[str, ...], said: str) -> None:
    desk.json("run", "--once")
    result = desk(*args)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.usefixtures("engine")
def test_an_account_is_closed_and_all_are_reconciled(desk: Desk, sim: Simulator) -> None:
    (plan,) = desk.json("close", "mirror", "--share", "50", code=1)["changes"]
    assert (plan["before"], plan["after"]) == (
        "the position, 400 when last read",
        "50 % of it closed at the market",
    )
    closed = desk.json("close", "mirror", "--share", "50", "--yes")
    assert [part["detail"] for part in closed["parts"]] == ["200 of 200 closed (50 % of 400)"]
    assert sim.position(MIRROR, SYMBOL, "Buy").size == 200
    assert sim.position(MAIN, SYMBOL, "Buy").size == 1000
    assert len(desk.json("reconcile", "--all", "--yes")["parts"]) == 2
    assert desk.json("close", "--all", "--yes")["became"] == "done"
    assert sim.position(MAIN, SYMBOL, "Buy").size == 0


def test_a_ladder_a_stop_and_the_watch_are_set_while_it_runs(desk: Desk, sim: Simulator) -> None:
    desk.write(BARE)
    process = started(desk)
    given = ("ladder", "set", "main", SYMBOL, "Buy", "0.72:60", "0.74:40")
    plan = desk(*given)
    assert (plan.exit_code, lines(plan.stdout)[1]) == (
        1,
        "main BANDUSDT Buy none of its own 0.72: 60 %, 0.74: 40 %",
    )
    assert desk.json(*given, "--yes")["became"] == "done"
    assert desk(*given).exit_code == 0
    percent = ("ladder", "set", "main", SYMBOL, "Buy", "2:50", "--in", "percent", "--runner", "50")
    assert "give a stop with trailing" in " ".join(desk(*percent, "--yes").stdout.split())
    stop = desk.json("stop", "set", "main", SYMBOL, "Buy", "percent = 5.5", "--yes")
    assert (stop["changes"][0]["before"], stop["changes"][0]["after"]) == ("none", "percent 5.5")
    stopped = desk.json("stop", "set", "main", SYMBOL, "Buy", "false", "--yes")
    assert stopped["changes"][0]["after"] == "none"
    watch = ("watch", "mirror", SYMBOL, "Buy", "--level", "0.75:100", "--stop", "percent = 4")
    assert "mirror BANDUSDT Buy is watched: set its ladder" in desk(*watch).stdout
    second = desk.text.rindex("[[monitors]]")
    desk.config.write_text(desk.config.read_text("utf-8").replace(desk.text[second:], ""), "utf-8")
    assert desk.json("reload", "--yes")["became"] == "done"
    assert desk.json("unwatch", *COPY, "--yes")["became"] == "done"
    assert desk.json(*watch, "--yes")["changes"][0]["before"] == "not watched"
    process.send_signal(signal.SIGTERM)
    process.communicate()
    prices = {order.price for order in sim.orders(MAIN)}
    assert {str(price) for price in prices} == {"0.72", "0.74"}


@pytest.mark.usefixtures("engine")
def test_breakeven_for_all_answers_for_each_and_a_second_press_sends_nothing(
    desk: Desk, sim: Simulator
) -> None:
    assert desk("stop", "set", *COPY, "percent = 5", "--yes").exit_code == 0
    desk("reconcile", "--all", "--yes")
    first = desk.json("breakeven", "--all", "--yes", "--id", "b-1", code=1)
    became = [(part["account"], part["became"]) for part in first["parts"]]
    assert became == [("main", "refused"), ("mirror", "done")]
    desk("reconcile", "--all", "--yes")
    sent = [one for one in sim.requests if one.is_write]
    for account in ((), ("mirror",)):
        again = desk.json(
            "breakeven", *(account or ("--all",)), "--id", f"b{account}", code=0 if account else 1
        )
        assert again["parts"][-1]["became"] == "unchanged"
    desk("reconcile", "--all", "--yes")
    assert [one for one in sim.requests if one.is_write] == sent
    repeated = desk.json("breakeven", "--all", "--yes", "--id", "b-1", code=1)
    assert (repeated["repeated"], repeated["parts"]) == (True, first["parts"])


@pytest.mark.parametrize(
    "args",
    [
        ("watch", *COPY),
        ("ladder", "set", *COPY, "0.72:100"),
        ("stop", "set", *COPY, "percent = 5"),
        ("breakeven", "--all"),
        ("reconcile", "mirror"),
        ("reload",),
    ],
)
def test_what_needs_an_engine_says_so(desk: Desk, args: tuple[str, ...]) -> None:
    desk.json("run", "--once")
    result = desk(*args, "--yes")
    assert result.exit_code == 1
    assert f"no engine runs on {desk.database}: start `trueup run`" in result.stderr


@pytest.mark.parametrize("command", ["close", "unwatch"])
def test_without_an_engine_more_than_one_position_is_refused(desk: Desk, command: str) -> None:
    desk.json("run", "--once")
    result = desk(command, "mirror", "--yes")
    assert (result.exit_code, "name one position: no engine runs" in result.stderr) == (2, True)


def test_an_engine_without_a_socket_says_so(desk: Desk) -> None:
    with_section(desk, "socket = false")
    process = started(desk)
    result = desk("reconcile", "--all", "--yes")
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert (result.exit_code, "`socket = false` in [service]" in result.stderr) == (1, True)


def test_a_pause_goes_on_record_beside_an_engine_that_hangs(desk: Desk) -> None:
    desk.json("run", "--once")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{desk.database}.sock")
        listener.listen()
        hangs = FileLock(desk.database)
        paused = desk("pause", "mirror", "--patience", "0.2")
        asked = desk("reconcile", "mirror", "--patience", "0.2")
        hangs.release()
    assert (paused.exit_code, asked.exit_code) == (1, 1)
    assert "it is on record, but the engine" in paused.stderr
    assert f"the engine (process {os.getpid()}) takes no commands" in asked.stderr
    assert "nothing was done" in asked.stderr
    (stopped,) = desk.json("status")["stopped"]
    assert stopped.startswith("mirror is paused by")


@pytest.mark.usefixtures("engine")
def test_where_no_answer_comes_the_id_is_named_and_tells_later(desk: Desk, sim: Simulator) -> None:
    late = Fault(kind=FaultKind.LATE_REPLY, uid=MIRROR, path="order/create-batch", delay_ms=4000)
    sim.inject(late)
    given = ("close", *COPY, "--yes", "--id", "c-1")
    result = desk(*given, "--patience", "2")
    assert result.exit_code == 1
    assert "`trueup command c-1` says what became of it" in result.stderr
    assert "with --id c-1 does it only if it was not done" in result.stderr
    again = desk(*given, "--json")
    assert json.loads(again.stdout)["repeated"] is True
    assert logged(desk)[0][0] == "c-1"
    assert len(logged(desk)) == 1


def test_an_id_is_not_done_twice_once_the_engine_has_ended(desk: Desk, sim: Simulator) -> None:
    process = started(desk)
    given = ("close", *COPY, "--share", "50", "--yes", "--id", "c-1")
    assert desk(*given).exit_code == 0
    assert desk("pause", "mirror", "--yes").exit_code == 0
    assert desk("resume", "mirror", "--yes", "--id", "r-1").exit_code == 0
    process.send_signal(signal.SIGTERM)
    process.communicate()
    sent = [one for one in sim.requests if one.is_write]
    for repeated in (given, ("unwatch", *COPY, "--id", "c-1")):
        result = desk(*repeated)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "the command c-1 is on record, by " in result.stderr
        assert "200 of 200 closed (50 % of 400); nothing was done now" in result.stderr
    assert desk("pause", "mirror", "--id", "p-1").exit_code == 0, "it does no more than stop writes"
    assert "r-1 is on record" in desk("resume", "mirror", "--id", "r-1").stderr
    new = desk("close", *COPY, "--share", "50", "--yes", "--id", "c-2")
    assert (new.exit_code, "give it without --id" in new.stderr) == (2, True)
    assert [one for one in sim.requests if one.is_write] == sent
    assert sim.position(MIRROR, SYMBOL, "Buy").size == 200
    (stopped,) = desk.json("status")["stopped"]
    assert stopped.startswith("mirror is paused by")


@pytest.mark.usefixtures("engine")
def test_in_a_terminal_it_asks(desk: Desk) -> None:
    for keys, code, known in (("n\n", 1, 0), ("y\n", 0, 1)):
        with terminal(desk, "pause", "mirror") as shown:
            assert "no write leaves: pause" in shown.until("Do this? [y/N]:")
            shown.press(keys)
            assert shown.ended() == code
        assert ("nothing was done" in shown.shown) is (not known)
        assert len(logged(desk)) == known

"""Commands to a running engine: each answer is right, is on record, and nothing is done twice."""

import signal
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

import pytest

from trueup import Became, Client
from trueup.simulator import Fault, FaultKind, Simulator
from trueup.storage import open_reader

from ...service.asking import OverUnix, ask
from ..desk import LADDER, MAIN, MIRROR, SYMBOL, Desk, Process
from .test_channel import ended, wait_for
from .test_serving import runs

MONITOR = {"account": "main", "symbol": SYMBOL, "side": "Buy"}
COPY = {"account": "mirror", "symbol": SYMBOL, "side": "Buy"}
BARE = (LADDER, "")
LEVELS = [{"price": 0.72, "share": 60}, {"price": "0.74", "share": 40}]


def give(desk: Desk, kind: str, number: str = "c-1", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """A command's answer."""
    answer: tuple[int, dict[str, Any]] = post(desk, kind, number, **more)
    assert answer[0] == 200, answer
    return answer[1]


def post(
    desk: Desk,
    kind: str,
    number: str = "c-1",
    path: str = "/v1/commands",
    **more: Any,  # noqa: ANN401 - any JSON
) -> tuple[int, Any]:
    connection = OverUnix(desk.folder / "trueup.db.sock")
    body = {"id": number, "kind": kind, "by": "ann@host", **more}
    return ask(connection, path, method="POST", body=body)


def became(answer: dict[str, Any]) -> dict[str, str]:
    return {part["account"]: part["became"] for part in answer["parts"]}


def logged(desk: Desk) -> list[tuple[object, ...]]:
    """Of each command on record its id, its kind and who asked, and whether it has an answer."""
    with open_reader(f"sqlite:///{desk.database}") as reader:
        return [
            (row["command_id"], row["kind"], row["asked_by"], row["answer"] is not None)
            for row in reader.rows("command_log")
        ]


def started(desk: Desk, monitors: int = 2) -> Process:
    process = desk.process("run", "--json")
    assert len(list(islice(runs(process), monitors))) == monitors
    return process


@pytest.fixture
def engine(desk: Desk) -> Iterator[Process]:
    """An engine that has run both monitors."""
    process = started(desk)
    yield process
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate()
    assert process.returncode == 0
    assert "Traceback" not in stderr


@pytest.mark.usefixtures("engine")
def test_a_pause_keeps_fills_unanswered_until_it_is_resumed(desk: Desk, sim: Simulator) -> None:
    paused = give(desk, "pause", reason="by hand", **COPY)
    assert (paused["became"], paused["repeated"]) == ("done", False)
    assert paused["changes"][0]["before"] == "writes leave"
    again = give(desk, "pause", reason="by hand", **COPY)
    assert again == {**paused, "repeated": True}
    assert give(desk, "pause", "c-2", **COPY)["became"] == "unchanged"
    sim.open_position(MIRROR, SYMBOL, "Buy", "600", "0.6900")
    sim.open_position(MAIN, SYMBOL, "Buy", "500", "0.6900")
    assert became(give(desk, "reconcile", "c-3"))["main"] != "refused"
    assert sum(order.leaves for order in sim.orders(MIRROR)) == 400
    assert give(desk, "resume", "c-4", **COPY)["became"] == "done"
    assert give(desk, "resume", "c-5", **COPY)["became"] == "unchanged"
    give(desk, "reconcile", "c-6")
    assert became(give(desk, "reconcile", "c-7")) == {"main": "unchanged", "mirror": "unchanged"}
    assert sum(order.leaves for order in sim.orders(MIRROR)) == 1000
    assert sum(order.leaves for order in sim.orders(MAIN)) == 1500
    ids = [f"c-{number}" for number in range(1, 8)]
    assert [row[0] for row in logged(desk)] == ids
    assert {row[2:] for row in logged(desk)} == {("ann@host", True)}


@pytest.mark.usefixtures("engine")
def test_a_halt_is_for_all_and_a_wider_resume_ends_it(desk: Desk) -> None:
    assert "all accounts" in give(desk, "halt", **COPY)["parts"][0]["detail"]
    assert give(desk, "halt", "c-2")["became"] == "done"
    assert give(desk, "halt", "c-3")["became"] == "unchanged"
    refused = give(desk, "resume", "c-4", **COPY)
    assert (refused["became"], "halted" in refused["parts"][0]["detail"]) == ("refused", True)
    assert give(desk, "resume", "c-5", arguments={"everything": True})["became"] == "done"


@pytest.mark.usefixtures("engine")
def test_a_close_is_done_once(desk: Desk, sim: Simulator) -> None:
    half = give(desk, "close", arguments={"share": 50}, **COPY)
    assert (half["became"], half["parts"][0]["detail"]) == (
        "done",
        "200 of 200 closed (50 % of 400)",
    )
    assert give(desk, "close", arguments={"share": 50}, **COPY)["repeated"]
    assert sim.position(MIRROR, SYMBOL, "Buy").size == 200
    everything = give(desk, "close", "c-2")
    assert became(everything) == {"main": "done", "mirror": "done"}
    assert sim.position(MAIN, SYMBOL, "Buy").size == sim.position(MIRROR, SYMBOL, "Buy").size == 0


REFUSED = [
    ("pause", {"account": "mian"}, {}, "there is no account 'mian': there are main, mirror"),
    ("reconcile", {**MONITOR, "symbol": "BNDUSDT"}, {}, "there is no monitor main BNDUSDT Buy"),
    ("close", MONITOR, {"share": "101"}, "a percentage up to 100"),
    ("close", MONITOR, {"size": "5"}, "close has no size: it takes share"),
    ("ladder", MONITOR, {"levels": LEVELS}, "the configuration gives the ladder of main BANDUSDT"),
    ("ladder", COPY, {"levels": [{"price": "0.7", "share": 90}]}, "the shares sum to 90 %"),
    ("ladder", {"account": "main"}, {"levels": LEVELS}, "ladder is for one monitor"),
    ("stop", MONITOR, {"stop": {"percent": "-1"}}, "the stop's percent"),
    ("breakeven", MONITOR, {}, "has no stop of its own"),
    ("unwatch", MONITOR, {}, "is configured: remove it there"),
    ("watch", MONITOR, {"stop": False}, "is watched: set its ladder or its stop"),
    ("watch", {**MONITOR, "account": "mian"}, {}, "there is no account 'mian'"),
    ("reload", MONITOR, {}, "a reload is of the whole configuration"),
]


@pytest.mark.usefixtures("engine")
def test_what_cannot_be_done_is_refused_and_changes_nothing(desk: Desk, sim: Simulator) -> None:
    orders = sim.orders(MAIN), sim.orders(MIRROR)
    for number, (kind, scope, arguments, why) in enumerate(REFUSED):
        answer = give(desk, kind, f"r-{number}", arguments=arguments, **scope)
        assert answer["became"] == "refused", (kind, arguments, answer)
        assert why in answer["parts"][0]["detail"]
    assert (sim.orders(MAIN), sim.orders(MIRROR)) == orders
    assert len(logged(desk)) == len(REFUSED)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"kind": "sell"}, "there is no kind 'sell' of command: there are watch, "),
        ({"id": ""}, "a command needs an id"),
        ({"side": "Buy"}, "name a monitor by account, symbol and side"),
        ({"price": "1"}, "a command has no price"),
        ({"arguments": [1]}, "the arguments of a command are an object"),
        ({"account": 7}, "the account of a command is a text"),
    ],
)
def test_what_is_no_command_is_refused(desk: Desk, more: dict[str, object], why: str) -> None:
    connection = OverUnix(desk.folder / "trueup.db.sock")
    body = {"id": "c-1", "kind": "pause", **more}
    status, document = ask(connection, "/v1/commands", method="POST", body=body)
    assert (status, document["error"]["kind"]) == (422, "ConfigurationError")
    assert why in document["error"]["message"]
    assert logged(desk) == []


@pytest.mark.usefixtures("engine")
def test_an_id_of_another_command_is_refused(desk: Desk) -> None:
    give(desk, "pause", **COPY)
    status, document = post(desk, "pause", **MONITOR)
    assert (status, "that of another command" in document["error"]["message"]) == (422, True)


def test_a_ladder_is_set_on_a_monitor_that_the_file_gives_none(desk: Desk, sim: Simulator) -> None:
    desk.write(BARE)
    process = started(desk)
    asked: Any = {"arguments": {"levels": LEVELS}, **MONITOR}
    (change,) = post(desk, "ladder", path="/v1/plans", **asked)[1]["changes"]
    assert change.pop("notes")[0].startswith("it stays for later positions of this monitor")
    assert change == {
        **MONITOR,
        "before": "none of its own",
        "after": "0.72: 60 %, 0.74: 40 %",
        "refusal": "",
        "sends": ["place TP1 600 at 0.72", "place TP2 400 at 0.74"],
    }
    assert logged(desk) == []
    assert give(desk, "ladder", **asked)["became"] == "done"
    (known,) = post(desk, "ladder", path="/v1/plans", **asked)[1]["changes"]
    assert known["before"] == "none of its own", "what was taken is not planned anew"
    assert give(desk, "ladder", "c-2", **asked)["became"] == "unchanged"
    sim.open_position(MAIN, SYMBOL, "Buy", "500", "0.6900")
    give(desk, "reconcile", "c-3")
    process.send_signal(signal.SIGTERM)
    process.communicate()
    prices = {order.price: order.leaves for order in sim.orders(MAIN)}
    assert prices == {Decimal("0.72"): 900, Decimal("0.74"): 600}
    # It is on record: the next start goes on with it.
    desk("run", "--once")
    assert {order.price: order.leaves for order in sim.orders(MAIN)} == prices


@pytest.mark.usefixtures("engine")
def test_a_stop_is_set_goes_to_breakeven_and_is_taken_off(desk: Desk, sim: Simulator) -> None:
    first = give(desk, "stop", arguments={"stop": {"percent": "5"}}, **MONITOR)
    (change,) = first["changes"]
    assert (change["before"], change["after"]) == ("none", "percent 5")
    give(desk, "reconcile", "c-2", **MONITOR)
    assert any("trading-stop" in request.path for request in sim.requests)
    moved = give(desk, "breakeven", "c-3", **MONITOR)
    assert moved["changes"][0]["after"] == (
        "percent 5, breakeven (after_percent 0.01); the stop goes to 0.695 (the entry) once the "
        "price is beyond it"
    )
    assert moved["became"] == "done"
    assert give(desk, "breakeven", "c-4", **MONITOR)["became"] == "unchanged"
    assert give(desk, "stop", "c-5", arguments={"stop": False}, **MONITOR)["became"] == "done"


def test_a_position_is_watched_across_restarts_until_it_is_unwatched(
    desk: Desk, sim: Simulator
) -> None:
    whole = desk.text
    second = whole.rindex("[[monitors]]")
    desk.config.write_text(whole[:second], encoding="utf-8")
    process = desk.process("run", "--json")
    next(runs(process))
    assert give(desk, "watch", **COPY)["became"] == "done"
    assert give(desk, "watch", "c-2", **COPY)["became"] == "unchanged"
    assert next(run for run in runs(process) if run["run"]["account"] == "mirror")
    assert give(desk, "reload", "c-3")["became"] == "done"
    sim.open_position(MIRROR, SYMBOL, "Buy", "600", "0.6900")
    mirror = (line["run"] for line in runs(process) if line["run"]["account"] == "mirror")
    assert next(run for run in mirror if run["covered"] == "1000")["outcome"] == "SUCCESS"
    assert give(desk, "unwatch", "c-4", **COPY)["became"] == "done"
    assert give(desk, "unwatch", "c-5", **COPY)["became"] == "unchanged"
    assert give(desk, "watch", **COPY)["repeated"]
    process.send_signal(signal.SIGTERM)
    process.communicate()


@pytest.mark.usefixtures("engine")
def test_a_configuration_that_cannot_be_used_is_refused(desk: Desk) -> None:
    desk.config.write_text("[engine", encoding="utf-8")
    refused = give(desk, "reload")
    assert refused["became"] == "refused"
    assert "it is not TOML" in refused["parts"][0]["detail"]
    assert give(desk, "reconcile", "c-2", **MONITOR)["became"] == "unchanged"


def test_a_command_whose_engine_died_is_unknown_and_never_done_again(
    desk: Desk, sim: Simulator
) -> None:
    process = started(desk)
    late = Fault(kind=FaultKind.LATE_REPLY, uid=MIRROR, path="order/create", delay_ms=7000)
    sim.inject(late)
    connection = OverUnix(desk.folder / "trueup.db.sock")
    command = (
        '{"id": "c-1", "kind": "close", "account": "mirror", "symbol": "BANDUSDT", "side": "Buy"}'
    )
    connection.request("POST", "/v1/commands", body=command)
    while not logged(desk):
        pass
    process.kill()
    process.communicate()
    connection.close()
    assert logged(desk) == [("c-1", "close", "somebody", False)]
    again = desk.process("run")
    wait_for(again, "commands are taken at")
    connection = OverUnix(desk.folder / "trueup.db.sock")
    connection.request("POST", "/v1/commands", body=command)
    answer = connection.getresponse().read().decode()
    connection.close()
    assert '"repeated":true' in answer
    assert '"became":"unknown"' in answer
    assert logged(desk) == [("c-1", "close", "somebody", True)]
    again.send_signal(signal.SIGTERM)
    again.communicate()
    assert again.returncode == 0


def test_an_engine_without_a_monitor_waits_for_a_command(desk: Desk) -> None:
    desk.config.write_text(desk.text.split("[[monitors]]", 1)[0], encoding="utf-8")
    process = desk.process("run", "--json")
    client = Client(desk.folder / "trueup.db.sock", by="ann")
    wait_for(process, "watching 0 monitors")
    levels = {"levels": [{"price": "0.72", "share": 100}]}
    answer = client.command("watch", "main", SYMBOL, "Buy", arguments={"ladder": levels})
    assert [(part.became, part.detail) for part in answer.parts] == [(Became.DONE, "watched")]
    assert next(runs(process))["run"]["outcome"] == "SUCCESS"
    assert ended(process)

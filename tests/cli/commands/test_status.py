"""``trueup status`` and ``trueup history``: reading the record."""

import json
import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tests.storage.samples import intent, order
from trueup.domain.model.commands import Operation
from trueup.domain.model.identity import MonitorKey, Side
from trueup.domain.reporting.account_status import AccountStatus, ViewWord
from trueup.domain.reporting.engine_start import EngineStart
from trueup.domain.store import Step
from trueup.simulator import Fault, FaultKind, InstrumentSpec, Simulator
from trueup.storage import open_store
from trueup.storage.sqlite import FileLock

from ..desk import LADDER, MIRROR, Desk
from .test_commanded import started


def test_status_shows_monitors_and_levels(desk: Desk) -> None:
    desk.json("run", "--once")
    result = desk("status")
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines == [
        "account symbol side source state position covered % outcome next try levels",
        (
            "main BANDUSDT Buy configured Idle 1000 1000 100 SUCCESS – "
            "TP1 85 % at 0.72: open, 850 of 850"
        ),
        "TP2 5 % at 0.74: open, 50 of 50",
        "TP3 5 % at 0.76: open, 50 of 50",
        "TP4 5 % at 0.8: open, 50 of 50",
        (
            "mirror BANDUSDT Buy configured Idle 400 400 100 SUCCESS – "
            "TP1 85 % at 0.72: open, 340 of 340"
        ),
        "TP2 5 % at 0.74: open, 20 of 20",
        "TP3 5 % at 0.76: open, 20 of 20",
        "TP4 5 % at 0.8: open, 20 of 20",
        "the database has 0.2 MB",
    ]


def test_status_tells_how_large_the_database_is(desk: Desk) -> None:
    desk("run", "--once")
    said = desk.json("status")["database"]
    assert said["bytes"] >= desk.database.stat().st_size
    assert said["bytes_a_day"] is None


def test_status_tells_fills(desk: Desk, sim: Simulator) -> None:
    desk.json("run", "--once")
    first = next(order for order in sim.orders(MIRROR) if order.leaves == 340)
    sim.fill(MIRROR, first.order_id)
    desk.json("run", "--once")
    assert "TP1 85 % at 0.72: filled, 0 of 0, 340 filled" in desk("status").stdout


def test_status_says_what_may_still_take_effect_and_until_when(desk: Desk, sim: Simulator) -> None:
    desk.json("run", "--once")
    sim.set_position(MIRROR, "BANDUSDT", "Buy", "200", "0.70")
    sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="order/amend-batch", times=None))
    desk.json("run", "--once", code=1)
    lines = [" ".join(line.split()) for line in desk("status").stdout.splitlines()]
    assert "TP1 85 % at 0.72: pending_replace, 340 of 170" in lines[5]
    assert re.fullmatch(r"TP1 340 → 170: unanswered, until \d\d:\d\d:\d\d", lines[9])
    pending = desk.json("status")["monitors"][1]["pending"]
    assert {write["status"] for write in pending} == {"pending_replace"}
    assert all(write["until"] > write["created_at"] for write in pending)


def test_a_pending_order_of_no_level_is_named_by_its_link_id(desk: Desk) -> None:
    desk.json("run", "--once")
    retired = order(0, "50")
    with open_store(f"sqlite:///{desk.database}") as store:
        record = store.load(MonitorKey("main", "BANDUSDT", Side.BUY))
        assert record is not None
        write = replace(
            intent("r9-1"),
            operation=Operation.CANCEL,
            level=0,
            order_link_id=retired.order_link_id,
            covered=Decimal(50),
            covers=Decimal(0),
        )
        store.commit(Step(replace(record, orders=(*record.orders, retired)), intents=(write,)))
    assert f"{retired.order_link_id} 50 → 0: unanswered" in desk("status").stdout
    history = " ".join(desk("history", "main", "BANDUSDT", "Buy").stdout.split())
    assert f"cancel 50→0 at 0.95 {retired.order_link_id}" in history


def test_status_says_what_a_run_waits_for(desk: Desk) -> None:
    desk.json("run", "--once")
    with open_store(f"sqlite:///{desk.database}") as store:
        mirror = store.monitors()[1]
        store.waits(mirror.id, datetime(2026, 1, 25, 12, 34, 56, tzinfo=UTC), "an order is missing")
    lines = [" ".join(line.split()) for line in desk("status").stdout.splitlines()]
    assert lines[6].startswith("until 12:34:56: an order is missing TP2 5 %")
    assert desk.json("status")["monitors"][1]["waits_for"] == "an order is missing"


def test_status_works_while_an_engine_holds_the_database(desk: Desk) -> None:
    desk.json("run", "--once")
    with open_store(f"sqlite:///{desk.database}"):
        said = desk.json("status")
    assert said["accounts"] == []
    monitors = said["monitors"]
    assert [(monitor["account"], monitor["coverage_pct"]) for monitor in monitors] == [
        ("main", "100"),
        ("mirror", "100"),
    ]
    assert [level["live_quantity"] for level in monitors[1]["levels"]] == ["340", "20", "20", "20"]


def test_status_tells_of_sweeps_and_their_age(desk: Desk) -> None:
    desk.json("run", "--once")
    swept_at = datetime.now(UTC) - timedelta(seconds=75)
    with open_store(f"sqlite:///{desk.database}") as store:
        store.swept(AccountStatus("main", swept_at, 1, 0, ViewWord.STREAMED, "", -3))
        store.swept(AccountStatus("mirror", swept_at, 2, 2, ViewWord.UNREADABLE, "no route"))
    said = desk.json("status")
    assert [account["view_state"] for account in said["accounts"]] == ["streamed", "unreadable"]
    assert all(75 <= account["age_seconds"] < 135 for account in said["accounts"])
    lines = [" ".join(line.split()) for line in desk("status").stdout.splitlines()]
    assert lines[0] == "account last sweep view monitors drifted clock off reason"
    assert re.fullmatch(r"main \d+ s ago streamed 1 0 -3 ms –", lines[1])
    assert re.fullmatch(r"mirror \d+ s ago unreadable 2 2 – no route", lines[2])
    assert lines[3] == ""
    assert lines[4].startswith("account symbol side source")


def test_status_takes_a_database_and_needs_no_keys(desk: Desk) -> None:
    desk.json("run", "--once")
    desk.env = {}
    assert desk("status").exit_code == 0
    by_url = desk.bare("status", "--db", f"sqlite:///{desk.database}", "--json")
    assert by_url.stdout == desk("status", "--json").stdout


def test_a_database_that_is_not_there_is_one_line(lone: Desk) -> None:
    for command in (("status",), ("history", "main", "BANDUSDT", "Buy")):
        result = lone(*command)
        assert (result.exit_code, result.stdout) == (3, "")
        assert result.stderr == (
            f"trueup: there is no database {lone.database}: `trueup run` creates it\n"
        )
        assert not lone.database.exists()


def test_a_database_that_is_gone_from_under_an_engine_is_said(desk: Desk) -> None:
    desk.json("run", "--once")
    engine = FileLock(desk.database)
    try:
        desk.database.unlink()
        for command in (("status",), ("close", "main", "BANDUSDT", "Buy"), ("halt",)):
            result = desk(*command)
            assert (result.exit_code, result.stdout) == (3, "")
            said = f"the database {desk.database} was deleted or moved while trueup (process "
            assert said in result.stderr
            assert f"{os.getpid()}) has it open" in result.stderr
            assert "Put the file back" in result.stderr
            assert not desk.database.exists()
    finally:
        engine.release()


def test_a_database_that_is_empty_or_a_folder_is_one_line(lone: Desk) -> None:
    lone.database.touch()
    for command in (("status",), ("history", "main", "BANDUSDT", "Buy")):
        result = lone(*command)
        assert (result.exit_code, result.stdout) == (3, "")
        assert result.stderr == (
            f"trueup: the database {lone.database} is empty: `trueup run` fills it\n"
        )
        folder = lone.bare(*command, "--db", f"sqlite:///{lone.folder}")
        assert (folder.exit_code, folder.stdout) == (2, "")
        assert folder.stderr == (
            f"trueup: --db: {lone.folder} is a folder: name the database's file\n"
        )


def test_the_database_is_named_once(lone: Desk) -> None:
    both = lone("status", "--db", "sqlite:///x.db")
    assert (both.exit_code, both.stderr) == (
        2,
        "trueup: --config and --db exclude each other: name one database\n",
    )
    wrong = lone.bare("status", "--db", "mysql://x:hush@y/z")
    assert (wrong.exit_code, wrong.stderr) == (
        2,
        "trueup: --db: only sqlite and postgresql URLs are supported, not mysql\n",
    )


def test_history_is_in_the_order_of_time_and_whole(desk: Desk) -> None:
    desk.json("run", "--once")
    entries = desk.json("history", "mirror", "BANDUSDT", "Buy")
    times = [entry["at"] for entry in entries]
    assert times == sorted(times)
    assert {entry["kind"] for entry in entries} == {"decision", "intent", "call", "step", "alert"}
    assert [entry["event"] for entry in entries if entry["kind"] == "step"] == [
        "wake",
        "missing",
        "recovered",
        "short",
        "placed",
        "alerted",
    ]
    assert [entry["status"] for entry in entries if entry["kind"] == "intent"] == ["confirmed"] * 4
    assert {entry["account"] for entry in entries} == {"mirror"}


def test_history_reads_as_text(desk: Desk, sim: Simulator) -> None:
    sim.inject(Fault(kind=FaultKind.RET_CODE, path="order/create", code=110007, uid=MIRROR))
    desk("run", "--once")
    text = desk("history", "mirror", "bandusdt".upper(), "buy").stdout
    for part in (
        "step       Idle ─wake→ Validating: caller",
        "call       observe: complete",
        "intent     place TP1 0→340 at 0.72 MIR_TP1_BANDUSDT_",
        "alert      ❌ TP REBALANCING FAILED",
        "Position Size: 400",
        "(delivered 20",
    ):
        assert part in text, part


def test_history_ends_with_the_last_entries_or_those_of_one_run(desk: Desk) -> None:
    run = desk.json("run", "--once")["runs"][1]["run_id"]
    desk.json("run", "--once")
    last = desk.json("history", "mirror", "BANDUSDT", "Buy", "--limit", "1")
    assert [(entry["kind"], entry.get("event")) for entry in last] == [("step", "settled")]
    first = desk.json("history", "mirror", "BANDUSDT", "Buy", "--run", run)
    assert {entry["run_id"] for entry in first} == {run}
    assert first[-1]["kind"] == "alert"


def test_history_of_a_run_that_is_not_there_is_an_error(desk: Desk) -> None:
    desk.json("run", "--once")
    result = desk("history", "mirror", "BANDUSDT", "Buy", "--run", "nope")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "trueup: --run: mirror BANDUSDT Buy has no run 'nope' on record\n"


def test_history_of_a_monitor_that_is_not_there_lists_those_that_are(desk: Desk) -> None:
    desk.json("run", "--once")
    result = desk("history", "main", "BTCUSDT", "Sell")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "trueup: there is no monitor main BTCUSDT Sell: on record are main BANDUSDT Buy, "
        "mirror BANDUSDT Buy\n"
    )


def test_history_of_an_empty_database(desk: Desk) -> None:
    with open_store(f"sqlite:///{desk.database}"):
        result = desk("history", "main", "BTCUSDT", "Sell")
    assert result.stderr == "trueup: there is no monitor main BTCUSDT Sell: none is on record\n"


def test_status_shows_when_a_contract_expires(desk: Desk, sim: Simulator) -> None:
    desk.json("run", "--once")
    assert "expires" not in desk("status").stdout
    assert {monitor["expires_at"] for monitor in desk.json("status")["monitors"]} == {None}
    spec = InstrumentSpec(
        symbol="BANDUSDT-26DEC25",
        tick="0.0001",
        step="0.1",
        min_quantity="0.1",
        max_quantity="100000",
        delivery_ms=1_766_736_000_000,
    )
    sim.add_instrument(spec, "0.7000")
    sim.open_position(MIRROR, spec.symbol, "Buy", "400", "0.6900")
    lines = f'account = "mirror"\nsymbol = "BANDUSDT-26DEC25"\nside = "Buy"\n{LADDER}\n'
    desk.write((desk.text, f"{desk.text}\n[[monitors]]\n{lines}"))
    desk.json("run", "--once")
    shown = [" ".join(line.split()) for line in desk("status").stdout.splitlines()]
    assert "outcome next try expires levels" in shown[0]
    assert any("BANDUSDT-26DEC25" in line and "2025-12-26 08:00 UTC" in line for line in shown)
    ends = {m["symbol"]: m["expires_at"] for m in desk.json("status")["monitors"]}
    assert ends["BANDUSDT"] is None
    assert str(ends["BANDUSDT-26DEC25"]).startswith("2025-12-26")


def test_check_passes_while_an_engine_keeps_all_in_sync(desk: Desk) -> None:
    process = desk.process("run", "--json")
    assert process.stdout is not None
    ran, swept = set(), 0
    for line in process.stdout:
        said = json.loads(line)
        ran |= {said["run"]["account"]} if "run" in said else set()
        swept += "sweep" in said and len(ran) == 2
        if swept == 2:
            break
    checked = desk("status", "--check")
    process.terminate()
    process.communicate()
    assert checked.exit_code == 0, checked.stdout
    assert desk.json("status", "--check")["concerns"] == []


def test_check_says_at_once_that_the_engine_was_killed(desk: Desk) -> None:
    process = started(desk)
    assert "has ended" not in desk("status", "--check").stdout
    process.kill()
    process.communicate()
    first = desk.json("status", "--check", code=1)["concerns"][0]
    assert first.startswith("no engine runs: the one of 2")
    assert "has ended without saying so, as one that is killed does" in first


def test_check_says_what_is_not_as_it_should_be(desk: Desk, sim: Simulator) -> None:
    desk.json("run", "--once")
    assert desk("status").exit_code == 0
    sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="position/list", uid=MIRROR, times=None))
    desk.json("run", "--once", code=1)
    with open_store(f"sqlite:///{desk.database}") as store:
        store.swept(AccountStatus("main", datetime.now(UTC), 1, 0, ViewWord.SWEPT))
        long_ago = datetime.now(UTC) - timedelta(minutes=5)
        store.swept(AccountStatus("mirror", long_ago, 1, 0, ViewWord.SWEPT))
    desk("pause", "main", "--by", "ann")
    concerns = desk.json("status", "--check", code=1)["concerns"]
    assert concerns[0].startswith("main is paused by ann")
    assert concerns[1] == "mirror BANDUSDT Buy: its last run ended FAILED"
    assert re.fullmatch(r"mirror was last swept 3\d\d s ago: is the engine running\?", concerns[2])
    assert "✗ mirror BANDUSDT Buy: its last run ended FAILED" in desk("status", "--check").stdout
    assert desk("status").exit_code == 0


def test_a_sweep_that_is_yet_to_come_is_a_concern(desk: Desk) -> None:
    desk.json("run", "--once")
    with open_store(f"sqlite:///{desk.database}") as store:
        store.swept(AccountStatus("main", datetime.now(UTC), 1, 0, ViewWord.SWEPT))
        to_come = datetime.now(UTC) + timedelta(hours=1)
        store.swept(AccountStatus("mirror", to_come, 1, 0, ViewWord.SWEPT))
    (concern,) = desk.json("status", "--check", code=1)["concerns"]
    assert concern.startswith("mirror was last swept at ")
    assert concern.endswith("yet to come: a clock is wrong")


def test_an_account_that_was_never_swept_is_a_concern(desk: Desk) -> None:
    desk.json("run", "--once")
    concerns = desk.json("status", "--check", code=1)["concerns"]
    assert concerns == [
        "main was never swept: no engine has run as a service",
        "mirror was never swept: no engine has run as a service",
    ]


def test_what_a_killed_engine_has_seen_does_not_count_for_the_one_after_it(desk: Desk) -> None:
    desk.json("run", "--once")
    now = datetime.now(UTC)
    with open_store(f"sqlite:///{desk.database}") as store:
        for name in ("main", "mirror"):
            store.swept(AccountStatus(name, now, 1, 0, ViewWord.STREAMED, ""))
        assert desk.json("status", "--check")["concerns"] == []
        number = store.engine_started(EngineStart(now - timedelta(hours=1), {}, {}))  # set back
        lines = desk.json("status", "--check", code=1)["concerns"]
        assert [line.partition(" since")[0] for line in lines] == [
            "main was not swept yet by the engine that runs",
            "mirror was not swept yet by the engine that runs",
        ]
        swept = AccountStatus("main", now, 1, 0, ViewWord.STREAMED, engine_start=number)
        store.swept(swept)
        assert len(desk.json("status", "--check", code=1)["concerns"]) == 1
        store.engine_stopped(number, now + timedelta(seconds=3))
    assert desk.json("status", "--check")["concerns"] == []


def test_a_clock_that_is_set_back_after_the_start_makes_no_sweep_one_of_before(desk: Desk) -> None:
    desk.json("run", "--once")
    now = datetime.now(UTC)
    with open_store(f"sqlite:///{desk.database}") as store:
        number = store.engine_started(EngineStart(now + timedelta(hours=1), {}, {}))
        for name in ("main", "mirror"):
            swept = AccountStatus(name, now, 1, 0, ViewWord.STREAMED, engine_start=number)
            store.swept(swept)
        assert desk.json("status", "--check")["concerns"] == []


def test_a_monitor_that_left_the_configuration_is_shown_as_such(desk: Desk) -> None:
    desk.json("run", "--once")
    mirror = '[[monitors]]\naccount = "mirror"\nsymbol = "BANDUSDT"\nside = "Buy"\n'
    desk.write((mirror, ""))
    first, second = desk.json("status")["monitors"]
    assert (first["source"], second["source"]) == ("configured", "left the configuration")
    assert "mirror" not in " ".join(desk.json("status", "--check", code=1)["concerns"])

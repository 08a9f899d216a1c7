"""``trueup run --once``: one pass, its result, and its exit code."""

from decimal import Decimal
from pathlib import Path

import pytest

from trueup.simulator import Fault, FaultKind, Simulator
from trueup.storage import open_store

from ..desk import KEYS, MAIN, MIRROR, SYMBOL, Desk


def resting(sim: Simulator, uid: str) -> list[tuple[Decimal, Decimal]]:
    return sorted((order.price, order.leaves) for order in sim.orders(uid))


def expected(*pairs: tuple[str, str]) -> list[tuple[Decimal, Decimal]]:
    return [(Decimal(price), Decimal(quantity)) for price, quantity in pairs]


def test_it_makes_the_ladders_true(desk: Desk, sim: Simulator) -> None:
    said = desk.json("run", "--once")
    assert said["true"] is True
    assert [(run["account"], run["outcome"], run["covered"]) for run in said["runs"]] == [
        ("main", "SUCCESS", "1000"),
        ("mirror", "SUCCESS", "400"),
    ]
    assert [(level["after"], level["status"]) for level in said["runs"][1]["levels"]] == [
        ("340", "confirmed"),
        ("20", "confirmed"),
        ("20", "confirmed"),
        ("20", "confirmed"),
    ]
    assert resting(sim, MAIN) == expected(
        ("0.72", "850"), ("0.74", "50"), ("0.76", "50"), ("0.80", "50")
    )
    assert resting(sim, MIRROR) == expected(
        ("0.72", "340"), ("0.74", "20"), ("0.76", "20"), ("0.80", "20")
    )


def test_a_second_pass_sends_nothing(desk: Desk, sim: Simulator) -> None:
    desk.json("run", "--once")
    before = len(sim.requests)
    said = desk.json("run", "--once")
    assert {(run["outcome"], run["writes"]) for run in said["runs"]} == {("IN_SYNC", 0)}
    assert {request.method for request in sim.requests[before:]} == {"GET"}


def test_a_fill_between_two_passes_is_followed(desk: Desk, sim: Simulator) -> None:
    desk.json("run", "--once")
    sim.open_position(MIRROR, SYMBOL, "Buy", "600", "0.6900")
    said = desk.json("run", "--once")
    assert [run["outcome"] for run in said["runs"]] == ["IN_SYNC", "SUCCESS"]
    assert resting(sim, MIRROR) == resting(sim, MAIN)


def test_the_table_shows_every_run(desk: Desk) -> None:
    result = desk("run", "--once")
    assert result.exit_code == 0
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["account", "symbol", "side", "position", "covered", "outcome", "TPs"],
        ["main", "BANDUSDT", "Buy", "1000", "1000", "SUCCESS", "4/4"],
        ["mirror", "BANDUSDT", "Buy", "400", "400", "SUCCESS", "4/4"],
    ]


def test_alerts_go_to_stderr_even_if_the_log_is_quiet(desk: Desk) -> None:
    result = desk("run", "--once", "--quiet")
    assert result.stderr.count("ALERT") == 2
    assert "TP1: 0→340 ✅" in result.stderr
    assert "Validating" not in result.stderr


def test_verbose_logs_the_decisions(desk: Desk) -> None:
    lines = desk("run", "--once", "--verbose").stderr.splitlines()
    validating = [line for line in lines if "INFO" in line and "Validating TP orders" in line]
    assert any(" main BANDUSDT Buy " in line for line in validating)


def test_one_failing_account_is_told_and_the_other_is_repaired(desk: Desk, sim: Simulator) -> None:
    sim.inject(Fault(kind=FaultKind.SERVER_ERROR, uid=MIRROR, times=None))
    said = desk.json("run", "--once", code=1)
    assert said["true"] is False
    assert [run["outcome"] for run in said["runs"]] == ["SUCCESS", "FAILED"]
    assert said["runs"][1]["next_try_at"] is not None
    assert "could not be read" in said["runs"][1]["alert"]


def test_a_dead_exchange_is_a_failure_without_a_traceback(lone: Desk) -> None:
    result = lone("run", "--once")
    assert result.exit_code == 1
    assert result.stdout.count("FAILED") == 2
    assert "Traceback" not in result.stderr


def test_a_main_without_a_ladder_is_warned_of_and_skipped(desk: Desk, sim: Simulator) -> None:
    start, end = desk.text.index("ladder ="), desk.text.index("]\n", desk.text.index("ladder ="))
    desk.write((desk.text[start : end + 2], ""))
    result = desk("run", "--once")
    assert result.exit_code == 1
    assert "main BANDUSDT Buy: no ladder is configured or stored" in result.stderr
    assert result.stdout.count("SKIPPED") == 2
    assert {request.method for request in sim.requests} == {"GET"}


def test_a_main_without_a_ladder_takes_its_live_orders(desk: Desk, sim: Simulator) -> None:
    desk.json("run", "--once")
    desk.database.unlink()
    start, end = desk.text.index("ladder ="), desk.text.index("]\n", desk.text.index("ladder ="))
    desk.write((desk.text[start : end + 2], ""))
    before = len(sim.requests)
    said = desk.json("run", "--once")
    assert {run["covered"] for run in said["runs"]} == {"1000", "400"}
    assert {request.method for request in sim.requests[before:]} == {"GET"}


def test_a_monitor_that_is_no_longer_configured_is_left_alone(desk: Desk, sim: Simulator) -> None:
    desk.json("run", "--once")
    sim.open_position(MIRROR, SYMBOL, "Buy", "600", "0.6900")
    mirror = desk.text[desk.text.rindex("[[monitors]]") :]
    desk.write((mirror, ""))
    result = desk("run", "--once")
    assert result.exit_code == 0
    assert "mirror BANDUSDT Buy: on record but not configured: it does not run" in result.stderr
    assert sum(quantity for _, quantity in resting(sim, MIRROR)) == 400


def test_a_database_in_use_is_exit_code_3(desk: Desk, sim: Simulator) -> None:
    with open_store(f"sqlite:///{desk.database}"):
        result = desk("run", "--once")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith(f"trueup: {desk.database} is in use by another trueup")
    assert len(result.stderr.splitlines()) == 1
    assert not sim.requests


def test_a_file_that_is_no_database_is_exit_code_3(desk: Desk, sim: Simulator) -> None:
    desk.database.write_text("dear diary, " * 100, encoding="utf-8")
    for args in (("run", "--once"), ("plan",), ("status",)):
        result = desk(*args)
        assert result.exit_code == 3
        assert result.stderr.startswith(f"trueup: the database {desk.database} cannot be used")
        assert len(result.stderr.splitlines()) == 1
    assert not sim.requests


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_an_alert_that_cannot_be_delivered_is_exit_code_1_and_kept(
    desk: Desk, sim: Simulator
) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        process = desk.process("run", "--once", "--json", stderr=full)
        said, _ = process.communicate()
    assert process.returncode == 1
    assert '"undelivered_alerts": 2' in said
    assert len(sim.orders(MAIN)) == 4
    result = desk("run", "--once")
    assert result.exit_code == 0
    assert result.stderr.count("ALERT") == 2


def test_it_runs_as_a_module(desk: Desk) -> None:
    process = desk.process("run", "--once")
    stdout, stderr = process.communicate()
    assert process.returncode == 0
    assert stdout.count("SUCCESS") == 2
    assert not any(secret in stdout + stderr for secret in KEYS.values())


def test_a_size_that_could_not_be_read_is_no_number(desk: Desk, sim: Simulator) -> None:
    desk.json("run", "--once")
    sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="position/list", uid=MIRROR, times=None))
    said = desk.json("run", "--once", code=1)
    assert [(run["position"], run["covered"]) for run in said["runs"]] == [
        ("1000", "1000"),
        (None, None),
    ]
    monitor = desk.json("status")["monitors"][1]
    assert (monitor["position_size"], monitor["last_position_size"]) == (None, "400")
    assert "unknown (was 400" in desk("status").stdout

"""``trueup fleet``: all workers are halted, one is drained, and each is restarted in turn."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.postgres import Server
from tests.storage.databases import client
from trueup.cli.base.failures import ExitCode
from trueup.cli.main import app

from .crew import Crew, crew, until

NAMES = tuple(f"account{number}" for number in range(4))
pytestmark = pytest.mark.timeout(400)

START_S = 100.0
SOON_S = 15.0
A_WHILE_S = 3.0


@pytest.fixture
def made(postgres: Server) -> Iterator[Crew]:
    """A crew of nobody yet, whose positions have a size."""
    with postgres.database() as url, crew(url, NAMES) as started:
        started.hold("307.3")
        yield started


def fleet(made: Crew, *words: str) -> str:
    """What the command prints."""
    result = CliRunner().invoke(app, ["fleet", *words, "--db", made.url])
    assert result.exit_code == 0, result.output
    return result.output


def status(made: Crew) -> str:
    """What ``trueup status`` prints."""
    result = CliRunner().invoke(app, ["status", "--db", made.url])
    assert result.exit_code == 0, result.output
    return result.output


def shown(made: Crew) -> Any:  # noqa: ANN401 - JSON
    """The status."""
    return json.loads(fleet(made, "status", "--json"))


def _both_have_some(made: Crew) -> bool:
    """Whether two workers have shards: one without any has nothing to lose by a halt, and stays."""
    return sum(bool(one["shards"]) for one in shown(made)["workers"]) == 2


def test_after_a_halt_nothing_is_written_until_it_is_resumed(made: Crew) -> None:
    workers = [made.start() for _ in range(2)]
    until(lambda: made.covers("307.3") and _both_have_some(made), START_S, "they make the ladders")
    assert "no worker has a lease" in fleet(made, "halt", "--by", "ann", "--reason", "news")
    assert "⏸ all workers: halted by ann since" in status(made)
    accepted = made.accepted()
    made.hold("400")
    assert [one.wait(START_S) for one in workers] == [ExitCode.LEASE_OVER] * 2
    again = made.start()
    until(lambda: shown(made)["workers"], START_S, "one is started again")
    Event().wait(A_WHILE_S)
    assert made.accepted() == accepted
    assert not any(one["shards"] for one in shown(made)["workers"])
    assert "the fleet may have leases again" in fleet(made, "resume")
    until(lambda: made.covers("400"), START_S, "it makes them true")
    again.terminate()
    assert again.wait(START_S) == ExitCode.OK


def test_a_worker_that_the_database_does_not_answer_sends_nothing_after_its_lease(
    made: Crew,
) -> None:
    """It can still reach the exchange, and nobody can reach it."""
    worker = made.start()
    until(lambda: made.covers("307.3"), START_S, "it makes the ladders")
    with client(made.url) as server, silent(server):
        until(lambda: shown(made)["free"] == list(range(64)), START_S, "its leases end")
        accepted = made.accepted()
        made.hold("400")
        assert worker.wait(START_S) == ExitCode.LEASE_OVER
        assert made.accepted() == accepted


def test_who_is_drained_gives_its_shards_to_the_other(made: Crew) -> None:
    made.start()
    made.start()
    until(lambda: made.covers("307.3"), START_S, "they make the ladders")
    until(lambda: is_shared(made), START_S, "each has half of the shards")
    one, other = shown(made)["workers"]
    fleet(made, "drain", one["name"], "--by", "ann")
    made.hold("400")
    until(lambda: made.covers("400"), SOON_S, "the other has its accounts")
    (drained,) = [each for each in shown(made)["workers"] if each["name"] == one["name"]]
    assert (drained["shards"], drained["drained"]["by"]) == ([], "ann")
    fleet(made, "resume", one["name"])
    until(lambda: is_shared(made), START_S, "each has half of them again")
    assert sorted(each["name"] for each in shown(made)["workers"]) == [one["name"], other["name"]]


def test_each_is_restarted_in_turn_while_positions_change(made: Crew) -> None:
    old = [made.start() for _ in range(2)]
    until(lambda: made.covers("307.3"), START_S, "they make the ladders")
    for number, worker in enumerate(old):
        size = str(400 + number)
        made.start()
        until(lambda: len(shown(made)["workers"]) == len(old) + 1, START_S, "a new one is there")
        until(lambda: is_shared(made), START_S, "it has its share")
        worker.terminate()
        made.hold(size)
        lasted = until(lambda: made.covers(size), SOON_S, "the ladders are true")  # noqa: B023 - called at once
        print(f"true after {lasted:.2f} s, ended {worker.poll()}")  # noqa: T201 - for people
        assert worker.wait(START_S) == ExitCode.OK
    with client(made.url) as server:
        again = "SELECT count(*) FROM alert WHERE attempts > 1"
        assert server.execute(again).fetchone() == (0,)
        twice = "SELECT run_id FROM alert GROUP BY account, run_id HAVING count(*) > 1"
        assert server.execute(twice).fetchall() == []


def is_shared(made: Crew) -> bool:
    """Whether every shard has a worker, and each as many as another."""
    found = shown(made)
    shares = {len(one["shards"]) for one in found["workers"]}
    return not found["free"] and max(shares) - min(shares) <= len(found["workers"])


@contextmanager
def silent(server: Any) -> Iterator[None]:  # noqa: ANN401 - the driver's connection
    """A context in which the server answers no worker, though it can be reached."""
    theirs = """SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND starts_with(application_name, 'trueup ')"""
    processes = [pid for (pid,) in server.execute(theirs).fetchall()]
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)

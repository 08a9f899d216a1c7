"""``/metrics``, ``/healthz`` and ``/readyz`` of a real ``trueup run`` on the simulator."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.packaging.building import ROOT, run
from trueup.service.measuring.figures import FIGURES
from trueup.simulator import Fault, FaultKind, Simulator

from ...service.asking import OverUnix, ask
from ..desk import KEYS, MIRROR, SYMBOL, Desk, Process
from .test_channel import socket_of
from .test_serving import lines, runs
from .test_supervised import HANGS

WITHOUT_PROMETHEUS = """
import sys
sys.modules["prometheus_client"] = None
from trueup.__main__ import main
main()
"""


@pytest.fixture
def engine(desk: Desk) -> Iterator[Process]:
    """The engine, once both ladders are true."""
    process = desk.process("run", "--json")
    said, true = runs(process), set[str]()
    while true != {"main", "mirror"}:
        ended = next(said)["run"]
        true |= {ended["account"]} if ended["outcome"] == "SUCCESS" else set()
    yield process
    process.send_signal(signal.SIGTERM)
    process.communicate()


def figures(desk: Desk) -> dict[tuple[str, str], float]:
    """Every value by its name and the labels' values; the names are those of the table."""
    connection = OverUnix(socket_of(desk))
    connection.request("GET", "/metrics")
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    assert response.status == 200
    for secret in KEYS.values():
        assert secret not in text
    families = list(text_string_to_metric_families(text))
    shown = {each.name + ("_total" if each.type == "counter" else "") for each in families}
    assert shown == {figure.name for figure in FIGURES}
    return {
        (sample.name, "/".join(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.mark.usefixtures("engine")
def test_it_says_what_it_did_and_how_it_stands(desk: Desk) -> None:
    found = figures(desk)
    assert found["trueup_engine_up", ""] == 1
    assert found["trueup_runs_total", "main/SUCCESS"] >= 1
    assert found["trueup_cover_ratio", f"mirror/Buy/{SYMBOL}"] == 1
    assert found["trueup_time_to_true_seconds_count", "main"] >= 1
    assert found["trueup_time_to_true_seconds_bucket", "main/+Inf"] >= 1
    assert found["trueup_pending_writes", "main"] == 0
    assert found["trueup_commit_seconds_count", ""] >= 1
    assert found["trueup_requests_allowed", "mirror/address"] == 600
    assert 0 <= found["trueup_requests_used", "mirror/address"] <= 600
    assert found["trueup_uncovered_quantity_seconds_total", f"main/Buy/{SYMBOL}"] == 0
    assert found["trueup_database_bytes", ""] > 4096


def test_cover_that_is_lost_adds_up(desk: Desk, sim: Simulator, engine: Process) -> None:
    sim.inject(
        Fault(kind=FaultKind.RET_CODE, path="order/", method="POST", uid=MIRROR, code=110007)
    )
    sim.open_position(MIRROR, SYMBOL, "Buy", "600", "0.6900")
    failed = ("FAILED", "PARTIAL")
    next(line for line in runs(engine) if line["run"]["outcome"] in failed)
    found = figures(desk)
    assert found["trueup_cover_ratio", f"mirror/Buy/{SYMBOL}"] == pytest.approx(0.4)
    assert found["trueup_refusals_total", "mirror/110007"] >= 1
    assert figures(desk)["trueup_uncovered_quantity_seconds_total", f"mirror/Buy/{SYMBOL}"] > 0


def test_ready_once_every_account_is_swept(desk: Desk, engine: Process) -> None:
    swept = {next(line for line in lines(engine) if "sweep" in line)["sweep"]["account"]}
    while swept != {"main", "mirror"}:
        swept.add(next(line for line in lines(engine) if "sweep" in line)["sweep"]["account"])
    for path in ("/healthz", "/readyz"):
        assert ask(OverUnix(socket_of(desk)), path) == (200, {"ok": True, "reasons": []})


@pytest.mark.usefixtures("engine")
def test_not_ready_while_the_database_cannot_be_written(desk: Desk) -> None:
    def reasons() -> list[str]:
        return list(ask(OverUnix(socket_of(desk)), "/readyz")[1]["reasons"])

    with closing(sqlite3.connect(desk.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        while "the database cannot be written" not in reasons():
            pass
        other.execute("ROLLBACK")
    while reasons():
        pass


@pytest.mark.usefixtures("engine")
def test_the_container_s_check_of_its_health_works(desk: Desk) -> None:
    image = (ROOT / "Containerfile").read_text("utf-8")
    health = image[image.index("HEALTHCHECK") :]
    python, *asks = json.loads(health[health.index("[") : health.index("\n", health.index("["))])
    assert python == "python"
    run(sys.executable, *asks, cwd=desk.folder)


def test_an_engine_that_hangs_is_not_healthy(desk: Desk) -> None:
    process = _started(desk, HANGS)
    next(runs(process))
    process.send_signal(signal.SIGUSR1)
    status, answer = ask(OverUnix(socket_of(desk)), "/healthz")
    assert (status, answer["reasons"]) == (503, ["the thread that does all jobs does not answer"])
    process.kill()


def test_without_the_extra_it_says_which_one(desk: Desk) -> None:
    process = _started(desk, WITHOUT_PROMETHEUS)
    next(runs(process))
    status, answer = ask(OverUnix(socket_of(desk)), "/metrics")
    assert (status, answer["error"]["message"]) == (
        501,
        "/metrics needs prometheus_client: pip install 'trueup[web]'",
    )


def _started(desk: Desk, code: str) -> Process:
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code, "run", "--json", "--config", str(desk.config)],
        env={**os.environ, **KEYS},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    desk.started.append(process)
    return process

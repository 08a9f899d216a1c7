"""``trueup worker`` as a process: it keeps its ladders, drains, and ends as its exit code says."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import Server
from tests.storage.databases import client
from trueup.cli.base.failures import ExitCode

from .crew import Crew, crew, until

pytestmark = pytest.mark.timeout(400)

START_S = 100.0
END_S = 20.0
ENVIRONMENT = {"PATH": "", "A_KEY": "main-key", "A_SECRET": "main-secret"}
CONFIGURATION = """
[store]
url = "{database}"

[accounts.main]
environment = "{exchange}"
api_key_env = "A_KEY"
api_secret_env = "A_SECRET"

[[monitors]]
account = "main"
symbol = "BANDUSDT"
side = "Sell"
ladder = [
    {{ price = "0.6528", share = "85" }},
    {{ price = "0.6400", share = "5" }},
    {{ price = "0.6200", share = "5" }},
    {{ price = "0.6000", share = "5" }},
]
"""


BROKEN = """
from trueup.cli.main import main
from trueup.fleet import Worker


def serve(self, is_over):
    raise RuntimeError("a defect")


Worker.serve = serve
main()
"""


def configured(made: Crew, folder: Path) -> Path:
    """The configuration of the fleet."""
    file = folder / "fleet.toml"
    file.write_text(CONFIGURATION.format(database=made.url, exchange=made.exchange), "utf-8")
    return file


def started(made: Crew, folder: Path) -> "subprocess.Popen[bytes]":
    """The command, once its ladder is true; it is started again where its machine stood still.

    Whoever runs workers starts each again that ends with 75, as here.
    """
    file = configured(made, folder)
    made.hold("307.3")

    def start() -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "trueup", "worker", "--config", str(file), "--lease", "6"],
            env=ENVIRONMENT,
            stderr=subprocess.DEVNULL,
        )
        made.processes.append(process)
        return process

    process = start()

    def is_whole() -> bool:
        nonlocal process
        if process.poll() == ExitCode.LEASE_OVER:
            process = start()
        return made.covers("307.3")

    until(is_whole, START_S, "it makes the ladder")
    return process


def test_it_drains_and_its_shards_are_free_at_once(postgres: Server, tmp_path: Path) -> None:
    with postgres.database() as url, crew(url, ("main",)) as made:
        process = started(made, tmp_path)
        process.terminate()
        assert process.wait(END_S) == ExitCode.OK
        free = "SELECT count(*) FROM shard WHERE owner = ''"
        with client(url) as server:
            assert server.execute(free).fetchone() == (64,)


def test_it_ends_with_75_once_its_lease_is_over(postgres: Server, tmp_path: Path) -> None:
    with postgres.database() as url, crew(url, ("main",)) as made:
        process = started(made, tmp_path)
        with client(url) as server:
            server.execute("UPDATE shard SET lease_until_us = 1, epoch = epoch + 1, owner = 'x'")
        assert process.wait(END_S) == ExitCode.LEASE_OVER


def test_a_defect_in_it_is_no_good_end(postgres: Server, tmp_path: Path) -> None:
    """What runs workers, and people, would take it for one that was stopped."""
    with postgres.database() as url, crew(url, ("main",)) as made:
        config = str(configured(made, tmp_path))
        process = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", BROKEN, "worker", "--config", config],
            env=ENVIRONMENT,
            capture_output=True,
            timeout=START_S,
            check=False,
        )
        assert process.returncode not in (ExitCode.OK, ExitCode.LEASE_OVER)
        assert b"a defect" in process.stderr

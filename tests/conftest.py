"""What holds for all tests, and the browser that some of them share."""

import fcntl
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from loguru import logger

if TYPE_CHECKING:
    from selenium.webdriver import Remote

    from tests.postgres import Server

# Hundreds of tests start `trueup` as a process: compiling it each time takes longer than it runs.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A shell starts what it runs in the background deaf to Ctrl-C, and so is all that the tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says more of the machine than of the code.
settings.register_profile("trueup", deadline=None)
settings.load_profile("trueup")


@pytest.fixture(autouse=True)
def _log_is_on() -> None:
    """Turns trueup's log on again: a campaign that a test before ran has silenced it."""
    logger.enable("trueup")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all processes of the session have in common."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def wheel(shared: Path) -> Path:
    """The wheel, built once a session, by whichever process wants it first."""
    from tests.packaging.building import build  # noqa: PLC0415 - few tests want it

    home = shared / "wheel"
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (found := [*home.glob("*.whl")]):
            home.mkdir(exist_ok=True)
            found = [build(home)]
    return found[0]


@pytest.fixture(scope="session")
def chromium() -> Iterator["Remote"]:
    """A browser for the tests that need one; where there is none, they are skipped."""
    from tests.browser.chromium import NoBrowserError, browser  # noqa: PLC0415 - slow to import

    try:
        with browser() as window:
            yield window
    except NoBrowserError as error:
        pytest.skip(f"there is no Chromium here: {error}")


@pytest.fixture(scope="session")
def postgres(testrun_uid: str) -> Iterator["Server"]:
    """A PostgreSQL server, the same one for all workers of the session."""
    from tests.postgres import Server  # noqa: PLC0415 - few tests need one

    # The name of its socket must be short.
    with closing(Server(Path(gettempdir()) / f"trueup-pg-{testrun_uid[:12]}")) as server:
        yield server

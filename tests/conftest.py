"""What holds for all tests, and the browser that some of them share."""

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

# How long an example takes says more of the machine than of the code.
settings.register_profile("trueup", deadline=None)
settings.load_profile("trueup")


@pytest.fixture(autouse=True)
def _log_is_on() -> None:
    """Turns trueup's log on again: a campaign that a test before ran has silenced it."""
    logger.enable("trueup")


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

"""What holds for all tests."""

import pytest
from hypothesis import settings
from loguru import logger

# How long an example takes says more of the machine than of the code.
settings.register_profile("trueup", deadline=None)
settings.load_profile("trueup")


@pytest.fixture(autouse=True)
def _log_is_on() -> None:
    """Turns trueup's log on again: a campaign that a test before ran has silenced it."""
    logger.enable("trueup")

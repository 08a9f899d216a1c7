"""What the tests of the package share: the wheel is built once."""

from pathlib import Path

import pytest

from tests.packaging.building import build


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel."""
    return build(tmp_path_factory.mktemp("wheel"))

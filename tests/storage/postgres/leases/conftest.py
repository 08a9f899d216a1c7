"""Two processes that share one database."""

from collections.abc import Iterator

import pytest

from tests.postgres import Server

from .processes import Process


@pytest.fixture
def url(postgres: Server) -> Iterator[str]:
    """The URL of a database with the tables of a store."""
    with postgres.database() as made:
        yield made


@pytest.fixture
def one(url: str) -> Iterator[Process]:
    """A process."""
    process = Process(url, "one")
    yield process
    process.leases.close()


@pytest.fixture
def other(url: str) -> Iterator[Process]:
    """Another process."""
    process = Process(url, "other")
    yield process
    process.leases.close()

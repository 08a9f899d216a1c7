"""Zygotes, and databases that need not be made anew."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from loguru import logger

from tests.crash.process import Zygote
from tests.crash.stop_transcripts import STORIES
from tests.crash.transcripts import Transcript
from tests.crash.world import World, empty_database

Open = Callable[[str], World]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """The engines of this process log nothing: hundreds of them run."""
    logger.disable("trueup")
    yield
    logger.enable("trueup")


@pytest.fixture(scope="session")
def zygotes() -> Iterator[tuple[Zygote, Zygote]]:
    """Two sources of processes, for two at a time."""
    pair = (Zygote(), Zygote())
    yield pair
    for zygote in pair:
        zygote.close()


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that has the schema and nothing else."""
    return empty_database(tmp_path_factory.mktemp("empty"))


@pytest.fixture
def world(tmp_path: Path, empty: Path) -> Iterator[Open]:
    """Opens the world of a story, by its name."""
    with ExitStack() as opened:

        def open_world(name: str) -> World:
            made = World(tmp_path, story(name), empty)
            opened.callback(made.close)
            return made

        yield open_world


def story(name: str) -> Transcript:
    """The story of that name."""
    return next(transcript for transcript in STORIES if transcript.name == name)

"""Whether an engine runs: every promise that something happens by itself is qualified by it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ....storage import Connection

START = "Start the engine (`trueup run`): until it runs, nothing is tried again."
"""The first step wherever something waits for an engine and none runs."""
_LAST = """
SELECT started_at, stopped_at FROM engine_log WHERE id = (SELECT max(id) FROM engine_log)"""
_PROMISE = re.compile(r"^(Nothing( yet)?[:.]|trueup (tries|goes on)|The monitor is tried again)")
"""How a sentence begins that asks nothing of a person, because an engine does it."""


class EngineWord(StrEnum):
    """What is known of the engine."""

    RUNS = "runs"
    """One has started, and has the database."""
    GONE = "gone"
    """One has started, and ended without saying so: nobody has the database."""
    STOPPED = "stopped"
    """The last one ended in order."""
    NEVER = "never"
    """None is on record."""


@dataclass(frozen=True, slots=True)
class Engine:
    """The engine of a database.

    Attributes:
        word: whether one runs.
        at: when it started, or stopped; empty where none ever ran.
    """

    word: EngineWord
    at: str = ""

    @property
    def runs(self) -> bool:
        """Whether anybody tries again by himself."""
        return self.word is EngineWord.RUNS

    def steps(self, steps: Sequence[str]) -> str:
        """What a person has to do, as the engine stands.

        Without an engine its start comes first, and what would only wait for it is left out.

        >>> Engine(EngineWord.NEVER).steps(["Free margin.", "Nothing: trueup tries again."])
        'Start the engine (`trueup run`): until it runs, nothing is tried again. Free margin.'
        """
        if self.runs:
            return " ".join(steps)
        sentences = (one for step in steps for one in re.split(r"(?<=\.) ", step))
        return " ".join((START, *(one for one in sentences if not _PROMISE.match(one))))


def read_engine(connection: Connection, *, is_held: bool) -> Engine:
    """How the engine stands.

    Args:
        connection: in a transaction.
        is_held: whether a process has the database open for writing.

    Raises:
        sqlite3.Error: the database cannot be read.
    """
    row = connection.execute(_LAST).fetchone()
    if row is None:
        return Engine(EngineWord.NEVER)
    started, stopped = row
    if stopped is not None:
        return Engine(EngineWord.STOPPED, str(stopped))
    return Engine(EngineWord.RUNS if is_held else EngineWord.GONE, str(started))

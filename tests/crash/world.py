"""One story's world: the exchange in this process, the database in a folder of its own."""

import shutil
from pathlib import Path

from tests.crash.book import Book
from tests.crash.job import Job
from tests.crash.peer import Peer
from tests.crash.transcripts import Transcript
from tests.stage import CountedChance, accounts
from trueup import Reconciler, ReplaceMode, RunSettings
from trueup.adapters.bybit import BybitExchange
from trueup.simulator import SimulatorServer
from trueup.storage import open_store


class World:
    """The exchange, served, with a record that a story was set up on.

    Args:
        folder: empty, of its own.
        transcript: the story.
        empty: a database that has the schema and nothing else, to save making one.
    """

    def __init__(self, folder: Path, transcript: Transcript, empty: Path) -> None:
        self.folder = folder
        self.transcript = transcript
        self.database = folder / "trueup.db"
        shutil.copy(empty, self.database)
        self.peer = Peer(self.database)
        self.server = SimulatorServer(self.peer)
        self.server.start()
        self._prepare()
        self.before = len(self.peer.requests)
        self.book = Book(self.peer)
        self.peer.forget()

    def close(self) -> None:
        """Stops serving."""
        self.server.stop()

    def job(self, name: str) -> Job:
        """A process's work on the record."""
        return Job(name, str(self.folder), self.server.url, replace=self.transcript.replace)

    def _prepare(self) -> None:
        clock = self.peer.clock
        with Reconciler(
            f"sqlite:///{self.database}",
            accounts=accounts(self.server.url),
            settings=RunSettings(replace=ReplaceMode(self.transcript.replace)),
            sinks=(),
            clock=clock,
            randomness=CountedChance(),
            connect=lambda account: BybitExchange(account, clock=clock),
        ) as engine:
            self.transcript.prepare(self.peer, engine)


def empty_database(folder: Path) -> Path:
    """A database that has the schema and nothing else."""
    path = folder / "empty.db"
    open_store(f"sqlite:///{path}").close()
    return path

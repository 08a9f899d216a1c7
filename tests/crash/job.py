"""What a child process is told to do, and what it tells of it."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Reached:
    """One time that a crash point was reached: its name, and which time that was, from 1."""

    point: str
    time: int = 1


@dataclass(frozen=True, slots=True)
class Job:
    """One process's work: to run every monitor of a database until nothing is left to do.

    Attributes:
        name: of the process; its ids begin with it.
        folder: where the database is, and the files of the processes.
        exchange: the simulator's URL.
        replace: ``RunSettings.replace``.
        passes: after how many passes it gives up; a pass that finds all in sync is the last.
        kill: where it kills itself.
        full: where its disk is full from.
        stepped: whether it waits at every point until it is told to go on.
        database: the database's file name.
        unlocked: whether it sees no lock, as on another host.
    """

    name: str
    folder: str
    exchange: str
    replace: str = "amend"
    passes: int = 6
    kill: Reached | None = None
    full: Reached | None = None
    stepped: bool = False
    database: str = "trueup.db"
    unlocked: bool = False

    @property
    def path(self) -> Path:
        """The database's file."""
        return Path(self.folder, self.database)

    @property
    def alerts(self) -> Path:
        """Where delivered alerts are written, a line of JSON each, by all processes."""
        return Path(self.folder, "alerts.jsonl")

    @property
    def told(self) -> Path:
        """Where the process leaves its tale."""
        return Path(self.folder, f"{self.name}.json")

    @property
    def steps(self) -> Path:
        """The pipe in which a stepped process names the points it is at."""
        return Path(self.folder, f"{self.name}.steps")

    @property
    def goes(self) -> Path:
        """The pipe from which a stepped process reads that it may go on."""
        return Path(self.folder, f"{self.name}.goes")

    def text(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, text: str) -> "Job":
        """The job of that line."""
        fields = json.loads(text)
        for name in ("kill", "full"):
            if fields[name] is not None:
                fields[name] = Reached(**fields[name])
        return cls(**fields)


@dataclass(slots=True)
class Tale:
    """What a process that came to its end tells.

    Attributes:
        reached: every point it reached, in sequence.
        passes: one list a pass: outcome and writes of each monitor's run.
        fenced: at how many points it was told that another writer owns the monitor.
        error: what ended it, as ``Kind: text``; empty if nothing did.
    """

    reached: list[str] = field(default_factory=list)
    passes: list[list[tuple[str, int]]] = field(default_factory=list)
    fenced: int = 0
    error: str = ""

    @property
    def is_quiet(self) -> bool:
        """Whether the last pass found every monitor as it should be and wrote nothing."""
        return bool(self.passes) and all(
            outcome in ("IN_SYNC", "SKIPPED") and not writes for outcome, writes in self.passes[-1]
        )

    @property
    def writes(self) -> int:
        """How many orders the process asked to place, amend or cancel."""
        return sum(writes for one in self.passes for _, writes in one)

    def save(self, path: Path) -> None:
        """Writes it down."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Tale":
        """What was written down."""
        fields = json.loads(path.read_text("utf-8"))
        passes = [[(outcome, writes) for outcome, writes in one] for one in fields["passes"]]
        return cls(**{**fields, "passes": passes})

"""Which migrations there are, and where."""

from dataclasses import dataclass, field
from pathlib import Path

from .generated.schema import REVISIONS


@dataclass(frozen=True, slots=True)
class Migrations:
    """Where the migrations are, and which there are.

    Attributes:
        location: the folder with ``env.py`` and ``versions``.
        revisions: oldest first.
    """

    location: Path = field(default_factory=lambda: Path(__file__).parents[1] / "migrations")
    revisions: tuple[str, ...] = REVISIONS

    @property
    def head(self) -> str:
        """The newest revision: the schema of this trueup."""
        return self.revisions[-1]


OURS = Migrations()

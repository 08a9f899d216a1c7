"""Which migrations there are, and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..shared.generated.revisions import REVISIONS
from .generated.schema import FINGERPRINTS


@dataclass(frozen=True, slots=True)
class Migrations:
    """Where the migrations are, and which there are.

    Attributes:
        location: the folder with ``env.py`` and ``versions``.
        revisions: oldest first.
        fingerprints: of each what its tables are.
    """

    location: Path = field(default_factory=lambda: Path(__file__).parents[1] / "migrations")
    revisions: tuple[str, ...] = REVISIONS
    fingerprints: Mapping[str, str] = field(default_factory=lambda: FINGERPRINTS)

    @property
    def head(self) -> str:
        """The newest revision: the schema of this trueup."""
        return self.revisions[-1]


OURS = Migrations()

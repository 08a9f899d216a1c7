"""Reading what is on record of a run, of a level, or of a stop, as values."""

from .ends import read_end
from .levels import read_level
from .older import open_of_any_age
from .recordings import Recordings, passes_of, recordings
from .run_reading import find_run, read_run, read_transcript, run_at
from .starts import engine_starts
from .stops import read_stop

__all__ = [
    "Recordings",
    "engine_starts",
    "find_run",
    "open_of_any_age",
    "passes_of",
    "read_end",
    "read_level",
    "read_run",
    "read_stop",
    "read_transcript",
    "recordings",
    "run_at",
]

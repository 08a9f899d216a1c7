"""The bugs that are planted, by what they get wrong."""

from .on_record import RECORD_BUGS
from .planted import Bug
from .reading import READING_BUGS
from .streams import LISTENING_BUGS
from .writing import WRITING_BUGS

ALL_BUGS: tuple[Bug, ...] = (*WRITING_BUGS, *READING_BUGS, *RECORD_BUGS, *LISTENING_BUGS)

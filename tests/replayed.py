"""What this code makes of the recorded runs in a database."""

from contextlib import closing
from functools import partial

from trueup.engine.replay.comparing import Comparison, compare
from trueup.storage import open_reader
from trueup.storage.audit import read_transcript, recordings


def replayed(url: str) -> list[Comparison]:
    """What this code makes of the recorded runs in a database."""
    with closing(open_reader(url)) as reader:
        return [
            one
            for recorded in recordings(reader)
            for one in compare(recorded.passes, partial(read_transcript, reader))
        ]

"""The player: plays histories and records what happened in neutral words.

The same file gives the same record, byte by byte, in every process: clocks are virtual, ids count
up, and live engines do their jobs one by one. No record holds anything measured in real time.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from loguru import logger

from chaos import Start, play, start_trueup
from chaos.histories.empty_databases import empty_databases
from chaos.histories.story import story_of as history_story
from chaos.speed.mutable_dataclasses import mutable_dataclasses
from trueup.testing import MemoryStore

from .capture import Capture, RecordingStore
from .files import Entry, read, write_lines
from .rendering import sections

Record = dict[str, Any]
"""One line of a record file: the history's number, whether it was live, and its sections."""


def record_of(
    entry: Entry,
    *,
    start: Start = start_trueup,
    on_sqlite: Callable[[], Any] = MemoryStore,
) -> Record:
    """Plays one history.

    Args:
        entry: the history.
        start: starts the engine that plays it.
        on_sqlite: makes the database if the history is played on SQLite.

    Returns:
        Its record.
    """
    capture = Capture(start)
    make = on_sqlite if entry.on_sqlite else MemoryStore
    with capture.planning():
        verdict = play(
            entry.history, start=capture.start, store=lambda: RecordingStore(make(), capture)
        )
    return {
        "history": entry.number,
        "live": verdict.is_live,
        "sections": sections(capture, verdict),
    }


def play_files(files: Sequence[Path], folder: Path) -> None:
    """Plays files of histories, and writes a record file of the same name for each."""
    logger.disable("trueup")
    folder.mkdir(parents=True, exist_ok=True)
    with mutable_dataclasses():
        for path in files:
            write_lines(folder / path.name, records(path))


def records(path: Path) -> Iterator[Record]:
    """Plays the histories of a file one after the other, and yields their records."""
    gc.disable()
    try:
        with empty_databases() as empty:
            for entry in read(path):
                yield record_of(entry, on_sqlite=empty)
    finally:
        gc.enable()
        gc.collect()


def story_of(path: Path, number: int) -> str:
    """Plays one history of the file in memory, and renders its story.

    Raises:
        LookupError: the file does not hold this history.
    """
    logger.disable("trueup")
    for entry in read(path):
        if entry.number == number:
            return history_story(entry.history, range(len(entry.history.moves)))
    raise LookupError(f"{path} does not hold history {number}")

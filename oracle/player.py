"""The player: plays histories, and writes what happened in neutral words.

The same file gives the same record, byte by byte, in every process: clocks are virtual, ids are
counted, live engines are turned by hand. Nothing measured in real time is in a record.
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
"""One line of a record file: the history's number, whether it lived, and its sections."""


def record_of(
    entry: Entry,
    *,
    start: Start = start_trueup,
    on_sqlite: Callable[[], Any] = MemoryStore,
) -> Record:
    """Plays a history.

    Args:
        entry: the history.
        start: starts the engine that plays it.
        on_sqlite: makes the database of a history that is played on SQLite.
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
    """The records of a file's histories, one after the other."""
    gc.disable()
    try:
        with empty_databases() as empty:
            for entry in read(path):
                yield record_of(entry, on_sqlite=empty)
    finally:
        gc.enable()
        gc.collect()


def story_of(path: Path, number: int) -> str:
    """A history of the file as a story, as this tree plays it; always in memory.

    Raises:
        LookupError: the file does not hold it.
    """
    logger.disable("trueup")
    for entry in read(path):
        if entry.number == number:
            return history_story(entry.history, range(len(entry.history.moves)))
    raise LookupError(f"{path} holds no history {number}")

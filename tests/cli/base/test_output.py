"""Lines that wait for their reader: bounded, in order, and those that were dropped are counted."""

import os
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from typing import TextIO

import pytest

from trueup.cli.base.output import Lines

LONG = "x" * 1023 + "\n"


@pytest.fixture
def pipe() -> Iterator[tuple[TextIO, TextIO]]:
    """A pipe: where to write, where to read."""
    reading, writing = os.pipe()
    with (
        os.fdopen(writing, "w", encoding="utf-8", errors="backslashreplace") as end,
        os.fdopen(reading, encoding="utf-8") as start,
    ):
        yield end, start


def dropped(count: int) -> str:
    return f"{count} dropped\n"


def fill(end: TextIO) -> None:
    """Fills a pipe with empty lines: from now on whoever writes to it blocks."""
    os.set_blocking(end.fileno(), False)
    with suppress(BlockingIOError):
        while True:
            os.write(end.fileno(), b"\n" * 4096)
    os.set_blocking(end.fileno(), True)


def test_what_nobody_reads_is_dropped_and_counted_where_it_was(pipe: tuple[TextIO, TextIO]) -> None:
    end, start = pipe
    fill(end)
    lines = Lines(lambda: end, dropped, most=10)
    for _ in range(1000):
        lines.write(LONG)
    assert not lines.drain(0)
    read = [start.readline()]
    while read[-1] != LONG:
        read.append(start.readline())
    assert [start.readline() for _ in range(10)] == [LONG] * 9 + ["990 dropped\n"]
    lines.write("later\n")
    assert start.readline() == "later\n"
    assert lines.drain(60)


def test_a_stream_that_is_no_file_gets_every_line_in_order() -> None:
    stream = StringIO()
    lines = Lines(lambda: stream, dropped)
    for number in range(100):
        lines.write(f"{number}\n")
    assert lines.drain(60)
    assert stream.getvalue() == "".join(f"{number}\n" for number in range(100))


def test_a_reader_that_is_gone_is_an_error_of_the_next_line(pipe: tuple[TextIO, TextIO]) -> None:
    end, start = pipe
    start.close()
    lines = Lines(lambda: end, dropped)
    lines.write("lost\n")
    assert lines.drain(60)
    with pytest.raises(BrokenPipeError):
        lines.write("refused\n")


def test_half_a_character_is_written_as_it_may_be(pipe: tuple[TextIO, TextIO]) -> None:
    end, start = pipe
    Lines(lambda: end, dropped).write("502 \ud800\n")
    assert start.readline() == "502 \\ud800\n"

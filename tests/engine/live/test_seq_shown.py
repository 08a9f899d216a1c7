"""Which sequence number of a position is the newest that was shown."""

from datetime import timedelta

import pytest

from tests.engine.living import START_MS
from trueup.domain.tracking.feed import PositionEvent
from trueup.domain.tracking.known_position import KnownPosition
from trueup.engine.live.account import LiveAccount
from trueup.engine.live.run_reads import RunReads
from trueup.simulator import VirtualClock

BAND, LAG_MS = "BANDUSDT", 5000
LAG = timedelta(milliseconds=LAG_MS)


@pytest.mark.parametrize(
    ("seq", "after_ms", "newest"),
    [(10, 1, 10), (9, LAG_MS, 9), (8, LAG_MS - 1, 9), (8, LAG_MS, 8), (-1, LAG_MS, 9)],
    ids=["newer", "same", "older", "another-count", "none"],
)
def test_a_smaller_number_is_another_count_once_reads_cannot_lag(
    seq: int, after_ms: int, newest: int
) -> None:
    clock = VirtualClock(START_MS)
    reads = RunReads(LAG, clock)
    reads.note(BAND, 0, KnownPosition(9, None, 1))
    clock.advance(after_ms)
    reads.note(BAND, 0, KnownPosition(seq, None, 2))
    shown = reads.seq_shown(BAND, 0)
    assert shown is not None
    assert shown.seq == newest
    assert reads.seq_shown(BAND, 1) is None


def test_what_an_event_has_shown_outlives_the_stream() -> None:
    view = LiveAccount(LAG, VirtualClock(START_MS))
    view.stream_opened()
    view.apply(PositionEvent(BAND, 0, 9, None))
    view.stream_lost("closed")
    shown = view.seq_shown(BAND, 0)
    assert shown is not None
    assert shown.seq == 9

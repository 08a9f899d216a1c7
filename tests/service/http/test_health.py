"""Whether a service is ready: a stream may be lost for a moment, but not for long."""

from datetime import UTC, datetime, timedelta

from trueup.engine.live.status import LiveStatus, ViewState
from trueup.service.http.health import GRACE, Streams


def view(state: ViewState, seen: timedelta | None = None) -> LiveStatus:
    """The main account's, whose stream gave its last sign of life so long ago."""
    at = None if seen is None else datetime.now(UTC) + timedelta(hours=1)  # it was set back since
    return LiveStatus("main", state, "closed by the host", at, (), 0, 0, seen)


def test_a_stream_has_a_while_to_come_back() -> None:
    streams = Streams()
    assert streams.lost([view(ViewState.UNKNOWN)]) == [], "not opened yet"
    assert streams.lost([view(ViewState.SYNCED, timedelta(0))]) == []
    assert streams.lost([view(ViewState.UNKNOWN, GRACE / 2)]) == []
    assert Streams().lost([view(ViewState.UNKNOWN, GRACE * 2)]) == [
        "the stream of main is lost: closed by the host"
    ]


def test_what_was_lost_and_is_back_has_that_while_again() -> None:
    streams = Streams()
    assert streams.lost([view(ViewState.UNKNOWN, GRACE * 2)])
    assert not streams.lost([view(ViewState.SYNCED, timedelta(0))])
    assert not streams.lost([view(ViewState.UNKNOWN, timedelta(0))])

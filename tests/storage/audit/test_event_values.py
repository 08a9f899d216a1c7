"""An event of the journal is read as the value that was written."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from trueup.domain.model.close.closing import CloseCause, CloseEnd
from trueup.domain.model.close.events import CloseEnded, CloseUnderWay
from trueup.domain.model.events import (
    Cause,
    Event,
    EventKind,
    LadderChanged,
    LevelFilled,
    MirrorDiverged,
    OtherOrders,
    PositionFlipped,
    PositionReduced,
    Realised,
    Recovered,
    Trade,
    UnwatchedPosition,
)
from trueup.domain.model.identity import Side
from trueup.domain.model.protection import PositionStop
from trueup.domain.model.stop_events import (
    EntriesCancelled,
    ProtectedAgain,
    StopAdopted,
    StopMoved,
    StopMovedByOthers,
    StopTakenOff,
    Unprotected,
)
from trueup.storage.audit.event_values import event_of
from trueup.storage.sql.columns import packed
from trueup.storage.sql.event_rows import event_packed

from ..samples import EVENTS, LADDER, NOON

_TRADES = (
    Trade("e-1", Decimal("0.1"), Decimal(2), NOON, Decimal("-0.01")),
    Trade("e-2", Decimal(1)),
)
_OTHERS: tuple[Event, ...] = (
    PositionFlipped(Cause.TRADE, Decimal(5), Side.BUY, Decimal(1), Realised(Decimal(5)), _TRADES),
    PositionReduced(Cause.ADL, Decimal(5), Decimal(4), _TRADES),
    Recovered(NOON, timedelta(minutes=3, microseconds=7)),
    LadderChanged("exchange", LADDER, None),
    OtherOrders(Decimal(5), Decimal(10), Decimal(12), ("one", "two")),
    MirrorDiverged("main", None, Decimal(0)),
    MirrorDiverged("main", Side.SELL, Decimal(3), is_over=True),
    UnwatchedPosition(Decimal(5), Decimal(2), NOON, "closed"),
    StopMoved(PositionStop(), PositionStop(Decimal(2)), "2 % from the entry"),
    StopMovedByOthers(PositionStop(Decimal(2)), PositionStop(trailing=Decimal("0.1")), stays=True),
    Unprotected(NOON, Decimal(5), "the market is past it"),
    ProtectedAgain(NOON, timedelta(minutes=3)),
    CloseUnderWay(CloseCause.COMMAND, "ann@host", Decimal(5), Decimal(3), "it is not known yet"),
    CloseEnded(
        CloseCause.CROSSED, CloseEnd.PART, "", Decimal(5), Decimal(3), "no position", ("BOT_CLOSE",)
    ),
    CloseEnded(
        CloseCause.COMMAND,
        CloseEnd.DONE,
        "ann@host",
        Decimal(5),
        Decimal(5),
        share=Decimal(50),
        size=Decimal(10),
    ),
    StopAdopted(PositionStop(Decimal(2), Decimal("0.1"))),
    StopTakenOff(PositionStop(Decimal(2)), NOON),
    StopTakenOff(),
    EntriesCancelled(Decimal(200), ("BOT_LIMIT2", "BOT_LIMIT3")),
)


@pytest.mark.parametrize("event", [*EVENTS, *_OTHERS], ids=lambda event: event.kind.value)
def test_an_event_comes_back_as_it_was(event: Event) -> None:
    _, kind, fields = json.loads(packed(event_packed(0, event)) or "")
    assert event_of(kind, fields) == event


def test_every_kind_of_event_is_read() -> None:
    assert {event.kind for event in (*EVENTS, *_OTHERS)} == set(EventKind)


def test_a_field_that_an_older_trueup_did_not_write_has_its_default() -> None:
    event = next(one for one in EVENTS if isinstance(one, LevelFilled))
    _, kind, fields = json.loads(packed(event_packed(0, event)) or "")
    del fields["executions"], fields["average"]
    assert event_of(kind, fields) == replace(event, executions=())


def test_a_kind_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(LookupError, match="mood"):
        event_of("mood", {})

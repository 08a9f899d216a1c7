"""A close in an alert: how much of the position it is."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from trueup import MonitorKey, MonitorRecord, Role
from trueup.domain.happenings.closes import what_became_of_closes
from trueup.domain.model.close.closing import (
    CloseCause,
    CloseCommand,
    CloseEnd,
    Closing,
    ClosingRecord,
)
from trueup.domain.model.close.events import CloseEnded
from trueup.domain.model.identity import Side
from trueup.domain.reporting.event_lines import event_line

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("share", "quantity", "filled", "end", "detail", "line"),
    [
        (
            "50",
            "153.6",
            "153.6",
            CloseEnd.DONE,
            "",
            (
                "🚪 closed at the market for ann: 153.6 of 153.6, which is 50 % of the position of "
                "307.3 (news)"
            ),
        ),
        (
            "100",
            "307.3",
            "307.3",
            CloseEnd.DONE,
            "",
            "🚪 closed at the market for ann: 307.3 of 307.3, all that was open (news)",
        ),
        (
            "50",
            "153.6",
            "100",
            CloseEnd.PART,
            "no buyer",
            (
                "⚠️ closed at the market for ann: 100 of 153.6, which is 50 % of the position of "
                "307.3: no buyer"
            ),
        ),
        (
            "12.5",
            "38.4",
            "0",
            None,
            "no answer",
            (
                "🚪 the close for ann is under way: 0 of 38.4, which is 12.5 % of the position of "
                "307.3; no answer"
            ),
        ),
    ],
    ids=["half", "whole", "part", "under way"],
)
def test_the_line_says_how_much_of_the_position_it_is(
    share: str, quantity: str, filled: str, end: CloseEnd | None, detail: str, line: str
) -> None:
    command = CloseCommand(CloseCause.COMMAND, 1, Decimal(share), "ann", "news")
    closing = Closing(
        command, Decimal("307.3"), Decimal(quantity), NOON, Decimal(filled), end=end, detail=detail
    )
    kept = ClosingRecord().with_new(closing)
    key = MonitorKey("main", "BANDUSDT", Side.BUY)
    (event,), _ = what_became_of_closes(MonitorRecord(1, key, Role.MAIN, None, None, closing=kept))
    assert event_line(event) == line


def test_one_from_before_that_was_recorded_claims_no_share() -> None:
    event = CloseEnded(CloseCause.COMMAND, CloseEnd.DONE, "ann", Decimal(5), Decimal(5))
    assert event_line(event) == "🚪 closed at the market for ann: 5 of 5"

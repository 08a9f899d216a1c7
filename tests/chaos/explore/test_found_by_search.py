"""Walks that once broke a promise."""

import pytest

from chaos.explore.errands import errand
from chaos.explore.search import Place
from chaos.explore.walking import walk
from chaos.judge.cover import covered_again

GROWS = ("before the read of position/list #2", "the position grows")

FLAT_OPEN_FLAT: list[Place] = [
    ("close", (GROWS, ("before the read of order/realtime #3", "the position is closed"))),
    ("close", (GROWS, ("before the read of order/realtime #3", "the position flips"))),
    ("close", (GROWS, ("before the read of position/list #3", "the position is closed"))),
    ("close", (GROWS, ("before the read of position/list #3", "the position flips"))),
    ("close", (GROWS, ("the read of position/list #3", "old"))),
]
"""The position is read to be flat, then open, then flat: no two reads agree that it is."""


@pytest.mark.parametrize("place", FLAT_OPEN_FLAT, ids=lambda place: place[1][1][1])
def test_a_position_that_was_open_in_between_is_not_taken_for_flat(place: Place) -> None:
    name, deviations = place
    assert walk(errand(name), deviations).findings == ()


BROKE_OFF: Place = (
    "fewer levels",
    (
        ("before the cancel #1", "the monitor is paused"),
        ("in the code around the amend #1", "the code raises"),
    ),
)


def test_a_run_that_broke_off_leaves_what_it_began_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The excuse of the judge for it, and that this walk needs it."""
    name, deviations = BROKE_OFF
    assert walk(errand(name), deviations).findings == ()
    monkeypatch.setattr(covered_again, "_broke", lambda _step: False)
    assert walk(errand(name), deviations).findings != ()

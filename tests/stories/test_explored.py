"""The walks that the search wrote into stories."""

import re

import pytest
from syrupy.assertion import SnapshotAssertion

from chaos.explore.search import Place
from chaos.explore.transcript import transcript
from tests.stories.explored import chosen


def _name(place: Place) -> str:
    errand, deviations = place
    said = " ".join([errand, *(f"{where} {what}" for where, what in deviations)])
    return re.sub(r"[^A-Za-z0-9-]+", "_", said)


@pytest.mark.parametrize("place", chosen(), ids=_name)
def test_a_walk_of_the_search(place: Place, snapshot: SnapshotAssertion) -> None:
    told = transcript(place)
    assert told.endswith("all promises held\n")
    assert told == snapshot

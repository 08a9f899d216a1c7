"""Planted bugs: the search finds those that its scope can show, with few deviations."""

import pytest

from chaos.explore.hunting import Caught, holds, hunt
from chaos.explore.results import read
from chaos.explore.search import Place
from chaos.explore.story import command, parsed, story_of


@pytest.mark.parametrize("caught", [c for c in read().caught if c.place], ids=lambda c: c.bug)
def test_the_walk_on_record_still_catches_the_bug(caught: Caught) -> None:
    assert holds(caught)


def test_a_bug_is_found_with_the_fewest_deviations() -> None:
    caught = hunt("cancel before amend", 1)
    assert caught.place == ("grow", ())
    assert caught.promise == "P4 no naked moment"


def test_a_story_says_how_to_walk_it_again() -> None:
    place: Place = ("grow", (("the amend #1", "lost after"),))
    told = story_of(place)
    assert told.endswith(command(place))
    assert "All promises held." in told
    assert parsed("grow", ["the amend #1: lost after"]) == place

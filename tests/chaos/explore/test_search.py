"""The search: exhaustive, repeatable, resumable, and it breaks no promise."""

from pathlib import Path

import pytest

from chaos.explore.errands import ERRANDS, errand
from chaos.explore.exploring import Exploration, explore, load, save, start_exploring
from chaos.explore.matrix.laws import law_of_cell
from chaos.explore.search import begin, expand
from chaos.explore.walking import walk


def _nobody(_: Exploration) -> None:
    """Nobody watches."""


def test_the_happy_paths_end_settled() -> None:
    found = begin([one.name for one in ERRANDS])
    assert found.violations == []
    assert found.walks == len(ERRANDS)


def test_one_deviation_breaks_no_promise_and_reaches_nothing_impossible() -> None:
    happy = begin(["grow"])
    found = expand(happy.next, happy.states, goes_on=False)
    assert found.violations == []
    assert found.walks > 50
    assert [cell for cell in found.cells if law_of_cell(cell)] == []


def test_a_search_finds_the_same_every_time() -> None:
    happy = begin(["adopt"])
    one, other = (expand(happy.next, happy.states, goes_on=True) for _ in range(2))
    assert one.cells == other.cells
    assert one.states == other.states
    assert one.paths == other.paths
    assert one.next == other.next


def test_a_search_goes_on_where_it_was_saved(tmp_path: Path) -> None:
    file = tmp_path / "frontier"
    begun = start_exploring(["adopt"], 1)
    explore(begun, processes=1, budget_s=0, watch=_nobody)
    assert not begun.is_over
    assert [lead.place for lead in begun.frontier] == [("adopt", ())]
    save(begun, file)
    resumed = load(file)
    explore(resumed, processes=1, budget_s=None, watch=_nobody)
    assert resumed.is_over
    happy = begin(["adopt"])
    happy.add(expand(happy.next, happy.states, goes_on=False))
    assert resumed.found.states == happy.states
    assert resumed.found.cells == happy.cells


def test_a_walk_ends_in_a_state_from_which_another_goes_on() -> None:
    happy = walk(errand("grow"), ())
    lost = (("the read of position/list #1", "lost"),)
    assert walk(errand("grow"), lost, known=happy.states).is_known
    assert not walk(errand("grow"), lost).is_known


def test_a_walk_is_not_expanded_behind_a_state_from_which_another_goes_on() -> None:
    happy = begin(["grow"])
    lost = (("the read of position/list #1", "lost"),)
    further = expand(happy.next, happy.states, goes_on=True)
    lead = next(one for one in further.next if one.place == ("grow", lost))
    ahead = walk(errand("grow"), lost, looks_ahead=True).points
    assert [point.where for point in ahead[lead.points :]][:1] == ["before the run #2"]
    again = expand([lead], further.states, goes_on=False)
    assert again.walks == sum(len(point.names) for point in ahead[: lead.points])


def test_of_the_walks_that_come_to_one_state_one_is_deviated_from_there() -> None:
    """Also where the happy path, which comes there first, is not."""
    happy = begin(["grow"])
    found = expand(happy.next, happy.states, goes_on=True)
    after_the_first_run = []
    for lead in found.next:
        walked = walk(errand("grow"), lead.place[1], looks_ahead=True)
        points = [point.where for point in walked.points[: lead.points]]
        if "before the run #2" in points:
            after_the_first_run.append(walked.states[0])
    as_on_the_happy_path = walk(errand("grow"), (("the read of position/list #1", "lost"),))
    assert after_the_first_run.count(as_on_the_happy_path.states[0]) == 1
    assert len(set(after_the_first_run)) == len(after_the_first_run)


def test_what_cannot_happen_at_a_point_is_refused() -> None:
    with pytest.raises(LookupError, match="choose one of"):
        walk(errand("grow"), (("the amend #1", "110072"),))

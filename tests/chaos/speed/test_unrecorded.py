"""Without the record of its runs a walk is the same walk."""

from contextlib import nullcontext

from chaos.explore import walking
from chaos.explore.errands import errand
from chaos.explore.walking import Walk, walk
from chaos.speed.patching import patched

DEVIATIONS = (("the amend #1", "lost after"),)


def _walked() -> Walk:
    return walk(errand("grow"), DEVIATIONS, looks_ahead=True)


def test_a_walk_is_the_same_with_the_record_of_its_runs_and_without() -> None:
    without = _walked()
    with patched(walking, "unrecorded", nullcontext):
        recorded = _walked()
    assert (without.trace, without.states) == (recorded.trace, recorded.states)
    assert (without.book, without.alerts) == (recorded.book, recorded.alerts)

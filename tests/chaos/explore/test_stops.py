"""The stop in the search: what may happen to it, and which states with one are equal."""

from collections.abc import Iterator

import pytest

from chaos.explore.equal_states import state_of
from chaos.explore.errands import REST_MS, errand
from chaos.explore.events import possible_events
from chaos.explore.stage import KeptSteps, Stage, start_reporting
from chaos.histories import moves
from chaos.histories.moves import Move
from chaos.speed.memoize import memoized
from chaos.world.history_log import HistoryLog
from trueup.testing import ApiRequest

REMOVED, NEARER = "the stop is removed by hand", "the stop is moved nearer by hand"
REACHED = "the market reaches the stop"


@pytest.fixture(autouse=True)
def _memoized() -> Iterator[None]:
    with memoized():
        yield


def a_stage(name: str, *happens: Move) -> Stage:
    """The world of an errand, after some moves, at rest."""
    log = HistoryLog(is_open=False)
    stage = Stage(errand(name).scene, start_reporting, KeptSteps(), log, (), looks_ahead=False)
    for move in happens:
        if move.runs_engine:
            move.do(stage)
            continue
        with stage.external_changes():
            move.do(stage)
    stage.clock.advance(REST_MS)
    return stage


RUNS, REMOVES = moves.Run(0, 0), moves.MoveStopByHand(0, 0, 0)


def test_states_differ_by_where_the_stop_is_at_the_exchange_and_on_record() -> None:
    happened: tuple[tuple[Move, ...], ...] = (
        (RUNS,),
        (RUNS, REMOVES),
        (RUNS, moves.MoveStopByHand(0, 0, 1)),
        (RUNS, moves.MoveStopByHand(0, 0, 2)),
        (RUNS, moves.MoveStopByHand(0, 0, 2), RUNS),
    )
    states = [state_of(a_stage("protect", *each), 1) for each in happened]
    assert len(set(states)) == len(states)


def test_a_stop_that_was_set_again_is_in_the_same_state_as_before() -> None:
    """Ids and the count of requests differ; nothing that decides what a run does."""
    once = a_stage("protect", RUNS, RUNS)
    again = a_stage("protect", RUNS, REMOVES, RUNS, RUNS)
    assert state_of(once, 1) == state_of(again, 1)


def test_what_happens_to_a_stop_is_possible_only_where_there_is_one() -> None:
    there = {REMOVED, NEARER, REACHED}
    assert there.isdisjoint(possible_events(a_stage("protect"), None))
    assert there.isdisjoint(possible_events(a_stage("open", RUNS), None))
    assert there.issubset(possible_events(a_stage("protect", RUNS), None))


def test_a_read_of_which_nothing_is_said_may_show_anything() -> None:
    stage = a_stage("protect", RUNS)
    candles = ApiRequest("main", "GET", "/v5/market/kline", {}, stage.now_ms())
    assert possible_events(stage, candles) == possible_events(stage, None)

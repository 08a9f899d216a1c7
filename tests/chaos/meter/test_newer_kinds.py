"""Histories that older trees cannot play are told apart, and measured by kind."""

from chaos import draw_history
from chaos.histories.moves import SetClock, StandStill
from chaos.meter.newer_kinds import Kind, kinds_of
from oracle.files import drawn
from oracle.metering import meter_newer

SEEDS = range(1, 201)


def test_every_newer_kind_is_drawn_and_none_is_among_the_histories_of_the_comparison() -> None:
    assert {kind for seed in SEEDS for kind in kinds_of(draw_history(seed))} == set(Kind)
    assert not any(kinds_of(drawn(number).history) for number in SEEDS)


def test_a_history_is_of_the_kind_of_the_moves_it_has() -> None:
    histories = [draw_history(seed) for seed in SEEDS]
    clock = [h for h in histories if any(isinstance(move, SetClock) for move in h.moves)]
    still = [h for h in histories if any(isinstance(move, StandStill) for move in h.moves)]
    assert clock == [history for history in histories if Kind.CLOCK in kinds_of(history)]
    assert still == [history for history in histories if Kind.STOPPED in kinds_of(history)]


def test_the_figures_name_their_kind_and_the_seeds() -> None:
    text = meter_newer(1, 40, column="", processes=1)
    number = sum(Kind.CLOCK in kinds_of(draw_history(seed)) for seed in range(1, 41))
    title = f"the {number} histories of seeds 1 to 40 with a clock that is set"
    assert f"below what it had been, {title}: intervals: " in text

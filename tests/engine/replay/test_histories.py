"""Whatever happens in a history, a replay of its records decides the same, to the last field."""

import pytest

from chaos.histories.history import draw_history
from chaos.histories.play import play
from chaos.histories.replayed import KeepingStore

SEEDS = (*range(1, 41), *range(10_000_001, 10_000_011), *range(20_000_001, 20_000_006))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_history_is_replayed_to_the_same_decisions(seed: int) -> None:
    kept: list[KeepingStore] = []

    def store() -> KeepingStore:
        kept.append(KeepingStore())
        return kept[-1]

    play(draw_history(seed), store=store)
    assert sum(one.recorded for one in kept)
    assert [found for one in kept for found in one.differences()] == []

"""Whatever happens in a history, a replay of its records decides the same, to the last field."""

import pytest

from chaos.histories.replayed import played

SEEDS = (*range(1, 41), *range(10_000_001, 10_000_011), *range(20_000_001, 20_000_006))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_history_is_replayed_to_the_same_decisions(seed: int) -> None:
    kept = played(seed)
    assert sum(one.recorded for one in kept)
    assert [found for one in kept for found in one.differences()] == []

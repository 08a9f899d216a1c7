"""A process of a history begins with nothing read, whenever the collector has run before it."""

import gc
from difflib import unified_diff

import pytest

from chaos import draw_history, play
from chaos.world.engine import Engine, Parts
from chaos.world.live_engine import start_trueup


def _after_a_collection(parts: Parts) -> Engine:
    """The engine, started once nothing is left of the processes before it."""
    gc.collect()
    return start_trueup(parts)


@pytest.mark.parametrize("seed", [8, 62, 40000054])
def test_a_history_is_the_same_whenever_dead_processes_are_collected(seed: int) -> None:
    history = draw_history(seed)
    collected = play(history, keep_log=True, start=_after_a_collection)
    gc.disable()
    try:
        kept = play(history, keep_log=True)
    finally:
        gc.enable()
    assert list(unified_diff(kept.lines, collected.lines)) == []
    assert kept == collected
    assert kept.lines

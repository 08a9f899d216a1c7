"""Drawing ladders with a runner, beside stops that trail, in scenes of seeds of their own."""

from dataclasses import replace

from trueup.domain.model.ladder import Ladder
from trueup.domain.model.stop import Stop, StopForm, Trailing

from .scene import Scene, WatchedMonitor
from .seeded_random import SeededRandom
from .stops import away

FIRST_SEED = 70_000_001
"""The first seed whose history may have ladders with a runner."""

_PERCENT, _OF_MONITORS = 75, 80
_LEAST = 2
_PERCENTS = ("2", "3.5", "5", "8")


def with_runners(seed: int, scene: Scene) -> Scene:
    """The scene of a seed, in which every stop trails if any ladder has a runner."""
    random = SeededRandom(f"{seed}-runner")
    if seed < FIRST_SEED or not random.happens(_PERCENT):
        return scene
    monitors = tuple(_with_runner(random, scene, watched) for watched in scene.monitors)
    return replace(scene, monitors=monitors)


def has_runner(scene: Scene) -> bool:
    """Whether a ladder of the scene has a runner."""
    return any(watched.ladder is not None and watched.ladder.runner for watched in scene.monitors)


def _with_runner(random: SeededRandom, scene: Scene, watched: WatchedMonitor) -> WatchedMonitor:
    """The monitor, whose stop trails, with the last level of its ladder as a runner."""
    if watched.stop is None:
        return watched
    watched = replace(watched, stop=trailing_stop(random, scene, watched, watched.stop))
    levels = watched.ladder.levels if watched.ladder else ()
    if len(levels) < _LEAST or not random.happens(_OF_MONITORS):
        return watched
    return replace(watched, ladder=Ladder(levels[:-1]))


def trailing_stop(random: SeededRandom, scene: Scene, watched: WatchedMonitor, stop: Stop) -> Stop:
    """The stop, which trails: from the start, from an activation price, or once TP1 has filled."""
    stop = replace(stop, form=StopForm.POSITION)
    if stop.trailing is not None:
        return _of_tp1(stop)
    percent = random.choice(_PERCENTS)
    start = random.weighted(((3, "start"), (1, "activation"), (2, "level")))
    if start == "start":
        made = Trailing.of(percent=percent)
    elif start == "level":
        made = Trailing.of(percent=percent, after_level=1)
    else:
        activation = away(scene, watched, random.choice((3, 20, 60)))
        made = Trailing.of(percent=percent, activation=activation)
    return _of_tp1(replace(stop, trailing=made))


def _of_tp1(stop: Stop) -> Stop:
    """The stop, whose rules wait for no level beyond TP1: a ladder with a runner has one less."""
    even, trailing = stop.breakeven, stop.trailing
    if even is not None and even.after_level:
        even = replace(even, after_level=1)
    if trailing is not None and trailing.after_level:
        trailing = replace(trailing, after_level=1)
    behind = 1 if stop.moving_target else None
    return replace(stop, breakeven=even, trailing=trailing, moving_target=behind)

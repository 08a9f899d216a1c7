"""Random histories by the thousand: faults and crashes around trueup, held to its promises.

::

    from chaos import draw_history, play

    verdict = play(draw_history(seed=42))
    assert not verdict.findings

``python -m chaos`` runs a campaign. Another engine can be played instead of trueup; docs/chaos.md
explains how, and how to read a failure.
"""

from .histories import moves
from .histories.campaign import Tally, play_seeds
from .histories.history import History, draw_history
from .histories.play import Verdict, play
from .histories.shrinking import shrink
from .judge.promise import Finding, Promise
from .scene.scene import Scene, WatchedMonitor
from .world.crash import Crash
from .world.engine import Engine, LiveEngine, Parts, Start, Trueup
from .world.live_engine import LiveTrueup, start_trueup
from .world.world import World

__all__ = [
    "Crash",
    "Engine",
    "Finding",
    "History",
    "LiveEngine",
    "LiveTrueup",
    "Parts",
    "Promise",
    "Scene",
    "Start",
    "Tally",
    "Trueup",
    "Verdict",
    "WatchedMonitor",
    "World",
    "draw_history",
    "moves",
    "play",
    "play_seeds",
    "shrink",
    "start_trueup",
]

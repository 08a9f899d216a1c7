"""Histories by the thousand: a small random world, every fault, every crash, held to the promises.

::

    from trueup.testing import draw_history, play

    verdict = play(draw_history(seed=42))
    assert not verdict.findings

``python -m chaos`` runs a campaign. Bots bring an engine of their own, or play the
histories against their settings: see docs/chaos.md.
"""

from trueup.testing.client import InProcessConnection, in_process
from trueup.testing.face import AskedSimulator
from trueup.testing.memory import MemoryStore

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
    "AskedSimulator",
    "Crash",
    "Engine",
    "Finding",
    "History",
    "InProcessConnection",
    "LiveEngine",
    "LiveTrueup",
    "MemoryStore",
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
    "in_process",
    "moves",
    "play",
    "play_seeds",
    "shrink",
    "start_trueup",
]

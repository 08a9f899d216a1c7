"""Histories by the thousand: a small random world, every fault, every crash, held to the promises.

::

    from trueup.testing import draw_history, play

    verdict = play(draw_history(seed=42))
    assert not verdict.findings

``python -m trueup.testing`` runs a campaign. Bots bring an engine of their own, or play the
histories against their settings: see docs/chaos.md.
"""

from . import moves
from .campaign import Tally, play_seeds
from .client import InProcessConnection, in_process
from .crash import Crash
from .engine import Engine, Living, Parts, Start, Trueup
from .face import AskedSimulator
from .history import History, Verdict, draw_history, play
from .live_engine import LiveTrueup, start_trueup
from .memory import MemoryStore
from .promises.promise import Finding, Promise
from .scene import Scene, Watched
from .shrinking import shrink
from .world import World

__all__ = [
    "AskedSimulator",
    "Crash",
    "Engine",
    "Finding",
    "History",
    "InProcessConnection",
    "LiveTrueup",
    "Living",
    "MemoryStore",
    "Parts",
    "Promise",
    "Scene",
    "Start",
    "Tally",
    "Trueup",
    "Verdict",
    "Watched",
    "World",
    "draw_history",
    "in_process",
    "moves",
    "play",
    "play_seeds",
    "shrink",
    "start_trueup",
]

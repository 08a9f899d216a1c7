"""Histories by the thousand: a small random world, every fault, every crash, held to the promises.

::

    from trueup.testing import draw_history, play

    verdict = play(draw_history(seed=42))
    assert not verdict.findings

``python -m chaos`` runs a campaign. Bots bring an engine of their own, or play the
histories against their settings: see docs/chaos.md.
"""

from trueup.testing import InProcessSimulator, MemoryStore, in_process_exchange
from trueup.testing.in_process import InProcessConnection

from .exchange.scene import Scene, Watched
from .histories import moves
from .histories.campaign import Tally, play_seeds
from .histories.history import History, Verdict, draw_history, play
from .histories.shrinking import shrink
from .promises.promise import Finding, Promise
from .world.crash import Crash
from .world.engine import Engine, Living, Parts, Start, Trueup
from .world.live_engine import LiveTrueup, start_trueup
from .world.world import World

__all__ = [
    "Crash",
    "Engine",
    "Finding",
    "History",
    "InProcessConnection",
    "InProcessSimulator",
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
    "in_process_exchange",
    "moves",
    "play",
    "play_seeds",
    "shrink",
    "start_trueup",
]

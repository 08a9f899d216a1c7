"""What may happen in a history: to the market, by people's hands, on the wire, to the process.

A move is drawn whole, and finds its object when its time comes; where there is none any more it
does nothing. So any move can be left out of a history, and the others still make sense.
"""

from .faults import DriftClock, RestartExchange, SpoilAfter, SpoilRequests, SpoilStream
from .manual import (
    AmendByHand,
    CancelByHand,
    EditLadder,
    Flip,
    PlaceExternal,
    SetPosition,
    SetStopLoss,
)
from .market import FillEntry, FillTakeProfit, MovePrice
from .move import Move
from .process import CrashAt, RefuseAlerts, Run, SweepAll, Wake

__all__ = [
    "AmendByHand",
    "CancelByHand",
    "CrashAt",
    "DriftClock",
    "EditLadder",
    "FillEntry",
    "FillTakeProfit",
    "Flip",
    "Move",
    "MovePrice",
    "PlaceExternal",
    "RefuseAlerts",
    "RestartExchange",
    "Run",
    "SetPosition",
    "SetStopLoss",
    "SpoilAfter",
    "SpoilRequests",
    "SpoilStream",
    "SweepAll",
    "Wake",
]

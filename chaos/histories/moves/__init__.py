"""Everything that may happen in a history: in the market, by people, by faults, to the process.

A move is drawn completely and looks for its order or position when its time comes; if there is none
any more, it does nothing. So any move can be left out of a history, and the others still work.
"""

from .commands import CloseByCommand
from .conditions import Delist, EnterBeyond, PassLevels
from .contracts import Deliver
from .controls import Stop
from .faults import DriftClock, RestartExchange, SetClock, SpoilAfter, SpoilRequests, SpoilStream
from .manual import (
    AmendByHand,
    CancelByHand,
    EditLadder,
    Flip,
    PlaceExternal,
    RestEntry,
    SetPosition,
    SetStopLoss,
)
from .market import ChangeRules, FillEntry, FillRestingEntry, FillTakeProfit, MovePrice
from .move import Move
from .newer import Halt, LeaveOut, PlaceOdd
from .process import (
    CrashAt,
    LoseDatabase,
    RaiseAt,
    RefuseAlerts,
    Restart,
    Run,
    RunTwins,
    SlowSink,
    StandStill,
    SweepAll,
    Wake,
)
from .refusals import OccupyRoom, RefuseWrites
from .reopening import FlipTwice, Reopen
from .rivals import PlaceLikeOurs
from .stops import (
    EnterAt,
    GiveStop,
    GoIntoProfit,
    MoveStopByHand,
    ReachStop,
    RemoveStop,
    ResizeStopByHand,
)

__all__ = [
    "AmendByHand",
    "CancelByHand",
    "ChangeRules",
    "CloseByCommand",
    "CrashAt",
    "Delist",
    "Deliver",
    "DriftClock",
    "EditLadder",
    "EnterAt",
    "EnterBeyond",
    "FillEntry",
    "FillRestingEntry",
    "FillTakeProfit",
    "Flip",
    "FlipTwice",
    "GiveStop",
    "GoIntoProfit",
    "Halt",
    "LeaveOut",
    "LoseDatabase",
    "Move",
    "MovePrice",
    "MoveStopByHand",
    "OccupyRoom",
    "PassLevels",
    "PlaceExternal",
    "PlaceLikeOurs",
    "PlaceOdd",
    "RaiseAt",
    "ReachStop",
    "RefuseAlerts",
    "RefuseWrites",
    "RemoveStop",
    "Reopen",
    "ResizeStopByHand",
    "RestEntry",
    "Restart",
    "RestartExchange",
    "Run",
    "RunTwins",
    "SetClock",
    "SetPosition",
    "SetStopLoss",
    "SlowSink",
    "SpoilAfter",
    "SpoilRequests",
    "SpoilStream",
    "StandStill",
    "Stop",
    "SweepAll",
    "Wake",
]

"""The words of the history files that differ from those of the code.

A class, field or value that the code renames keeps its old word in the files. The new name is
entered here and nowhere else.
"""

from collections.abc import Mapping
from enum import Enum

from chaos.histories import moves
from chaos.histories.moves import Move

MOVES: Mapping[str, type[Move]] = {
    "AmendByHand": moves.AmendByHand,
    "CancelByHand": moves.CancelByHand,
    "ChangeRules": moves.ChangeRules,
    "CrashAt": moves.CrashAt,
    "Delist": moves.Delist,
    "Deliver": moves.Deliver,
    "DriftClock": moves.DriftClock,
    "EditLadder": moves.EditLadder,
    "EnterBeyond": moves.EnterBeyond,
    "FillEntry": moves.FillEntry,
    "FillTakeProfit": moves.FillTakeProfit,
    "Flip": moves.Flip,
    "FlipTwice": moves.FlipTwice,
    "Halt": moves.Halt,
    "LeaveOut": moves.LeaveOut,
    "LoseDatabase": moves.LoseDatabase,
    "MovePrice": moves.MovePrice,
    "PlaceForeign": moves.PlaceExternal,
    "PlaceLikeOurs": moves.PlaceLikeOurs,
    "PlaceOdd": moves.PlaceOdd,
    "RaiseAt": moves.RaiseAt,
    "RefuseAlerts": moves.RefuseAlerts,
    "RefuseWrites": moves.RefuseWrites,
    "Reopen": moves.Reopen,
    "Restart": moves.Restart,
    "RestartExchange": moves.RestartExchange,
    "Run": moves.Run,
    "RunTwins": moves.RunTwins,
    "SetPosition": moves.SetPosition,
    "SetStopLoss": moves.SetStopLoss,
    "SpoilAfter": moves.SpoilAfter,
    "SpoilRequests": moves.SpoilRequests,
    "SpoilStream": moves.SpoilStream,
    "SweepAll": moves.SweepAll,
    "OccupyRoom": moves.OccupyRoom,
    "PassLevels": moves.PassLevels,
    "SetClock": moves.SetClock,
    "StandStill": moves.StandStill,
    "Stop": moves.Stop,
    "SlowSink": moves.SlowSink,
    "EnterAt": moves.EnterAt,
    "GiveStop": moves.GiveStop,
    "RemoveStop": moves.RemoveStop,
    "GoIntoProfit": moves.GoIntoProfit,
    "MoveStopByHand": moves.MoveStopByHand,
    "CloseByCommand": moves.CloseByCommand,
    "ReachStop": moves.ReachStop,
    "RestEntry": moves.RestEntry,
    "FillRestingEntry": moves.FillRestingEntry,
    "ResizeStopByHand": moves.ResizeStopByHand,
    "Wake": moves.Wake,
}
"""Each kind of move, by its word in the files."""

FIELDS: Mapping[type, Mapping[str, str]] = {
    moves.CrashAt: {"occurrence": "passing"},
    moves.SpoilAfter: {"trigger": "cue"},
}
"""For a class: the word in the files for each field that the code has renamed."""

VALUES: Mapping[type[Enum], Mapping[str, str]] = {}
"""For an enumeration: the word in the files for each value that the code has renamed."""

POINTS: Mapping[str, str] = {}
"""The word in the files for each crash point that the code has renamed."""

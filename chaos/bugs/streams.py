"""Bugs in what private streams are taken for."""

from datetime import datetime

from trueup.domain.model.identity import MonitorKey
from trueup.domain.tracking.symbol_view import SymbolView
from trueup.engine.live.account import LiveAccount
from trueup.engine.loop.schedule import Schedule
from trueup.states.work import snapshot

from ..histories.live_play import FOLLOWED
from ..judge.final_state import NeverLost, WholeCover
from ..judge.not_above import NotAbove
from ..judge.reads import UnknownIsNotEmpty
from .planted import Bug

_wake = Schedule.wake


def _deaf(self: Schedule, key: MonitorKey, reason: str, now: datetime) -> None:
    if reason != "stream":
        _wake(self, key, reason, now)


def _nothing_forgotten(_self: LiveAccount, _reason: str) -> None:
    """What was known goes on being known."""


LISTENING_BUGS: tuple[Bug, ...] = (
    Bug("news wake nobody", (FOLLOWED,), lambda *_: ((Schedule, "wake", _deaf),)),
    Bug(
        "what was told before a loss believed",
        (UnknownIsNotEmpty.name, NeverLost.name, WholeCover.name),
        lambda *_: ((LiveAccount, "_forget", _nothing_forgotten),),
    ),
    Bug(
        "news used before they fit together",
        (NotAbove.name,),
        # A position from before a fill that is on record would be read again all the same.
        lambda *_: (
            (SymbolView, "inconsistent", ""),
            (snapshot, "_is_from_before_a_fill", lambda *_: False),
        ),
    ),
    Bug(
        "a view used that nothing proves",
        (UnknownIsNotEmpty.name,),
        lambda *_: ((SymbolView, "stale", ""),),
    ),
)

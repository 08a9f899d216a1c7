"""Bugs in how trueup understands its private streams."""

from trueup.domain.model.identity import MonitorKey
from trueup.domain.ports import Moment
from trueup.domain.tracking.symbol_view import SymbolView
from trueup.engine.jobs.schedule import Schedule
from trueup.engine.live.account import LiveAccount
from trueup.states.work import snapshot

from ..histories.live_play import FOLLOWED
from ..judge.cover.not_above import NotAbove
from ..judge.final_state import NeverLost, WholeCover
from ..judge.reads import UnknownIsNotEmpty
from .planted import Bug

_wake = Schedule.wake


def _ignores_events(self: Schedule, key: MonitorKey, reason: str, now: Moment) -> None:
    if reason != "stream":
        _wake(self, key, reason, now)


def _nothing_forgotten(_self: LiveAccount, _reason: str) -> None:
    """Keeps the view that should be dropped."""


LISTENING_BUGS: tuple[Bug, ...] = (
    Bug(
        "stream events wake no monitor",
        (FOLLOWED,),
        lambda *_: ((Schedule, "wake", _ignores_events),),
    ),
    Bug(
        "view kept after the stream was lost",
        (UnknownIsNotEmpty.name, NeverLost.name, WholeCover.name),
        lambda *_: ((LiveAccount, "_forget", _nothing_forgotten),),
    ),
    Bug(
        "inconsistent view used",
        (NotAbove.name,),
        # Without this, trueup would read again when the position predates a fill on record.
        lambda *_: (
            (SymbolView, "inconsistent", ""),
            (snapshot, "_is_from_before_a_fill", lambda *_: False),
        ),
    ),
    Bug(
        "stale view used",
        (UnknownIsNotEmpty.name,),
        lambda *_: ((SymbolView, "stale", ""),),
    ),
)

"""Bugs in how trueup goes by what people pause, halt and close."""

from collections.abc import Iterable

from trueup.domain.flow import Flow
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.intent import IntentStatus
from trueup.domain.ports import WhyHeld
from trueup.domain.stopping.control import Control, ControlKind, why_stopped
from trueup.domain.tracking.settling import NOT_DONE
from trueup.engine.control import stops
from trueup.states.closing import deciding
from trueup.states.work import calls
from trueup.states.work.close import requests
from trueup.states.work.run import Run

from ..histories.close_drawing import FIRST_SEED as FIRST_CLOSES
from ..histories.later.control_drawing import FIRST_SEED
from ..judge.never_twice import ClosedOnce
from ..judge.stopped import StoppedIsStopped
from ..speed.patching import Patch
from ..world.engine import Parts, Trueup
from .planted import Bug


def _without_asking(run: Run, _why_stopped: WhyHeld) -> str:
    """Goes by what was paused when the run began to compare."""
    return calls._why_held(run)  # noqa: SLF001 - all that is asked but the pause


def _forgetting(parts: Parts, _engine: Trueup) -> tuple[Patch, ...]:
    """Goes by no halt that was there when the process started."""
    halts = {one.number for one in parts.store.controls() if one.kind is ControlKind.HALT}

    def without_them(controls: Iterable[Control], key: MonitorKey) -> str:
        return why_stopped([one for one in controls if one.number not in halts], key)

    return ((stops, "why_stopped", without_them),)


def _without_looking(run: Run) -> Flow[None]:
    """Takes a request without an answer for one that never arrived: another one is made."""
    for intent in requests.open_closes(run):
        if intent.status is not IntentStatus.SENT:
            requests.settle_close(run, intent, IntentStatus.RESOLVED, NOT_DONE)
    yield from requests.await_closes(run)


CONTROL_BUGS = (
    Bug(
        "a pause is not asked for before a write",
        (StoppedIsStopped.name,),
        lambda *_: ((calls, "_why_not_now", _without_asking),),
        first_seed=FIRST_SEED,
    ),
    Bug(
        "a halt is forgotten at a restart",
        (StoppedIsStopped.name,),
        _forgetting,
        first_seed=FIRST_SEED,
    ),
    Bug(
        "a close is sent again under a new id after a time-out",
        (ClosedOnce.name,),
        lambda *_: ((deciding, "await_closes", _without_looking),),
        first_seed=FIRST_CLOSES,
    ),
)

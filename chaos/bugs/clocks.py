"""Bugs in how trueup measures time."""

from datetime import datetime, timedelta

from trueup.domain.model.intent import Intent
from trueup.states.work import run

from ..judge.final_state import WholeCover
from ..judge.on_record import IntentFirst
from .planted import Bug


def _by_the_wall_clock(write: Intent, _moment: timedelta, now: datetime) -> timedelta:
    return now - write.created_at


CLOCK_BUGS = (
    Bug(
        "age of a write told by the wall clock",
        (WholeCover.name, IntentFirst.name),
        lambda *_: ((run, "age_of", _by_the_wall_clock),),
    ),
)

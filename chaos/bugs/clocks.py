"""Bugs in how trueup measures time."""

from datetime import timedelta

from trueup.domain.model.intent import Intent
from trueup.engine.run.ages import Ages

from ..judge.final_state import WholeCover
from ..judge.on_record import IntentFirst
from .planted import Bug


def _by_the_wall_clock(self: Ages, intent: Intent) -> timedelta:
    return self._clock.now() - intent.created_at


CLOCK_BUGS = (
    Bug(
        "age of a write told by the wall clock",
        (WholeCover.name, IntentFirst.name),
        lambda *_: ((Ages, "of", _by_the_wall_clock),),
    ),
)

"""Bugs in what trueup does where somebody else is at work on the account."""

from collections.abc import Iterable

from trueup.domain.model.instrument import Instrument
from trueup.domain.model.intent import Intent
from trueup.domain.model.record import OwnedOrder
from trueup.domain.planning.plan import Plan
from trueup.domain.recognition import contest
from trueup.states import validating
from trueup.states.work import by_hand, pace, snapshot
from trueup.states.work.run import Run

from ..judge.contained import NoFight, SecondEngineIsNamed
from .planted import Bug

_paced = pace.paced
_change_by_others = contest.change_by_others


def _at_once(run: Run, plan: Plan, instrument: Instrument | None) -> Plan:
    """Counts the changes of others, and repairs them whatever they are."""
    _paced(run, plan, instrument)
    return plan


def _blames_others(before: OwnedOrder, now: OwnedOrder, own: Iterable[Intent]) -> str:
    """Takes the effect of every write of ours for somebody else's doing."""
    del own
    return _change_by_others(before, now, ())


RIVAL_BUGS = (
    Bug(
        "contest without a cool-down",
        (NoFight.name,),
        lambda *_: ((validating, "paced", _at_once),),
    ),
    Bug(
        "own amends counted as somebody else's",
        (NoFight.name,),
        lambda *_: ((by_hand, "change_by_others", _blames_others),),
    ),
    Bug(
        "second engine passed over in silence",
        (SecondEngineIsNamed.name,),
        lambda *_: ((snapshot, "second_engine", lambda _orders: None),),
    ),
)

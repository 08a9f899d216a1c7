"""Bugs in how alerts reach several sinks, of which one is slow."""

from dataclasses import replace

from trueup.domain.model.alert import PendingAlert
from trueup.engine.outbox.outbox import Outbox

from ..histories.later.bot_drawing import FIRST_SEED
from ..judge.sinks import SinksApart
from .planted import Bug

_read, _add = Outbox._read, Outbox._add  # noqa: SLF001 - the bugs are in there


def _one_after_the_other(outbox: Outbox) -> None:
    """Gives nothing that is newer to any sink before every sink has what is older."""
    if not outbox._open:  # noqa: SLF001 - see above
        _read(outbox)


def _from_the_start(outbox: Outbox, pending: PendingAlert) -> None:
    """Forgets at a restart which sinks have an alert that another one still has to get."""
    _add(outbox, replace(pending, deliveries={}))


SINK_BUGS = (
    Bug(
        "a slow sink holds up what is newer",
        (SinksApart.name,),
        lambda *_: ((Outbox, "_read", _one_after_the_other),),
        first_seed=FIRST_SEED,
    ),
    Bug(
        "what a sink has is given to it again",
        (SinksApart.name,),
        lambda *_: ((Outbox, "_add", _from_the_start),),
        first_seed=FIRST_SEED,
    ),
)

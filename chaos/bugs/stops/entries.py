"""Bugs in how trueup cancels entries that the user has named."""

from trueup.domain.flow import Flow
from trueup.domain.model.observation import Observation, OrdersUnread
from trueup.domain.model.record import MonitorRecord, OwnedOrder
from trueup.domain.model.stop import CancelEntries
from trueup.domain.protection import entries
from trueup.states import validating
from trueup.states.protection.deciding import cancel_left_over
from trueup.states.work.findings import Findings, Result
from trueup.states.work.run import Run

from ...histories.stops.entry_drawing import FIRST_SEED
from ...judge.hands_off import HandsOff
from ...judge.protection.entries import NamedEntriesGo
from ..planted import Bug


def _all_filled(record: MonitorRecord, _rule: CancelEntries) -> tuple[OwnedOrder, ...]:
    """Takes every order on record for one that has filled."""
    return record.orders


def _no_entries(
    run: Run, found: Findings, _reading: Observation | OrdersUnread
) -> Flow[tuple[Findings, Result | None]]:
    """Cancels what is left of a stop alone."""
    yield from ()
    return found, cancel_left_over(run, found)


ENTRY_BUGS = (
    Bug(
        "every entry is cancelled, whatever its id",
        (HandsOff.name,),
        lambda *_: ((CancelEntries, "names", lambda *_: True),),
        FIRST_SEED,
    ),
    Bug(
        "entries are cancelled before the level fills",
        (HandsOff.name,),
        lambda *_: ((entries, "_filled_beyond", _all_filled),),
        FIRST_SEED,
    ),
    Bug(
        "entries that are named are left",
        (NamedEntriesGo.name,),
        lambda *_: ((validating, "cancel_others", _no_entries),),
        FIRST_SEED,
    ),
)

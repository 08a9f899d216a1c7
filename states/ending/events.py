"""What a run reports at its end: its events, and which of them are a reason for an alert."""

from ...domain.happenings.closes import what_became_of_closes
from ...domain.happenings.happened import Seen, what_happened
from ...domain.happenings.stops import what_happened_to_the_stop
from ...domain.model.commands import Operation
from ...domain.model.events import Event, LadderChanged, MirrorDiverged, OtherOrders
from ...domain.model.instrument import ZERO
from ...domain.model.intent import IntentStatus
from ...domain.model.order import Execution, Order
from ...domain.model.record import MonitorRecord
from ...domain.planning.remap_levels import RETIRED
from ...domain.recognition.by_hand import EXCHANGE
from ...domain.reporting.event_lines import event_line, headline
from ..work.findings import Findings
from ..work.run import Run

_BESIDE = (MirrorDiverged, OtherOrders, LadderChanged)
_ADOPTED = "🔁 TP ORDERS ADOPTED"
_STOP_MOVED = "🛡️ STOP MOVED"


def report_events(run: Run, found: Findings) -> None:
    """Puts what happened into the run, and into the record that it is reported.

    A line of each event that is to be alerted becomes a notice: it is a reason for an alert by
    itself.
    """
    record = run.record
    seen = Seen(
        at=run.now(),
        is_known=found.size_known
        and found.verified
        and not found.unsure
        and found.filled_since(record) == 0
        and _is_open_or_over(record),
        is_settled=not any(intent.status.is_open for intent in run.writes),
        decided_for=found.sent_for or ZERO,
        opposite=found.opposite,
        trades=run.trades[-1] if run.trades else None,
        streamed=_streamed(run),
        why="; ".join(run.notes),
        main=run.ports.main_stands(run.key, record.follows) if record.follows else None,
        placed=[one.order_link_id for one in run.intents if one.operation is Operation.PLACE],
        others=_others(record, found),
    )
    happened, run.record = what_happened(run.before, record, seen)
    of_stop, run.record = what_happened_to_the_stop(run.record, seen.at)
    of_closes, run.record = what_became_of_closes(run.record)
    run.events[:] = (*happened, *of_closes, *of_stop)
    run.notices.extend(event_line(one) for one in run.events if one.kind in run.settings.alerts_of)


def _streamed(run: Run) -> tuple[Execution, ...]:
    """The trades known without a read of the fills that no event has reported."""
    new = [one.order_id for one in run.record.orders if one.filled != one.reported and one.order_id]
    return run.ports.exchange.trades(run.key.symbol, new) if new else ()


def must_alert(run: Run) -> bool:
    """Whether the run has an event that is to be alerted: no alert before it can have said so."""
    return any(_is_alerted(run, event) for event in run.events)


def headline_of(run: Run, found: Findings) -> str:
    """What an alert says at its top where the run sent nothing; empty for its outcome."""
    alerted = [one for one in run.events if _is_alerted(run, one)]
    moved = headline([one for one in alerted if not isinstance(one, _BESIDE)])
    is_live = any(order.level > RETIRED for order in run.record.resting)
    adopted = _ADOPTED if found.recovered and is_live else ""
    is_set = any(one.status is IntentStatus.CONFIRMED and one.moves for one in run.stops_done)
    return moved or adopted or headline(alerted) or (_STOP_MOVED if is_set else "")


def _is_open_or_over(record: MonitorRecord) -> bool:
    """Whether the position is open, or flat beyond doubt.

    It is where two reads have shown it flat, or one, and all of its orders have ended.
    """
    is_flat = record.anchor is not None and not record.anchor.size
    return record.position_size > ZERO or is_flat or not record.resting


def _is_alerted(run: Run, event: Event) -> bool:
    """Whether the event is to be alerted; that a ladder follows somebody else's price always is."""
    is_followed = isinstance(event, LadderChanged) and event.who == EXCHANGE
    return is_followed or event.kind in run.settings.alerts_of


def _others(record: MonitorRecord, found: Findings) -> tuple[Order, ...] | None:
    """The orders of others as last read, without those that came on record since."""
    if found.others is None:
        return None
    known = {order.order_id for order in record.orders}
    return tuple(order for order in found.others if order.order_id not in known)

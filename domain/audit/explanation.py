"""A run explained: what woke it, what it saw, what it did about it and why, what came of that."""

from collections import Counter

from ..model.alert import Delivery
from ..model.instrument import ZERO, plain
from ..model.intent import Intent
from ..model.journal import ExchangeCall
from .on_record import Gap, RunOnRecord
from .page import Page, Part
from .seen import orders_seen, reading_text, size_seen, went_by
from .transcript import event_text, step_line
from .words import (
    ANSWERS,
    answer_cells,
    change_text,
    clock_text,
    length_text,
    moment_text,
    outcome_text,
    position_name,
    run_outcome,
    size_read,
    why_text,
    woken_by,
    write_name,
)

_WRITES = ("place", "amend", "cancel", "cancel-entry", "close", "set_stop")
_OF_COURSE = ("🔍", "🔄 Processing", "📤", "🔗", "📣")
"""How decisions begin that say what the tables say."""


def explain_run(run: RunOnRecord) -> Page:
    """The whole page."""
    did = run.transcript
    facts = {
        "monitor": str(run.key),
        "outcome": run_outcome(did.transitions, did.alert.status.value if did.alert else ""),
        "began": moment_text(run.began),
        "took": length_text(run.ended - run.began),
        "service": run.engine or "none on record at that time: a caller's run",
        "run before": run.before or "none",
    }
    parts = (
        _woken(run),
        _saw(run),
        *_recorded(run),
        _asked(run),
        _difference(run),
        _actions(run),
        *_stops(run),
        _answers(run),
        _decided(run),
        _verified(run),
        _happened(run),
        _alerted(run),
        _uncovered(run),
    )
    return Page(f"run {did.run_id}", facts, parts)


def _woken(run: RunOnRecord) -> Part:
    return Part("What woke it", (woken_by(run.transcript), *(f"⏸ {stop}" for stop in run.stops)))


def _saw(run: RunOnRecord) -> Part:
    """What it read until its first write, and how the position had been."""
    before, _ = _around_writes(run)
    sizes = [size for call in before if (size := size_read(call)) is not None]
    if run.inputs is not None:
        sizes += filter(None, [size_seen(run.key, run.inputs)])
    lines = []
    if sizes and run.size_before not in (None, sizes[-1]):
        lines.append(f"the position is {sizes[-1]}: it was {run.size_before} when last read before")
    elif sizes:
        lines.append(f"the position is {sizes[-1]}")
    if run.inputs is not None:
        lines += filter(None, [reading_text(run.key, run.inputs)])
    rows = tuple(answer_cells(call) for call in before)
    return Part(
        "What it saw",
        tuple(lines or ["nothing that says how large the position is"]),
        ANSWERS,
        rows,
    )


def _recorded(run: RunOnRecord) -> tuple[Part, ...]:
    if run.inputs is not None:
        return orders_seen(run.key, run.inputs), went_by(run.inputs)
    broken = Part("What it went by", (f"its record cannot be read: {run.unread}",))
    return (broken,) if run.unread else ()


def _around_writes(run: RunOnRecord) -> tuple[list[ExchangeCall], list[ExchangeCall]]:
    """The reads until the first write, and those after it."""
    calls = run.transcript.calls
    first = next((n for n, one in enumerate(calls) if one.operation in _WRITES), len(calls))
    after = [one for one in calls[first:] if one.operation not in _WRITES]
    return list(calls[:first]), after


def _asked(run: RunOnRecord) -> Part:
    ladder = run.ladder
    if ladder is None:
        return Part("What the ladder asked for", ("it had no ladder",))
    source = (f"from: {run.ladder_from}",) if run.ladder_from else ()
    rows = tuple(
        (f"TP{one.number}", plain(one.price), f"{plain(one.share)} %") for one in ladder.levels
    )
    if ladder.runner:
        rows = (*rows, ("runner", "trailing stop", f"{plain(ladder.runner)} %"))
    return Part("What the ladder asked for", source, ("level", "price", "share"), rows)


def _difference(run: RunOnRecord) -> Part:
    """Of each level part, what its order covered before the run and what it should cover."""
    first: dict[tuple[int, int], Intent] = {}
    last: dict[tuple[int, int], Intent] = {}
    for intent in run.transcript.intents:
        if not intent.operation.serves_a_level:
            continue
        first.setdefault((intent.level, intent.part), intent)
        last[intent.level, intent.part] = intent
    rows = tuple(
        (write_name(one).partition(" ")[2], plain(one.covered), plain(last[place].covers))
        for place, one in sorted(first.items())
    )
    lines = tuple(map(step_line, run.transcript.transitions))
    return Part("The difference", lines, ("level", "covered", "to be covered"), rows)


def _actions(run: RunOnRecord) -> Part:
    rows = tuple(
        (
            clock_text(intent.created_at),
            position_name(run.key, run.positions.get(intent.order_link_id)),
            write_name(intent),
            change_text(intent),
            why_text(intent),
            outcome_text(intent),
        )
        for intent in run.transcript.intents
    )
    nothing = "nothing was to be written"
    if run.transcript.stops:
        nothing = "no order was to be written"
    lines = () if rows else (nothing,)
    head = ("at", "position", "write", "change", "why", "outcome")
    return Part("What it did, and why", lines, head, rows)


def _stops(run: RunOnRecord) -> tuple[Part, ...]:
    """What it did about the position's stop; nothing where it did nothing."""
    rows = tuple(
        (
            clock_text(one.created_at),
            position_name(run.key, one.cycle),
            str(one.before),
            str(one.asked),
            one.rule,
            outcome_text(one),
        )
        for one in run.transcript.stops
    )
    head = ("at", "position", "it was", "to be", "by the rule", "outcome")
    return (Part("What it did about the stop", (), head, rows),) if rows else ()


def _answers(run: RunOnRecord) -> Part:
    calls = [one for one in run.transcript.calls if one.operation in _WRITES]
    lines = () if calls else ("nothing was sent",)
    rows = tuple(_with_position(run, one) for one in calls)
    at, *others = ANSWERS
    return Part("What the exchange answered", lines, (at, "position", *others), rows)


def _with_position(run: RunOnRecord, call: ExchangeCall) -> tuple[str, ...]:
    at, *others = answer_cells(call)
    return (at, position_name(run.key, run.positions.get(call.order_link_id)), *others)


def _decided(run: RunOnRecord) -> Part:
    """What its states decided, each sentence once, without what the tables say."""
    said = dict.fromkeys(one.text for one in run.transcript.decisions)
    return Part("What it decided", tuple(one for one in said if not one.startswith(_OF_COURSE)))


def _verified(run: RunOnRecord) -> Part:
    _, after = _around_writes(run)
    intents = run.transcript.intents
    ends = Counter(intent.status.value for intent in intents)
    counted = ", ".join(f"{count} {status}" for status, count in ends.items())
    lines = [f"of {len(intents)} writes: {counted}"] if intents else ["there was nothing to verify"]
    open_ones = [write_name(intent) for intent in intents if intent.status.is_open]
    if open_ones:
        lines.append(f"not verified: {', '.join(open_ones)}")
    if intents and not after:
        lines.append("nothing was read after the first write")
    return Part("What was verified", tuple(lines), ANSWERS, tuple(map(answer_cells, after)))


def _happened(run: RunOnRecord) -> Part:
    events = tuple(map(event_text, run.transcript.events))
    return Part("What had happened", events or ("nothing that had not been reported before",))


def _alerted(run: RunOnRecord) -> Part:
    alert, sent = run.transcript.alert, run.alert
    if alert is None or sent is None:
        return Part("Which alert went out", ("none: the run wrote none",))
    sinks = tuple(_sink(name, one) for name, one in sent.sinks.items())
    made = f"made {moment_text(alert.created_at)}"
    state = () if sent.delivered_at else ("not delivered to every sink yet",)
    return Part("Which alert went out", (made, *state, *sinks, "", *alert.text.splitlines()))


def _sink(name: str, delivery: Delivery) -> str:
    tries = f"tries: {delivery.attempts}"
    if delivery.delivered_at is not None:
        return f"delivered {moment_text(delivery.delivered_at)} to sink ‘{name}’, {tries}"
    error = f", last error: {delivery.error}" if delivery.error else ""
    return f"not delivered to sink ‘{name}’ yet, {tries}{error}"


def _uncovered(run: RunOnRecord) -> Part:
    lines = tuple(map(_gap, run.gaps)) or (_not_known(run),)
    return Part("What was uncovered, and how long", lines)


def _not_known(run: RunOnRecord) -> str:
    """A run records no time without cover where it does not know what became of its writes."""
    writes = [one for one in run.transcript.intents if one.status.is_open]
    more = sum((one.covers - one.covered for one in writes), ZERO)
    if more <= ZERO:
        return "nothing, as far as the ends of runs show"
    return f"not known: {plain(more)} was not known to be covered when the run ended"


def _gap(gap: Gap) -> str:
    since = f"{plain(gap.quantity)} from {moment_text(gap.since)}"
    why = f" ({gap.why})" if gap.why else ""
    if gap.until is None:
        return f"{since}, and it lasts{why}"
    return f"{since} until {moment_text(gap.until)}, {length_text(gap.until - gap.since)}{why}"

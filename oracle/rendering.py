"""A played history in neutral words: sections of lines, one fact per line, in order.

The wording of texts for people does not count: of a text, only the numbers are compared, line by
line and in any order. The journal's decisions are texts only and are left out. Times are
milliseconds since the history's clock began. Quantities that the product stores are written without
trailing zeros, and those that it sends to the exchange as they were sent.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from chaos import Verdict
from chaos.world.setup import START_MS
from trueup.domain.model.intent import Intent
from trueup.domain.model.journal import ExchangeCall, Transition
from trueup.domain.model.record import MonitorRecord, OwnedOrder, StateName
from trueup.domain.planning.targets import Target
from trueup.testing import ApiRequest, ApiResponse

from . import words
from .capture import Capture, Planned
from .words import word

_BEGAN = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=START_MS)
_MICROSECOND = timedelta(microseconds=1)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")

Sections = dict[str, list[str]]


def sections(capture: Capture, verdict: Verdict) -> Sections:
    """Everything that is compared, by section."""
    found: Mapping[str, Callable[[], Iterable[str]]] = {
        "tally": lambda: _tally(verdict),
        "writes": lambda: _requests(capture, writes=True),
        "reads": lambda: _requests(capture, writes=False),
        "books": lambda: _books(capture),
        "outcomes": lambda: _outcomes(capture),
        "alerts": lambda: _alerts(capture),
        "deliveries": lambda: _deliveries(capture),
        "plans": lambda: _plans(capture),
        "transitions": lambda: (_transition(t) for step in capture.steps for t in step.transitions),
        "calls": lambda: (_call(call) for step in capture.steps for call in step.calls),
        "intents": lambda: (_intent(intent) for step in capture.steps for intent in step.intents),
        "records": lambda: (line for record in capture.records for line in _record(record)),
    }
    return {name: list(lines()) for name, lines in found.items()}


def figures(text: str) -> str:
    """The numbers of each line of a text, sorted; lines without numbers are left out."""
    lines = (sorted(_NUMBER.findall(line)) for line in text.splitlines())
    return " | ".join(" ".join(numbers) for numbers in lines if numbers)


def _tally(verdict: Verdict) -> Iterator[str]:
    yield f"crashes {verdict.crashes}"
    yield f"faults {verdict.faults}"
    for finding in verdict.findings:
        yield f"broken: {finding.promise}"


def _requests(capture: Capture, *, writes: bool) -> Iterator[str]:
    for request, reply in capture.world.simulator.request_log:
        if request.is_write == writes:
            yield _request(request, reply)


def _request(request: ApiRequest, reply: ApiResponse) -> str:
    items = request.fields.get("request")
    shared = {name: request.fields[name] for name in sorted(request.fields) if name != "request"}
    answer = reply.answer
    codes = [str(each["code"]) for each in answer.extra.get("list", ()) if each.get("code")]
    return _joined(
        f"{request.stamp_ms - START_MS} {request.uid} {request.method} {request.path}",
        _fields(shared),
        *(f"[{_fields(item)}]" for item in items or ()),
        f"→ {answer.code}" if answer.code else "",
        f"→ each {' '.join(codes)}" if codes else "",
        f"fault {reply.fault.kind.value}" if reply.fault else "",
    )


def _fields(of: Mapping[str, object]) -> str:
    return " ".join(f"{name}={of[name]}" for name in sorted(of))


def _books(capture: Capture) -> Iterator[str]:
    simulator = capture.world.simulator
    for account in simulator.accounts:
        for held in simulator.positions(account):
            side = held.side.value if held.side else "flat"
            size, price = _plain(held.size), _plain(held.average_price)
            yield f"{account} {held.symbol} position {held.idx} {side} {size} at {price}"
        for order in simulator.orders(account):
            yield (
                f"{account} {order.symbol} order {order.link_id or order.order_id} "
                f"{order.side.value} {_plain(order.filled)}/{_plain(order.quantity)} "
                f"at {_plain(order.price)} {order.status.value}"
            )


def _outcomes(capture: Capture) -> Iterator[str]:
    """The end of each run: outcome, attempts, and the next try."""
    for step in capture.steps:
        record = step.record
        if step.transitions and step.transitions[-1].target is StateName.IDLE:
            yield _joined(
                f"{record.key} {record.last_run_id} {_outcome(record)} attempts {record.attempts}",
                f"next try {_at(record.next_try_at)}" if record.next_try_at else "",
            )


def _alerts(capture: Capture) -> Iterator[str]:
    for step in capture.steps:
        alert = step.alert
        if alert is not None:
            yield (
                f"{_at(alert.created_at)} {alert.key} {alert.run_id} {alert.status.value}: "
                f"{figures(alert.text)}"
            )


def _deliveries(capture: Capture) -> Iterator[str]:
    for each in capture.deliveries:
        yield f"{each.alert_id} {'taken' if each.taken else 'not taken'}"


def _plans(capture: Capture) -> Iterator[str]:
    """Each plan: the owned orders and targets that it was made from, then its actions."""
    for planned in capture.plans:
        for line in _plan(planned):
            yield f"{planned.at_ms - START_MS} {line}"


def _plan(planned: Planned) -> Iterator[str]:
    plan = planned.plan
    yield from (f"record {_owned(order)}" for order in planned.owned)
    yield from (f"target {_target(target)}" for target in planned.targets)
    yield from (f"cancel {each.order.order_link_id}" for each in plan.cancels)
    for amend in plan.amends:
        values = f"price {_maybe(amend.price)} quantity {_maybe(amend.quantity)}"
        yield f"amend {amend.order.order_link_id} to {_target(amend.target)}: {values}"
    for place in plan.places:
        again = f"again as {place.resends.order_link_id}" if place.resends else ""
        yield _joined(f"place {_target(place.target)}", again)
    yield from (f"keep {order.order_link_id} for {_target(target)}" for order, target in plan.kept)
    yield from (f"later TP{level}" for level in plan.deferred)


def _transition(one: Transition) -> str:
    steps = f"{one.source.value} → {one.event} → {one.target.value}"
    return _joined(f"{_at(one.at)} {one.run_id} {steps}", figures(one.detail))


def _call(call: ExchangeCall) -> str:
    operation = word(words.OPERATION, call.operation)
    return _joined(
        f"{_at(call.at)} {call.run_id} {operation} {call.order_link_id}",
        f"→ {word(words.CALL_OUTCOME, call.outcome)}",
        "" if call.code is None else f"{call.code}",
        f"in {call.latency_ms} ms",
        figures(call.detail),
    )


def _intent(intent: Intent) -> str:
    return _joined(
        f"{_at(intent.created_at)} {intent.id} {word(words.OPERATION, intent.operation.value)}",
        f"TP{intent.level}.{intent.part} {intent.order_link_id} {intent.order_id}",
        f"price {_maybe(intent.price)} quantity {_maybe(intent.quantity)}",
        f"covers {_plain(intent.covered)}→{_plain(intent.covers)}",
        f"generation {intent.generation}",
        "again" if intent.again else "",
        word(words.INTENT_STATUS, intent.status.value),
        "" if intent.code is None else f"{intent.code}",
        f"at {_at(intent.resolved_at)}" if intent.resolved_at else "",
    )


def _record(record: MonitorRecord) -> Iterator[str]:
    yield _joined(
        f"{record.key} {record.state.value} {_outcome(record)} cycle {record.cycle}",
        f"position {_plain(record.position_size)} at {_plain(record.entry_price)}",
        f"attempts {record.attempts}",
        f"recovered {_at(record.recovered_at)}" if record.recovered_at else "",
    )
    levels = record.ladder.levels if record.ladder else ()
    shares = ", ".join(f"{_plain(one.share)}% at {_plain(one.price)}" for one in levels)
    if record.ladder and record.ladder.runner:
        shares += f", {_plain(record.ladder.runner)}% runner"
    yield f"{record.key} ladder {word(words.LADDER_SOURCE, record.ladder_source)}: {shares}"
    for order in record.orders:
        yield f"{record.key} {_owned(order)}"


def _owned(order: OwnedOrder) -> str:
    return (
        f"TP{order.level}.{order.part} {order.order_link_id} {order.order_id} "
        f"{_plain(order.filled)}/{_plain(order.quantity)} at {_plain(order.price)} "
        f"({_plain(order.asked_price)}) {word(words.OWNED_STATUS, order.status.value)} "
        f"{word(words.ORIGIN, order.origin.value)} {order.generation}"
    )


def _target(target: Target) -> str:
    price, quantity = _plain(target.price), _plain(target.quantity)
    return f"TP{target.level}.{target.part} {quantity} at {price}"


def _outcome(record: MonitorRecord) -> str:
    return record.last_outcome.value if record.last_outcome else "none"


def _at(at: datetime) -> str:
    return _plain(Decimal((at - _BEGAN) // _MICROSECOND) / 1000)


def _maybe(number: Decimal | None) -> str:
    return "as it is" if number is None else _plain(number)


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)

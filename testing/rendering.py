"""Runs as a text for people: each state with what it read, decided and sent, and how it ended."""

from collections.abc import Iterator, Sequence

from ..domain.model.instrument import plain
from ..domain.model.journal import Decision, ExchangeCall
from ..domain.model.record import OwnedOrder
from ..domain.reporting.event_lines import event_line
from ..engine.run.report import RunReport, StepReport
from .stable_names import StableNames


def rendered(reports: Sequence[RunReport]) -> str:
    """The transcript of runs, in the order given; the same for runs that did the same."""
    names = StableNames(reports)
    lines = [line for report in reports for line in ("", *_run(report, names))]
    return "".join(f"{names.of(line)}".rstrip() + "\n" for line in lines[1:])


def _run(report: RunReport, names: StableNames) -> Iterator[str]:
    yield f"══ {report.key} ══ {report.outcome}"
    for step in report.steps:
        yield from _step(step, names)
    for event in report.events:
        yield f"happened: {event_line(event)}"
    size = plain(report.record.position_size) if report.record.position_known else "unknown"
    yield f"position: {size}, covered by orders on record: {plain(report.covered)}"
    for order in report.record.orders:
        yield f"    {_order(order, names)}"
    if report.record.attempts:
        yield f"failed attempts in a row: {report.record.attempts}"
    if report.alert is not None:
        yield "alert"
        yield from (f"    {line}" for line in report.alert.text.splitlines())


def _step(step: StepReport, names: StableNames) -> Iterator[str]:
    """A state, what was decided and asked in it, and where it led."""
    made = step.transition
    yield f"{made.source}"
    entries: list[Decision | ExchangeCall] = [*step.decisions, *step.calls]
    for entry in sorted(entries, key=lambda each: each.at):
        yield f"    {_entry(entry, names)}"
    why = f" ({made.detail})" if made.detail else ""
    yield f"  ── {made.event}{why} ──▶ {made.target}"


def _entry(entry: Decision | ExchangeCall, names: StableNames) -> str:
    if isinstance(entry, Decision):
        return entry.text
    concerned = f" {names.order(entry.order_link_id)}" if entry.order_link_id else ""
    code = "" if entry.code is None else f" {entry.code}"
    detail = f" ({entry.detail})" if entry.detail else ""
    return f"⇄ {entry.operation}{concerned}: {entry.outcome}{code}{detail}"


def _order(order: OwnedOrder, names: StableNames) -> str:
    part = "" if order.part == 1 else f".{order.part}"
    filled = f", {plain(order.filled)} filled" if order.filled else ""
    name = names.order(order.order_link_id or order.order_id)
    return (
        f"TP{order.level}{part}: {name} {plain(order.quantity)} at {plain(order.price)}"
        f"{filled}, {order.status}"
    )

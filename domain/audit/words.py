"""Words and cells that pages about runs and levels share."""

from datetime import datetime, timedelta

from ..model.commands import Operation
from ..model.identity import MonitorKey
from ..model.instrument import ZERO, plain
from ..model.intent import Intent
from ..model.journal import ExchangeCall, Transition
from ..model.protection import StopIntent
from ..model.record import RunOutcome, StateName
from .transcript import Transcript

_MILLISECOND = timedelta(milliseconds=1)
_ENDS = {"settled": RunOutcome.IN_SYNC.value}


def moment_text(at: datetime) -> str:
    """``2026-12-01 03:12:07.250 UTC``."""
    return f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d} UTC"


def clock_text(at: datetime) -> str:
    """``03:12:07.250``."""
    return moment_text(at)[11:23]


def length_text(length: timedelta) -> str:
    """``1250 ms``, or ``1:05:00`` where it is a minute or longer."""
    if length < timedelta(minutes=1):
        return f"{length // _MILLISECOND} ms"
    return str(timedelta(seconds=length // timedelta(seconds=1)))


def part_name(level: int, part: int) -> str:
    """``TP1``, or ``TP1.2`` of a level's second part."""
    return f"TP{level}" if part == 1 else f"TP{level}.{part}"


def write_name(intent: Intent) -> str:
    """``amend TP1``; of an order that stands for no level, its link id."""
    of = part_name(intent.level, intent.part) if intent.level > 0 else intent.order_link_id
    return f"{intent.operation.value} {of}"


def position_name(key: MonitorKey, number: int | None = None) -> str:
    """``mirror BANDUSDT Sell, number 2``: the monitor, and which of its positions, if known."""
    return f"{key}" if number is None else f"{key}, number {number}"


def change_text(intent: Intent) -> str:
    """``261.2 → 783.6``, with the price where it asks for one."""
    if intent.operation is Operation.CANCEL_ENTRY:
        return (
            f"{plain(intent.quantity_before or ZERO)} at {plain(intent.price_before or ZERO)} → 0"
        )
    price = "" if intent.price is None else f" at {plain(intent.price)}"
    return f"{plain(intent.covered)} → {plain(intent.covers)}{price}"


def why_text(intent: Intent) -> str:
    """Why the write was planned, as far as its own record says."""
    has, asks = plain(intent.covered), plain(intent.covers)
    closed = f"a close was commanded: of the position of {has}, {asks} was to stay open"
    plainly = {
        Operation.CLOSE: closed,
        Operation.CANCEL_ENTRY: "the user has named it: it was to go with a level that has filled",
        Operation.CANCEL: f"its {has} must go: the ladder asks for {asks} there",
    }
    if intent.operation in plainly:
        return plainly[intent.operation]
    if intent.again:
        return "the same order again, by its own id: what became of it was not known"
    if intent.operation is Operation.PLACE:
        of_it = "nothing of it was covered" if not intent.covered else f"{has} had been covered"
        return f"the ladder asks for {asks}, and {of_it} before"
    if intent.covered == intent.covers:
        return "the quantity is right, the price is not the ladder's"
    return f"its order covered {has}, and the ladder asks for {asks}"


def outcome_text(intent: Intent | StopIntent) -> str:
    """How it ended: ``refused 110001: the order is still open``."""
    code = "" if intent.code is None else f" {intent.code}"
    return f"{intent.status.value}{code}" + (f": {intent.detail}" if intent.detail else "")


def answer_cells(call: ExchangeCall) -> tuple[str, ...]:
    """Cells of a request: when, what, the order, what came back, and after how long."""
    code = "" if call.code is None else f" {call.code}"
    answer = f"{call.outcome}{code}" + (f": {call.detail}" if call.detail else "")
    return (
        clock_text(call.at),
        call.operation,
        call.order_link_id or "–",
        answer,
        f"{call.latency_ms} ms",
    )


ANSWERS = ("at", "request", "order", "answer", "took")


def run_outcome(steps: tuple[Transition, ...], alerted: str = "") -> str:
    """How a run ended, by its last step; or where it stands.

    Args:
        steps: of the run.
        alerted: the outcome that its alert names; empty where it wrote none. A run that only moved
            the stop settles, and its alert says what that came to.
    """
    if not steps:
        return "unknown: no step of it is on record"
    last = steps[-1]
    if last.target is not StateName.IDLE and last.source is not StateName.ALERTING:
        return f"under way, or cut off, in {last.target.value}"
    settled = _ENDS.get(last.event)
    return (alerted or settled) if settled else last.detail or last.event


def size_read(call: ExchangeCall) -> str | None:
    """The position's size, where a call has read it."""
    if (call.operation, call.outcome) != ("observe", "complete"):
        return None
    return call.detail.removeprefix("size ").partition(",")[0]


def woken_by(run: Transcript) -> str:
    """Why the run began."""
    wakes = (one.detail or one.event for one in run.transitions if one.source is StateName.IDLE)
    return next(wakes, "it is not on record")

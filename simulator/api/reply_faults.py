"""What faults do to replies: without rows, dropped, delayed, truncated, or with another body."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from ..base.faults import Fault, FaultKind
from ..base.transport import Delivery, Reply
from . import replies
from .replies import Answer

_DROPPED = frozenset({FaultKind.REQUEST_LOST, FaultKind.REPLY_LOST, FaultKind.LATE_EFFECT})


def answer_under(fault: Fault | None, answer: Answer) -> Answer:
    """The answer under a fault that changes what it says.

    A page without rows is the last one of its list.
    """
    rows = answer.result.get("list")
    if fault is None or fault.kind is not FaultKind.ROWS_LEFT_OUT or rows is None:
        return answer
    kept = [row for row in rows if fault.leaves_out not in {"", row["symbol"]}]
    cursor = answer.result["nextPageCursor"] if kept else ""
    return replace(answer, result=answer.result | {"list": kept, "nextPageCursor": cursor})


def with_fault(reply: Reply, fault: Fault | None) -> Reply:
    """The reply as the client receives it under a fault."""
    if fault is None:
        return reply
    if fault.kind in _DROPPED:
        return replies.delivered(reply, Delivery.DROP)
    change = _CHANGES.get(fault.kind)
    return reply if change is None else change(reply, fault)


def status_under(fault: Fault | None, status: int) -> int:
    """The HTTP status under a fault."""
    if fault is not None and fault.kind is FaultKind.SERVER_ERROR:
        return fault.status
    return status


def _rate_limited(reply: Reply, fault: Fault) -> Reply:
    return reply if fault.reset_header else replies.without_reset(reply)


_CHANGES: Mapping[FaultKind, Callable[[Reply, Fault], Reply]] = {
    FaultKind.LATE_REPLY: lambda reply, fault: replies.delivered(
        reply, Delivery.DELAY, fault.delay_ms
    ),
    FaultKind.TRUNCATED: lambda reply, _: replies.delivered(reply, Delivery.TRUNCATE),
    FaultKind.SERVER_ERROR: lambda reply, fault: replies.with_body(
        reply, b"<html>gateway</html>", fault.status
    ),
    FaultKind.NOT_JSON: lambda reply, _: replies.with_body(reply, b"<html>ok</html>"),
    FaultKind.EMPTY_OBJECT: lambda reply, _: replies.with_body(reply, b"{}"),
    FaultKind.RATE_LIMITED: _rate_limited,
    FaultKind.RET_CODE: lambda reply, fault: replies.recoded(reply, fault.code, fault.text),
}

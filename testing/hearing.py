"""What pybit makes of a reply: the exception that each fault comes to, as measured over HTTP."""

from collections.abc import Callable, Mapping

from pybit.exceptions import FailedRequestError, InvalidRequestError
from requests.exceptions import ChunkedEncodingError, ReadTimeout
from requests.exceptions import ConnectionError as RequestsConnectionError

from ..simulator import Fault, FaultKind
from .face import Told

_BAD_JSON = 409


def misheard(told: Told, read_timeout_ms: int) -> Exception | None:
    """What the client raises instead of giving the answer; None if it hears the answer."""
    fault = told.fault
    spoil = None if fault is None else _SPOILED.get(fault.kind)
    if fault is not None and spoil is not None:
        return spoil(fault)
    if (
        fault is not None
        and fault.kind is FaultKind.LATE_REPLY
        and fault.delay_ms > read_timeout_ms
    ):
        return ReadTimeout()
    if told.answer.code:
        return _refused(told.answer.code, told.answer.text)
    return None


def waited_ms(told: Told, read_timeout_ms: int) -> int:
    """How long the client waited for a late reply before it heard it or gave up."""
    return min(_delay_ms(told.fault), read_timeout_ms)


def _delay_ms(fault: Fault | None) -> int:
    return fault.delay_ms if fault is not None and fault.kind is FaultKind.LATE_REPLY else 0


def _refused(code: int, text: str) -> Exception:
    error: Exception = InvalidRequestError("", text, code, "", {})
    return error


def _failed(status: int) -> Exception:
    error: Exception = FailedRequestError("", "failed", status, "", {})
    return error


_SPOILED: Mapping[FaultKind, Callable[[Fault], Exception]] = {
    FaultKind.REQUEST_LOST: lambda _: RequestsConnectionError(),
    FaultKind.REPLY_LOST: lambda _: RequestsConnectionError(),
    FaultKind.LATE_EFFECT: lambda _: RequestsConnectionError(),
    FaultKind.TRUNCATED: lambda _: ChunkedEncodingError(),
    FaultKind.SERVER_ERROR: lambda fault: _failed(fault.status),
    FaultKind.NOT_JSON: lambda _: _failed(_BAD_JSON),
    FaultKind.EMPTY_OBJECT: lambda _: KeyError("retCode"),
    FaultKind.RET_CODE: lambda fault: _refused(fault.code, fault.text),
}

"""The exceptions that pybit raises for faults and refusals, as measured over HTTP."""

from collections.abc import Callable, Mapping

from pybit.exceptions import FailedRequestError, InvalidRequestError
from requests.exceptions import ChunkedEncodingError, ReadTimeout
from requests.exceptions import ConnectionError as RequestsConnectionError

from ..simulator import ApiError, Fault, FaultKind
from .api_messages import ApiResponse

_BAD_JSON = 409


def client_error(response: ApiResponse, read_timeout_ms: int) -> Exception | None:
    """The exception that the client raises for a response; None if it receives the answer."""
    fault = response.fault
    if fault is not None:
        error = _ERRORS.get(fault.kind)
        if error is not None:
            return error(fault)
        if fault.kind is FaultKind.LATE_REPLY and fault.delay_ms > read_timeout_ms:
            return ReadTimeout()
    if response.answer.code:
        return _refused(response.answer.code, response.answer.text)
    return None


def reply_wait_ms(response: ApiResponse, read_timeout_ms: int) -> int:
    """How long the client waits for a late reply, at most until its read times out."""
    fault = response.fault
    if fault is None or fault.kind is not FaultKind.LATE_REPLY:
        return 0
    return min(fault.delay_ms, read_timeout_ms)


def refusal(error: ApiError) -> Exception:
    """The exception for a request that the exchange refuses as a whole."""
    return _refused(error.code, error.text)


def _refused(code: int, text: str) -> Exception:
    error: Exception = InvalidRequestError("", text, code, "", {})
    return error


def _failed(status: int) -> Exception:
    error: Exception = FailedRequestError("", "failed", status, "", {})
    return error


_ERRORS: Mapping[FaultKind, Callable[[Fault], Exception]] = {
    FaultKind.REQUEST_LOST: lambda _: RequestsConnectionError(),
    FaultKind.REPLY_LOST: lambda _: RequestsConnectionError(),
    FaultKind.LATE_EFFECT: lambda _: RequestsConnectionError(),
    FaultKind.TRUNCATED: lambda _: ChunkedEncodingError(),
    FaultKind.SERVER_ERROR: lambda fault: _failed(fault.status),
    FaultKind.NOT_JSON: lambda _: _failed(_BAD_JSON),
    FaultKind.EMPTY_OBJECT: lambda _: KeyError("retCode"),
    FaultKind.RET_CODE: lambda fault: _refused(fault.code, fault.text),
}

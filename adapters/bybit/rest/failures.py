"""Why a call brought no usable answer, and whether it may have had an effect.

pybit raises two exceptions of its own, lets those of requests through, and has defects with others:
a body that is a list raises ``AttributeError``, a refusal without ``retMsg`` ``KeyError``. All of
them become a :class:`Failure` here. A failure never quotes the text of somebody else's exception:
requests quotes header values, and the API key is among them.
"""

import re
from dataclasses import dataclass
from ssl import SSLCertVerificationError

from pybit.exceptions import FailedRequestError, InvalidRequestError
from requests.exceptions import (
    ConnectionError as RequestsConnectionError,
)
from requests.exceptions import (
    ConnectTimeout,
    InvalidHeader,
    InvalidSchema,
    InvalidURL,
    MissingSchema,
)
from urllib3.exceptions import MaxRetryError, NewConnectionError
from urllib3.exceptions import ProxyError as UrllibProxyError
from urllib3.exceptions import SSLError as UrllibSSLError

from ....domain.model.outcomes import Effect, Held, OutcomeClass, Refused, Unsure
from ..codes.classify import CodeMeaning, classify, classify_status
from ..transport.gated import Withheld
from ..transport.opening import NothingSent

_SERVER_TIMESTAMP = re.compile(r"server_timestamp\[(\d{13})\]", re.ASCII)
_UNSENDABLE = (InvalidHeader, InvalidSchema, InvalidURL, MissingSchema)


@dataclass(frozen=True, slots=True)
class Failure:
    """A call brought no usable answer.

    Attributes:
        effect: whether a write may nevertheless have been executed.
        code: Bybit's ``retCode`` or the HTTP status, if there was one.
        message: for people.
        is_held: whether the request was signed and held back before it left.
    """

    kind: OutcomeClass
    effect: Effect
    code: int | None
    message: str
    is_held: bool = False

    def outcome(self) -> Refused | Unsure | Held:
        """What the failure means for an order of the call."""
        if self.is_held:
            return Held(self.message)
        if self.effect is Effect.UNKNOWN:
            return Unsure(self.message, self.code, self.kind)
        return Refused(self.kind, self.code or 0, self.message)


def malformed(message: str) -> Failure:
    """The failure for an answer that is not shaped as documented: anything may have happened."""
    return Failure(OutcomeClass.TRANSIENT, Effect.UNKNOWN, None, f"unexpected answer: {message}")


def not_sent(kind: OutcomeClass, why: str) -> Failure:
    """The failure for a request that this client itself held back."""
    return Failure(kind, Effect.REJECTED, None, f"not sent: {why}")


def server_time_of(failure: Failure) -> int | None:
    """The exchange's clock in epoch milliseconds, if the refusal of a timestamp quotes it.

    The text of 10002 does (bybit-exchange/pybit#191).
    """
    if failure.kind is not OutcomeClass.TIMESTAMP:
        return None
    quoted = _SERVER_TIMESTAMP.search(failure.message)
    return int(quoted[1]) if quoted else None


def from_exception(error: Exception) -> Failure:
    """What an exception out of pybit means."""
    if isinstance(error, InvalidRequestError):
        return _from_ret_code(error.status_code, error.message)
    if isinstance(error, FailedRequestError):
        return _from_status(error.status_code)
    if isinstance(error, Withheld):
        return Failure(OutcomeClass.TRANSIENT, Effect.REJECTED, None, str(error), is_held=True)
    name = type(error).__name__
    if _never_left(error):
        return Failure(
            OutcomeClass.TRANSIENT, Effect.REJECTED, None, f"no connection, not sent ({name})"
        )
    if isinstance(error, _UNSENDABLE):
        return Failure(
            OutcomeClass.INVALID, Effect.REJECTED, None, f"cannot be sent: base URL or key ({name})"
        )
    return Failure(OutcomeClass.TRANSIENT, Effect.UNKNOWN, None, f"no usable answer ({name})")


def _from_ret_code(code: object, message: object) -> Failure:
    if type(code) is not int:
        return malformed("retCode is not a number")
    text = message if isinstance(message, str) else ""
    known = classify(code, text)
    return _of(known, text or known.meaning)


def _from_status(status: object) -> Failure:
    if type(status) is not int:
        return malformed("no HTTP status")
    known = classify_status(status)
    return _of(known, f"HTTP {status}: {known.meaning}")


def _of(known: CodeMeaning, message: str) -> Failure:
    return Failure(known.kind, known.effect, known.code, message)


def _never_left(error: Exception) -> bool:
    """Whether no connection was made, so that nothing was sent.

    requests raises the same class for a refused connection, for a failed name resolution and for
    a reset in the middle of an answer; only the cause inside distinguishes them. The lean transport
    says itself where nothing was sent.
    """
    if isinstance(error, ConnectTimeout):
        return True
    if not isinstance(error, RequestsConnectionError) or not error.args:
        return False
    cause = error.args[0]
    if isinstance(cause, MaxRetryError):
        return _is_before_the_request(cause.reason)
    return isinstance(cause, NothingSent)


def _is_before_the_request(reason: Exception | None) -> bool:
    """Whether urllib3 had no connection yet: none to be had, a certificate or a proxy refused it.

    It raises the same ProxyError where a proxy hangs up in the middle of an answer, but for the
    cause: http.client raises a bare OSError where a proxy refuses to connect.
    """
    if isinstance(reason, UrllibProxyError):
        refusal = reason.original_error
        return isinstance(refusal, NewConnectionError) or type(refusal) is OSError
    if isinstance(reason, UrllibSSLError):
        return bool(reason.args) and isinstance(reason.args[0], SSLCertVerificationError)
    return isinstance(reason, NewConnectionError)

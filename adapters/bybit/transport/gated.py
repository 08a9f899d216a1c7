"""A session that asks, of each signed write, whether it may still leave, right before the socket.

What is asked goes by the time that the request was signed with, not by the time of asking: however
long the process stands still between the question and the socket, the exchange refuses the request
once its window is over.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

WhyLate = Callable[[int, int], str]
"""Why a request with that timestamp and that window must not leave, both in milliseconds.

Empty if it may.
"""

_TIMESTAMP = "X-BAPI-TIMESTAMP"
_WINDOW = "X-BAPI-RECV-WINDOW"


class Withheld(Exception):  # noqa: N818 - says what became of the request
    """The request was signed and did not leave; its text is the reason."""


class Signed(Protocol):
    """A request that is ready to be sent."""

    @property
    def method(self) -> str | None:
        """Of HTTP."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """With the time and the window that it was signed with."""
        ...


class GatedSession:
    """A session of pybit's with a gate before it; reads pass.

    Args:
        session: sends what may leave.
        why_late: asked of each signed write.
    """

    def __init__(self, session: Any, why_late: WhyLate) -> None:  # noqa: ANN401 - pybit's, or one of ours
        self._session = session
        self._why_late = why_late

    def prepare_request(self, request: Any) -> Any:  # noqa: ANN401 - the same
        """The request, as the session behind sends it."""
        return self._session.prepare_request(request)

    def send(self, request: Signed, *, timeout: tuple[float, float]) -> Any:  # noqa: ANN401 - the same
        """Sends it, once, if it may leave.

        Raises:
            Withheld: it may not.
        """
        headers = request.headers
        if request.method == "POST" and _TIMESTAMP in headers:
            reason = self._why_late(int(headers[_TIMESTAMP]), int(headers[_WINDOW]))
            if reason:
                raise Withheld(reason)
        return self._session.send(request, timeout=timeout)

    def close(self) -> None:
        """Closes the connections."""
        self._session.close()

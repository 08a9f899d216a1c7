"""The session that pybit is given."""

from collections.abc import Mapping

from requests import PreparedRequest, Request

from ....aio.fibers import in_fiber
from .blocking import BlockingSession
from .lean import LeanSession
from .lean_reply import LeanReply
from .lean_request import LeanRequest
from .surroundings import Surroundings


class EitherSession:
    """What pybit sees: it suspends a fiber, and blocks any other caller's thread.

    Args:
        headers: that all requests have.
        pool_size: how many connections each of the two keeps open while nobody uses them.
        surroundings: between the process and the host.
    """

    def __init__(
        self, headers: Mapping[str, str], pool_size: int, surroundings: Surroundings
    ) -> None:
        self._lean = LeanSession(headers, pool_size, surroundings)
        self._blocking = BlockingSession(headers, pool_size, surroundings)

    def prepare_request(self, request: Request) -> LeanRequest | PreparedRequest:
        """The request, ready to be sent by the same caller."""
        session = self._lean if in_fiber() else self._blocking
        return session.prepare_request(request)

    def send(
        self, request: LeanRequest | PreparedRequest, *, timeout: tuple[float, float]
    ) -> LeanReply:
        """Sends it, once."""
        if isinstance(request, LeanRequest):
            return self._lean.send(request, timeout=timeout)
        return self._blocking.send(request, timeout=timeout)

    def close(self) -> None:
        """Closes the connections, from any thread."""
        self._lean.close()
        self._blocking.close()

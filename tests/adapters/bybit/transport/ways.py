"""The ways that a request goes: who calls, and what sends it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from trueup.adapters.bybit import BybitSettings, Transport
from trueup.adapters.bybit.rest.connection import Answer, Connection
from trueup.adapters.bybit.rest.failures import Failure
from trueup.adapters.bybit.wire.endpoints import Endpoint
from trueup.aio.fibers import run_fiber
from trueup.aio.loop_thread import LoopThread, submit
from trueup.domain.model.outcomes import Effect

from ..conftest import account
from ..loopback import batch
from .raw_server import CA_BUNDLE, PATIENCE_S

_T = TypeVar("_T")

BODY = json.dumps(batch(("o-1", "link-1", 0, "OK"))).encode()
PATIENT = BybitSettings(
    connect_timeout=timedelta(seconds=5), read_timeout=timedelta(seconds=5), ca_bundle=CA_BUNDLE
)
SHORT_S = 0.15


@dataclass(frozen=True)
class Way:
    """Who calls, and what sends."""

    transport: Transport
    in_fiber: bool

    @property
    def is_bounded(self) -> bool:
        """Whether the whole answer is bounded, in time and in bytes."""
        return self.transport is Transport.LEAN

    @contextmanager
    def caller(self) -> Iterator[Callable[[Callable[[], _T]], _T]]:
        """What calls a function: in a fiber of a thread, or in this thread."""
        if not self.in_fiber:
            yield lambda function: function()
            return
        thread = LoopThread("fibers")
        loop = thread.hold()
        try:
            yield lambda function: submit(loop, run_fiber(function)).result(PATIENCE_S)
        finally:
            thread.release()

    @contextmanager
    def connected(
        self, url: str, settings: BybitSettings = PATIENT
    ) -> Iterator[Callable[[], Answer]]:
        """Sends one cancel whenever it is called."""
        with self.caller() as call, connection(url, self.transport, settings) as made:
            yield lambda: call(lambda: cancel(made))


BLOCKING = Way(Transport.LEAN, in_fiber=False)
FIBER = Way(Transport.LEAN, in_fiber=True)
PYBIT = Way(Transport.PYBIT, in_fiber=False)
PYBIT_IN_FIBER = Way(Transport.PYBIT, in_fiber=True)
WAYS = {
    "blocking": BLOCKING,
    "fiber": FIBER,
    "pybit": PYBIT,
    "pybit-fiber": PYBIT_IN_FIBER,
}


@contextmanager
def connection(
    url: str, transport: Transport = Transport.LEAN, settings: BybitSettings = PATIENT
) -> Iterator[Connection]:
    """A connection of the tests' account."""
    made = Connection(account(url), replace(settings, transport=transport))
    try:
        yield made
    finally:
        made.close()


def cancel(through: Connection) -> Answer:
    """Sends one cancel."""
    order = {"symbol": "BTCUSDT", "orderId": "o-1"}
    return through.ask(Endpoint.CANCEL, {"category": "linear", "request": [order]})


def effect(answer: Answer) -> Effect | None:
    """Whether the write may have been executed; None for a reply that says."""
    return answer.reply.effect if isinstance(answer.reply, Failure) else None


def framed(body: bytes, *lines: str, status: str = "200 OK") -> bytes:
    """A whole answer with its length."""
    return head(f"Content-Length: {len(body)}", *lines, status=status) + body


def head(*lines: str, status: str = "200 OK") -> bytes:
    """The head of an answer."""
    kind = "Content-Type: application/json"
    return "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", kind, *lines, "")).encode()

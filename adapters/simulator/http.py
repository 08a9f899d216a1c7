"""The HTTP face: starlette in front of `Simulator.handle`, and replies delivered as told."""

import asyncio
import contextlib
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from .control import Control
from .simulator import Simulator
from .wire import Delivery, Reply, Request

Hangup = Callable[[tuple[str, int]], None]
"""Cuts the connection of a client's address: at once, without what is still to be sent."""

_LOOPBACK = frozenset({"127.0.0.1", "::1"})


class BybitApp:
    """The ASGI application of the `/v5` paths."""

    def __init__(self, sim: Simulator, hang_up: Hangup) -> None:
        self._sim = sim
        self._hang_up = hang_up

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        http = HttpRequest(scope, receive)
        body = await http.body()
        client = scope["client"] or ("127.0.0.1", 0)
        request = Request(
            method=http.method,
            path=scope["path"],
            query=scope["query_string"].decode("ascii"),
            body=body,
            headers=dict(http.headers),
            client=client[0],
        )
        reply = self._sim.handle(request)
        if reply.delivery is Delivery.DROP:
            self._hang_up(client)
            await _gone(receive)
        elif reply.delivery is Delivery.TRUNCATE:
            await _send(reply, send, reply.body[: len(reply.body) // 2], more=True)
            await asyncio.sleep(0)
            self._hang_up(client)
            await _gone(receive)
        elif reply.delivery is not Delivery.DELAY or await _waited(receive, reply.delay_ms):
            await _send(reply, send, reply.body, more=False)


async def _send(reply: Reply, send: Send, body: bytes, *, more: bool) -> None:
    headers = [(name.encode(), text.encode()) for name, text in reply.headers.items()]
    headers.append((b"Content-Length", str(len(reply.body)).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": more})


async def _gone(receive: Receive) -> None:
    """Wait until the transport has noticed that the connection is cut."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _waited(receive: Receive, ms: int) -> bool:
    """Wait for a time; False if the client hung up before."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(_gone(receive), ms / 1000)
        return False
    return True


class ControlApp:
    """The ASGI application of the control paths, for clients on this machine only."""

    def __init__(self, sim: Simulator) -> None:
        self._control = Control(sim)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one command or one look."""
        http = HttpRequest(scope, receive)
        name = scope["path"].rpartition("/")[2]
        if (scope["client"] or ("", 0))[0] not in _LOOPBACK:
            status, answer = 403, {"error": "control is for this machine only"}
        elif http.method == "POST":
            status, answer = self._control.post(name, await http.body())
        else:
            status, answer = self._control.get(name)
        await JSONResponse(answer, status)(scope, receive, send)


def build_app(sim: Simulator, hang_up: Hangup) -> Starlette:
    """The whole application: Bybit's paths and the control paths."""
    return Starlette(
        routes=[Mount("/control", app=ControlApp(sim)), Mount("/", app=BybitApp(sim, hang_up))]
    )

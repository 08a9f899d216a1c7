"""The HTTP application: starlette in front of `Simulator.handle`.

It delivers each reply as the reply's `Delivery` says. `STREAM_PATH` and `PUBLIC_PATH` lead to the
WebSocket applications.
"""

import asyncio
import contextlib

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from ..base.transport import Delivery, Reply, Request
from ..core.exchange import Simulator
from .connections import Connections
from .control import Control
from .guard import outsider
from .page import HEADERS, PageApp
from .sockets import NoStream, StreamApp

STREAM_PATH, PUBLIC_PATH = "/v5/private", "/v5/public/linear"


class BybitApp:
    """The ASGI application of the `/v5` paths."""

    def __init__(self, sim: Simulator, connections: Connections) -> None:
        self._sim = sim
        self._connections = connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        http = HttpRequest(scope, receive)
        body = await http.body()
        client = scope["client"] or ("127.0.0.1", 0)
        request = Request(
            method=http.method,
            path=scope["path"],
            query=scope["query_string"].decode("utf-8", "replace"),
            body=body,
            headers=dict(http.headers),
            client=client[0],
        )
        reply = self._sim.handle(request)
        if reply.delivery is Delivery.DROP:
            self._connections.cut(client)
            await _gone(receive)
        elif reply.delivery is Delivery.TRUNCATE:
            await _send(reply, send, reply.body[: len(reply.body) // 2], more=True)
            await asyncio.sleep(0)
            self._connections.cut(client)
            await _gone(receive)
        elif reply.delivery is not Delivery.DELAY or await _waited(receive, reply.delay_ms):
            await _send(reply, send, reply.body, more=False)


async def _send(reply: Reply, send: Send, body: bytes, *, more: bool) -> None:
    headers = [(name.encode(), text.encode()) for name, text in reply.headers.items()]
    headers.append((b"Content-Length", str(len(reply.body)).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": more})


async def _gone(receive: Receive) -> None:
    """Wait until the client disconnects, or the server has noticed that the connection is cut."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _waited(receive: Receive, ms: int) -> bool:
    """Wait for some milliseconds; False if the client disconnects before they are over."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(_gone(receive), ms / 1000)
        return False
    return True


class ControlApp:
    """The ASGI application of the control paths; it serves this machine and its own page only."""

    def __init__(self, sim: Simulator) -> None:
        self._control = Control(sim)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one command (POST) or one query (GET)."""
        http = HttpRequest(scope, receive)
        name = scope["path"].rpartition("/")[2]
        refused = outsider((scope["client"] or ("", 0))[0], http.headers)
        if refused is not None:
            status, answer = 403, {"error": refused}
        elif http.method == "POST":
            status, answer = self._control.post(name, await http.body())
        else:
            status, answer = self._control.get(name, http.query_params)
        await JSONResponse(answer, status, HEADERS)(scope, receive, send)


def build_app(sim: Simulator, connections: Connections) -> Starlette:
    """Build the application: Bybit's paths, the two streams, the control paths and the page."""
    page = PageApp()
    return Starlette(
        routes=[
            WebSocketRoute(STREAM_PATH, StreamApp(sim.open_stream, connections)),
            WebSocketRoute(PUBLIC_PATH, StreamApp(sim.open_public_stream, connections)),
            WebSocketRoute("/{path:path}", NoStream((STREAM_PATH, PUBLIC_PATH))),
            Mount("/control", app=ControlApp(sim)),
            Mount("/page", app=page),
            Route("/", page),
            Mount("/", app=BybitApp(sim, connections)),
        ]
    )

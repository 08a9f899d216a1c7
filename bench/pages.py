"""The page: how long the server takes to filter and sort many monitors, and to write the answer."""

import asyncio
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from starlette.types import ASGIApp

from trueup.service.page.access.site import Site
from trueup.service.page.application import build_page
from trueup.service.page.source import Database

from .measurement import Figure, Kind, Measurement, Scale, Tick
from .population import populate
from .scene import Scene
from .target import at_most

HOW = "in the server alone, from the request to the last byte; one monitor in fifty needs a person"
_TOKEN, _HOST = "a-token-of-a-measurement", "127.0.0.1:1"
_ASKED: Mapping[str, Mapping[str, str]] = {
    "what needs a person first": {},
    "filtered by a text": {"text": "s1"},
    "sorted by cover, a late page": {"sort": "cover", "page": "90"},
    "sorted by the last run": {"sort": "run"},
}


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    scene = Scene(accounts=scale.accounts, symbols=scale.symbols, ladders=True)
    with TemporaryDirectory() as name:
        populate(Path(name), scene.names, scene.listed)
        _as_runs_leave_them(Path(name) / "trueup.db")
        with closing(Database(f"sqlite:///{Path(name) / 'trueup.db'}")) as source:
            page = build_page(source, Site(frozenset((f"http://{_HOST}",)), _TOKEN))
            return asyncio.run(_figures(page, len(scene.places), scale.rounds, tick))


async def _figures(page: ASGIApp, monitors: int, rounds: int, tick: Tick) -> tuple[Figure, ...]:
    form = urlencode({"token": _TOKEN}).encode()
    headers = (await _answer(page, "POST", "/log-in", form=form))[1]
    cookie = headers[b"set-cookie"].partition(b";")[0]
    figures = []
    for words, query in _ASKED.items():
        taken = []
        for _ in range(rounds + 1):
            began = time.perf_counter()
            status, _headers = await _answer(page, "GET", "/", urlencode(query).encode(), cookie)
            taken.append(1000 * (time.perf_counter() - began))
            if status != 200:  # noqa: PLR2004 - HTTP's
                raise RuntimeError(f"the page answered {status}")
        tick()
        kind = Kind(f"a page of {monitors:,} monitors, {words}", "ms")
        value = Decimal(str(round(median(taken[1:]), 1)))
        figures.append(Figure(kind, HOW, value, target=at_most("150", "ms")))
    return tuple(figures)


async def _answer(
    page: ASGIApp,
    method: str,
    path: str,
    query: bytes = b"",
    cookie: bytes = b"",
    form: bytes = b"",
) -> tuple[int, dict[bytes, bytes]]:
    """The status and the headers of an answer, once its body is there."""
    headers = [
        (b"host", _HOST.encode()),
        (b"origin", f"http://{_HOST}".encode()),
        (b"content-type", b"application/x-www-form-urlencoded"),
        (b"cookie", cookie),
    ]
    scope: dict[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query,
        "headers": headers,
        "server": ("127.0.0.1", 1),
        "client": ("127.0.0.1", 2),
    }
    said: dict[str, Any] = {}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": form, "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401 - as ASGI has it
        if message["type"] == "http.response.start":
            said.update(message)

    await page(scope, receive, send)
    return int(said["status"]), dict(said["headers"])


def _as_runs_leave_them(path: Path) -> None:
    """Every position was read, and has its stop; one in fifty is not wholly covered."""
    stop = '{"asked":{"price":"0.75"},"rule":"the price 0.75","seen":{"price":"0.75"}}'
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE monitor SET position_read_at = last_run_at, stop = ?", (stop,))
        connection.execute(
            "UPDATE monitor SET covered_quantity = '220', coverage_pct = '55' WHERE id % 50 = 0"
        )


PAGES = Measurement("pages", "The page, with very many monitors", _measure)
"""What a person waits for when he looks at very many monitors."""

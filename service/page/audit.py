"""``/runs/…``, and a monitor's levels and stop: the pages of `trueup explain`."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ...domain.audit.level_story import explain_level
from ...domain.audit.page import Page
from ...domain.audit.stop_story import explain_stop
from ...domain.model.errors import ConfigurationError
from ...domain.model.identity import MonitorKey, Side
from ...storage import Row
from ...storage.audit import find_run, read_level, read_stop, read_transcript
from ..explained import explained_run
from .drawing.timeline import CallsPicture, draw_calls
from .parts import Parts
from .reading.rows import rows_of

_MOST = 50
_OWNER = "SELECT account, symbol, side FROM transition_log WHERE run_id = :run LIMIT 1"
MONITOR = "/monitors/{account}/{symbol}/{side}"
"""The address of a monitor's page."""


def routes(parts: Parts) -> Sequence[BaseRoute]:
    """The routes of this module."""

    def run(request: Request) -> Response:
        """One run explained."""
        with parts.source.reading() as reader:
            run_id = find_run(reader, request.path_params["run"])
            page = explained_run(reader, run_id)
            calls = read_transcript(reader, run_id).calls
            with reader.connection() as connection:
                owner = rows_of(connection, _OWNER, {"run": run_id})[0]
        return _shown(parts, request, page, owner, f"run {run_id}", draw_calls(calls))

    def level(request: Request) -> Response:
        """The story of one level."""
        with parts.source.reading() as reader:
            number = request.path_params["number"]
            page = explain_level(read_level(reader, key_of(request), number, _MOST))
        return _shown(parts, request, page, request.path_params, f"TP{number}")

    def stop(request: Request) -> Response:
        """The story of the stop."""
        with parts.source.reading() as reader:
            page = explain_stop(read_stop(reader, key_of(request), _MOST))
        return _shown(parts, request, page, request.path_params, "stop")

    return (
        Route("/runs/{run}", run),
        Route(f"{MONITOR}/levels/{{number:int}}", level),
        Route(f"{MONITOR}/stop", stop),
    )


def key_of(request: Request) -> MonitorKey:
    """The monitor of an address.

    Raises:
        ConfigurationError: the side is none.
    """
    account, symbol, side = (request.path_params[name] for name in ("account", "symbol", "side"))
    if side not in (Side.BUY.value, Side.SELL.value):
        raise ConfigurationError(f"there is no monitor {account} {symbol} {side}")
    return MonitorKey(account, symbol, Side(side))


def _shown(
    parts: Parts,
    request: Request,
    page: Page,
    owner: Row,
    name: str,
    drawn: CallsPicture | None = None,
) -> Response:
    values = {"page": page, "owner": owner, "name": name, "drawn": drawn}
    return parts.show(request, "explained.html", values)

"""The page as an application: its routes behind its door."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from traceback import format_exception

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from ...aio.log import logger
from ...domain.model.errors import ConfigurationError, TrueupError
from ..commanding.taking import Taker
from . import actions, audit, changes, log_in, monitor, overview
from .access.guard import Door, Refused
from .access.sessions import Sessions
from .access.site import Site
from .parts import Parts
from .rendering import render
from .source import Source
from .static_files import static_route

_SUBJECTS: tuple[Callable[[Parts], Sequence[BaseRoute]], ...] = (
    log_in.routes,
    overview.routes,
    monitor.routes,
    audit.routes,
    changes.routes,
)


def build_page(
    source: Source,
    site: Site,
    taker: Taker | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ASGIApp:
    """The application that serves the page.

    Args:
        source: what it reads.
        site: where it is reached.
        taker: does what somebody asks for; None where the page only reads.
        now: the time, by the wall clock.
    """
    parts = Parts(source, site, Sessions(site.token), now, taker is not None)
    application = Starlette(
        routes=[
            static_route(),
            *(route for of in _SUBJECTS for route in of(parts)),
            *(actions.routes(parts, taker) if taker is not None else ()),
        ],
        exception_handlers={
            Refused: _refused,
            TrueupError: _failed,
            HTTPException: _not_there,
            Exception: _defect,
        },
    )
    return Door(application, site, parts.sessions, _log_in_first)


def _log_in_first() -> Response:
    return render("log_in_first.html", {"session": None}, 401)


def _refused(request: Request, error: Exception) -> Response:
    del request
    status = error.status if isinstance(error, Refused) else 400
    return _said("Refused", str(error), status)


def _failed(request: Request, error: Exception) -> Response:
    del request
    if isinstance(error, ConfigurationError):
        return _said("Not found", error.message, 404)
    return _said("Not now", str(error), 503)


def _not_there(request: Request, error: Exception) -> Response:
    del request
    status = error.status_code if isinstance(error, HTTPException) else 404
    return _said("Not found", "there is no such page", status)


def _defect(request: Request, error: Exception) -> Response:
    logger.error("{} failed: {}", request.url.path, "".join(format_exception(error)))
    why = "a defect of trueup, please report it: the log of the service says more"
    return _said("Failed", why, 500)


def _said(title: str, why: str, status: int) -> Response:
    return render("said.html", {"title": title, "why": why, "session": None}, status)

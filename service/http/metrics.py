"""``/metrics``: the figures for Prometheus, with the extra ``web``."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from ..running import RunningEngine
from .errors import error_document

_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Prometheus' text format, which every version of it reads."""


def routes(running: RunningEngine) -> Sequence[BaseRoute]:
    """The routes of this module."""

    def metrics(request: Request) -> Response:
        """Every figure as it is now."""
        del request
        try:
            from prometheus_client import generate_latest  # noqa: PLC0415 - of an extra

            from ..measuring.collector import Figures  # noqa: PLC0415 - the same
        except ModuleNotFoundError:
            why = "/metrics needs prometheus_client: pip install 'trueup[web]'"
            return JSONResponse(error_document("ConfigurationError", why), 501)
        return Response(generate_latest(Figures(running)), media_type=_TYPE)

    return (Route("/metrics", metrics),)

"""``/v1/version``: which trueup answers, and of which process."""

import os
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from ... import __version__
from ..running import RunningEngine


def routes(running: RunningEngine) -> Sequence[BaseRoute]:
    """The routes of this module."""
    del running

    def version(request: Request) -> JSONResponse:
        """The version of trueup and the number of the process."""
        del request
        return JSONResponse({"trueup": __version__, "process": os.getpid()})

    return (Route("/v1/version", version),)

"""``/``: all accounts, and the monitors that are asked for."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from .parts import Parts
from .reading.asked import Asked
from .reading.overview import read_overview


def routes(parts: Parts) -> Sequence[BaseRoute]:
    """The routes of this module."""

    def overview(request: Request) -> Response:
        """The page; what is shown of it is asked for in the address."""
        asked = Asked.of(request.query_params)
        with parts.source.reading() as reader:
            found = read_overview(reader, asked, parts.now())
        return parts.show(request, "overview.html", {"asked": asked, "found": found})

    return (Route("/", overview),)

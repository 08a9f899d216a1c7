"""``/``: all accounts, and the monitors that are asked for."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from .parts import Parts
from .reading.asked import Asked
from .reading.budget import budget_words
from .reading.overview import read_overview


def routes(parts: Parts) -> Sequence[BaseRoute]:
    """The routes of this module."""

    def overview(request: Request) -> Response:
        """The page; what is shown of it is asked for in the address."""
        asked = Asked.of(request.query_params)
        with parts.source.reading() as reader:
            is_held = parts.source.is_held()
            found = read_overview(reader, asked, parts.now(), is_held=is_held)
        limits = parts.source.limits()
        names = [str(line.row["account"]) for line in found.accounts]
        budgets = {name: budget_words(limits, name) for name in names}
        values = {"asked": asked, "found": found, "budgets": budgets, "engine": found.engine}
        return parts.show(request, "overview.html", values)

    return (Route("/", overview),)

"""The application: the routes of all modules that have some."""

from collections.abc import Callable, Sequence

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from ...domain.model.errors import TrueupError
from ..running import RunningEngine
from . import commands, health, metrics, version
from .errors import show_defect, show_error

SUBJECTS: tuple[Callable[[RunningEngine], Sequence[BaseRoute]], ...] = (
    version.routes,
    health.routes,
    metrics.routes,
    commands.routes,
)
"""What has routes: each gets what runs. A route that is a plain function runs in a thread of a
pool, so it may wait for the engine; a coroutine must not."""


def build_application(running: RunningEngine) -> Starlette:
    """The application that serves what runs."""
    return Starlette(
        routes=[route for of in SUBJECTS for route in of(running)],
        exception_handlers={TrueupError: show_error, Exception: show_defect},
    )

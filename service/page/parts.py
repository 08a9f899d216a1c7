"""What every route of the page shares."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse

from .access.sessions import Session, Sessions
from .access.site import Site
from .rendering import render
from .source import Source


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the page.

    Attributes:
        source: what it reads.
        site: where it is reached.
        sessions: who has logged in.
        now: the time, by the wall clock.
        takes_commands: whether an engine is there to do what somebody asks for.
    """

    source: Source
    site: Site
    sessions: Sessions
    now: Callable[[], datetime]
    takes_commands: bool = False

    def show(self, request: Request, name: str, values: Mapping[str, object]) -> HTMLResponse:
        """A page for somebody who has logged in."""
        session: Session = request.state.session
        shared = {"session": session, "now": self.now(), "takes_commands": self.takes_commands}
        return render(name, {**shared, **values})

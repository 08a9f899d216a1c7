"""What every route of the page shares."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse

from ...domain.model.errors import TrueupError
from ...storage import SqlReader
from .access.sessions import Session, Sessions
from .access.site import Site
from .reading.engine import Engine, read_engine
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

    def engine(self, reader: SqlReader) -> Engine:
        """Whether an engine runs on the database.

        Raises:
            StoreError: the database cannot be read.
        """
        held = self.source.is_held()
        with reader.connection() as connection:
            return read_engine(connection, is_held=held)

    def show(self, request: Request, name: str, values: Mapping[str, object]) -> HTMLResponse:
        """A page for somebody who has logged in."""
        session: Session = request.state.session
        shared: dict[str, object] = {
            "session": session,
            "now": self.now(),
            "takes_commands": self.takes_commands,
        }
        if "engine" not in values:
            shared["engine"] = self._engine_now()
        return render(name, {**shared, **values})

    def _engine_now(self) -> Engine | None:
        """The same of this moment; None where the database cannot be read."""
        try:
            with self.source.reading() as reader:
                return self.engine(reader)
        except TrueupError:
            return None

"""The base class of promises: the events that each may handle."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from trueup.domain.model.alert import Alert, PendingAlert
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.record import MonitorRecord
from trueup.domain.store import Step
from trueup.testing import ApiRequest, ApiResponse

from ..ledger.book import Book
from ..ledger.effects import Effect
from ..ledger.ledger import Ledger
from ..scene.scene import Scene


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken promise: which one, when (epoch milliseconds), of which monitor, and how."""

    promise: str
    at_ms: int
    monitor: str
    text: str

    def __str__(self) -> str:
        """One line for people."""
        return f"{self.promise} {self.monitor}: {self.text}".replace("  ", " ")


class Promise:
    """One promise; a subclass overrides the events that concern it.

    Args:
        ledger: what happened so far, brought up to date before every event.
        found: receives the promise's name, the monitor, and a text for each breach.
    """

    name = ""

    def __init__(self, ledger: Ledger, found: Callable[[str, MonitorKey | str, str], None]) -> None:
        self.ledger = ledger
        self._found = found

    def set_scene(self, scene: Scene) -> None:
        """Takes the scene, once, before anything happens."""

    def broken(self, monitor: MonitorKey | str, text: str) -> None:
        """Reports a breach."""
        self._found(self.name, monitor, text)

    def before_request(self, request: ApiRequest) -> None:
        """A request of ours is about to leave."""

    def on_reply(self, request: ApiRequest, reply: ApiResponse, *, received: bool) -> None:
        """The exchange answered a request; ``received`` says whether the engine got the reply."""

    def on_view(self, uid: str, symbol: str) -> None:
        """The engine used the stream's view of a symbol."""

    def on_effect(self, effect: Effect) -> None:
        """The exchange's orders or positions changed."""

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """A step was committed; the record was ``before``."""

    def on_store_refusal(self) -> None:
        """The database refused a write of the engine, because it is away."""

    def on_drop(self) -> None:
        """A run was fenced off, or its process died; no two runs are under way at once."""

    def on_delivery(self, alert: Alert) -> None:
        """The sink that is never slow accepted an alert."""

    def on_sink(self, name: str, alert: Alert) -> None:
        """A sink accepted an alert."""

    def on_sink_refusal(self, name: str, alert: Alert, at_ms: int) -> None:
        """A sink refused an alert."""

    def on_marked(self, alerts: Sequence[PendingAlert]) -> None:
        """The database has on record how far these alerts have got."""

    def on_notified(self, at_ms: int) -> None:
        """Each sink was asked to be given what is due."""

    def on_death(self) -> None:
        """The process died."""

    def at_rest(self, book: Book, at_ms: int) -> None:
        """All faults are over, and the monitor has run until nothing was left to do."""

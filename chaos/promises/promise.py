"""What a promise is asked; each answers what concerns it."""

from collections.abc import Callable
from dataclasses import dataclass

from trueup.domain.model.alert import Alert
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.record import MonitorRecord
from trueup.domain.ports import Step
from trueup.testing import ApiRequest, ApiResponse

from ..checker.effects import Effect
from ..checker.ledger import Book, Ledger
from ..exchange.scene import Scene


@dataclass(frozen=True, slots=True)
class Finding:
    """A promise that was broken: which, when, for whom, and how."""

    promise: str
    at_ms: int
    monitor: str
    text: str

    def __str__(self) -> str:
        """One line for people."""
        return f"{self.promise} {self.monitor}: {self.text}".replace("  ", " ")


class Promise:
    """One promise, held against what happens; nothing here does anything by itself.

    Args:
        ledger: what is so, brought up to date before every call.
        found: takes what was broken, and for which monitor.
    """

    name = ""

    def __init__(self, ledger: Ledger, found: Callable[[str, MonitorKey | str, str], None]) -> None:
        self.ledger = ledger
        self._found = found

    def take_scene(self, scene: Scene) -> None:
        """Is told what there is, once, before anything happens."""

    def broken(self, monitor: MonitorKey | str, text: str) -> None:
        """Says that the promise was broken."""
        self._found(self.name, monitor, text)

    def before_request(self, asked: ApiRequest) -> None:
        """A request of ours is about to leave."""

    def on_reply(self, asked: ApiRequest, told: ApiResponse, *, received: bool) -> None:
        """It was answered."""

    def on_view(self, uid: str, symbol: str) -> None:
        """The engine looked at what the stream of the account told of a symbol."""

    def on_effect(self, effect: Effect) -> None:
        """The exchange's books changed."""

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """A step became durable; the record was ``before``."""

    def on_delivery(self, alert: Alert) -> None:
        """A sink took an alert."""

    def at_rest(self, book: Book, at_ms: int) -> None:
        """Nothing moves any more, and the monitor has run until it was quiet."""

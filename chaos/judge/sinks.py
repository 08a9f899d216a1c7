"""P10: a slow sink delays no other, each sink gets every alert, and none that it has."""

from collections.abc import Sequence

from trueup.domain.model.alert import Alert, PendingAlert
from trueup.engine.outbox.crowds import GATHERS

from ..ledger.book import Book
from ..scene.scene import Scene
from .promise import Promise

PROMPT = "prompt"
"""The sink of every history: each call of it returns at once."""
SLOW = "slow"
"""The second sink, where a history has one: it may keep a call for as long as it likes."""

_GATHERS_MS = GATHERS.seconds * 1000
_BACKS_OFF_MS = 600_000


class SinksApart(Promise):
    """In a history with a slow sink, the other one gets what is on record all the same.

    Whenever the sinks are given what is due, the prompt one has every alert on record, but for
    those that gather to go out as one message. After it has refused one, that is asked again only
    when its waits are over. No sink gets an alert that it took before, unless the process died
    before that was on record. In the end both have got, and are on record to have got, everything.
    """

    name = "P10 a slow sink delays no other"

    def set_scene(self, scene: Scene) -> None:
        """Takes whether there is a slow sink."""
        self._names = (PROMPT, SLOW) if scene.has_slow_sink else ()
        self._has: dict[str, list[Alert]] = {PROMPT: [], SLOW: []}
        self._marked: dict[str, list[Alert]] = {PROMPT: [], SLOW: []}
        self._waiting: dict[Alert, int] = {}
        self._refused_ms = -_BACKS_OFF_MS

    def on_sink(self, name: str, alert: Alert) -> None:
        """Checks that the sink has not taken it before."""
        if name not in self._names or not alert.run_id:
            return
        if alert in self._has[name]:
            self.broken(alert.key, f"the {name} sink has {alert.run_id}, and is given it again")
        self._has[name].append(alert)

    def on_sink_refusal(self, name: str, alert: Alert, at_ms: int) -> None:
        """The prompt sink is left alone for a while."""
        del alert
        if name == PROMPT:
            self._refused_ms = at_ms

    def on_marked(self, alerts: Sequence[PendingAlert]) -> None:
        """Keeps what is on record to have been taken."""
        for pending in alerts:
            for name, delivery in pending.deliveries.items():
                if delivery.delivered_at is not None:
                    self._marked.setdefault(name, []).append(pending.alert)

    def on_death(self) -> None:
        """What was taken and is not on record may be given once more."""
        self._waiting.clear()
        for name in self._has:
            self._has[name] = [one for one in self._has[name] if one in self._marked[name]]

    def on_notified(self, at_ms: int) -> None:
        """Checks what the prompt sink has: all that was due the last time, at least."""
        if not self._names or at_ms - self._refused_ms < _BACKS_OFF_MS:
            return
        for alert in self.ledger.alerts:
            first_ms = self._waiting.setdefault(alert, at_ms)
            if alert not in self._has[PROMPT] and at_ms - first_ms > _GATHERS_MS:
                self.broken(alert.key, f"{alert.run_id} waits although the prompt sink is idle")

    def at_rest(self, book: Book, at_ms: int) -> None:
        """Both sinks have every alert of the monitor, and that is on record."""
        del at_ms
        for alert in self.ledger.alerts:
            for name in self._names:
                if alert.key == book.key and alert not in self._marked[name]:
                    self.broken(book.key, f"{alert.run_id} is not on record as taken by {name}")

"""The sinks that a history's alerts go to, which may be out of order or slow."""

from trueup.domain.model.alert import Alert

from ..judge.judge import Judge


class SinkDown(Exception):  # noqa: N818 - names the state of the sink
    """The sink is out of order."""


class ObservedSink:
    """Reports every alert that it accepts to the judge.

    Attributes:
        name: under which its deliveries are on record.
        refuses: how many of the next alerts it refuses.
        each_ms: how long it keeps every call before it takes or refuses the alert.
    """

    def __init__(self, judge: Judge, name: str) -> None:
        self._judge = judge
        self.name = name
        self.refuses = 0
        self.each_ms = 0

    def deliver(self, alert: Alert) -> None:
        """Accepts an alert.

        Raises:
            SinkDown: the sink is out of order.
        """
        if self.refuses:
            self.refuses -= 1
            self._judge.refused_by(self.name, alert)
            raise SinkDown
        self._judge.delivered(self.name, alert)

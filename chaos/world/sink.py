"""The sink that a history's alerts go to, which may be out of order."""

from trueup.domain.model.alert import Alert

from ..judge.judge import Judge


class SinkDown(Exception):  # noqa: N818 - names the state of the sink
    """The sink is out of order."""


class ObservedSink:
    """Reports every alert that it accepts to the judge.

    Attributes:
        refuses: how many of the next alerts it refuses.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self.refuses = 0

    def deliver(self, alert: Alert) -> None:
        """Accepts an alert.

        Raises:
            SinkDown: the sink is out of order.
        """
        if self.refuses:
            self.refuses -= 1
            raise SinkDown
        self._judge.delivered(alert)

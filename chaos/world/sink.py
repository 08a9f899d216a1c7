"""Where a history's alerts go: a sink that may be out of order."""

from trueup.domain.model.alert import Alert

from ..judge.judge import Judge


class SinkDown(Exception):  # noqa: N818 - names the state of the sink
    """The sink takes no alert."""


class ObservedSink:
    """Tells the judge of each alert that it takes.

    Attributes:
        refuses: how many of the next alerts it does not take.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self.refuses = 0

    def deliver(self, alert: Alert) -> None:
        """Takes an alert.

        Raises:
            SinkDown: it is out of order.
        """
        if self.refuses:
            self.refuses -= 1
            raise SinkDown
        self._judge.delivered(alert)

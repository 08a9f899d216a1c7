"""The outbox: at least once, never before the commit, never forgotten."""

from tests.stage import Stage
from trueup import Alert, MonitorRecord, Reconciler
from trueup.adapters.notify import CallableSink


class Outage:
    """A sink that is down for some deliveries, then takes everything."""

    def __init__(self, times: int) -> None:
        self._times = times
        self.taken: list[Alert] = []

    def deliver(self, alert: Alert) -> None:
        """Takes the alert, once the outage is over."""
        if self._times:
            self._times -= 1
            raise ConnectionError("the messenger is down")
        self.taken.append(alert)


def test_a_sink_that_is_down_gets_the_alert_later(stage: Stage, mirror: MonitorRecord) -> None:
    sink = Outage(times=2)
    stage.reconciler.close()
    with Reconciler(
        stage.url,
        accounts=list(stage.accounts()),
        sinks=[sink],
        clock=stage.clock,
        randomness=stage.randomness,
        connect=stage.connect,
    ) as reconciler:
        reconciler.reconcile(mirror)
        assert sink.taken == []
        assert reconciler.deliver_alerts() == 0
        assert reconciler.deliver_alerts() == 1
        assert reconciler.deliver_alerts() == 0
        assert [alert.key for alert in sink.taken] == [mirror.key]
        row = reconciler.store.rows("alert_log")[0]
        assert (row["attempts"], row["delivered_at"] is not None) == (3, True)
    stage.reconciler = stage.open()


def test_a_sink_that_has_an_alert_does_not_get_it_again_for_one_that_was_down(
    stage: Stage, mirror: MonitorRecord
) -> None:
    received: list[Alert] = []
    stage.reconciler.close()
    with Reconciler(
        stage.url,
        accounts=list(stage.accounts()),
        sinks=[CallableSink(received.append), Outage(1)],
        clock=stage.clock,
        randomness=stage.randomness,
        connect=stage.connect,
    ) as reconciler:
        reconciler.reconcile(mirror)
        assert len(reconciler.store.pending_alerts()) == 1
        assert reconciler.deliver_alerts() == 1
    assert len(received) == 1
    stage.reconciler = stage.open()

"""Alerts wait in the outbox until one attempt delivers them."""

from datetime import timedelta

from trueup.domain.model.alert import PendingAlert
from trueup.domain.ports import Step
from trueup.storage import SqliteStore, open_store

from ..samples import KEY, NOON, alert, watched


def test_alerts_wait_oldest_first(store: SqliteStore) -> None:
    record = watched(store)
    for run in ("r1", "r2", "r3"):
        record = store.commit(Step(record, alert=alert(run_id=run)))
    assert store.pending_alerts() == tuple(
        PendingAlert(number, alert(KEY, run), 0)
        for number, run in enumerate(("r1", "r2", "r3"), start=1)
    )
    assert [pending.id for pending in store.pending_alerts(limit=2)] == [1, 2]


def test_a_failed_attempt_is_counted_and_the_alert_stays(store: SqliteStore) -> None:
    store.commit(Step(watched(store), alert=alert()))
    store.alert_failed(1)
    store.alert_failed(1)
    assert [pending.attempts for pending in store.pending_alerts()] == [2]


def test_a_delivered_alert_leaves_with_its_time_and_attempts(store: SqliteStore) -> None:
    store.commit(Step(watched(store), alert=alert()))
    store.alert_failed(1)
    store.alert_delivered(1, NOON)
    store.alert_delivered(1, NOON + timedelta(hours=1))
    store.alert_failed(1)
    assert store.pending_alerts() == ()
    (row,) = store.rows("alert_log")
    assert (row["delivered_at"], row["attempts"]) == ("2026-01-31T12:00:00.000000Z", 2)


def test_alerts_survive_a_restart(url: str) -> None:
    text = "🪞 MIRROR BANDUSDT Sell: 85 → 42.5 × 4"
    with open_store(url) as store:
        store.commit(Step(watched(store), alert=alert(text=text)))
    with open_store(url) as store:
        assert [pending.alert.text for pending in store.pending_alerts()] == [text]

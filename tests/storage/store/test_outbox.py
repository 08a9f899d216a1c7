"""Alerts wait in the outbox until one attempt delivers them."""

from dataclasses import replace
from datetime import timedelta

from trueup.domain.model.alert import Delivery, PendingAlert
from trueup.domain.store import Step
from trueup.storage import SqlStore, open_store

from ..samples import KEY, NOON, alert, watched

TAKEN = Delivery(1, NOON)
REFUSED = Delivery(2, None, NOON + timedelta(hours=1), "ConnectionError")
AT_LAST = Delivery(3, NOON)


def test_alerts_wait_oldest_first(store: SqlStore) -> None:
    record = watched(store)
    for run in ("r1", "r2", "r3"):
        record = store.commit(Step(record, alert=alert(run_id=run)))
    assert store.pending_alerts() == tuple(
        PendingAlert(number, alert(KEY, run))
        for number, run in enumerate(("r1", "r2", "r3"), start=1)
    )
    assert [pending.id for pending in store.pending_alerts(limit=2)] == [1, 2]


def test_an_alert_stays_until_every_sink_has_it(store: SqlStore) -> None:
    store.commit(Step(watched(store), alert=alert()))
    half = PendingAlert(1, alert(), {"log": TAKEN, "chat": REFUSED})
    store.note_deliveries([half])
    assert store.pending_alerts() == (half,)
    store.note_deliveries([replace(half, deliveries={"log": TAKEN, "chat": AT_LAST})])
    (row,) = store.rows("alert_log")
    assert (row["delivered_at"], row["attempts"]) == (None, 3)


def test_a_delivered_alert_leaves_with_its_time(store: SqlStore) -> None:
    store.commit(Step(watched(store), alert=alert()))
    store.note_deliveries([PendingAlert(1, alert(), {"log": TAKEN, "chat": AT_LAST}, NOON)])
    assert store.pending_alerts() == ()
    (row,) = store.rows("alert_log")
    assert (row["delivered_at"], row["attempts"]) == ("2026-01-31T12:00:00.000000Z", 3)


def test_a_view_says_which_sink_refuses_which_alert(store: SqlStore) -> None:
    store.commit(Step(watched(store), alert=alert()))
    store.note_deliveries([PendingAlert(1, alert(), {"log": TAKEN, "chat": REFUSED})])
    assert [
        tuple(row[name] for name in ("sink", "attempts", "delivered_at", "next_try_at", "error"))
        for row in store.rows("alert_delivery_log")
    ] == [
        ("chat", 2, None, "2026-01-31T13:00:00.000000Z", "ConnectionError"),
        ("log", 1, "2026-01-31T12:00:00.000000Z", None, ""),
    ]


def test_alerts_survive_a_restart(url: str) -> None:
    text = "🪞 MIRROR BANDUSDT Sell: 85 → 42.5 × 4"
    with open_store(url) as store:
        store.commit(Step(watched(store), alert=alert(text=text)))
    with open_store(url) as store:
        assert [pending.alert.text for pending in store.pending_alerts()] == [text]

"""The alert that a key expires, on an exchange whose wall clock is virtual too."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from trueup import Alert, CallableSink, Ladder, Reconciler
from trueup.testing import ACCOUNT, SYMBOL, UID, InProcessSimulator, in_process_exchange

LADDER = Ladder.of(("0.7200", 85), ("0.7400", 15))
DAY_MS = 86_400_000


@pytest.fixture
def alerts() -> list[Alert]:
    """Where alerts go."""
    return []


@pytest.fixture
def reconciler(
    simulator: InProcessSimulator, tmp_path: Path, alerts: list[Alert]
) -> Iterator[Reconciler]:
    """A reconciler with a position to cover; its key expires in twenty days."""
    expires_ms = simulator.clock.now_ms() + 20 * DAY_MS
    key, secret = ACCOUNT.api_key, ACCOUNT.api_secret
    simulator.add_key(uid=UID, api_key=key, api_secret=secret, ips=(), expires_ms=expires_ms)
    simulator.open_position(UID, SYMBOL, "Buy", "100", price="0.7000")
    with Reconciler(
        f"sqlite:///{tmp_path / 'trueup.db'}",
        accounts=[ACCOUNT],
        sinks=[CallableSink(alerts.append)],
        clock=simulator.clock,
        connect=lambda account: in_process_exchange(account, simulator),
    ) as made:
        made.watch(ACCOUNT.name, SYMBOL, "Buy", LADDER)
        yield made


def after(simulator: InProcessSimulator, reconciler: Reconciler, days: int) -> None:
    """Lets days pass, each with the daily question and its alerts."""
    for _ in range(days):
        simulator.clock.advance(DAY_MS)
        reconciler.examine()
        reconciler.deliver_alerts()


def test_the_expiry_is_alerted_at_a_few_moments_once_each(
    simulator: InProcessSimulator, reconciler: Reconciler, alerts: list[Alert]
) -> None:
    after(simulator, reconciler, 5)
    assert alerts == []
    after(simulator, reconciler, 14)
    days = [text.split("(")[1].split(")")[0] for text in (alert.text for alert in alerts)]
    assert days == ["in 14 days", "in 7 days", "in 3 days", "within a day"]
    assert all("API KEY EXPIRES" in alert.text for alert in alerts)
    assert {str(alert.key) for alert in alerts} == {f"{ACCOUNT.name} {SYMBOL} Buy"}


def test_the_alert_survives_a_restart_and_comes_no_second_time(
    simulator: InProcessSimulator, reconciler: Reconciler, tmp_path: Path, alerts: list[Alert]
) -> None:
    after(simulator, reconciler, 7)
    reconciler.close()
    with Reconciler(
        f"sqlite:///{tmp_path / 'trueup.db'}",
        accounts=[ACCOUNT],
        sinks=[CallableSink(alerts.append)],
        clock=simulator.clock,
        connect=lambda account: in_process_exchange(account, simulator),
    ) as again:
        again.examine()
        again.deliver_alerts()
        (record,) = again.store.key_records()
    assert len(alerts) == 1
    assert record.expires_at is not None
    assert (record.expires_at - simulator.clock.now()).days == 12
    assert record.expiry_alerted == 14

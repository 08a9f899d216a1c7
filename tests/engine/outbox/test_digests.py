"""One cause that hits many monitors is one message, after the first few."""

from datetime import timedelta

from trueup.domain.model.alert import Alert
from trueup.domain.model.identity import Role
from trueup.domain.model.record import RunOutcome
from trueup.domain.reporting.alert_text import ALL_CLEAR, alert_text
from trueup.engine.outbox.crowds import ALONE, GATHERS
from trueup.storage import SqlStore

from .hand import PATIENCE, Chat, HandClock, key, outbox_of, write

BLIND = "the exchange could not be read: 502 bad gateway"


def blind(symbol: str, why: str = BLIND, outcome: RunOutcome = RunOutcome.FAILED) -> str:
    """The alert of a run that could not read the exchange."""
    return alert_text(key(symbol), Role.MAIN, outcome, None, (), (why,))


def fail_all(store: SqlStore, monitors: int, first: int = 0) -> None:
    """So many monitors could not be read."""
    for number in range(first, first + monitors):
        symbol = f"S{number:02}USDT"
        write(store, symbol, blind(symbol), RunOutcome.FAILED)


class Keeping(Chat):
    """A sink that keeps the whole alerts."""

    def __init__(self) -> None:
        super().__init__("chat")
        self.alerts: list[Alert] = []

    def deliver(self, alert: Alert) -> None:
        """Takes the alert."""
        super().deliver(alert)
        self.alerts.append(alert)


def test_many_alerts_of_one_cause_are_one_message(store: SqlStore, clock: HandClock) -> None:
    chat = Keeping()
    outbox = outbox_of(store, [chat], clock)
    fail_all(store, 30)
    outbox.deliver(PATIENCE)
    assert len(chat.alerts) == ALONE
    fail_all(store, 2, first=30)
    clock.sleep(GATHERS)
    outbox.deliver(PATIENCE)
    *_, one = chat.alerts
    assert len(chat.alerts) == ALONE + 1
    assert [each.key.symbol for each in one.includes] == [f"S{n:02}USDT" for n in range(3, 32)]
    assert one.text.splitlines() == [
        "❌ TP REBALANCING FAILED: 29 monitors",
        "━" * 24,
        f"• Results: {BLIND}",
        "",
        "📊 Monitors:",
        *(f"  main S{number:02}USDT Buy" for number in range(3, 23)),
        "  and 9 more: the view monitor_status has them",
    ]
    assert store.pending_alerts() == ()
    outbox.close()


def test_a_few_alerts_of_one_cause_go_out_at_once(store: SqlStore, clock: HandClock) -> None:
    chat = Keeping()
    outbox = outbox_of(store, [chat], clock)
    fail_all(store, ALONE)
    outbox.deliver(PATIENCE)
    assert [alert.includes for alert in chat.alerts] == [()] * ALONE
    clock.sleep(timedelta(hours=1))
    fail_all(store, 1)
    outbox.deliver(PATIENCE)
    assert len(chat.alerts) == ALONE + 1
    outbox.close()


def test_another_cause_does_not_wait(store: SqlStore, clock: HandClock) -> None:
    chat = Keeping()
    outbox = outbox_of(store, [chat], clock)
    fail_all(store, 10)
    write(store, "ZUSDT", blind("ZUSDT", "ZUSDT is not traded"), RunOutcome.FAILED)
    write(store, "YUSDT", blind("YUSDT", outcome=RunOutcome.SUCCESS), RunOutcome.SUCCESS)
    outbox.deliver(PATIENCE)
    assert [alert.key.symbol for alert in chat.alerts[ALONE:]] == ["ZUSDT", "YUSDT"]
    outbox.close()


def test_fills_are_told_one_by_one_and_all_clears_together(
    store: SqlStore, clock: HandClock
) -> None:
    chat = Keeping()
    outbox = outbox_of(store, [chat], clock)
    for why in ("TP1 filled: 850 of it at 0.6528", ALL_CLEAR):
        for number in range(6):
            symbol = f"S{number:02}USDT"
            write(store, symbol, blind(symbol, why, RunOutcome.IN_SYNC), RunOutcome.IN_SYNC)
    outbox.deliver(PATIENCE)
    assert len(chat.alerts) == 6 + ALONE
    clock.sleep(GATHERS)
    outbox.deliver(PATIENCE)
    assert [len(alert.includes) for alert in chat.alerts[6 + ALONE :]] == [6 - ALONE]
    outbox.close()


def test_a_newer_alert_of_a_monitor_waits_for_the_message(
    store: SqlStore, clock: HandClock
) -> None:
    chat = Keeping()
    outbox = outbox_of(store, [chat], clock)
    fail_all(store, 5)
    write(store, "S04USDT", "TP1: 0→850 ✅")
    outbox.deliver(PATIENCE)
    assert len(chat.alerts) == ALONE
    clock.sleep(GATHERS)
    outbox.deliver(PATIENCE)
    assert [len(alert.includes) for alert in chat.alerts[ALONE:]] == [2, 0]
    assert chat.taken[-1] == "TP1: 0→850 ✅"
    outbox.close()


def test_a_message_that_is_refused_is_tried_again(store: SqlStore, clock: HandClock) -> None:
    chat = Keeping()
    outbox = outbox_of(store, [chat], clock)
    fail_all(store, 6)
    outbox.deliver(PATIENCE)
    chat.refuses = lambda _alert: True
    clock.sleep(GATHERS)
    outbox.deliver(PATIENCE)
    chat.refuses = lambda _alert: False
    clock.sleep(timedelta(seconds=1))
    outbox.deliver(PATIENCE)
    clock.sleep(GATHERS)
    outbox.deliver(PATIENCE)
    assert [len(alert.includes) for alert in chat.alerts] == [0] * ALONE + [3]
    outbox.close()


def test_alerts_of_one_monitor_and_one_cause_go_out_together(
    store: SqlStore, clock: HandClock
) -> None:
    chat = Keeping()
    outbox = outbox_of(store, [chat], clock)
    for _ in range(ALONE + 2):
        write(store, "S00USDT", blind("S00USDT"), RunOutcome.FAILED)
    write(store, "S00USDT", "TP1: 0→850 ✅")
    outbox.deliver(PATIENCE)
    clock.sleep(GATHERS)
    outbox.deliver(PATIENCE)
    assert [len(alert.includes) for alert in chat.alerts] == [0] * ALONE + [2, 0]
    assert chat.alerts[ALONE].text == blind("S00USDT")
    assert chat.taken[-1] == "TP1: 0→850 ✅"
    outbox.close()


def test_none_of_one_monitor_passes_another_that_was_refused(
    store: SqlStore, clock: HandClock
) -> None:
    chat = Keeping()
    outbox = outbox_of(store, [chat], clock)
    fail_all(store, ALONE)
    for text in ("1", "2"):
        write(store, "ZUSDT", blind("ZUSDT").replace("unknown", text), RunOutcome.FAILED)
    outbox.deliver(PATIENCE)
    chat.refuses = lambda _alert: True
    clock.sleep(GATHERS)
    outbox.deliver(PATIENCE)
    chat.refuses = lambda _alert: False
    write(store, "ZUSDT", blind("ZUSDT").replace("unknown", "3"), RunOutcome.FAILED)
    outbox.deliver(PATIENCE)
    clock.sleep(GATHERS)
    outbox.deliver(PATIENCE)
    assert [len(alert.includes) for alert in chat.alerts] == [0] * ALONE + [2, 0]
    assert "Position Size: 2" in chat.alerts[-2].text
    assert "Position Size: 3" in chat.alerts[-1].text
    outbox.close()

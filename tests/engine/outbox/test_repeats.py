"""Repeats: the same message has the same key, and a sink that asks for a pause gets it."""

from collections.abc import Callable
from datetime import timedelta

from trueup.domain.model.alert import Alert
from trueup.domain.model.errors import NotTaken
from trueup.domain.model.record import RunOutcome
from trueup.engine.outbox.backlog import LONGEST_ASKED
from trueup.engine.outbox.crowds import ALONE, GATHERS
from trueup.storage import SqlStore

from .hand import PATIENCE, HandClock, outbox_of, write

SECOND = timedelta(seconds=1)
BLIND = "❌ TP REBALANCING FAILED\n• Results: the exchange could not be read: 502\n\n❌ it failed"


class Phone:
    """Keeps every alert that it is given, also those that it refuses.

    Attributes:
        name: the sink's.
        given: all alerts, in order.
        taken: those that it took.
        refusal: what it raises; None where it takes what it is given.
        wanted: which alerts it wants.
    """

    def __init__(self, refusal: NotTaken | None = None, name: str = "phone") -> None:
        self.name = name
        self.given: list[Alert] = []
        self.taken: list[Alert] = []
        self.refusal = refusal
        self.wanted: Callable[[Alert], bool] = lambda _alert: True

    def wants(self, alert: Alert) -> bool:
        """Whether the alert is one of those."""
        return self.wanted(alert)

    def deliver(self, alert: Alert) -> None:
        """Takes the alert, or refuses."""
        self.given.append(alert)
        if self.refusal is not None:
            raise self.refusal
        self.taken.append(alert)


def test_a_repeat_has_the_same_key_and_so_has_one_after_a_restart(
    store: SqlStore, clock: HandClock
) -> None:
    phone = Phone(NotTaken("HTTP 502: bad gateway"))
    write(store, "AUSDT", "first")
    write(store, "BUSDT", "second")
    outbox = outbox_of(store, [phone], clock)
    outbox.deliver(PATIENCE)
    clock.sleep(SECOND)
    outbox.deliver(PATIENCE)
    outbox.close()
    phone.refusal = None
    following = outbox_of(store, [phone], clock)
    following.deliver(PATIENCE, at_once=True)
    following.close()
    keys = {(alert.text, alert.identity) for alert in phone.given}
    assert keys == {("first", "1-run-first"), ("second", "2-run-second")}
    assert len(phone.given) > len(phone.taken) == 2


def test_one_message_for_many_is_repeated_as_it_was(store: SqlStore, clock: HandClock) -> None:
    phone = Phone()
    outbox = outbox_of(store, [phone], clock)
    for number in range(ALONE + 2):
        write(store, f"S{number}USDT", BLIND, RunOutcome.FAILED)
    outbox.deliver(PATIENCE)
    clock.sleep(GATHERS)
    phone.refusal = NotTaken("it did not answer")
    outbox.deliver(PATIENCE)
    write(store, "NEWUSDT", BLIND, RunOutcome.FAILED)
    phone.refusal = None
    clock.sleep(GATHERS)
    outbox.deliver(PATIENCE)
    refused, repeated, *_ = (alert for alert in phone.given if alert.includes)
    assert len(refused.includes) == 2
    assert (repeated.identity, repeated.includes) == (refused.identity, refused.includes)
    clock.sleep(GATHERS)
    outbox.deliver(PATIENCE)
    assert phone.taken[-1].key.symbol == "NEWUSDT"
    outbox.close()


def test_a_sink_that_asks_for_a_pause_gets_it(store: SqlStore, clock: HandClock) -> None:
    phone = Phone(NotTaken("HTTP 429: too many", retry_after=35 * SECOND))
    for number in range(10):
        write(store, f"S{number}USDT", f"alert {number}")
    outbox = outbox_of(store, [phone], clock)
    outbox.deliver(PATIENCE)
    phone.refusal = None
    clock.sleep(34 * SECOND)
    write(store, "NEWUSDT", "new")
    outbox.deliver(PATIENCE)
    outbox.deliver(PATIENCE, at_once=True)
    assert [alert.text for alert in phone.given] == ["alert 0"]
    clock.sleep(SECOND)
    outbox.deliver(PATIENCE)
    assert [alert.text for alert in phone.taken] == [*(f"alert {n}" for n in range(10)), "new"]
    outbox.close()


def test_the_pause_outlasts_a_restart(store: SqlStore, clock: HandClock) -> None:
    phone = Phone(NotTaken("HTTP 429: too many", retry_after=35 * SECOND))
    write(store, "AUSDT", "first")
    write(store, "BUSDT", "second")
    outbox = outbox_of(store, [phone], clock)
    outbox.deliver(PATIENCE)
    outbox.close()
    phone.refusal = None
    clock.sleep(20 * SECOND)
    following = outbox_of(store, [phone], clock)
    following.deliver(PATIENCE, at_once=True)
    assert len(phone.given) == 1
    clock.sleep(15 * SECOND)
    following.deliver(PATIENCE)
    assert [alert.text for alert in phone.taken] == ["first", "second"]
    following.close()


def test_many_pauses_make_no_alert_the_one_at_fault(store: SqlStore, clock: HandClock) -> None:
    phone = Phone(NotTaken("HTTP 429: too many", retry_after=SECOND))
    write(store, "AUSDT", "first")
    write(store, "AUSDT", "second")
    outbox = outbox_of(store, [phone], clock)
    for _ in range(20):
        outbox.deliver(PATIENCE)
        clock.sleep(SECOND)
    assert {alert.text for alert in phone.given} == {"first"}
    phone.refusal = None
    outbox.deliver(PATIENCE)
    assert [alert.text for alert in phone.taken] == ["first", "second"]
    outbox.close()


def test_who_asks_for_a_year_is_asked_again_after_an_hour(
    store: SqlStore, clock: HandClock
) -> None:
    phone = Phone(NotTaken("HTTP 429: too many", retry_after=timedelta(days=365)))
    write(store, "AUSDT", "first")
    outbox = outbox_of(store, [phone], clock)
    outbox.deliver(PATIENCE)
    phone.refusal = None
    clock.sleep(LONGEST_ASKED)
    outbox.deliver(PATIENCE)
    assert len(phone.taken) == 1
    outbox.close()


def test_a_sink_that_refuses_for_good_is_alerted_at_once(store: SqlStore, clock: HandClock) -> None:
    phone = Phone(NotTaken("HTTP 401: the token is wrong", is_final=True))
    other = Phone(name="other")
    write(store, "AUSDT", "first")
    outbox = outbox_of(store, [phone, other], clock)
    outbox.deliver(PATIENCE)
    outbox.notify()
    outbox.settle(PATIENCE)
    said = other.taken[-1].text
    assert "the sink phone takes no alert: HTTP 401: the token is wrong" in said
    outbox.close()


def test_who_does_not_want_an_alert_is_not_waited_for(store: SqlStore, clock: HandClock) -> None:
    phone, log = Phone(), Phone(name="log")
    phone.wanted = lambda alert: alert.status is RunOutcome.FAILED
    write(store, "AUSDT", "fine")
    write(store, "AUSDT", "not fine", RunOutcome.FAILED)
    outbox = outbox_of(store, [phone, log], clock)
    assert outbox.deliver(PATIENCE) == 2
    assert [alert.text for alert in phone.taken] == ["not fine"]
    assert [alert.text for alert in log.taken] == ["fine", "not fine"]
    assert not store.pending_alerts()
    outbox.close()


def test_an_alert_that_nobody_wants_is_on_record_and_over(
    store: SqlStore, clock: HandClock
) -> None:
    phone = Phone()
    phone.wanted = lambda _alert: False
    write(store, "AUSDT", "fine")
    outbox = outbox_of(store, [phone], clock)
    outbox.deliver(PATIENCE)
    assert not store.pending_alerts()
    assert [row["text"] for row in store.rows("alert_log")] == ["fine"]
    outbox.close()

"""Each sink by itself: what one refuses or never returns from delays no other."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from loguru import logger

from trueup.adapters.notify import CallableSink
from trueup.domain.model.alert import Alert, Delivery, PendingAlert
from trueup.domain.model.record import RunOutcome
from trueup.engine.outbox.backlog import LONGEST_PAUSE
from trueup.engine.outbox.courier import Round
from trueup.engine.outbox.outbox import FAILS_AFTER, unique_names
from trueup.engine.run.driving import run_flow
from trueup.storage import SqlStore, open_store

from .hand import NOON, PATIENCE, Chat, HandClock, key, outbox_of, write

SECOND = timedelta(seconds=1)


def test_a_dead_sink_delays_no_other_sink_and_no_newer_alert(
    store: SqlStore, clock: HandClock
) -> None:
    good, dead = Chat("good"), Chat("dead", lambda _alert: True)
    for number in range(100):
        write(store, f"S{number}USDT", f"alert {number}")
    outbox = outbox_of(store, [good, dead], clock)
    for _ in range(10):
        outbox.deliver(PATIENCE)
    write(store, "S1USDT", "URGENT")
    outbox.deliver(PATIENCE)
    assert good.taken == [*(f"alert {number}" for number in range(100)), "URGENT"]
    assert dead.taken == []
    outbox.close()


def test_a_dead_sink_is_left_alone_for_ever_longer(store: SqlStore, clock: HandClock) -> None:
    dead = Chat("dead", lambda _alert: True)
    for number in range(50):
        write(store, f"S{number}USDT", f"alert {number}")
    outbox = outbox_of(store, [dead], clock)
    tries = []
    for _ in range(4):
        outbox.deliver(PATIENCE)
        tries.append(dead.tries)
        clock.sleep(SECOND)
    assert tries == [3, 4, 4, 5]
    outbox.close()


def test_the_newer_alerts_of_a_monitor_wait_behind_a_refused_one(
    store: SqlStore, clock: HandClock
) -> None:
    chat = Chat("chat", lambda alert: alert.text == "first")
    for symbol, text in (("AUSDT", "first"), ("AUSDT", "second"), ("BUSDT", "other")):
        write(store, symbol, text)
    outbox = outbox_of(store, [chat], clock)
    outbox.deliver(PATIENCE)
    assert chat.taken == ["other"]
    chat.refuses = lambda _alert: False
    outbox.deliver(PATIENCE)
    assert chat.taken == ["other"]
    clock.sleep(SECOND)
    outbox.deliver(PATIENCE)
    assert chat.taken == ["other", "first", "second"]
    outbox.close()


def test_what_is_alerted_of_the_service_is_in_order_whatever_monitors_it_names(
    store: SqlStore, clock: HandClock
) -> None:
    chat = Chat("chat", lambda alert: alert.text == "away 1")
    outbox = outbox_of(store, [chat], clock)
    given = (("AUSDT", "away 1"), ("AUSDT", "back 1"), ("BUSDT", "away 2"), ("BUSDT", "back 2"))
    for symbol, text in given:
        outbox.send_directly(Alert("", key(symbol), RunOutcome.FAILED, text, NOON))
    outbox.settle(PATIENCE)
    assert chat.taken == []
    chat.refuses = lambda _alert: False
    # It was tried once or twice: the others may have come before or after the first try.
    clock.sleep(10 * SECOND)
    outbox.settle(PATIENCE)
    assert chat.taken == [text for _, text in given]
    outbox.close()


def test_an_alert_that_no_try_gets_through_is_passed_by_newer_ones(
    store: SqlStore, clock: HandClock
) -> None:
    chat = Chat("chat", lambda alert: alert.text.startswith("poison"))
    for number in range(20):
        write(store, "AUSDT", f"poison {number}")
    write(store, "AUSDT", "URGENT")
    outbox = outbox_of(store, [chat], clock)
    for _ in range(5):
        outbox.deliver(PATIENCE)
        clock.sleep(timedelta(minutes=1))
    assert chat.taken == ["URGENT"]
    write(store, "AUSDT", "a fill")
    outbox.deliver(PATIENCE)
    assert chat.taken == ["URGENT", "a fill"]
    chat.refuses = lambda _alert: False
    outbox.deliver(PATIENCE, at_once=True)
    assert chat.taken[2:] == [f"poison {number}" for number in range(20)]
    outbox.close()


def test_what_a_sink_gets_after_a_long_outage_is_in_order(
    store: SqlStore, clock: HandClock
) -> None:
    chat = Chat("chat", lambda _alert: True)
    write(store, "AUSDT", "first")
    outbox = outbox_of(store, [chat], clock)
    for _ in range(9):
        outbox.deliver(PATIENCE)
        clock.sleep(timedelta(minutes=5))
    outbox.deliver(PATIENCE)
    chat.refuses = lambda _alert: False
    write(store, "AUSDT", "second")
    clock.sleep(LONGEST_PAUSE)
    outbox.deliver(PATIENCE)
    assert chat.taken == ["first", "second"]
    outbox.close()


def test_the_next_process_gives_an_alert_only_to_the_sink_that_lacks_it(
    store: SqlStore, clock: HandClock
) -> None:
    good, chat = Chat("good"), Chat("chat", lambda _alert: True)
    write(store, "AUSDT", "first")
    outbox = outbox_of(store, [good, chat], clock)
    outbox.deliver(PATIENCE)
    outbox.close()
    store.close()
    with open_store(f"sqlite:///{store.name}") as again:
        good, chat = Chat("good"), Chat("chat")
        outbox = outbox_of(again, [good, chat], clock)
        outbox.deliver(PATIENCE)
        assert (good.taken, chat.taken) == ([], [])
        clock.sleep(SECOND)
        assert outbox.deliver(PATIENCE) == 1
        assert (good.taken, chat.taken) == ([], ["first"])
        outbox.close()


def test_a_clock_that_was_a_year_ahead_makes_a_refused_alert_wait_for_no_longer(
    store: SqlStore, clock: HandClock
) -> None:
    clock.ahead = timedelta(days=365)
    write(store, "AUSDT", "first")
    outbox = outbox_of(store, [Chat("chat", lambda _alert: True)], clock)
    outbox.deliver(PATIENCE)
    outbox.close()
    clock.ahead = timedelta(0)
    chat = Chat("chat")
    outbox = outbox_of(store, [chat], clock)
    outbox.deliver(PATIENCE)
    clock.sleep(SECOND)
    outbox.close()
    assert chat.taken == ["first"]


def test_an_alert_without_any_sink_is_over(store: SqlStore, clock: HandClock) -> None:
    write(store, "AUSDT", "first")
    outbox_of(store, [], clock).deliver(PATIENCE)
    assert store.pending_alerts() == ()


def test_an_alert_that_only_a_sink_lacked_that_is_gone_is_over_after_a_week(
    store: SqlStore, clock: HandClock
) -> None:
    write(store, "AUSDT", "first")
    outbox = outbox_of(store, [Chat("good"), Chat("gone", lambda _alert: True)], clock)
    outbox.deliver(PATIENCE)
    outbox.close()
    clock.sleep(timedelta(days=8))
    outbox = outbox_of(store, [Chat("good")], clock)
    outbox.deliver(PATIENCE)
    outbox.close()
    assert store.pending_alerts() == ()


class Blocks:
    """A sink that does not return before it is freed."""

    name = "blocks"

    def __init__(self) -> None:
        self.called = threading.Event()
        self.freed = threading.Event()

    def deliver(self, alert: Alert) -> None:
        """Waits."""
        del alert
        self.called.set()
        self.freed.wait(PATIENCE.total_seconds())


@pytest.fixture
def blocks(store: SqlStore) -> Blocks:
    """The sink, given an alert."""
    write(store, "AUSDT", "first")
    return Blocks()


def test_a_sink_that_blocks_holds_up_neither_another_nor_the_caller(
    store: SqlStore, clock: HandClock, blocks: Blocks
) -> None:
    good = Chat("good")
    outbox = outbox_of(store, [blocks, good], clock)
    assert not outbox.settle(timedelta(milliseconds=200))
    assert blocks.called.is_set()
    write(store, "AUSDT", "second")
    assert not outbox.settle(timedelta(milliseconds=200))
    assert good.taken == ["first", "second"]
    blocks.freed.set()
    assert outbox.settle(PATIENCE)
    assert store.pending_alerts() == ()
    outbox.close()


def test_the_others_are_alerted_once_of_a_sink_that_takes_nothing(
    store: SqlStore, clock: HandClock, blocks: Blocks
) -> None:
    good = Chat("good")
    outbox = outbox_of(store, [blocks, good], clock)
    outbox.settle(timedelta(milliseconds=200))
    clock.sleep(FAILS_AFTER)
    for _ in range(3):
        outbox.notify()
        outbox.settle(timedelta(milliseconds=200))
    assert [text.splitlines()[0] for text in good.taken] == ["first", "⚠️ ALERTS DO NOT ARRIVE"]
    assert "blocks has taken no alert for 5 min: it does not return" in good.taken[-1]
    blocks.freed.set()
    assert outbox.settle(PATIENCE)
    for _ in range(3):
        outbox.notify()
        assert outbox.settle(PATIENCE)
    assert [text.splitlines()[0] for text in good.taken[2:]] == ["✅ ALERTS ARRIVE AGAIN"]
    outbox.close()


def test_nothing_that_a_sink_raises_is_kept_but_its_class(
    store: SqlStore, clock: HandClock
) -> None:
    write(store, "AUSDT", "first", RunOutcome.FAILED)
    outbox = outbox_of(store, [Chat("chat", lambda _alert: True)], clock)
    outbox.deliver(PATIENCE)
    outbox.close()
    (row,) = store.rows("alert_delivery_log")
    assert (row["error"], row["attempts"]) == ("ConnectionError", 1)
    assert b"s3cret" not in Path(store.name).read_bytes()


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (["chat", "log", "chat", "chat"], ("chat", "log", "chat 2", "chat 3")),
        (["ops 2", "ops"], ("ops 2", "ops")),
        (["a 2", "a", "a"], ("a 2", "a", "a 3")),
    ],
)
def test_sinks_of_one_name_are_told_apart(given: list[str], names: tuple[str, ...]) -> None:
    assert unique_names([Chat(name) for name in given]) == names


def test_functions_are_told_apart_by_their_names_in_any_order() -> None:
    def telegram(_alert: Alert) -> None:
        raise AssertionError

    sinks = [CallableSink(telegram), CallableSink(print), CallableSink(print, name="screen")]
    names = unique_names(sinks)
    assert names[1:] == ("print", "screen")
    assert names[0].endswith("telegram")


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_whatever_a_sink_raises_its_thread_goes_on(
    store: SqlStore, clock: HandClock, kind: type[BaseException]
) -> None:
    chat = Chat("chat")
    left = [kind("the messenger's own")]

    def refuses(_alert: Alert) -> bool:
        if left:
            raise left.pop()
        return False

    chat.refuses = refuses
    write(store, "AUSDT", "first")
    outbox = outbox_of(store, [chat], clock)
    assert outbox.settle(PATIENCE)
    clock.sleep(SECOND)
    assert outbox.settle(PATIENCE)
    assert chat.taken == ["first"]
    outbox.close()


def test_a_log_handler_that_raises_ends_no_delivery(store: SqlStore, clock: HandClock) -> None:
    def raises(_message: object) -> None:
        raise OSError("the log is full")

    chat = Chat("chat", lambda _alert: True)
    write(store, "AUSDT", "first")
    outbox = outbox_of(store, [chat], clock)
    handler = logger.add(raises, level="INFO", catch=False)
    try:
        assert outbox.settle(PATIENCE)
    finally:
        logger.remove(handler)
    chat.refuses = lambda _alert: False
    clock.sleep(SECOND)
    assert outbox.settle(PATIENCE)
    assert chat.taken == ["first"]
    outbox.close()


def test_an_alert_is_kept_for_a_sink_that_one_start_does_not_have(
    store: SqlStore, clock: HandClock
) -> None:
    chat = Chat("chat", lambda _alert: True)
    write(store, "AUSDT", "first")
    outbox = outbox_of(store, [chat, Chat("log")], clock)
    outbox.deliver(PATIENCE)
    outbox.close()
    for others in ([Chat("log")], [Chat("desk")], []):
        outbox = outbox_of(store, others, clock)
        outbox.deliver(PATIENCE)
        outbox.close()
    chat.refuses = lambda _alert: False
    clock.sleep(SECOND)
    outbox = outbox_of(store, [chat, Chat("log")], clock)
    outbox.deliver(PATIENCE)
    outbox.close()
    assert chat.taken == ["first"]


def test_alerts_that_others_add_disturb_no_delivery(clock: HandClock) -> None:
    chat = Chat("chat")
    rounds = Round("chat", chat, clock, lambda _name, _item: None, lambda _point: None)
    alerts = [Alert(f"r{n}", key(f"S{n}USDT"), RunOutcome.SUCCESS, f"{n}", NOON) for n in range(60)]
    rounds.add(PendingAlert(1, alerts[0], {"chat": Delivery()}))
    more = iter(range(1, 60))

    def refuses(_alert: Alert) -> bool:
        number = next(more, None)
        if number is not None:
            rounds.add(PendingAlert(number + 1, alerts[number], {"chat": Delivery()}))
        return False

    chat.refuses = refuses
    while rounds.next_at() is not None:
        run_flow(rounds.play(at_once=False), clock)
    assert chat.taken == [str(number) for number in range(60)]


def test_how_long_a_sink_took_nothing_is_told_as_it_was(store: SqlStore, clock: HandClock) -> None:
    good, chat = Chat("good"), Chat("chat", lambda _alert: True)
    for number in range(5):
        write(store, f"S{number}USDT", f"{number}")
    outbox = outbox_of(store, [good, chat], clock)
    outbox.settle(PATIENCE)
    clock.sleep(timedelta(minutes=12))
    outbox.notify()
    outbox.settle(PATIENCE)
    chat.refuses = lambda _alert: False
    clock.sleep(timedelta(minutes=5))
    outbox.settle(PATIENCE)
    outbox.notify()
    outbox.settle(PATIENCE)
    assert "takes alerts again, after 17 min" in good.taken[-1]
    outbox.close()


def test_a_request_just_when_the_thread_gives_up_is_not_lost(
    store: SqlStore, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = Chat("chat")
    outbox = outbox_of(store, [chat], clock)
    (one,) = outbox._couriers  # noqa: SLF001 - the moment can be hit from inside alone
    changed, wait, asked = one._changed, one._changed.wait, threading.Event()  # noqa: SLF001 - the same

    def time_is_up(seconds: float | None = None) -> bool:
        if threading.current_thread().name != "trueup-alerts-chat" or asked.is_set():
            return wait(seconds)
        write(store, "AUSDT", "asked for just then")
        one.ask(at_once=False)
        asked.set()
        return False

    monkeypatch.setattr(changed, "wait", time_is_up)
    outbox.notify()
    assert asked.wait(PATIENCE.total_seconds())
    assert one.wait(2, 2)
    assert chat.taken == ["asked for just then"]
    outbox.close()

"""Alerts flow while servers are killed, slow and rate-limiting: none lost, none reordered."""

import signal
import subprocess
import sys
from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.engine.outbox.hand import PATIENCE, HandClock, outbox_of, write
from trueup.adapters.notify import AppriseSink
from trueup.domain.model.record import RunOutcome
from trueup.engine.outbox.outbox import Outbox
from trueup.storage import SqlStore, open_store

from .servers import TOKEN, Answer, HttpServer, MailServer, too_many

SECOND = timedelta(seconds=1)
SYMBOLS = ("AUSDT", "BUSDT", "CUSDT")
CHAT = f"tgram://{TOKEN}/4242"
BLIND = "❌ TP REBALANCING FAILED\n• Results: the exchange could not be read: 502\n\n❌ it failed"
Arrived = list[tuple[str, str]]


def alerts(store: SqlStore, numbers: Iterable[int]) -> list[str]:
    """Puts an alert of each monitor on record for each number; returns their texts."""
    made = []
    for number in numbers:
        for symbol in SYMBOLS:
            made.append(f"{symbol} filled {number}")
            write(store, symbol, made[-1])
    return made


def until_all_has(outbox: Outbox, store: SqlStore, clock: HandClock) -> None:
    """Lets time pass until nothing is pending."""
    for _ in range(600):
        outbox.deliver(PATIENCE)
        if not store.pending_alerts():
            return
        clock.sleep(SECOND)
    raise AssertionError([(one.id, one.deliveries) for one in store.pending_alerts()][:3])


def check(arrived: Arrived, expected: list[str]) -> None:
    """Each arrived, in the order of its monitor, and again only with its own key.

    Args:
        arrived: the key and the text of each message that the server got.
        expected: the texts, in order.
    """
    assert {text for _, text in arrived} == set(expected)
    assert len(set(arrived)) == len(expected)
    assert len({key for key, _ in arrived}) == len(expected)
    for symbol in SYMBOLS:
        own = [int(text.split()[-1]) for _, text in arrived if text.startswith(symbol)]
        assert all(before <= after for before, after in pairwise(own)), own


def of_telegram(server: HttpServer) -> Arrived:
    """What a phone shows."""
    lines = [document["text"].splitlines() for document in server.taken()]
    return [(each[-1], each[0]) for each in lines]


def of_webhook(server: HttpServer) -> Arrived:
    """What a webhook got, whatever became of its answer."""
    return [(call.headers["idempotency-key"], call.document["text"]) for call in server.calls]


def test_telegram_is_rate_limiting_and_breaks_off(
    telegram: HttpServer, store: SqlStore, clock: HandClock
) -> None:
    asked: list[timedelta] = []
    came: list[timedelta] = []
    for number in range(60):
        limit = too_many(7)
        limit.before = lambda: asked.append(clock.moment())
        answer = {0: limit, 4: Answer(0), 8: Answer(502, {})}.get(number % 12, Answer())
        telegram.answers.append(answer)
        if answer is not limit:
            answer.before = lambda: came.append(clock.moment())
    outbox = outbox_of(store, [AppriseSink(CHAT)], clock)
    expected = alerts(store, range(10))
    outbox.deliver(PATIENCE)
    expected += alerts(store, range(10, 20))
    until_all_has(outbox, store, clock)
    outbox.close()
    check(of_telegram(telegram), expected)
    assert len(asked) >= 5
    for at in asked:
        assert not [one for one in (*came, *asked) if at < one < at + 7 * SECOND]


def test_a_webhook_is_killed_and_comes_back(store: SqlStore, clock: HandClock) -> None:
    first = HttpServer()
    outbox = outbox_of(store, [AppriseSink(f"json://127.0.0.1:{first.port}/hook")], clock)
    expected = alerts(store, range(3))
    outbox.deliver(PATIENCE)
    first.kill()
    expected += alerts(store, range(3, 6))
    for _ in range(5):
        outbox.deliver(PATIENCE)
        clock.sleep(SECOND)
    second = HttpServer(first.port)
    expected += alerts(store, range(6, 9))
    until_all_has(outbox, store, clock)
    outbox.close()
    second.kill()
    check(of_webhook(first) + of_webhook(second), expected)
    assert not set(of_webhook(first)) & set(of_webhook(second))


def test_a_slow_webhook_gets_what_it_had_taken_again_with_the_same_key(
    webhook: HttpServer, store: SqlStore, clock: HandClock
) -> None:
    webhook.answers += [Answer(), Answer(0), Answer(), Answer(0), Answer(503)]
    outbox = outbox_of(store, [AppriseSink(f"json://127.0.0.1:{webhook.port}/hook")], clock)
    expected = alerts(store, range(5))
    until_all_has(outbox, store, clock)
    outbox.close()
    arrived = of_webhook(webhook)
    check(arrived, expected)
    assert len(arrived) > len(expected)


def test_a_mail_server_that_refuses_for_a_while(
    mail: MailServer, store: SqlStore, clock: HandClock
) -> None:
    mail.answers += ["250 OK", "451 later", "421 later", "250 OK", "550 no"]
    url = f"mailto://127.0.0.1:{mail.port}?from=a@b.cc&to=c@d.ee&mode=insecure"
    outbox = outbox_of(store, [AppriseSink(url)], clock)
    expected = alerts(store, range(5))
    until_all_has(outbox, store, clock)
    outbox.close()
    arrived = [(each["Message-ID"], each.get_content().strip()) for each, _ in mail.mails]
    check(arrived, expected)
    assert len(arrived) > len(expected)


def test_one_that_is_down_delays_no_other(
    telegram: HttpServer, webhook: HttpServer, store: SqlStore, clock: HandClock
) -> None:
    sinks = [AppriseSink(CHAT), AppriseSink(f"json://127.0.0.1:{webhook.port}/hook")]
    telegram.kill()
    outbox = outbox_of(store, sinks, clock)
    expected = alerts(store, range(10))
    outbox.deliver(PATIENCE)
    check(of_webhook(webhook), expected)
    assert store.pending_alerts()
    outbox.close()


def test_one_cause_on_many_monitors_is_one_message_with_the_keys_of_all(
    webhook: HttpServer, store: SqlStore, clock: HandClock
) -> None:
    for number in range(50):
        write(store, f"S{number}USDT", BLIND, RunOutcome.FAILED)
    outbox = outbox_of(store, [AppriseSink(f"json://127.0.0.1:{webhook.port}/hook")], clock)
    until_all_has(outbox, store, clock)
    outbox.close()
    *alone, together = webhook.taken()
    assert len(alone) == 3
    assert together["title"] == "❌ TP REBALANCING FAILED: 47 monitors"
    keys = {each["key"] for each in (*alone, *together["includes"])}
    assert len(keys) == 50


def killed_after_delivery(url: str, port: int) -> int:
    """Delivers in a process that is killed once the webhook has answered; its exit code."""
    arguments = [sys.executable, str(Path(__file__).with_name("dying.py")), url, str(port)]
    return subprocess.run(arguments, check=False).returncode  # noqa: S603 - our own program


@pytest.mark.parametrize("deaths", [1, 3])
def test_a_process_that_is_killed_before_it_notes_the_answer_repeats_with_the_same_key(
    webhook: HttpServer, tmp_path: Path, clock: HandClock, deaths: int
) -> None:
    url = f"sqlite:///{tmp_path}/dying.db"
    with open_store(url) as store:
        expected = alerts(store, range(2))
    for _ in range(deaths):
        assert killed_after_delivery(url, webhook.port) == -signal.SIGKILL
    with open_store(url) as store:
        sink = AppriseSink(f"json://127.0.0.1:{webhook.port}/hook", name="hook")
        outbox = outbox_of(store, [sink], clock)
        until_all_has(outbox, store, clock)
        outbox.close()
    arrived = of_webhook(webhook)
    check(arrived, expected)
    assert len(arrived) == len(expected) + deaths

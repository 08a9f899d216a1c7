"""One alert to one service: what arrives, and what a refusal says."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from trueup.adapters.notify import AppriseSink
from trueup.domain.model.alert import Alert
from trueup.domain.model.errors import ConfigurationError, NotTaken
from trueup.domain.model.identity import MonitorKey, Side
from trueup.domain.model.record import RunOutcome

from .servers import TOKEN, Answer, HttpServer, MailServer, too_many

RULE = "━━━━━━━━━━━━━━━━━━━━━━━━\n"
TEXT = """❌ TP REBALANCING FAILED
━━━━━━━━━━━━━━━━━━━━━━━━
🪞 Account: MIRROR
📊 BANDUSDT Sell

📋 Summary:
• Position Size: 1000
• Results: <the exchange> could not be read & said "502"

❌ TP rebalancing has failed; trueup will try again"""
ALERT = Alert(
    "5f2c",
    MonitorKey("mirror", "BANDUSDT", Side.SELL),
    RunOutcome.FAILED,
    TEXT,
    datetime(2026, 1, 31, 12, tzinfo=UTC),
    identity="17-5f2c",
)
CHAT = f"tgram://{TOKEN}/4242"


def refused(sink: AppriseSink, alert: Alert = ALERT) -> NotTaken:
    """What the sink raises."""
    with pytest.raises(NotTaken) as raised:
        sink.deliver(alert)
    return raised.value


def test_telegram_gets_the_text_and_the_key(telegram: HttpServer) -> None:
    AppriseSink(CHAT, name="phone").deliver(ALERT)
    (call,) = telegram.calls
    assert call.path == f"/bot{TOKEN}/sendMessage"
    assert call.document["chat_id"] == 4242
    assert call.document["text"] == f"{TEXT.replace(RULE, '')}\n\n🔑 17-5f2c"
    assert call.document["entities"] == [{"type": "bold", "offset": 0, "length": 23}]


def test_what_is_too_long_for_one_message_arrives_as_several(telegram: HttpServer) -> None:
    lines = [f"line {number} of a long alert" for number in range(400)]
    AppriseSink(CHAT).deliver(replace(ALERT, text="\n".join(("❌ LONG", *lines))))
    assert len(telegram.calls) > 1
    whole = "\n".join(call.document["text"] for call in telegram.calls)
    assert whole == "\n".join(("❌ LONG", *lines, "", "🔑 17-5f2c"))


def test_telegram_says_how_long_it_wants_to_be_left_alone(telegram: HttpServer) -> None:
    telegram.answers.append(too_many(35))
    raised = refused(AppriseSink(CHAT))
    assert raised.retry_after == timedelta(seconds=35)
    assert raised.message == "HTTP 429: Too Many Requests: retry after 35"
    assert not raised.is_final


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "Unauthorized"),
        (404, "Not Found"),
        (403, "Forbidden: bot was blocked by the user"),
        (400, "Bad Request: chat not found"),
    ],
)
def test_what_only_a_person_can_mend_is_refused_for_good(
    telegram: HttpServer, status: int, said: str
) -> None:
    telegram.answers.append(Answer(status, {"ok": False, "description": said}))
    raised = refused(AppriseSink(CHAT))
    assert raised.is_final
    assert raised.message == f"HTTP {status}: {said}"


def test_what_may_pass_is_not_refused_for_good(telegram: HttpServer) -> None:
    telegram.answers += [Answer(502, {}), Answer(0)]
    sink = AppriseSink(CHAT)
    assert [refused(sink).is_final for _ in range(2)] == [False, False]


def test_a_webhook_that_answers_429_is_left_alone_for_ever_longer(webhook: HttpServer) -> None:
    sink = AppriseSink(f"json://127.0.0.1:{webhook.port}/hook")
    webhook.answers += [Answer(429), Answer(429), Answer(200), Answer(429)]
    first, second = refused(sink), refused(sink)
    sink.deliver(ALERT)
    asked = [each.retry_after for each in (first, second, refused(sink))]
    assert asked == [timedelta(seconds=seconds) for seconds in (15, 30, 15)]
    assert first.message.startswith("HTTP 429: ")
    assert not first.is_final


def test_a_webhook_gets_fields_and_the_key_as_its_header(webhook: HttpServer) -> None:
    sink = AppriseSink(f"json://127.0.0.1:{webhook.port}/hook?+X-Own=mine")
    sink.deliver(ALERT)
    sink.deliver(replace(ALERT, identity="18-aaaa", includes=(ALERT,)))
    first, second = webhook.calls
    assert first.path == "/hook"
    assert [call.headers["idempotency-key"] for call in webhook.calls] == ["17-5f2c", "18-aaaa"]
    assert first.headers["x-own"] == "mine"
    assert first.document["title"] == "❌ TP REBALANCING FAILED"
    assert "🔑" not in first.document["message"]
    named = {
        "key": "17-5f2c",
        "run": "5f2c",
        "account": "mirror",
        "symbol": "BANDUSDT",
        "side": "Sell",
        "status": "FAILED",
        "created_at": "2026-01-31T12:00:00+00:00",
    }
    assert {name: first.document[name] for name in named} == named
    assert first.document["text"] == TEXT
    assert first.document["includes"] == []
    (included,) = second.document["includes"]
    assert {name: included[name] for name in named} == named


def test_mail_has_the_key_as_its_message_id(mail: MailServer) -> None:
    sink = AppriseSink(
        f"mailto://127.0.0.1:{mail.port}?from=trueup@example.com&to=me@example.com&mode=insecure"
    )
    sink.deliver(ALERT)
    sink.deliver(ALERT)
    (first, receivers), (second, _) = mail.mails
    assert receivers == ("me@example.com",)
    assert first["Message-ID"] == second["Message-ID"] == "<17-5f2c.trueup@example.com>"
    assert first["Subject"] == "❌ TP REBALANCING FAILED (mirror BANDUSDT)"
    assert "• Position Size: 1000" in first.get_content()


def test_a_mail_server_that_refuses_is_no_success(mail: MailServer) -> None:
    mail.answers += ["451 try later", "554 no"]
    sink = AppriseSink(
        f"mailto://127.0.0.1:{mail.port}?from=trueup@example.com&to=me@example.com&mode=insecure"
    )
    assert [refused(sink).is_final for _ in range(2)] == [False, False]
    sink.deliver(ALERT)


def test_nobody_listens(webhook: HttpServer, mail: MailServer) -> None:
    hook = AppriseSink(f"json://127.0.0.1:{webhook.port}/hook")
    post = AppriseSink(f"mailto://127.0.0.1:{mail.port}?from=a@b.cc&to=c@d.ee&mode=insecure")
    webhook.kill()
    mail.kill()
    assert "onnection" in refused(hook).message
    assert refused(post).message == "the mail server cannot be used: ConnectionRefusedError"


def test_one_that_answers_late_is_waited_for(webhook: HttpServer) -> None:
    answers = Event()
    webhook.answers.append(Answer(before=lambda: answers.wait(30)))
    sink = AppriseSink(f"json://127.0.0.1:{webhook.port}/hook?rto=0.05")
    refused(sink)
    answers.set()
    sink.deliver(ALERT)
    keys = {call.headers["idempotency-key"] for call in webhook.calls}
    assert keys == {"17-5f2c"}


def test_no_log_error_or_name_has_the_secret(
    telegram: HttpServer, caplog: pytest.LogCaptureFixture
) -> None:
    secret = TOKEN.partition(":")[2]
    sink = AppriseSink(CHAT)
    telegram.answers += [
        Answer(400, {"description": f"cannot use {TOKEN}"}),
        Answer(200),
        Answer(0),
    ]
    with caplog.at_level(logging.DEBUG):
        said = [refused(sink), None, None]
        sink.deliver(ALERT)
        said[1] = refused(sink)
        with pytest.raises(ConfigurationError) as raised:
            AppriseSink(f"tgram://{TOKEN}/4242/4343")
    everything = f"{sink!r} {sink.name} {said!r} {raised.value} {caplog.text}"
    assert secret not in everything


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("4242", "has the form"),
        ("nosuch://s3cret-s3cret", "does not understand"),
        (f"tgram://{TOKEN}/4242/4343", "names 2 receivers"),
        (f"tgram://{TOKEN}", "names 0 receivers"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_beforehand(url: str, why: str) -> None:
    with pytest.raises(ConfigurationError, match=why) as raised:
        AppriseSink(url)
    assert "s3cret" not in str(raised.value)

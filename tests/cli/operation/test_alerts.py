"""``trueup alerts``: list, resend and test, without an engine and beside one."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest

from trueup.cli.commands.regular.daily import put_out_if_due
from trueup.cli.configuration.loading import load
from trueup.cli.configuration.opening import open_reconciler
from trueup.simulator import Simulator

from ...adapters.notify.servers import TOKEN, Answer, HttpServer, serving
from ..desk import KEYS, MIRROR, SYMBOL, Desk, Process
from .test_control import runs


@pytest.fixture
def hook() -> Iterator[HttpServer]:
    """A webhook's server."""
    with serving() as server:
        yield server


def write(desk: Desk, text: str) -> None:
    """The desk's configuration, with that at its end."""
    desk.write()
    with desk.config.open("a", encoding="utf-8") as file:
        file.write(text)


def target(name: str, hook: HttpServer, more: str = "") -> str:
    """A receiver of that name."""
    return f'\n[alerts.to.{name}]\nurl = "json://127.0.0.1:{hook.port}/{name}"\n{more}\n'


@pytest.fixture
def alerted(desk: Desk, hook: HttpServer) -> list[dict[str, Any]]:
    """What is on record after one run of each monitor."""
    write(desk, target("bot", hook) + target("errors", hook, 'levels = ["error"]'))
    assert desk("run", "--once").exit_code == 0
    return list(desk.json("alerts", "list"))


def test_a_run_tells_the_receivers_that_want_it(
    alerted: list[dict[str, Any]], hook: HttpServer
) -> None:
    assert [one["account"] for one in alerted] == ["main", "mirror"]
    assert {call.path for call in hook.calls} == {"/bot"}
    got = {call.document["key"] for call in hook.calls}
    assert got == {f"{one['number']}-{one['run_id']}" for one in alerted}
    assert [call.document["kinds"] for call in hook.calls] == [["repair"]] * 2


TYPO = ('account = "mirror"\nsymbol = "BANDUSDT"', 'account = "mirror"\nsymbol = "BONDUSDT"')


def test_a_refused_monitor_is_told_once_and_that_it_is_right_again(
    desk: Desk, hook: HttpServer
) -> None:
    write(desk, bot := target("bot", hook, 'kinds = ["refused"]'))
    right, wrong = desk.text + bot, desk.text.replace(*TYPO) + bot
    for text, code in ((right, 0), (wrong, 1), (wrong, 1), (right, 0), (right, 0)):
        desk.config.write_text(text, encoding="utf-8")
        assert desk("run", "--once").exit_code == code
    refused, over = (call.document for call in hook.calls)
    assert (refused["symbol"], refused["status"], refused["level"]) == (
        "BONDUSDT",
        "SKIPPED",
        "warning",
    )
    assert "the exchange does not trade this symbol" in refused["text"]
    assert over["title"] == "☑️ MONITOR NO LONGER REFUSED"
    assert "the configuration does not name it any more" in over["text"]


def test_a_service_tells_of_refused_monitors_at_its_start_and_at_a_reload(
    desk: Desk, hook: HttpServer
) -> None:
    bot = target("bot", hook, 'kinds = ["refused"]')
    desk.config.write_text(desk.text.replace(*TYPO) + bot, encoding="utf-8")
    process = desk.process("run", "--json")
    hook.wait(lambda calls: len(calls) == 1)
    desk.config.write_text(desk.text + bot, encoding="utf-8")
    process.send_signal(signal.SIGHUP)
    hook.wait(lambda calls: len(calls) == 2)
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert [call.document["status"] for call in hook.calls] == ["SKIPPED", "IN_SYNC"]


def test_the_list_says_who_has_it(alerted: list[dict[str, Any]], desk: Desk) -> None:
    sinks = [each["sink"] for each in alerted[0]["deliveries"]]
    assert sorted(sinks) == ["StderrSink", "bot"]
    assert "bot has it" in desk("alerts", "list").stdout
    assert desk.json("alerts", "list", "--undelivered") == []
    assert len(desk.json("alerts", "list", "--last", "1")) == 1


def test_what_is_refused_is_undelivered_with_its_reason(desk: Desk, hook: HttpServer) -> None:
    write(desk, target("bot", hook))
    hook.answers += [Answer(503)] * 20
    assert desk("run", "--once").exit_code == 1
    first, *_ = desk.json("alerts", "list", "--undelivered")
    (bot,) = [each for each in first["deliveries"] if each["sink"] == "bot"]
    assert bot["error"].startswith("HTTP 503: ")
    assert bot["delivered_at"] is None


def test_one_is_sent_again_with_its_key(
    alerted: list[dict[str, Any]], desk: Desk, hook: HttpServer
) -> None:
    number = alerted[0]["number"]
    before = len(hook.calls)
    said = desk.json("alerts", "resend", str(number), "--to", "bot")
    assert said["answers"] == {"bot": ""}
    (again,) = hook.calls[before:]
    (first,) = [call for call in hook.calls[:before] if call.document["key"] == said["key"]]
    assert again.headers["idempotency-key"] == said["key"]
    assert again.document == first.document


def test_there_is_no_such_alert(alerted: list[dict[str, Any]], desk: Desk) -> None:
    assert len(alerted) == 2
    result = desk("alerts", "resend", "99")
    assert result.exit_code == 2
    assert "there is no alert 99" in result.output


def test_a_test_reaches_every_receiver_and_shows_each_answer(desk: Desk, hook: HttpServer) -> None:
    write(desk, target("bot", hook) + target("errors", hook, 'levels = ["error"]'))
    assert desk("alerts", "test").exit_code == 0
    assert [call.path for call in hook.calls] == ["/bot", "/errors"]
    hook.answers += [Answer(401), Answer(200)]
    result = desk("alerts", "test")
    assert result.exit_code == 1
    assert "bot: HTTP 401: " in result.stdout
    assert "errors: it has it" in result.stdout
    assert desk("alerts", "test", "--to", "errors").exit_code == 0
    assert desk("alerts", "test", "--to", "nobody").exit_code == 2


def test_no_receiver_and_no_secret_is_a_line(desk: Desk) -> None:
    result = desk("alerts", "test")
    assert result.exit_code == 2
    assert "names no receiver" in result.output
    write(desk, f'\n[alerts.to.phone]\nurl = "tgram://{TOKEN}/4242"\n')
    result = desk("alerts", "test")
    assert result.exit_code == 2
    assert TOKEN not in result.output


def test_beside_a_running_engine(desk: Desk, hook: HttpServer, sim: Simulator) -> None:
    write(desk, target("bot", hook))
    engine: Process = desk.process("run", "--json")
    assert len(list(islice(runs(engine), 2))) == 2
    sim.open_position(MIRROR, SYMBOL, "Buy", "600", "0.6900")
    hook.wait(lambda calls: len(calls) >= 3)
    listed = desk.json("alerts", "list")
    number = listed[0]["number"]
    said = desk.json("alerts", "resend", str(number))
    keys = [call.document["key"] for call in hook.calls]
    assert keys.count(said["key"]) == 2
    assert desk("alerts", "test").exit_code == 0
    engine.send_signal(signal.SIGTERM)
    engine.communicate()
    assert engine.returncode == 0


def test_the_engine_sends_heartbeats(desk: Desk, hook: HttpServer) -> None:
    write(desk, f'\n[alerts.heartbeat]\nurl = "{hook.url}/beat"\nevery_seconds = 0.05\n')
    engine = desk.process("run", "--json")
    hook.wait(lambda calls: len(calls) >= 3)
    assert {call.path for call in hook.calls} == {"/beat"}
    engine.send_signal(signal.SIGTERM)
    engine.communicate()
    assert engine.returncode == 0


def digests(desk: Desk) -> list[str]:
    """The digests on record."""
    listed = desk.json("alerts", "list", "--last", "100")
    return [one["text"] for one in listed if one["kinds"] == "digest"]


def test_the_engine_sends_the_digest(desk: Desk, hook: HttpServer) -> None:
    more = '\n[alerts]\ndigest_at = "00:00"\nzone = "Europe/Berlin"\n'
    write(desk, more + target("bot", hook, 'kinds = ["digest"]'))
    engine = desk.process("run", "--json")
    hook.wait(lambda calls: len(calls) >= 1)
    engine.send_signal(signal.SIGTERM)
    engine.communicate()
    assert engine.returncode == 0
    (document,) = (call.document for call in hook.calls)
    assert document["kinds"] == ["digest"]
    assert (document["account"], document["symbol"], document["side"]) == (None, None, None)
    assert len(digests(desk)) == 1


def test_a_digest_is_put_out_once_a_day_over_restarts_and_late_rather_than_never(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    write(desk, '\n[alerts]\ndigest_at = "08:00"\n')
    loaded = load(desk.config)
    late = (datetime.now(UTC) + timedelta(days=1)).replace(hour=10)
    made = []
    for now in (late, late, late + timedelta(hours=1)):
        with open_reconciler(loaded, loaded.options.store.url) as reconciler:
            made.append(put_out_if_due(reconciler, loaded, now))
    with open_reconciler(loaded, loaded.options.store.url) as reconciler:
        days = (late + timedelta(days=number) for number in (1, 1, 4, 4))
        made += [put_out_if_due(reconciler, loaded, now) for now in days]
    assert made == [True, False, False, True, False, True, False]
    assert len(digests(desk)) == 3

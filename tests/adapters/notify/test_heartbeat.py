"""The heartbeat: sent while all is well, and never in anybody's way."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from loguru import logger

from trueup import Alert, MonitorKey, RunOutcome, Side
from trueup.adapters.notify.heartbeat import Heartbeat
from trueup.domain.model.alert import PendingAlert
from trueup.domain.model.identity import Role
from trueup.domain.model.record import MonitorRecord, Reported
from trueup.domain.reporting.delivery.wellness import LASTING, Health, why_unwell

from .servers import Answer, HttpServer

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
STALE = timedelta(seconds=120)
KEY = MonitorKey("main", "BANDUSDT", Side.SELL)


@pytest.fixture
def said() -> Iterator[list[str]]:
    """What is logged."""
    lines: list[str] = []
    number = logger.add(lambda line: lines.append(str(line)), format="{message}")
    yield lines
    logger.remove(number)


def health(
    reported: Reported | None = None, swept: datetime = NOW, pending: datetime | None = None
) -> Health:
    """One monitor, swept then, with an alert that is pending since then."""
    record = MonitorRecord(1, KEY, Role.MAIN, None, None, reported=reported)
    alerts = [Alert("r1", KEY, RunOutcome.FAILED, "", at) for at in (pending,) if at is not None]
    return Health((record,), {"main": swept}, tuple(PendingAlert(1, one) for one in alerts))


def test_all_is_well() -> None:
    assert why_unwell(health(), NOW, STALE) == ""
    short = Reported(uncovered_since=NOW - LASTING / 2)
    assert why_unwell(health(short, NOW - STALE, NOW - LASTING / 2), NOW, STALE) == ""


def test_each_reason_against_it() -> None:
    assert why_unwell(health(swept=NOW - 2 * STALE), NOW, STALE) == "main was not read within 120 s"
    bare = health(Reported(uncovered_since=NOW - LASTING))
    assert why_unwell(bare, NOW, STALE) == "main BANDUSDT Sell is uncovered"
    assert why_unwell(health(pending=NOW - LASTING), NOW, STALE) == "alerts do not arrive"
    never = Health(health().monitors, {}, ())
    assert why_unwell(never, NOW, STALE) == "main was not read within 120 s"


def test_it_is_sent_while_all_is_well_and_its_failures_disturb_nobody(
    webhook: HttpServer, said: list[str]
) -> None:
    why = [""]
    heartbeat = Heartbeat(f"{webhook.url}/s3cret-s3cret", 60, lambda: why[0])
    assert heartbeat.beat()
    why[0] = "main BANDUSDT Sell is unprotected"
    assert not heartbeat.beat()
    assert len(webhook.calls) == 1
    why[0] = ""
    assert heartbeat.beat()
    webhook.answers += [Answer(500), Answer(0)]
    assert [heartbeat.beat() for _ in range(3)] == [False, False, True]
    webhook.kill()
    assert not heartbeat.beat()
    assert [line.strip() for line in said] == [
        "no heartbeat is sent: main BANDUSDT Sell is unprotected",
        "heartbeats are sent again",
        "no heartbeat is sent: its URL answers 500",
        "heartbeats are sent again",
        "no heartbeat is sent: its URL cannot be reached: ConnectionError",
    ]


def test_what_cannot_be_read_is_not_well(webhook: HttpServer) -> None:
    def broken() -> str:
        raise OSError("the disk is gone")

    assert not Heartbeat(webhook.url, 60, broken).beat()
    assert not webhook.calls


def test_it_beats_by_itself_until_it_is_stopped(webhook: HttpServer) -> None:
    heartbeat = Heartbeat(webhook.url, 0.01, str)
    heartbeat.start()
    webhook.wait(lambda calls: len(calls) >= 3)
    heartbeat.stop()

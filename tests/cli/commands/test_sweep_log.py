"""A dead exchange fills no log: it is said once a minute, and once that it answers again."""

from datetime import UTC, datetime

from loguru import logger

from trueup import Sweep
from trueup.cli.commands.run import SweepLog

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def test_an_account_that_cannot_be_read_is_logged_once_a_minute() -> None:
    lines: list[str] = []
    seconds = [0.0]
    handler = logger.add(lines.append, level="INFO", format="{extra[account]} {message}")
    log = SweepLog(lambda: seconds[0])
    try:
        for _ in range(100):
            for account in ("main", "mirror"):
                log(Sweep(account, NOON, 1, unreadable="the account could not be read: 502"))
            seconds[0] += 1.2
        log(Sweep("main", NOON, 1))
        log(Sweep("main", NOON, 1))
    finally:
        logger.remove(handler)
    said = [line.strip() for line in lines]
    assert said == [
        *["main the account could not be read: 502", "mirror the account could not be read: 502"]
        * 2,
        "main the account can be read again",
    ]

"""Which keys bar their account, which warn, and when an alert of the expiry is due."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from trueup import Account, PositionMode, Side
from trueup.domain.keys.facts import (
    KeyAnswer,
    KeyFacts,
    KeyRecord,
    KeyRefused,
    KeyUnread,
    NoKeyFacts,
    fingerprint_of,
)
from trueup.domain.keys.judgement import expiry_due, expiry_text, judge
from trueup.domain.keys.position_mode import wrong_mode
from trueup.domain.model.order import Position

NOW = datetime(2026, 5, 10, 12, tzinfo=UTC)
GOOD = KeyFacts("101", ips=("10.1.2.3",))
RECORD = KeyRecord("f", "main", "101", datetime(2026, 5, 1, tzinfo=UTC))
DAY = timedelta(days=1)


def test_a_good_key_may_write_and_warns_of_nothing() -> None:
    verdict = judge(GOOD, None, NOW)
    assert (verdict.barred, verdict.warnings, verdict.uid) == ("", (), "101")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (replace(GOOD, read_only=True), "may only read"),
        (replace(GOOD, may_trade=False), "lacks the permission to trade contracts"),
        (replace(GOOD, is_supported=False), "unified trading account"),
        (KeyRefused(10003, "wrong key, or key of another environment"), "10003: wrong key"),
        (KeyUnread("HTTP 502"), "never identified"),
    ],
)
def test_what_bars_an_account_says_what_to_do(answer: KeyAnswer, words: str) -> None:
    assert words in judge(answer, None, NOW).barred


def test_an_account_goes_on_by_the_record_while_the_exchange_cannot_be_asked() -> None:
    verdict = judge(KeyUnread("HTTP 502"), RECORD, NOW)
    assert (verdict.barred, verdict.uid) == ("", "101")
    assert "HTTP 502" in verdict.warnings[0]
    assert "2026-05-01" in verdict.warnings[0]


def test_an_environment_that_says_nothing_of_keys_bars_nobody() -> None:
    verdict = judge(NoKeyFacts(), None, NOW)
    assert verdict.barred == ""
    assert "equal keys alone" in verdict.warnings[0]


def test_a_key_without_an_address_and_one_that_expires_soon_are_warned_of() -> None:
    loose = judge(replace(GOOD, ips=()), None, NOW)
    ending = judge(replace(GOOD, expires_at=NOW + 14 * DAY), None, NOW)
    assert (loose.barred, ending.barred) == ("", "")
    assert "bound to no IP address" in loose.warnings[0]
    assert "in 14 days" in ending.warnings[0]
    assert judge(replace(GOOD, expires_at=NOW + 15 * DAY), None, NOW).warnings == ()


@pytest.mark.parametrize(
    ("left", "alerted", "due"),
    [
        (15 * DAY, None, None),
        (14 * DAY, None, 14),
        (10 * DAY, None, 14),
        (10 * DAY, 14, None),
        (7 * DAY, 14, 7),
        (5 * DAY, None, 7),
        (timedelta(hours=2), 3, 1),
        (-DAY, 1, 0),
        (-DAY, 0, None),
    ],
)
def test_the_expiry_is_alerted_at_few_moments_once_each(
    left: timedelta, alerted: int | None, due: int | None
) -> None:
    at = NOW + left
    record = replace(RECORD, expires_at=at, expiry_alerted=alerted)
    assert expiry_due(replace(GOOD, expires_at=at), record, NOW) == due


def test_a_key_that_was_renewed_is_alerted_anew() -> None:
    record = replace(RECORD, expires_at=NOW + DAY, expiry_alerted=1)
    assert expiry_due(replace(GOOD, expires_at=NOW + 90 * DAY), record, NOW) is None
    assert expiry_due(replace(GOOD, expires_at=NOW + 10 * DAY), record, NOW) == 14
    assert "now expired" in expiry_text(NOW - DAY, NOW)


def test_a_fingerprint_tells_keys_apart_and_reveals_none() -> None:
    account = Account("main", "a-key-of-mine", "a-secret")
    twin = replace(account, name="other", api_secret="another")
    elsewhere = replace(account, environment="testnet")
    assert fingerprint_of(account) == fingerprint_of(twin)
    assert fingerprint_of(account) != fingerprint_of(elsewhere)
    assert "a-key-of-mine" not in fingerprint_of(account)


@pytest.mark.parametrize(
    ("index", "configured", "words"),
    [
        (0, PositionMode.ONE_WAY, ""),
        (1, PositionMode.HEDGE, ""),
        (1, PositionMode.ONE_WAY, 'set `position_mode = "hedge"`'),
        (0, PositionMode.HEDGE, 'set `position_mode = "one_way"`'),
    ],
)
def test_a_position_shows_the_mode_that_has_to_be_set(
    index: int, configured: PositionMode, words: str
) -> None:
    position = Position("BANDUSDT", Side.BUY, Decimal(5), Decimal(1), position_index=index)
    assert words in wrong_mode(position, configured)
    assert bool(words) is bool(wrong_mode(position, configured))
    assert wrong_mode(replace(position, size=Decimal(0)), configured) == ""

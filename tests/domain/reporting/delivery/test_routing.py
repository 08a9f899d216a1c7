"""Which alerts a sink gets."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from trueup import (
    Alert,
    AlertFacts,
    AlertKind,
    ConfigurationError,
    EventKind,
    Lack,
    MonitorKey,
    Route,
    RunOutcome,
    Side,
)

AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
FILL = (EventKind.LEVEL_FILLED, AlertKind.REPAIR)


def alert(
    kinds: tuple[str, ...] = FILL,
    status: RunOutcome = RunOutcome.SUCCESS,
    account: str = "main",
    unprotected: Lack | None = None,
) -> Alert:
    """An alert of that kind."""
    facts = AlertFacts(kinds=kinds, unprotected=unprotected)
    return Alert("r1", MonitorKey(account, "BANDUSDT", Side.SELL), status, "", AT, facts=facts)


def test_who_names_nothing_gets_everything() -> None:
    assert Route().wants(alert())
    assert Route().wants(alert((), RunOutcome.FAILED, "mirror"))


def test_one_kind_of_several_is_enough() -> None:
    assert Route.of(kinds=["level-filled"]).wants(alert())
    assert not Route.of(kinds=["problem", "unprotected"]).wants(alert())


def test_an_alert_without_kinds_on_record_is_wanted() -> None:
    assert Route.of(kinds=["problem"]).wants(alert(()))


@pytest.mark.parametrize(
    ("status", "level"),
    [
        (RunOutcome.SUCCESS, "info"),
        (RunOutcome.IN_SYNC, "info"),
        (RunOutcome.PARTIAL, "warning"),
        (RunOutcome.SKIPPED, "warning"),
        (RunOutcome.FAILED, "error"),
    ],
)
def test_the_level_is_that_of_the_outcome(status: RunOutcome, level: str) -> None:
    for one in ("info", "warning", "error"):
        assert Route.of(levels=[one]).wants(alert(status=status)) is (one == level)


def test_an_unprotected_position_is_an_error_whatever_the_run_did() -> None:
    bare = alert(status=RunOutcome.PARTIAL, unprotected=Lack(Decimal(1000)))
    assert Route.of(levels=["error"]).wants(bare)


def test_an_account_gets_its_own_alerts_and_those_of_the_service() -> None:
    route = Route.of(accounts=["mirror"])
    assert route.wants(alert(account="mirror"))
    assert not route.wants(alert(account="main"))
    assert route.wants(alert((AlertKind.SERVICE,), RunOutcome.FAILED, "main"))
    assert not route.wants(alert((AlertKind.DIGEST,), account=""))


@pytest.mark.parametrize("named", [{"kinds": ["fills"]}, {"levels": ["loud"]}])
def test_a_word_that_there_is_not_is_refused(named: dict[str, list[str]]) -> None:
    with pytest.raises(ConfigurationError, match="of alerts"):
        Route.of(**named)

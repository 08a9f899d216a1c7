"""Whose key is it, over real HTTP: who may write, who is refused, and what people read of it."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from loguru import logger

from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import Account, RunOutcome, RunReport
from trueup.adapters.bybit import BybitExchange
from trueup.domain.ports import Exchange
from trueup.simulator import Fault, FaultKind

MAIN, MIRROR = UIDS["main"], UIDS["mirror"]
QUERY = "user/query-api"
AWAY = Fault(kind=FaultKind.SERVER_ERROR, path=QUERY, status=502, times=None)
KEYS = {MAIN: ("main-key", "main-secret"), MIRROR: ("mirror-key", "mirror-secret")}


class Asking(Stage):
    """A stage whose accounts ask whose their keys are.

    Attributes:
        mirror_key: the key and the secret of the account "mirror".
    """

    mirror_key = KEYS[MIRROR]

    def accounts(self) -> list[Account]:
        """The main account, and a mirror that follows nobody."""
        main, mirror = super().accounts()
        key, secret = self.mirror_key
        return [main, replace(mirror, api_key=key, api_secret=secret)]

    def connect(self, account: Account) -> Exchange:
        """The account's real adapter."""
        return BybitExchange(account, self.patience, clock=self.clock)

    def reopen(self) -> None:
        """Another process on the same database."""
        self.reconciler.close()
        self.reconciler = self.open()

    def run(self) -> tuple[RunReport, ...]:
        """Watches both positions, and runs both monitors; main's first."""
        for name in UIDS:
            self.reconciler.watch(name, "BANDUSDT", "Sell", BAND_LADDER)
        return self.reconciler.reconcile_all()

    def covered(self, uid: str) -> Decimal:
        """What orders of a UID cover."""
        return sum((order.quantity for order in self.sim.orders(uid)), Decimal(0))

    def texts(self, name: str) -> list[str]:
        """The alerts of an account."""
        return [alert.text for alert in self.alerts if alert.key.account == name]

    def key_of(self, uid: str, **facts: Any) -> None:  # noqa: ANN401 - add_key's own
        """Changes the key of a UID."""
        key, secret = KEYS[uid]
        self.sim.add_key(uid=uid, api_key=key, api_secret=secret, **facts)

    def asked(self) -> list[str]:
        """The UIDs whose keys were asked about, in order."""
        return [each.uid for each in self.sim.requests if QUERY in each.path]

    def writes_of(self, uid: str) -> int:
        """How many write requests of a UID left."""
        return sum(request.uid == uid for request in self.writes())


class OneKeyTwice(Asking):
    """Both names have the same key."""

    mirror_key = KEYS[MAIN]


class TwoKeysOfOneUid(Asking):
    """Each name has a key, and both keys are of one UID."""

    mirror_key = ("other-key", "other-secret")


def opened(kind: type[Asking], path: Path) -> Asking:
    """A stage with a position of 1000 on each UID."""
    stage = kind(path)
    stage.sim.add_key(uid=MAIN, api_key="other-key", api_secret="other-secret")
    for uid in (MAIN, MIRROR):
        stage.sim.open_position(uid, "BANDUSDT", "Sell", "1000", "0.6800")
    return stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Asking]:
    """Two accounts, each with a key of its own."""
    with opened(Asking, tmp_path) as made:
        yield made


@pytest.fixture(params=[OneKeyTwice, TwoKeysOfOneUid])
def two_names(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Asking]:
    """Two names for one UID."""
    with opened(request.param, tmp_path) as made:
        yield made


def test_the_second_name_of_a_uid_sends_no_write(two_names: Asking) -> None:
    main, mirror = two_names.run()
    assert two_names.covered(MAIN) == 1000
    assert (main.outcome, mirror.outcome) == (RunOutcome.SUCCESS, RunOutcome.SKIPPED)
    (text,) = two_names.texts("mirror")
    assert "no write leaves" in text
    assert "account 'main', so both names" in text
    assert "• Position Size: 1000" in text


def test_the_second_name_waits_for_the_first_whoever_is_run_first(two_names: Asking) -> None:
    two_names.run()
    two_names.reopen()
    mirror, main = (two_names.reconciler.store.monitors()[n].key for n in (1, 0))
    assert two_names.reconciler.reconcile(mirror).outcome is RunOutcome.SKIPPED
    assert two_names.reconciler.reconcile(main).outcome is RunOutcome.IN_SYNC
    assert two_names.covered(MAIN) == 1000


def test_the_second_name_stays_refused_while_nobody_can_be_asked(two_names: Asking) -> None:
    two_names.run()
    two_names.sim.inject(AWAY)
    two_names.reopen()
    main, mirror = two_names.run()
    assert (main.outcome, mirror.outcome) == (RunOutcome.IN_SYNC, RunOutcome.SKIPPED)
    assert two_names.covered(MAIN) == 1000


@pytest.mark.parametrize(
    ("facts", "outcome", "words"),
    [
        ({"read_only": True}, "SKIPPED", "may only read"),
        ({"contract_trade": ()}, "SKIPPED", "permission to trade contracts"),
        ({"ips": ("10.9.9.9",)}, "FAILED", "10010: IP not on the key's list"),
        ({"expires_ms": 1}, "FAILED", "33004: API key expired"),
    ],
)
def test_a_key_that_cannot_trade_refuses_its_account_and_no_other(
    stage: Asking, facts: dict[str, Any], outcome: str, words: str
) -> None:
    stage.key_of(MIRROR, **facts)
    assert [each.outcome.value for each in stage.run()] == ["SUCCESS", outcome]
    assert stage.covered(MAIN) == 1000
    assert stage.writes_of(MIRROR) == 0
    assert any(words in text for text in stage.texts("mirror"))
    stage.run()
    assert len(stage.texts("mirror")) == 1
    stage.key_of(MIRROR)
    stage.clock.advance(60_000)
    assert stage.run()[1].outcome is RunOutcome.SUCCESS
    assert stage.covered(MIRROR) == 1000


def test_a_key_of_another_environment_is_named_with_its_code(tmp_path: Path) -> None:
    class Elsewhere(Asking):
        mirror_key = ("a-key-of-testnet", "its-secret")

    with opened(Elsewhere, tmp_path) as stage:
        assert [each.outcome.value for each in stage.run()] == ["SUCCESS", "FAILED"]
        (text,) = stage.texts("mirror")
    assert "10003: API key unknown here: wrong key, or key of another environment" in text
    assert "a-key-of-testnet" not in text


def test_a_classic_account_is_refused(tmp_path: Path) -> None:
    class Classic(Asking):
        mirror_key = ("classic-key", "classic-secret")

    stage = opened(Classic, tmp_path)
    stage.sim.add_account(
        uid="303", api_key="classic-key", api_secret="classic-secret", unified=False
    )
    with stage:
        assert [each.outcome.value for each in stage.run()] == ["SUCCESS", "SKIPPED"]
        assert "unified trading account" in stage.texts("mirror")[0]


def test_a_key_that_was_never_identified_observes_and_is_asked_again(stage: Asking) -> None:
    stage.sim.inject(replace(AWAY, uid=MIRROR))
    main, mirror = stage.run()
    assert (main.outcome, mirror.outcome) == (RunOutcome.SUCCESS, RunOutcome.SKIPPED)
    assert mirror.record.position_size == 1000
    assert stage.writes_of(MIRROR) == 0
    assert "never identified" in stage.texts("mirror")[0]
    asked = stage.asked().count(MIRROR)
    stage.run()
    assert stage.asked().count(MIRROR) == asked
    stage.clock.advance(20_000)
    stage.run()
    assert stage.asked().count(MIRROR) == asked + 1
    stage.sim.clear_faults()
    stage.clock.advance(600_000)
    assert stage.run()[1].outcome is RunOutcome.SUCCESS


def test_a_key_that_nobody_answered_about_for_long_is_asked_about_within_a_minute(
    stage: Asking,
) -> None:
    """An address was barred for ten minutes, and its positions waited for ten more."""
    stage.sim.inject(replace(AWAY, uid=MIRROR))
    for _ in range(8):
        stage.run()
        stage.clock.advance(600_000)
    assert stage.run()[1].outcome is RunOutcome.SKIPPED
    stage.sim.clear_faults()
    stage.clock.advance(60_000)
    assert stage.run()[1].outcome is RunOutcome.SUCCESS


def test_an_endpoint_that_is_away_costs_a_known_key_nothing(stage: Asking) -> None:
    stage.run()
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "500", "0.6800")
    stage.sim.inject(AWAY)
    stage.reopen()
    assert stage.run()[1].outcome is RunOutcome.SUCCESS
    assert stage.covered(MIRROR) == 1500


def test_an_environment_without_the_endpoint_is_reported_once(stage: Asking) -> None:
    lines: list[str] = []
    logger.enable("trueup")
    number = logger.add(lambda line: lines.append(str(line)), level="WARNING")
    try:
        stage.sim.behaviour = replace(stage.sim.behaviour, key_endpoint=False)
        assert [each.outcome.value for each in stage.run()] == ["SUCCESS", "SUCCESS"]
        stage.clock.advance(3_600_000)
        stage.run()
    finally:
        logger.remove(number)

    said = [line for line in lines if "recognised by equal keys alone" in line]
    assert len(said) == 2
    assert len(stage.asked()) == 2


def test_no_secret_is_in_the_database_the_log_or_an_alert(stage: Asking) -> None:
    lines: list[str] = []
    logger.enable("trueup")
    number = logger.add(lambda line: lines.append(str(line)), level="TRACE")
    try:
        stage.key_of(MIRROR, read_only=True, ips=())
        stage.run()
        shown = repr(stage.reconciler.examine()) + repr(stage.reconciler.store.key_records())
    finally:
        logger.remove(number)

    stage.reconciler.close()
    stored = b"".join(each.read_bytes() for each in stage.path.iterdir())
    said = "\n".join((*lines, shown, *(alert.text for alert in stage.alerts)))
    for secret in ("main-key", "main-secret", "mirror-key", "mirror-secret"):
        assert secret not in said
        assert secret.encode() not in stored

"""Accounts side by side: nothing of one reaches another."""

from dataclasses import replace

import pytest

from tests.engine.conftest import MIRROR
from tests.stage import BAND_LADDER, PATIENCE, UIDS, Stage, accounts
from trueup import (
    Account,
    ConfigurationError,
    Fenced,
    InstrumentError,
    LadderError,
    MonitorRecord,
    PositionMode,
    Reconciler,
    Role,
    RunOutcome,
)
from trueup.adapters.bybit import BybitExchange
from trueup.simulator import Fault, FaultKind


def test_a_revoked_key_on_one_account_changes_nothing_on_another(
    stage: Stage, mirror: MonitorRecord
) -> None:
    stage.sim.open_position(UIDS["main"], "BANDUSDT", "Sell", "900", "0.6800")
    main = stage.reconciler.watch("main", "BANDUSDT", "Sell", BAND_LADDER)
    stage.sim.inject(
        Fault(
            kind=FaultKind.RET_CODE, uid=MIRROR, code=10003, text="API key is invalid.", times=None
        )
    )
    reports = {report.key: report for report in stage.reconciler.reconcile_all()}
    assert reports[main.key].outcome is RunOutcome.SUCCESS
    assert reports[mirror.key].outcome is RunOutcome.FAILED
    assert len(stage.sim.orders(UIDS["main"])) == 4
    assert stage.sim.orders(MIRROR) == ()


def test_a_defect_in_one_run_is_no_other_s_affair(stage: Stage, mirror: MonitorRecord) -> None:
    stage.sim.open_position(UIDS["main"], "BANDUSDT", "Sell", "900", "0.6800")
    main = stage.reconciler.watch("main", "BANDUSDT", "Sell", BAND_LADDER)

    def defect() -> None:
        raise RuntimeError("a defect")

    stage.reconciler.reconcile(mirror)
    stage.before("place", defect)
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    ends = {report.key: report.outcome for report in stage.reconciler.reconcile_all()}
    assert ends == {main.key: RunOutcome.FAILED, mirror.key: RunOutcome.SUCCESS}
    assert sorted(alert.key.account for alert in stage.alerts) == ["main", "mirror", "mirror"]
    reports = stage.reconciler.reconcile_all([main.key])
    assert [report.outcome for report in reports] == [RunOutcome.SUCCESS]
    assert len(stage.sim.orders(UIDS["main"])) == 4


def test_every_monitor_runs_once_and_a_second_sweep_writes_nothing(
    stage: Stage, mirror: MonitorRecord
) -> None:
    stage.sim.open_position(UIDS["main"], "BANDUSDT", "Sell", "900", "0.6800")
    main = stage.reconciler.watch("main", "BANDUSDT", "Sell", BAND_LADDER)
    first = stage.reconciler.reconcile_all()
    assert [report.key for report in first] == [main.key, mirror.key]
    assert all(report.outcome is RunOutcome.SUCCESS for report in first)
    assert sum(report.writes for report in stage.reconciler.reconcile_all()) == 0


def test_long_and_short_of_one_symbol_in_hedge_mode(stage: Stage) -> None:
    stage.sim.add_account(uid="303", api_key="hedge-key", api_secret="hedge-secret", hedge=True)
    stage.sim.open_position("303", "BANDUSDT", "Buy", "200", "0.6800")
    stage.sim.open_position("303", "BANDUSDT", "Sell", "300", "0.7000")
    hedge = Account(
        "hedge",
        "hedge-key",
        "hedge-secret",
        environment=stage.server.url,
        position_mode=PositionMode.HEDGE,
    )
    rising = BAND_LADDER.of(("0.7500", 60), ("0.8000", 40))
    with Reconciler(
        f"sqlite:///{stage.path / 'hedge.db'}",
        accounts=[hedge],
        clock=stage.clock,
        randomness=stage.randomness,
        sinks=[],
    ) as reconciler:
        reconciler.watch("hedge", "BANDUSDT", "Buy", rising)
        reconciler.watch("hedge", "BANDUSDT", "Sell", BAND_LADDER)
        assert all(report.is_true for report in reconciler.reconcile_all())
        assert sum(report.writes for report in reconciler.reconcile_all()) == 0
    by_index = {1: 0, 2: 0}
    for order in stage.sim.orders("303"):
        by_index[order.position_idx] += 1
    assert by_index == {1: 2, 2: 4}


def test_a_monitor_taken_over_by_another_writer_drops_its_run(
    stage: Stage, mirror: MonitorRecord
) -> None:
    store = stage.reconciler.store

    def take_over() -> None:
        shorter = BAND_LADDER.of(("0.6528", 100))
        store.watch(mirror.key, Role.MIRROR, "main", shorter)

    stage.before("observe", take_over)
    with pytest.raises(Fenced):
        stage.reconciler.reconcile(mirror)
    assert stage.writes() == []
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    assert len(stage.sim.orders(MIRROR)) == 1


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (("other", "BANDUSDT", "Sell", None), ConfigurationError, "unknown account"),
        (("mirror", "NOSUCHUSDT", "Sell", None), InstrumentError, "does not trade this symbol"),
        (("mirror", "BANDUSDT", "Short", None), ConfigurationError, "a side is Buy or Sell"),
        (
            ("mirror", "BANDUSDT", "Buy", BAND_LADDER),
            LadderError,
            "prices of a Buy ladder must rise",
        ),
    ],
)
def test_a_bad_watch_says_why_and_stores_nothing(
    stage: Stage, call: tuple[str, str, str, None], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        stage.reconciler.watch(*call)
    assert stage.reconciler.monitors() == ()
    assert stage.writes() == []


def test_accounts_that_do_not_fit_together_are_refused(stage: Stage) -> None:
    main, mirror = accounts(stage.server.url)
    for wrong, says in (
        ([], "no account"),
        ([main, main], "twice"),
        ([mirror], "follows 'main', which is not configured"),
    ):
        with pytest.raises(ConfigurationError, match=says):
            Reconciler(f"sqlite:///{stage.path / 'x.db'}", accounts=wrong)
    assert not (stage.path / "x.db").exists()


def test_keys_reach_no_alert_no_row_and_no_text(stage: Stage, mirror: MonitorRecord) -> None:
    stage.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="order/create", times=2))
    stage.sim.inject(Fault(kind=FaultKind.NOT_JSON, path="position/list"))
    report = stage.reconciler.reconcile(mirror)
    account = accounts(stage.server.url)[1]
    shown = repr(report) + repr(account) + repr(BybitExchange(account, replace(PATIENCE)))
    rows = (stage.path / "trueup.db").read_bytes() + (stage.path / "trueup.db-wal").read_bytes()
    for secret in ("mirror-key", "mirror-secret"):
        assert secret not in shown
        assert secret.encode() not in rows

"""What the alert of a run says for programs, and what it says of it to people."""

from decimal import Decimal

from tests.engine.conftest import MIRROR
from tests.stage import Stage
from trueup import Alert, AlertLevel, MonitorRecord, RunOutcome, Stop
from trueup.simulator import Fault, FaultKind


def refuse(stage: Stage, path: str, code: int, *, times: int | None = None) -> None:
    """From now on the exchange refuses these requests."""
    fault = Fault(kind=FaultKind.RET_CODE, path=path, uid=MIRROR, code=code, text="no", times=times)
    stage.sim.inject(fault)


def said(stage: Stage) -> Alert:
    """The last alert that the sink was given."""
    return stage.alerts[-1]


def test_a_repair_is_of_that_kind_and_says_no_more(stage: Stage, mirror: MonitorRecord) -> None:
    stage.reconciler.reconcile(mirror)
    assert said(stage).facts.kinds == ("repair",)
    assert said(stage).level is AlertLevel.INFO
    assert "👉" not in said(stage).text


def test_what_is_refused_has_its_code_what_is_bare_and_when_it_is_tried_again(
    stage: Stage, mirror: MonitorRecord
) -> None:
    refuse(stage, "order/create-batch", 110007)
    report = stage.reconciler.reconcile(mirror)
    facts, text = said(stage).facts, said(stage).text
    assert facts.codes == (110007,)
    assert {"uncovered", "problem", "repair"} <= set(facts.kinds)
    assert facts.uncovered is not None
    assert facts.uncovered.quantity == report.record.position_size > 0
    assert facts.next_try_at == report.record.next_try_at is not None
    assert "🕳️ uncovered: " in text
    assert "⏳ trueup tries again by " in text
    assert "👉 " in text
    assert "110007" in text


def test_the_next_one_says_since_when(stage: Stage, mirror: MonitorRecord) -> None:
    refuse(stage, "order/create-batch", 110007)
    since = stage.reconciler.reconcile(mirror).record.last_run_at
    refuse(stage, "order/create-batch", 110012)
    stage.reconciler.reconcile(mirror)
    lack = said(stage).facts.uncovered
    assert lack is not None
    assert lack.since == since


def test_a_position_without_its_stop_is_an_error_that_says_how_much(stage: Stage) -> None:
    refuse(stage, "trading-stop", 10001)
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    record = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", None, stop=Stop.of(percent=5))
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.PARTIAL
    alert = said(stage)
    assert alert.level is AlertLevel.ERROR
    assert "unprotected" in alert.facts.kinds
    assert alert.facts.unprotected is not None
    assert alert.facts.unprotected.quantity == Decimal("307.3")
    assert alert.facts.unprotected.since is not None
    assert "🚨 unprotected: 307.3, since 2025-01-25" in alert.text


def test_what_could_not_be_read_is_a_problem_and_claims_nothing(
    stage: Stage, mirror: MonitorRecord
) -> None:
    fault = Fault(kind=FaultKind.SERVER_ERROR, path="position/list", uid=MIRROR, times=None)
    stage.sim.inject(fault)
    stage.reconciler.reconcile(mirror)
    facts = said(stage).facts
    assert facts.kinds == ("problem",)
    assert facts.uncovered is None
    assert facts.unprotected is None
    assert "👉 If it lasts: check the network" in said(stage).text


def test_the_facts_are_on_record_with_the_alert(stage: Stage, mirror: MonitorRecord) -> None:
    refuse(stage, "order/create-batch", 110007)
    stage.reconciler.reconcile(mirror)
    given = said(stage)
    stored = stage.reconciler.store.last_alert(mirror.id)
    assert stored is not None
    assert stored.facts == given.facts
    assert given.text.startswith(stored.text)
    (row,) = stage.reconciler.store.rows("alert_log")
    assert given.facts.uncovered is not None
    assert (row["uncovered"], row["kinds"]) == (
        str(given.facts.uncovered.quantity),
        " ".join(given.facts.kinds),
    )

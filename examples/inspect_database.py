"""Three questions to a database, asked in Python."""

from decimal import Decimal

from sqlmodel import col, select

from trueup import inspect
from trueup.inspect import AlertLog, LevelStatus, MonitorStatus, TransitionLog


def uncovered(database: str, account: str) -> dict[str, Decimal | None]:
    """How much of each position of an account is not covered by live orders? None: nobody knows."""
    with inspect.open(database) as session:
        statement = select(MonitorStatus).where(MonitorStatus.account == account)
        monitors = session.exec(statement).all()
    return {each.symbol: _uncovered(each) for each in monitors}


def _uncovered(monitor: MonitorStatus) -> Decimal | None:
    if monitor.position_size is None or monitor.covered_quantity is None:
        return None
    return monitor.position_size - monitor.covered_quantity


def last_run(database: str, account: str, symbol: str) -> list[str]:
    """Which steps did the last run of a monitor take, and how long after its first step?"""
    statement = (
        select(TransitionLog)
        .join(MonitorStatus, col(MonitorStatus.last_run_id) == TransitionLog.run_id)
        .where(MonitorStatus.account == account, MonitorStatus.symbol == symbol)
        .order_by(col(TransitionLog.id))
    )
    with inspect.open(database) as session:
        steps = session.exec(statement).all()
    return [f"{step.at - steps[0].at}: {step.source} → {step.target}" for step in steps]


def levels_of_alerts(database: str) -> list[tuple[AlertLog, LevelStatus]]:
    """How do the levels stand whose alert has not reached its sinks yet?"""
    statement = (
        select(AlertLog, LevelStatus)
        .join(LevelStatus, col(LevelStatus.account) == AlertLog.account)
        .where(LevelStatus.symbol == AlertLog.symbol, LevelStatus.side == AlertLog.side)
        .where(col(AlertLog.delivered_at).is_(None))
        .order_by(col(AlertLog.id), col(LevelStatus.level))
    )
    with inspect.open(database) as session:
        return list(session.exec(statement).all())

"""Reads a database of trueup with SQLModel: typed rows of its views, exact numbers, UTC times.

::

    from sqlmodel import select
    from trueup import inspect
    from trueup.inspect import MonitorStatus

    with inspect.open("trueup.db") as session:
        statement = select(MonitorStatus).where(MonitorStatus.account == "mirror")
        for monitor in session.exec(statement):
            print(monitor.symbol, monitor.position_size, monitor.coverage_pct)

It reads only, takes no lock, and works beside a running engine. Numbers are kept as text in the
database, so compare, sort and add them in Python, not in SQL: a query that asks which is less,
sorts by one, or asks for a sum or a maximum raises :class:`TypeError`.
"""

from .storage.sql.views.close_rows import CloseLog, CloseStatus
from .storage.sql.views.event_rows import (
    CoverageLog,
    EventLog,
    FillLog,
    LadderLog,
    ResultLog,
    Timeline,
    UnwatchedLog,
)
from .storage.sql.views.rows import (
    AccountStatus,
    AlertDeliveryLog,
    AlertLog,
    CommandLog,
    ControlStatus,
    DecisionLog,
    EngineLog,
    ExchangeCallLog,
    IntentLog,
    LevelStatus,
    MonitorStatus,
    OrderLog,
    PendingWrite,
    TransitionLog,
)
from .storage.sql.views.stop_rows import ProtectionLog, StopLog, StopStatus
from .storage.sqlite.inspection import open_session as open  # noqa: A004 - read as inspect.open

__all__ = [
    "AccountStatus",
    "AlertDeliveryLog",
    "AlertLog",
    "CloseLog",
    "CloseStatus",
    "CommandLog",
    "ControlStatus",
    "CoverageLog",
    "DecisionLog",
    "EngineLog",
    "EventLog",
    "ExchangeCallLog",
    "FillLog",
    "IntentLog",
    "LadderLog",
    "LevelStatus",
    "MonitorStatus",
    "OrderLog",
    "PendingWrite",
    "ProtectionLog",
    "ResultLog",
    "StopLog",
    "StopStatus",
    "Timeline",
    "TransitionLog",
    "UnwatchedLog",
    "open",
]

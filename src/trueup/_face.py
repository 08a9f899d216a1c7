"""What ``trueup`` exports. The package loads this module when the first of its names is used."""

from .domain.account import Account
from .domain.alert import Alert
from .domain.errors import (
    ConfigurationError,
    Fenced,
    InstrumentError,
    LadderError,
    SchemaMismatch,
    StoreError,
    StoreLocked,
    TrueupError,
)
from .domain.identity import MonitorKey, PositionMode, Role, Side
from .domain.ladder import Ladder, Level
from .domain.plan import ReplaceMode
from .domain.recognition import Adopt, Contradiction, Recognition
from .domain.record import MonitorRecord, RunOutcome, Source, StateName
from .engine.asynchronous import AsyncReconciler
from .engine.discovered import AbsentPosition, Discovered, FoundPosition
from .engine.loop_settings import LoopSettings
from .engine.preview import Preview
from .engine.reconciler import Reconciler
from .engine.report import RunReport
from .engine.sweep import Sweep
from .states.settings import RunSettings

__all__ = [
    "AbsentPosition",
    "Account",
    "Adopt",
    "Alert",
    "AsyncReconciler",
    "ConfigurationError",
    "Contradiction",
    "Discovered",
    "Fenced",
    "FoundPosition",
    "InstrumentError",
    "Ladder",
    "LadderError",
    "Level",
    "LoopSettings",
    "MonitorKey",
    "MonitorRecord",
    "PositionMode",
    "Preview",
    "Recognition",
    "Reconciler",
    "ReplaceMode",
    "Role",
    "RunOutcome",
    "RunReport",
    "RunSettings",
    "SchemaMismatch",
    "Side",
    "Source",
    "StateName",
    "StoreError",
    "StoreLocked",
    "Sweep",
    "TrueupError",
]

"""What ``trueup`` exports. The package loads this module when the first of its names is used."""

from .adapters.control.client import AsyncClient, Client, Commanded
from .adapters.notify import AppriseSink, CallableSink, LogSink
from .adapters.notify.heartbeat import Heartbeat
from .aio.to_logging import log_to_logging
from .composition import AsyncReconciler, Reconciler
from .domain.keeping.retention import Keep, Retention
from .domain.model.alert import Alert, AlertFacts, AlertKind, AlertLevel, Lack
from .domain.model.close.closing import CloseCause, CloseCommand, CloseEnd, Closing
from .domain.model.close.events import CloseEnded, CloseUnderWay
from .domain.model.errors import (
    ConfigurationError,
    Fenced,
    InstrumentError,
    LadderError,
    LeaseOver,
    NotAnswered,
    NotTaken,
    SchemaMismatch,
    StopError,
    StoreError,
    StoreLocked,
    StoreUnavailable,
    TrueupError,
)
from .domain.model.events import (
    Cause,
    Event,
    EventKind,
    LadderChanged,
    LevelFilled,
    MirrorDiverged,
    OtherOrders,
    PositionClosed,
    PositionFlipped,
    PositionReduced,
    Realised,
    Recovered,
    Trade,
    Uncovered,
    UnwatchedPosition,
)
from .domain.model.identity import MonitorKey, PositionMode, Role, Side
from .domain.model.ladder import Ladder, Level
from .domain.model.record import MonitorRecord, RunOutcome, Source, StateName
from .domain.model.stop import (
    NO_STOP,
    AutoWatch,
    Breakeven,
    CancelEntries,
    LadderBasis,
    LevelRule,
    LevelUnit,
    OnCrossed,
    RuleLadder,
    Stop,
    StopForm,
    Trailing,
    TriggerBy,
)
from .domain.model.stop_events import (
    EntriesCancelled,
    ProtectedAgain,
    StopAdopted,
    StopMoved,
    StopMovedByOthers,
    StopTakenOff,
    Unprotected,
)
from .domain.planning.beyond_market import BeyondMarket
from .domain.planning.plan import ReplaceMode
from .domain.recognition.by_hand import ByHand
from .domain.recognition.classify import Adopt, Contradiction, Recognition
from .domain.reporting.delivery.routing import Route
from .domain.stopping.command import Became, Change, CommandKind, Part
from .domain.stopping.control import Control, ControlKind, Scope
from .domain.venue.account import Account
from .domain.venue.exchange_facts import Lateness
from .engine.discovery.result import AbsentPosition, Discovered, FoundPosition
from .engine.loop.settings import LoopSettings
from .engine.loop.sweep import Sweep
from .engine.run.preview import Preview
from .engine.run.report import RunReport
from .states.work.settings import RunSettings
from .wellbeing import put_out_digest, why_unwell

__all__ = [
    "NO_STOP",
    "AbsentPosition",
    "Account",
    "Adopt",
    "Alert",
    "AlertFacts",
    "AlertKind",
    "AlertLevel",
    "AppriseSink",
    "AsyncClient",
    "AsyncReconciler",
    "AutoWatch",
    "Became",
    "BeyondMarket",
    "Breakeven",
    "ByHand",
    "CallableSink",
    "CancelEntries",
    "Cause",
    "Change",
    "Client",
    "CloseCause",
    "CloseCommand",
    "CloseEnd",
    "CloseEnded",
    "CloseUnderWay",
    "Closing",
    "CommandKind",
    "Commanded",
    "ConfigurationError",
    "Contradiction",
    "Control",
    "ControlKind",
    "Discovered",
    "EntriesCancelled",
    "Event",
    "EventKind",
    "Fenced",
    "FoundPosition",
    "Heartbeat",
    "InstrumentError",
    "Keep",
    "Lack",
    "Ladder",
    "LadderBasis",
    "LadderChanged",
    "LadderError",
    "Lateness",
    "LeaseOver",
    "Level",
    "LevelFilled",
    "LevelRule",
    "LevelUnit",
    "LogSink",
    "LoopSettings",
    "MirrorDiverged",
    "MonitorKey",
    "MonitorRecord",
    "NotAnswered",
    "NotTaken",
    "OnCrossed",
    "OtherOrders",
    "Part",
    "PositionClosed",
    "PositionFlipped",
    "PositionMode",
    "PositionReduced",
    "Preview",
    "ProtectedAgain",
    "Realised",
    "Recognition",
    "Reconciler",
    "Recovered",
    "ReplaceMode",
    "Retention",
    "Role",
    "Route",
    "RuleLadder",
    "RunOutcome",
    "RunReport",
    "RunSettings",
    "SchemaMismatch",
    "Scope",
    "Side",
    "Source",
    "StateName",
    "Stop",
    "StopAdopted",
    "StopError",
    "StopForm",
    "StopMoved",
    "StopMovedByOthers",
    "StopTakenOff",
    "StoreError",
    "StoreLocked",
    "StoreUnavailable",
    "Sweep",
    "Trade",
    "Trailing",
    "TriggerBy",
    "TrueupError",
    "Uncovered",
    "Unprotected",
    "UnwatchedPosition",
    "log_to_logging",
    "put_out_digest",
    "why_unwell",
]

"""The figures that Prometheus gets: their names, and what each means; the docs show this table."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Prometheus' kinds of figures."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Attributes:
        name: as Prometheus shows it.
        meaning: for people, with its unit.
        labels: what tells its values apart; accounts, contracts and words that trueup knows, so
            that there are never more than the configuration and the exchange have.
    """

    kind: Kind
    name: str
    meaning: str
    labels: tuple[str, ...] = ("account",)


_MONITOR = ("account", "symbol", "side")
COUNTER, GAUGE, HISTOGRAM = Kind.COUNTER, Kind.GAUGE, Kind.HISTOGRAM

UP = Figure(GAUGE, "trueup_engine_up", "1 while an engine runs in the process, else 0.", ())
BUILD = Figure(GAUGE, "trueup_build_info", "Always 1; which trueup it is.", ("version",))
COVER = Figure(
    GAUGE,
    "trueup_cover_ratio",
    "The share of the position that orders cover, and the trailing stop as the runner, from 0 to "
    "1; absent where the position is flat or not known.",
    _MONITOR,
)
UNCOVERED = Figure(
    COUNTER,
    "trueup_uncovered_quantity_seconds_total",
    "Quantity without a take-profit, times the seconds that it had none; since the process began.",
    _MONITOR,
)
UNPROTECTED = Figure(
    COUNTER,
    "trueup_unprotected_quantity_seconds_total",
    "Quantity without the stop that is wanted, times the seconds; since the process began.",
    _MONITOR,
)
TIME_TO_TRUE = Figure(
    HISTOGRAM,
    "trueup_time_to_true_seconds",
    "From the first step to the end of a run that changed something and left the ladder true.",
)
COMMIT = Figure(
    HISTOGRAM,
    "trueup_commit_seconds",
    "How long the database takes for a commit, until it is on disk; since the engine began.",
    (),
)
BUDGET_USED = Figure(
    GAUGE,
    "trueup_requests_used",
    "Requests of the last second, or of the last five seconds for the limit `address`, which all "
    "accounts share; as the exchange counts them.",
    ("account", "limit"),
)
BUDGET = Figure(
    GAUGE,
    "trueup_requests_allowed",
    "How many of them the exchange allows.",
    ("account", "limit"),
)
RUNS = Figure(COUNTER, "trueup_runs_total", "Runs that ended, by how.", ("account", "outcome"))
REFUSALS = Figure(
    COUNTER,
    "trueup_refusals_total",
    "Calls that the exchange refused, by its code or the HTTP status.",
    ("account", "code"),
)
PENDING = Figure(GAUGE, "trueup_pending_writes", "Writes that may still take effect.")
PENDING_AGE = Figure(
    GAUGE, "trueup_pending_write_age_seconds", "The age of the oldest of them; 0 without any."
)
SWEEP_AGE = Figure(GAUGE, "trueup_sweep_age_seconds", "How long ago the last sweep began.")
READABLE = Figure(
    GAUGE, "trueup_account_readable", "1 where the last sweep could read the account, else 0."
)
STREAM = Figure(
    GAUGE,
    "trueup_stream_synced",
    "1 while the private stream keeps the whole account known, else 0; absent without a stream.",
)
UNDELIVERED = Figure(
    GAUGE, "trueup_undelivered_alerts", "Alerts that a sink does not have yet.", ("sink",)
)
ALERT_AGE = Figure(
    GAUGE, "trueup_undelivered_alert_age_seconds", "The age of the oldest of them.", ("sink",)
)
DATABASE = Figure(GAUGE, "trueup_database_bytes", "The size of the database and its journal.", ())

FIGURES = (
    UP,
    BUILD,
    COVER,
    UNCOVERED,
    UNPROTECTED,
    TIME_TO_TRUE,
    COMMIT,
    BUDGET_USED,
    BUDGET,
    RUNS,
    REFUSALS,
    PENDING,
    PENDING_AGE,
    SWEEP_AGE,
    READABLE,
    STREAM,
    UNDELIVERED,
    ALERT_AGE,
    DATABASE,
)

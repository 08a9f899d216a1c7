"""An alert: a row of the outbox, written in the transaction that ends its run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from .identity import MonitorKey
from .record import RunOutcome


class AlertKind(StrEnum):
    """What an alert is about, beside the events that it tells of.

    ``repair``: a run sent orders, or a stop. ``problem``: a run ended PARTIAL, FAILED or SKIPPED.
    ``all-clear``: what an earlier alert named is over. ``account``: a key. ``service``: trueup
    itself, its database or its sinks. ``refused``: a monitor of the configuration that is
    refused, or is no longer. ``digest``: the day's. ``test``: somebody asked for it.
    """

    REPAIR = "repair"
    PROBLEM = "problem"
    ALL_CLEAR = "all-clear"
    ACCOUNT = "account"
    SERVICE = "service"
    REFUSED = "refused"
    DIGEST = "digest"
    TEST = "test"


class AlertLevel(StrEnum):
    """How loud an alert is."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Lack:
    """How much of a position lacks something.

    Attributes:
        quantity: how much.
        since: when that was first known; None where no event has said so yet.
    """

    quantity: Decimal
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """What an alert says, for programs: those that route it, and those that get it.

    Attributes:
        kinds: of what it tells: an :class:`AlertKind` or the kind of an event; none of an alert
            from before trueup recorded them.
        codes: the exchange's, of what it refused.
        uncovered: what no order covers; None for nothing, or where it is not known.
        unprotected: what no stop protects; the same.
        next_try_at: when the next run is due by itself.
    """

    kinds: tuple[str, ...] = ()
    codes: tuple[int, ...] = ()
    uncovered: Lack | None = None
    unprotected: Lack | None = None
    next_try_at: datetime | None = None


NO_FACTS = AlertFacts()
_LOUD = {
    RunOutcome.FAILED: AlertLevel.ERROR,
    RunOutcome.PARTIAL: AlertLevel.WARNING,
    RunOutcome.SKIPPED: AlertLevel.WARNING,
}


@dataclass(frozen=True, slots=True)
class Alert:
    """The message to people about one run; its text states only what was verified.

    Attributes:
        includes: the alerts that this one message stands for, where one cause has hit many
            monitors; it is no alert of the outbox itself.
        identity: tells a repeat from a new message: the same at every try, after a restart, and
            where the alert is sent again on request. Set when a sink is given the alert.
        facts: what it says, for programs.
        about: of a message that is not in the outbox: the state of trueup that it begins or ends.
    """

    run_id: str
    key: MonitorKey
    status: RunOutcome
    text: str
    created_at: datetime
    includes: tuple["Alert", ...] = ()
    identity: str = ""
    facts: AlertFacts = NO_FACTS
    about: str = ""

    @property
    def level(self) -> AlertLevel:
        """How loud it is: by its outcome; an unprotected position is an error in any case."""
        if self.facts.unprotected is not None:
            return AlertLevel.ERROR
        return _LOUD.get(self.status, AlertLevel.INFO)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far an alert has got at one sink.

    Attributes:
        attempts: how often the sink was given it.
        delivered_at: when the sink took it; None while it has not.
        next_try_at: when it is due again after a refusal.
        error: the class of what the sink raised last, or why it says that it did not take the alert
            (:class:`~.errors.NotTaken`). Not the text of anything else: what a library raises may
            hold an address with a token in it.
        is_asked: whether the sink itself asked to be left alone until ``next_try_at``.
    """

    attempts: int = 0
    delivered_at: datetime | None = None
    next_try_at: datetime | None = None
    error: str = ""
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class PendingAlert:
    """An alert of the outbox that some sink does not have yet.

    Attributes:
        deliveries: by the sink's name; a sink without one has not been given it.
        delivered_at: when the last sink took it.
    """

    id: int
    alert: Alert
    deliveries: Mapping[str, Delivery] = field(default_factory=dict)
    delivered_at: datetime | None = None

    @property
    def attempts(self) -> int:
        """How often the sink that took longest was given it."""
        return max((one.attempts for one in self.deliveries.values()), default=0)

"""An alert: a row of the outbox, written in the transaction that ends its run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .identity import MonitorKey
from .record import RunOutcome


@dataclass(frozen=True, slots=True)
class Alert:
    """The message to people about one run; its text states only what was verified.

    Attributes:
        includes: the alerts that this one message stands for, where one cause has hit many
            monitors; it is no alert of the outbox itself.
        identity: tells a repeat from a new message: the same at every try, after a restart, and
            where the alert is sent again on request. Set when a sink is given the alert.
    """

    run_id: str
    key: MonitorKey
    status: RunOutcome
    text: str
    created_at: datetime
    includes: tuple["Alert", ...] = ()
    identity: str = ""


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

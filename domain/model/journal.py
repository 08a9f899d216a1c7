"""The append-only rows of a run: transitions, exchange calls, decisions."""

from dataclasses import dataclass
from datetime import datetime

from .record import StateName


@dataclass(frozen=True, slots=True)
class Transition:
    """One step of the machine and why it was taken."""

    run_id: str
    source: StateName
    event: str
    target: StateName
    at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ExchangeCall:
    """One call of the exchange port, or one item of a batch, and its answer.

    Attributes:
        operation: ``observe``, ``look_up``, ``place``, ``amend``, ``cancel``.
        order_link_id: of the order concerned; empty for a read of everything.
        outcome: the outcome's word: ``accepted``, ``unsure``, an outcome class, ``found`` …
        code: Bybit's ``retCode``, if one was answered.
        latency_ms: of the whole call; a read is several requests.
    """

    run_id: str
    operation: str
    order_link_id: str
    outcome: str
    code: int | None
    latency_ms: int
    at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a state made of what it saw, in one line: stale orders, merges, adoptions."""

    run_id: str
    state: StateName
    text: str
    at: datetime

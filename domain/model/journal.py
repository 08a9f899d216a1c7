"""The append-only rows of a run: transitions, exchange calls, decisions."""

from dataclasses import dataclass
from datetime import datetime

from .record import StateName


@dataclass(frozen=True, slots=True)
class Transition:
    """One transition of the machine, and why it happened."""

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
        outcome: such as ``accepted``, ``unsure``, ``found``, or an outcome class.
        code: the exchange's error code, if it returned one.
        latency_ms: of the whole call; a read consists of several requests.
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
    """What a state decided, in one line: stale orders, merges, adoptions."""

    run_id: str
    state: StateName
    text: str
    at: datetime

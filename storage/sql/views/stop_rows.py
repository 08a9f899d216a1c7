"""The rows of the views of stops."""

from datetime import datetime
from decimal import Decimal

from sqlmodel import Field

from ..column_types import ExactDecimal, UtcInstant
from .rows import ViewRow


class StopStatus(ViewRow, table=True):
    """How the stop of a monitor stands: what was asked for, and what the exchange shows.

    ``status`` is ``protected``, ``elsewhere`` (a stop rests, but not where it is wanted),
    ``unprotected``, ``flat``, or ``unknown`` where the last run could not read the position.

    ``runner`` is ``trails`` where a read has shown that the stop trails, which then closes what no
    level does; ``waits`` where none has, so that nothing covers that part; empty where nothing is
    left to the stop; None where the last run could not read the position.
    """

    __tablename__ = "stop_status"

    account: str = Field(primary_key=True)
    symbol: str = Field(primary_key=True)
    side: str = Field(primary_key=True)
    source: str
    asked_price: Decimal | None = Field(sa_type=ExactDecimal)
    rule: str
    price: Decimal | None = Field(sa_type=ExactDecimal)
    trailing: Decimal | None = Field(sa_type=ExactDecimal)
    status: str
    protected_quantity: Decimal | None = Field(sa_type=ExactDecimal)
    form: str
    order_link_id: str
    limit_price: Decimal | None = Field(sa_type=ExactDecimal)
    runner_quantity: Decimal | None = Field(sa_type=ExactDecimal)
    runner: str | None
    problem: str
    unprotected_since: datetime | None = Field(sa_type=UtcInstant)
    generation: int
    pending: int


class ProtectionLog(ViewRow, table=True):
    """One interval in which a position lacked the stop that is wanted; ``until`` is None so far."""

    __tablename__ = "protection_log"

    id: int = Field(primary_key=True)
    part: int = Field(primary_key=True)
    run_id: str
    account: str
    symbol: str
    side: str
    quantity: Decimal = Field(sa_type=ExactDecimal)
    since: datetime = Field(sa_type=UtcInstant)
    until: datetime | None = Field(sa_type=UtcInstant)
    why: str


class StopLog(ViewRow, table=True):
    """One request that sets the stop of a position, as one commit leaves it."""

    __tablename__ = "stop_log"

    id: int = Field(primary_key=True)
    part: int = Field(primary_key=True)
    run_id: str
    account: str
    symbol: str
    side: str
    at: datetime = Field(sa_type=UtcInstant)
    intent_id: str
    cycle: int
    generation: int
    price_before: Decimal = Field(sa_type=ExactDecimal)
    trailing_before: Decimal = Field(sa_type=ExactDecimal)
    activation_before: Decimal = Field(sa_type=ExactDecimal)
    price: Decimal = Field(sa_type=ExactDecimal)
    trailing: Decimal = Field(sa_type=ExactDecimal)
    activation: Decimal = Field(sa_type=ExactDecimal)
    quantity_before: Decimal | None = Field(sa_type=ExactDecimal)
    quantity: Decimal | None = Field(sa_type=ExactDecimal)
    limit_price_before: Decimal | None = Field(sa_type=ExactDecimal)
    limit_price: Decimal | None = Field(sa_type=ExactDecimal)
    operation: str
    order_link_id: str
    rule: str
    status: str
    code: int | None
    detail: str

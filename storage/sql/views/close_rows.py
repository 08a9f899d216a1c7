"""The rows of the views of closes."""

from datetime import datetime
from decimal import Decimal

from sqlmodel import Field

from ..column_types import ExactDecimal, UtcInstant
from .rows import ViewRow


class CloseStatus(ViewRow, table=True):
    """How the last close of a monitor's position stands.

    ``status`` is ``open``, or how it ended: ``done``, ``part`` or ``refused``. ``number`` is that
    of the command in ``control_status``; 0 where no person or program commanded it.
    """

    __tablename__ = "close_status"

    account: str = Field(primary_key=True)
    symbol: str = Field(primary_key=True)
    side: str = Field(primary_key=True)
    cause: str
    number: int
    asked_by: str
    reason: str
    share: Decimal = Field(sa_type=ExactDecimal)
    cycle: int
    size: Decimal = Field(sa_type=ExactDecimal)
    quantity: Decimal = Field(sa_type=ExactDecimal)
    filled: Decimal = Field(sa_type=ExactDecimal)
    status: str
    detail: str
    began_at: datetime = Field(sa_type=UtcInstant)


class CloseLog(ViewRow, table=True):
    """One request that closes a position at the market, from its plan to what became of it."""

    __tablename__ = "close_log"

    number: int = Field(primary_key=True)
    run_id: str
    account: str
    symbol: str
    side: str
    generation: int
    order_link_id: str
    order_id: str
    size: Decimal = Field(sa_type=ExactDecimal)
    quantity: Decimal = Field(sa_type=ExactDecimal)
    status: str
    code: int | None
    detail: str
    created_at: datetime = Field(sa_type=UtcInstant)
    resolved_at: datetime | None = Field(sa_type=UtcInstant)
    settled_in: int

"""The rows of the views of events, as SQLModel classes; see :mod:`.rows`."""

from datetime import datetime
from decimal import Decimal

from sqlmodel import Field

from ..column_types import ExactDecimal, UtcInstant
from .rows import ViewRow


class EventLog(ViewRow, table=True):
    """One event; ``detail`` has its fields as JSON."""

    __tablename__ = "event_log"

    id: int = Field(primary_key=True)
    part: int = Field(primary_key=True)
    run_id: str
    account: str
    symbol: str
    side: str
    kind: str
    at: datetime = Field(sa_type=UtcInstant)
    detail: str


class FillLog(ViewRow, table=True):
    """One execution of a TP order, or all of it that one run reported, where none are known."""

    __tablename__ = "fill_log"

    id: int = Field(primary_key=True)
    part: int = Field(primary_key=True)
    run_id: str
    account: str
    symbol: str
    side: str
    place: int = Field(primary_key=True)
    level: int
    quantity: Decimal = Field(sa_type=ExactDecimal)
    price: Decimal | None = Field(sa_type=ExactDecimal)
    limit_price: Decimal = Field(sa_type=ExactDecimal)
    remaining: Decimal = Field(sa_type=ExactDecimal)
    order_link_id: str
    execution_id: str | None
    executed_at: datetime | None = Field(sa_type=UtcInstant)
    fee: Decimal | None = Field(sa_type=ExactDecimal)
    at: datetime = Field(sa_type=UtcInstant)


class ResultLog(ViewRow, table=True):
    """What one position that is closed has brought, as far as it is known."""

    __tablename__ = "result_log"

    id: int = Field(primary_key=True)
    part: int = Field(primary_key=True)
    run_id: str
    account: str
    symbol: str
    side: str
    kind: str
    cause: str
    before: Decimal = Field(sa_type=ExactDecimal)
    closed: Decimal = Field(sa_type=ExactDecimal)
    unknown: Decimal = Field(sa_type=ExactDecimal)
    gross: Decimal | None = Field(sa_type=ExactDecimal)
    fees: Decimal = Field(sa_type=ExactDecimal)
    fees_unknown: Decimal = Field(sa_type=ExactDecimal)
    at: datetime = Field(sa_type=UtcInstant)


class UnwatchedLog(ViewRow, table=True):
    """One position that no monitor watches; ``until`` is None while it lasts."""

    __tablename__ = "unwatched_log"

    id: int = Field(primary_key=True)
    account: str
    symbol: str
    side: str
    size: Decimal = Field(sa_type=ExactDecimal)
    entry_price: Decimal = Field(sa_type=ExactDecimal)
    since: datetime = Field(sa_type=UtcInstant)
    until: datetime | None = Field(sa_type=UtcInstant)
    why: str | None


class CoverageLog(ViewRow, table=True):
    """One interval in which a position was not wholly covered; ``until`` is None while it lasts."""

    __tablename__ = "coverage_log"

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


class LadderLog(ViewRow, table=True):
    """One change of a monitor's ladder; both ladders as text."""

    __tablename__ = "ladder_log"

    id: int = Field(primary_key=True)
    part: int = Field(primary_key=True)
    run_id: str
    account: str
    symbol: str
    side: str
    who: str
    before: str | None
    after: str | None
    at: datetime = Field(sa_type=UtcInstant)


class Timeline(ViewRow, table=True):
    """One thing that happened; ``account``, ``symbol`` and ``side`` are None where it is of all."""

    __tablename__ = "timeline"

    at: datetime = Field(sa_type=UtcInstant, primary_key=True)
    account: str | None = Field(primary_key=True, nullable=True)
    symbol: str | None = Field(primary_key=True, nullable=True)
    side: str | None = Field(primary_key=True, nullable=True)
    run_id: str | None = Field(primary_key=True, nullable=True)
    kind: str = Field(primary_key=True)
    what: str = Field(primary_key=True)
    detail: str = Field(primary_key=True)
    commit_at: datetime = Field(sa_type=UtcInstant)

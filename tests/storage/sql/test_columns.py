"""Numbers and instants come back as they were given, or are refused."""

from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    insert,
    select,
    type_coerce,
)
from sqlalchemy.exc import StatementError

from trueup.storage.sql.column_types import ExactDecimal, UtcInstant

THINGS = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("number", ExactDecimal),
    Column("at", UtcInstant),
)


def stored(**values: object) -> tuple[object, str | None]:
    """A column's value as it is read back, and the text that SQLite holds."""
    (name,) = values
    engine = create_engine("sqlite://")
    with closing(engine.connect()) as connection:
        THINGS.create(connection)
        connection.execute(insert(THINGS), values)
        value = connection.execute(select(THINGS.c[name])).scalar_one()
        text = connection.execute(select(type_coerce(THINGS.c[name], String))).scalar_one()
    engine.dispose()
    return value, text


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_comes_back_exactly(number: Decimal) -> None:
    value, text = stored(number=number)
    assert value == number
    assert text is not None
    assert "E" not in text
    assert not ("." in text and text.endswith("0"))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0.1234567890123456789", "0.1234567890123456789"),
        ("12345.000000000000000001", "12345.000000000000000001"),
        ("1E-8", "0.00000001"),
        ("1E+3", "1000"),
        ("85.500", "85.5"),
        ("-0", "0"),
    ],
)
def test_a_decimal_is_plain_text(number: str, text: str) -> None:
    assert stored(number=Decimal(number)) == (Decimal(number), text)


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(StatementError, match="not a number that can be stored"):
        stored(number=Decimal(number))


@given(
    st.datetimes(
        min_value=datetime(1970, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
        max_value=datetime(2200, 1, 1),  # noqa: DTZ001 - the same
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=-11, minutes=-30))]),
    )
)
def test_an_instant_comes_back_in_utc(at: datetime) -> None:
    value, _ = stored(at=at)
    assert value == at.astimezone(UTC)
    assert isinstance(value, datetime)
    assert value.tzinfo is UTC


def test_an_instant_is_text_that_people_read() -> None:
    at = datetime(2026, 1, 31, 15, 30, tzinfo=timezone(timedelta(hours=3)))
    assert stored(at=at)[1] == "2026-01-31T12:30:00.000000Z"


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.datetimes(timezones=st.just(UTC)),
)
def test_the_text_of_instants_sorts_as_they_do(one: datetime, other: datetime) -> None:
    texts = [stored(at=at)[1] or "" for at in (one, other)]
    assert (texts[0] < texts[1]) == (one < other)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(StatementError, match="no time zone"):
        stored(at=datetime(2026, 1, 31))  # noqa: DTZ001 - the very thing


def test_nothing_stays_nothing() -> None:
    assert stored(number=None) == (None, None)
    assert stored(at=None) == (None, None)

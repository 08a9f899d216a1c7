"""Whatever the domain's values say, the store gives it back."""

from dataclasses import replace
from datetime import UTC
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trueup.domain.model.errors import Unstorable
from trueup.domain.model.events import Realised
from trueup.domain.model.identity import MonitorKey, Side
from trueup.domain.model.intent import Intent
from trueup.domain.model.ladder import Ladder, Level, Withheld
from trueup.domain.model.record import (
    MonitorRecord,
    OwnedOrder,
    PositionAnchor,
    Reported,
)
from trueup.domain.store import Step
from trueup.storage import SqlStore
from trueup.storage.sqlite import SqliteStore

from ..samples import watched

NUMBERS = st.decimals(min_value=0, max_value=10**9, places=8)
TIMES = st.datetimes(timezones=st.just(UTC))
COUNTS = st.integers(min_value=1, max_value=2**31)
LADDERS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=4).map(
    lambda pairs: Ladder(tuple(Level(n, *pair) for n, pair in enumerate(pairs, start=1)))
)
st.register_type_strategy(Decimal, NUMBERS)
ORDERS = st.lists(
    st.builds(OwnedOrder, level=st.integers(1, 4), part=COUNTS, generation=COUNTS),
    max_size=5,
    unique_by=lambda order: order.order_link_id,
)
RECORDS = st.builds(
    MonitorRecord,
    id=st.just(0),
    key=st.just(MonitorKey("", "", Side.BUY)),
    ladder=st.none() | LADDERS,
    ladder_source=st.text(),
    orders=ORDERS.map(tuple),
    cycle=COUNTS,
    attempts=COUNTS,
    last_run_at=st.none() | TIMES,
    next_try_at=st.none() | TIMES,
    recovered_at=st.none() | TIMES,
    last_run_id=st.none() | st.text(),
    instead_of=st.none() | LADDERS,
    withheld=st.lists(st.builds(Withheld, level=COUNTS), max_size=3).map(tuple),
    reported=st.none()
    | st.builds(
        Reported,
        NUMBERS,
        NUMBERS,
        COUNTS,
        st.none() | LADDERS,
        st.none() | TIMES,
        entry=NUMBERS,
        value=st.none() | NUMBERS,
        realised=st.builds(Realised, *[NUMBERS] * 5),
    ),
    anchor=st.none() | st.builds(PositionAnchor, NUMBERS, COUNTS, COUNTS, COUNTS),
)
INTENTS = st.builds(
    Intent,
    level=COUNTS,
    part=COUNTS,
    covered=NUMBERS,
    covers=NUMBERS,
    again=st.booleans(),
    generation=COUNTS,
    code=st.none() | COUNTS,
    detail=st.text(),
    created_at=TIMES,
    resolved_at=st.none() | TIMES,
)
BOUNDED = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@BOUNDED
@given(RECORDS)
def test_a_record_comes_back_as_it_was_committed(
    store: SqlStore, database: str, drawn: MonitorRecord
) -> None:
    stored = watched(store)
    kept = {name: getattr(stored, name) for name in ("id", "key", "role", "follows", "wakes")}
    wanted = replace(drawn, **kept, version=stored.version)
    if database == "postgres" and "\\x00" in repr(wanted):
        with pytest.raises(Unstorable):
            store.commit(Step(wanted))
        return
    committed = store.commit(Step(wanted))
    assert committed == replace(wanted, version=stored.version + 1)
    loaded = store.load(stored.key)
    assert loaded == committed
    assert [(one.value, one.fee) for one in loaded.orders] == [
        (one.value, one.fee) for one in wanted.orders
    ]
    assert store.monitors() == (committed,)


@BOUNDED
@given(INTENTS)
def test_an_intent_comes_back_while_it_is_open(drawn: Intent) -> None:
    with TemporaryDirectory() as folder, SqliteStore(Path(folder) / "trueup.db") as store:
        record = watched(store)
        store.commit(Step(record, intents=(drawn,)))
        assert store.open_intents(record.id) == ((drawn,) if drawn.status.is_open else ())

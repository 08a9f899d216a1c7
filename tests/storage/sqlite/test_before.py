"""A step that says what is stored writes what differs, and the same comes of it."""

from dataclasses import replace
from decimal import Decimal
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.domain.model.errors import StoreError
from trueup.domain.model.ladder import Ladder
from trueup.domain.model.record import MonitorRecord, OwnedOrder, OwnedStatus
from trueup.domain.ports import Step
from trueup.storage import SqliteStore, open_store

from ..samples import KEY, order, watched

ORDERS = (order(1, "85"), order(2, "15"))
LADDERS = (Ladder.of(("0.72", 85), ("0.74", 15)), Ladder.of(("0.72", 100)))


def test_what_is_the_same_is_not_written(store: SqliteStore) -> None:
    first = store.commit(Step(replace(watched(store), orders=ORDERS)))
    # A lie about the orders shows what is left alone: they stay as they were stored.
    lie = replace(first, orders=ORDERS[:1])
    store.commit(Step(lie, before=lie))
    stored = store.load(KEY)
    assert stored is not None
    assert stored.orders == ORDERS
    assert stored.version == first.version + 1


def test_a_record_of_another_version_says_nothing_of_what_is_stored(store: SqliteStore) -> None:
    old = watched(store)
    stored = store.commit(Step(replace(old, orders=ORDERS)))
    written = store.commit(Step(replace(stored, orders=()), before=old))
    assert store.load(KEY) == written


def test_an_order_that_is_the_same_is_not_written_beside_one_that_changed(
    store: SqliteStore,
) -> None:
    first = store.commit(Step(replace(watched(store), orders=ORDERS)))
    grown = replace(ORDERS[1], quantity=Decimal(20))
    # A lie about the other order shows that it is left alone.
    lie = replace(ORDERS[0], quantity=Decimal(99))
    before = replace(first, orders=(lie, ORDERS[1]))
    store.commit(Step(replace(first, orders=(lie, grown)), before=before))
    stored = store.load(KEY)
    assert stored is not None
    assert stored.orders == (ORDERS[0], grown)


def test_two_orders_of_one_link_id_are_refused(store: SqliteStore) -> None:
    first = store.commit(Step(replace(watched(store), orders=ORDERS)))
    with pytest.raises(StoreError, match="UNIQUE constraint failed: level_order"):
        store.commit(Step(replace(first, orders=(*ORDERS, order(2, "5"))), before=first))
    assert store.load(KEY) == first


@pytest.mark.parametrize("targets", [None, {1: Decimal(7)}])
def test_targets_alone_are_written(store: SqliteStore, targets: dict[int, Decimal] | None) -> None:
    first = store.commit(Step(replace(watched(store), orders=ORDERS), targets={1: Decimal(5)}))
    store.commit(Step(first, before=first, targets=targets))
    shown = {row["level"]: row["target_quantity"] for row in store.rows("level_status")}
    assert shown[1] == ("5" if targets is None else "7")


RECORDS = st.builds(
    lambda orders, ladder, cycle: (orders, ladder, cycle),
    st.lists(
        st.builds(
            lambda level, quantity, status, seen: replace(
                order(level, quantity),
                order_link_id=f"{level}-{quantity}",
                status=status,
                updated_ms=seen,
            ),
            st.integers(1, 2),
            st.sampled_from(("5", "10")),
            st.sampled_from(OwnedStatus),
            st.integers(0, 1),
        ),
        max_size=3,
        unique_by=lambda one: one.order_link_id,
    ),
    st.sampled_from((None, *LADDERS)),
    st.integers(1, 2),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(RECORDS, min_size=2, max_size=6))
def test_law_the_database_is_the_same_with_and_without(
    steps: list[tuple[list[OwnedOrder], Ladder | None, int]],
) -> None:
    def played(*, with_before: bool) -> list[object]:
        with TemporaryDirectory() as folder, open_store(f"sqlite:///{folder}/t.db") as store:
            stored = watched(store)
            for orders, ladder, cycle in steps:
                wanted: MonitorRecord = replace(
                    stored, orders=tuple(orders), ladder=ladder, cycle=cycle
                )
                stored = store.commit(Step(wanted, before=stored if with_before else None))
            with store._snapshot() as connection:  # noqa: SLF001 - no view has all of an order
                orders = connection.execute("SELECT * FROM level_order ORDER BY 1, 2, 3").fetchall()
            return [orders, store.rows("level_status"), store.rows("monitor_status")]

    assert played(with_before=True) == played(with_before=False)

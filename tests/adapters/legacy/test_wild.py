"""Any dict of monitors, however wild: never an exception, never a record that cannot be stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.legacy.old_house import monitor
from trueup.adapters.legacy import apply
from trueup.adapters.legacy.rules.accounts import LegacyAccounts
from trueup.adapters.legacy.rules.consider import Considered, Verdict, consider
from trueup.adapters.legacy.rules.contracts import KnownRules
from trueup.adapters.legacy.rules.state import RawMonitor
from trueup.cli.importing.import_report import document, lines, piece_of_configuration
from trueup.domain.model.instrument import ZERO
from trueup.domain.model.record import OwnedStatus
from trueup.storage import SqlStore, open_store

NUMBERS = st.one_of(
    st.decimals(allow_nan=True, allow_infinity=True),
    st.decimals(min_value=0, max_value=1000, places=3),
    st.floats(),
    st.integers(),
    st.integers(0, 500),
    st.sampled_from(["0.65", "20", " 7 ", "", "nan", "-1", "1e400", "9" * 50, "x"]),
    st.none(),
    st.booleans(),
)
IDS = st.sampled_from(
    [
        "",
        "00000000-0000-4000-8000-000000000001",
        "00000000-0000-4000-8000-000000000002",
        "BOT_CONS_BANDUSDT_TP1_164221",
        "BOT_TP1_BANDUSDT_1753654566837_3771",
        "MIR_TP4_BANDUSDT_1753710163059",
        "BOT_TPSL_BANDUSDT_1753873881048_9747",
        "RECOVERED_TP1",
        "MANUAL_1",
        "\x1b[2J",
        "x" * 50,
        "ü",
    ]
)
ANYTHING = st.recursive(
    NUMBERS | st.text(max_size=5) | st.binary(max_size=3) | IDS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
STATUS = st.sampled_from([None, "", "ACTIVE", "New", "FILLED", "filled", "CANCELLED", 7, "ü"])
ORDER = st.fixed_dictionaries(
    {"price": NUMBERS, "quantity": NUMBERS},
    optional={
        "order_id": IDS | ANYTHING,
        "order_link_id": IDS | ANYTHING,
        "status": STATUS,
        "filled": st.booleans(),
        "filled_qty": NUMBERS,
        "tp_number": NUMBERS,
        "tp_level": NUMBERS,
        "percentage": NUMBERS,
        "account": st.sampled_from([None, "main", "mirror", 3]),
        "order_type": st.sampled_from([None, "Limit", "stop_market"]),
        "stored_as_float": ANYTHING,
        "dict_key": ANYTHING,
    },
)
ORDERS = st.one_of(
    st.lists(ORDER | ANYTHING, max_size=6),
    st.dictionaries(IDS | st.integers(), ORDER | ANYTHING, max_size=6),
    ANYTHING,
)
MONITOR = st.fixed_dictionaries(
    {"symbol": st.sampled_from(["BANDUSDT", "ALTUSDT"]), "side": st.sampled_from(["Buy", "sell"])},
    optional={
        "account_type": st.sampled_from(["main", "mirror", "primary", None, "Ü", 3]),
        "tp_orders": ORDERS,
        "sl_order": ORDER | ANYTHING,
        "limit_orders": ORDERS,
        "remaining_size": NUMBERS,
        "position_size": NUMBERS,
        "entry_price": NUMBERS,
        "phase": ANYTHING,
        "last_check": NUMBERS | st.datetimes() | st.sampled_from(["2025-07-28T12:00:00Z", "soon"]),
        "filled_tps": ANYTHING,
        "chat_id": ANYTHING,
        "flags": ANYTHING,
        "role": ANYTHING,
        "follows": ANYTHING,
        "case": ANYTHING,
    },
)
KEYS = st.sampled_from(
    [
        "BANDUSDT_Buy_main",
        "BANDUSDT_Sell_mirror",
        "ALTUSDT_Buy",
        "ALTUSDT_Sell_x",
        "",
        "what",
        "\x1b[2J",
    ]
)
MONITORS = st.lists(st.tuples(KEYS, MONITOR | ANYTHING), max_size=5)
RULES = {"BANDUSDT": KnownRules(Decimal("0.0001"), Decimal("0.1"))}


def considered_of(monitors: list[tuple[str, Any]]) -> tuple[Considered, ...]:
    """What becomes of these."""
    return consider([RawMonitor("f", *each) for each in monitors], LegacyAccounts(), RULES)


@contextmanager
def store() -> Iterator[SqlStore]:
    """An empty database."""
    with TemporaryDirectory() as folder, open_store(f"sqlite:///{Path(folder) / 'w.db'}") as opened:
        yield opened


@settings(deadline=None)
@given(MONITORS)
def test_every_monitor_is_taken_or_left_with_a_reason_and_told(
    monitors: list[tuple[str, Any]],
) -> None:
    considered = considered_of(monitors)
    assert len(considered) == len(monitors)
    for one in considered:
        assert (one.verdict is Verdict.TAKEN) is (one.reason == "")
    assert all(line.isprintable() for line in lines([], considered))
    assert len(document([], considered, applied=False)["monitors"]) == len(monitors)
    assert all(line.isprintable() for line in piece_of_configuration(considered))


@settings(deadline=None)
@given(MONITORS)
def test_what_is_taken_is_a_record_that_can_be_meant(monitors: list[tuple[str, Any]]) -> None:
    for one in considered_of(monitors):
        if one.verdict is not Verdict.TAKEN:
            continue
        assert one.taken is not None
        assert one.state is not None
        levels = one.taken.ladder.levels if one.taken.ladder else ()
        numbers = {level.number: level.price for level in levels}
        if one.taken.ladder is not None:
            one.taken.ladder.check_side(one.state.side)
        names = [order.order_link_id for order in one.taken.orders]
        places = [(order.level, order.part) for order in one.taken.orders]
        assert len(set(names)) == len(names)
        assert len(set(places)) == len(places)
        for order in one.taken.orders:
            assert order.order_link_id
            assert numbers[order.level] == order.price > ZERO
            assert order.quantity > ZERO
            assert ZERO <= order.filled <= order.quantity
            assert order.status in (OwnedStatus.OPEN, OwnedStatus.FILLED, OwnedStatus.CANCELLED)


@settings(max_examples=25, deadline=None)
@given(MONITORS)
def test_what_is_taken_can_be_stored_and_comes_back_as_it_was(
    monitors: list[tuple[str, Any]],
) -> None:
    with store() as opened:
        written = apply(opened, considered_of(monitors))
        for one in written:
            assert one.verdict is not Verdict.TAKEN
            if one.verdict is Verdict.WRITTEN:
                assert one.key is not None
                stored = opened.load(one.key)
                assert stored is not None
                assert stored == one.on(stored)


@given(st.permutations([1.0, 2.0, 3.0, 4.0]))
def test_the_sequence_of_files_does_not_decide(times: list[float]) -> None:
    raws = [RawMonitor(f"{t}", "BANDUSDT_Sell_main", monitor(last_check=t)) for t in times]
    considered = consider(raws, LegacyAccounts(), {})
    assert [one.raw.file for one in considered if one.verdict is Verdict.TAKEN] == ["4.0"]

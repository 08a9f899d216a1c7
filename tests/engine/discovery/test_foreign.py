"""No foreign order is ever adopted, whatever script its id is written in."""

import string
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.discovery.conftest import MIRROR, rest
from tests.stage import BAND_LADDER, Stage
from trueup.domain.recognition.classify import Kind, suggest

BYBIT = string.ascii_letters + string.digits + "_-"
PARTS = ("BOT", "MIR", "TP1", "TP4", "SL", "TPSL", "CONS", "BANDUSDT", "1737809937842", "7432", "")
FOREIGN = (
    "MANUAL_TP1_BANDUSDT",
    "BOT_EMERGENCY_CLOSE_BANDUSDT_1752114841",
    "CLOSE_ALL_BANDUSDT_1753552439180",
    "f47ac10b-58cc-4372-a567-0e02b2c3d479",
)

IDS = st.one_of(
    st.text(BYBIT, max_size=45),
    st.text(max_size=45),
    st.uuids().map(str),
    st.lists(st.sampled_from(PARTS), max_size=6).map(lambda parts: "_".join(parts)[:45]),
    st.sampled_from(FOREIGN),
).filter(lambda text: suggest(text).kind is not Kind.TAKE_PROFIT)


def test_a_run_takes_over_and_touches_no_foreign_order(tmp_path: Path) -> None:
    """The position is watched without a ladder, then with one: neither run adopts anything."""
    with Stage(tmp_path) as stage:
        stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
        bare = stage.reconciler.watch("mirror", "BANDUSDT", "Sell")
        used: set[str] = set()

        @settings(max_examples=25, deadline=None)
        @given(st.lists(IDS, min_size=1, max_size=8, unique=True))
        def runs_leave_them_alone(ids: list[str]) -> None:
            for number, link_id in enumerate(ids):
                if link_id not in used:
                    rest(stage, f"0.{6000 + number}", "1", link_id)
            used.update(filter(None, ids))
            before = stage.sim.orders(MIRROR)
            report = stage.reconciler.reconcile(bare)
            assert (report.record.ladder, report.record.orders, report.writes) == (None, (), 0)
            assert stage.sim.orders(MIRROR) == before

        runs_leave_them_alone()
        foreign = stage.sim.orders(MIRROR)
        watched = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
        report = stage.reconciler.reconcile(watched)
        assert report.is_true
        assert len(report.record.orders) == 4
        assert [o for o in stage.sim.orders(MIRROR) if o in foreign] == list(foreign)

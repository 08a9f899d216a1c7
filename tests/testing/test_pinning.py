"""Transcripts: the same for the same runs, readable, and a difference that says what to do."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.testing.running import failed, passed
from trueup import Ladder, Reconciler, RunReport
from trueup.simulator import Fault, FaultKind, VirtualClock
from trueup.testing import ACCOUNT, SYMBOL, UID, InProcessSimulator, Stage, in_process_exchange
from trueup.testing.defaults import CONTRACT, add_defaults
from trueup.testing.rendering import rendered

LADDER = Ladder.of(("0.7200", 85), ("0.7400", 15))
TEST = """
    from trueup import Ladder
    from trueup.testing import assert_transcript


    def test_two_runs(open_stage, snapshot):
        stage = open_stage(Ladder.of(("0.7200", {share}), ("0.7400", {rest})))
        stage.enter("100")
        assert_transcript(stage.run(), snapshot)
        stage.fill(1)
        assert_transcript(stage.run(), snapshot)
"""


def story(folder: Path, start_ms: int, seed: str) -> list[RunReport]:
    """Runs with ids, times and random numbers of their own: a lost reply, and a fill beside it."""
    simulator = InProcessSimulator(VirtualClock(start_ms), seed=seed)
    add_defaults(simulator)
    with Reconciler(
        f"sqlite:///{folder / seed}.db",
        accounts=[ACCOUNT],
        sinks=[],
        clock=simulator.clock,
        connect=lambda account: in_process_exchange(account, simulator),
    ) as reconciler:
        monitor = reconciler.watch(ACCOUNT.name, SYMBOL, "Buy", LADDER)
        simulator.open_position(UID, SYMBOL, "Buy", "100", price="0.7000")
        simulator.inject(Fault(kind=FaultKind.REPLY_LOST, path="order/create"))
        reports = [reconciler.reconcile(monitor)]
        simulator.fill(UID, simulator.orders(UID)[0].order_id)
        reports.append(reconciler.reconcile(monitor))
        simulator.open_position(UID, SYMBOL, "Buy", "100", price="0.7000")
        simulator.cancel_by_hand(UID, simulator.orders(UID)[0].order_id)
        reports.append(reconciler.reconcile(monitor))
    return reports


def test_a_transcript_has_no_id_and_no_time_of_its_own(tmp_path: Path) -> None:
    first = story(tmp_path, 1_737_809_937_000, "one")
    second = story(tmp_path, 1_764_633_599_500, "two")
    assert first[0].run_id != second[0].run_id
    assert rendered(first) == rendered(second)
    assert re.findall(r"\d{8,}|\b\d\d:\d\d:\d\d\b|[0-9a-f]{8}", rendered(first)) == []


def test_both_ids_of_an_order_have_one_name(tmp_path: Path) -> None:
    text = rendered(story(tmp_path, 1_737_809_937_000, "one"))
    assert "⇄ place ‹TP1›: unsure" in text
    assert "⇄ look_up ‹TP1›: found" in text
    assert "    TP1: ‹TP1› 85 at 0.72, 85 filled, filled" in text


def test_what_is_not_known_is_not_shown(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(LADDER)
    stage.enter("100")
    stage.simulator.inject(Fault(kind=FaultKind.SERVER_ERROR, path="position/list", times=None))
    text = rendered([stage.run()])
    assert "position: unknown, covered by orders on record: 0\nfailed attempts in a row: 1" in text


def test_a_time_has_a_name_and_how_far_it_is_stays(open_stage: Callable[..., Stage]) -> None:
    ends_ms = open_stage().simulator.clock.now_ms() + 3 * 86_400_000
    stage = open_stage(LADDER, contract=replace(CONTRACT, delivery_ms=ends_ms))
    stage.enter("100")
    assert "the contract expires on ‹time›, in 2 days 23 hours" in rendered([stage.run()])


def test_each_transcript_of_a_test_has_a_file(tmp_path: Path) -> None:
    code = TEST.format(share=85, rest=15)
    assert "2 snapshots generated" in passed(tmp_path, code, "--snapshot-update")
    assert "2 snapshots passed" in passed(tmp_path, code)
    files = sorted(tmp_path.rglob("*.txt"))
    assert [file.name for file in files] == ["test_two_runs.1.txt", "test_two_runs.txt"]
    assert files[1].read_text("utf-8").startswith("══ main BANDUSDT Buy ══ SUCCESS\nIdle\n")


def test_nothing_pinned_shows_what_to_read_and_how_to_pin_it(tmp_path: Path) -> None:
    printed = failed(tmp_path, TEST.format(share=85, rest=15))
    assert "no transcript is pinned: read this, and pin it with pytest --snapshot-up" in printed
    assert "E       ══ main BANDUSDT Buy ══ SUCCESS" in printed


def test_another_ladder_shows_the_difference(tmp_path: Path) -> None:
    passed(tmp_path, TEST.format(share=85, rest=15), "--snapshot-update")
    printed = failed(tmp_path, TEST.format(share=80, rest=20))
    assert "the run is not the pinned one; where the difference is meant, pin it with" in printed
    assert "E       -    📤 Placing new TP1 order: Sell 85 @ 0.72" in printed
    assert "E       +    📤 Placing new TP1 order: Sell 80 @ 0.72" in printed


def test_no_run_is_a_mistake(tmp_path: Path) -> None:
    code = """
        import pytest
        from trueup.testing import assert_transcript


        def test_nothing(snapshot):
            with pytest.raises(ValueError, match="pass the report of a run"):
                assert_transcript([], snapshot)
        """
    assert "1 passed" in passed(tmp_path, code)

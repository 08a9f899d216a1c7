"""Live histories: they hold, they repeat, and they notice what is wrong with trueup."""

from dataclasses import replace
from pathlib import Path

import pytest

from chaos import draw_history, play, play_seeds
from chaos.bugs.proof import hunt
from chaos.histories import moves
from chaos.histories.history import LIVE_EVERY, History
from chaos.histories.live_play import FOLLOWED
from trueup.simulator import StreamFault, StreamFaultKind
from trueup.storage.sqlite import SqliteStore

LIVE = tuple(range(LIVE_EVERY, 20 * LIVE_EVERY, LIVE_EVERY))


def test_every_so_manieth_history_lives() -> None:
    tally = play_seeds(1, 2 * LIVE_EVERY)
    assert (tally.live, tally.histories, tally.failures) == (2, 2 * LIVE_EVERY, ())


def test_what_lives_is_drawn_like_what_does_not() -> None:
    plain, live = draw_history(LIVE[0], live=False), draw_history(LIVE[0])
    assert set(plain.moves) <= set(live.moves)
    assert replace(plain.scene, is_live=True) == live.scene


@pytest.mark.parametrize("seed", LIVE[:3])
def test_a_live_history_is_told_alike_on_sqlite(seed: int, tmp_path: Path) -> None:
    quick = play(draw_history(seed), keep_log=True)
    real = play(
        draw_history(seed),
        store=lambda: SqliteStore(tmp_path / "trueup.db"),
        keep_log=True,
    )
    assert quick.is_live
    assert quick == real


def _one_monitor(*happening: moves.Move) -> History:
    """A history of one monitor whose stream meets no faults but these."""
    seed = next(seed for seed in LIVE if _is_plain(draw_history(seed)))
    return replace(draw_history(seed), moves=happening)


def _is_plain(history: History) -> bool:
    """Whether reads and writes of its one monitor take effect at once."""
    scene = history.scene
    delays = scene.behaviour.effect_delay_ms + scene.behaviour.visible_delay_ms
    return len(scene.monitors) == 1 and not delays and not scene.monitors[0].left_over


def _fault(kind: StreamFaultKind, *, delay_ms: int = 0, copies: int = 2) -> moves.Move:
    fault = StreamFault(kind=kind, times=None, lasts_ms=20_000, delay_ms=delay_ms, copies=copies)
    return moves.SpoilStream(5000, fault)


def test_a_fill_is_followed_without_a_read() -> None:
    verdict = play(_one_monitor(moves.FillEntry(5000, 0, 7), moves.Wake(9000, 0)), keep_log=True)
    assert verdict.findings == ()
    filled = next(n for n, line in enumerate(verdict.lines) if "an entry of" in line)
    wrote = next(n for n, line in enumerate(verdict.lines) if n > filled and " amends " in line)
    assert not any(" reads " in line for line in verdict.lines[filled:wrote])


@pytest.mark.parametrize(
    "fault",
    [
        _fault(StreamFaultKind.SILENCE),
        _fault(StreamFaultKind.HALF_OPEN),
        _fault(StreamFaultKind.DROP),
        _fault(StreamFaultKind.DUPLICATE, copies=3),
        _fault(StreamFaultKind.DELAY, delay_ms=8000),
    ],
)
def test_a_fill_that_a_stream_loses_is_repaired_all_the_same(fault: moves.Move) -> None:
    verdict = play(_one_monitor(fault, moves.FillEntry(5001, 0, 7), moves.Wake(70_000, 0)))
    assert verdict.findings == ()


def test_an_order_that_is_cancelled_while_the_process_is_down_is_noticed() -> None:
    verdict = play(
        _one_monitor(
            moves.CrashAt(4000, "Placing.after-commit", 1),
            moves.FillEntry(5000, 0, 7),
            moves.CancelByHand(5050, 0, 0),
        ),
        keep_log=True,
    )
    assert verdict.findings == ()
    assert any("someone cancels" in line for line in verdict.lines)


@pytest.mark.parametrize(
    ("bug", "promise"),
    [("stream events wake no monitor", FOLLOWED), ("stale view used", "P5")],
)
def test_a_bug_in_listening_is_caught(bug: str, promise: str) -> None:
    assert hunt(bug, most=60).promise.startswith(promise)

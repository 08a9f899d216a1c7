"""Histories of stops that once broke a promise, each cut down to the moves that it takes."""

from dataclasses import replace

import pytest

from chaos import History, draw_history, play
from chaos.histories import moves
from chaos.histories.moves.controls import Stopped
from trueup.domain.model.stop import Breakeven, Stop, Trailing
from trueup.simulator import Fault, FaultKind

from .stop_scene import PERCENT, played, prices_set, refused, scene


def test_a_trailing_stop_that_waits_is_seen_to_be_set() -> None:
    """No row shows its activation price, so no row was equal to what had been asked for."""
    stop = Stop.of(percent=5, trailing=Trailing.of(distance="0.5", activation="11.5"))
    verdict = played(stop, moves.SweepAll(0))
    assert verdict.findings == ()
    assert any("🛡️ The stop is 9.5, trailing by 0.5" in line for line in verdict.lines)


def test_a_request_that_was_refused_has_tightened_nothing() -> None:
    """The average went down before the stop was set, which stayed where it had never been."""
    verdict = played(
        PERCENT,
        refused(0),
        moves.Run(1, 0),
        moves.EnterAt(5000, 0, steps=100, ticks=-10),
        moves.Run(5001, 0),
    )
    assert verdict.findings == ()
    assert prices_set(verdict)[-1] == "9.1"


def test_a_new_position_without_orders_does_not_inherit_the_stop() -> None:
    """Nothing had filled that counts for a level, so nobody asked whether it was a new one."""
    verdict = played(
        PERCENT,
        moves.Run(0, 0),
        moves.SetPosition(5000, 0, 0),
        moves.EnterAt(5001, 0, steps=50, ticks=-20),
        moves.Run(5002, 0),
        ladder=None,
    )
    assert verdict.findings == ()
    assert prices_set(verdict) == ["9.5", "7.6"]


def test_what_the_market_is_not_past_protects_where_breakeven_cannot() -> None:
    """TP1 had filled, the stop was gone, and breakeven was above the market: none was set."""
    stop = Stop.of(percent=5, breakeven=Breakeven.of(after_level=1, offset="0.08"))
    verdict = played(
        stop,
        moves.Run(0, 0),
        moves.MoveStopByHand(5000, 0, ticks=0),
        moves.FillTakeProfit(5001, 0, 0, None),
        moves.Run(5002, 0),
    )
    assert verdict.findings == ()
    assert prices_set(verdict)[1:3] == ["10.1 → 10001", "9.5"]


def test_what_a_trailing_stop_cannot_start_from_keeps_no_price_from_being_set() -> None:
    """The market was past the activation price: the exchange refused the price beside it, too."""
    stop = Stop.of(percent=5, trailing=Trailing.of(distance="0.5", activation="10.5"))
    verdict = played(stop, moves.GoIntoProfit(1, 0, permille=70, lasts_ms=4000), moves.Run(2, 0))
    assert verdict.findings == ()
    assert prices_set(verdict)[1] == "9.5"


def test_a_stop_that_is_removed_beside_a_trailing_one_is_set_again() -> None:
    """The trailing one waited for its activation: nothing protected the position."""
    stop = Stop.of(percent=5, trailing=Trailing.of(distance="0.5", activation="11.5"))
    verdict = played(
        stop, moves.Run(0, 0), moves.MoveStopByHand(5000, 0, ticks=0), moves.Run(5001, 0)
    )
    assert verdict.findings == ()
    assert len(prices_set(verdict)) == 2


def test_a_stop_that_the_user_loosens_is_loosened_though_a_request_wasrefused() -> None:
    verdict = played(
        PERCENT,
        moves.Run(0, 0),
        moves.GiveStop(5000, 0, Stop.of(percent=8)),
        refused(5001, times=2),
        moves.Run(5002, 0),
    )
    assert verdict.findings == ()
    assert prices_set(verdict)[-1] == "9.2"


def test_a_bare_position_is_alerted_while_its_monitor_is_paused() -> None:
    """No rules of the contract had been read, and nothing was said of the stop."""
    verdict = played(PERCENT, moves.Stop(1, 0, Stopped.MONITOR, 90_000), moves.Run(2, 0))
    assert verdict.findings == ()
    assert any("UNPROTECTED: no stop for 100" in line for line in verdict.lines)


def test_a_run_with_nothing_left_for_the_ladder_has_not_succeeded() -> None:
    """Its requests were used up while it waited for the stop, and it ended as in sync."""
    late = Fault(kind=FaultKind.LATE_EFFECT, path="trading-stop", times=1, delay_ms=4900)
    lost = Fault(kind=FaultKind.REQUEST_LOST, path="trading-stop", times=1)
    happening = (
        moves.Run(1, 0),
        moves.SpoilRequests(5000, lost),
        moves.SpoilRequests(5000, late),
        moves.GiveStop(5000, 0, Stop.of(percent=8)),
        moves.EnterAt(5001, 0, steps=50, ticks=0),
        moves.Run(5002, 0),
    )
    with_small_pages = replace(scene(PERCENT), order_page=1)
    verdict = play(History(0, with_small_pages, happening), keep_log=True)
    assert verdict.findings == ()
    assert any("actions left for the next run: the ladder" in line for line in verdict.lines)


def test_a_run_that_could_not_read_the_position_after_its_stop_is_not_in_sync() -> None:
    """Its requests were used up before the ladder was compared, and the size was not known."""
    verdict = play(draw_history(40000642))
    assert [one for one in verdict.findings if one.promise.startswith("P3")] == []


FOUND = {
    40000426: "somebody moved the stop after the user had asked for a looser one, which undid it",
    40000453: "the same, while that request was on its way",
    40000928: "a trailing stop grew wider as the entry moved, as none was on record any more",
    40000710: "of two equal requests one was shown, and the other took effect after a tighter one",
    40000518: "a run without requests left waited for its stop again and again",
    40001342: "a position without a stop waited for a write to a TP order to be shown",
    40003675: "a request for the last position's stop took effect on the new one, and stayed there",
    40004365: "a coarser tick rounded the stop's price past the market, and the position had none",
    40004988: "a refused stop had a request open, which no run came back to settle",
    40005110: "the best price of one position counted for the next, which began unwatched",
    40002421: "an order that had left no trace was sent again, and was not waited for then",
    40005264: "orders that never reached the book were looked up until no request was left",
    70000120: "a close was refused, and as the alert before said the same, no alert said so",
    40018572: "a stop was moved and removed before any read, and to the judge it had been moved",
    40015134: "a stop was removed before any read, and the judge took it for one that was known",
    40016455: "a request left after its position had closed, unseen, and moved the next one's stop",
    41010412: "a contract was closed, and orders in no list were given up, though they rested",
    41015372: "a trailing stop was asked for from a price on that the exchange does not take",
    41065749: "the range of prices barred the last target's stop, and the one before's was not set",
    41067393: "amends twice had no effect: levels stayed too small, and the run ended well",
    41067413: "a fill of before the position on record came to light, its trades seemed to lack",
    41067846: "the stream of positions fell silent as a new one opened, in the judge",
    41069256: "whose the position was stayed open for minutes, as runs had failed before",
    41067752: "a request for a stop had been announced before, in the judge",
    41068313: "the same of a trailing stop, in the judge",
    41049406: "the market was past the last target's stop, and the one before's was not set",
    41050115: "a level had filled but for an order that never came: the stop followed the average",
    41062281: "a stop that was moved by hand was removed and moved again, in the judge",
    41041734: "where the stop had begun was off the new tick, and a looser rule set it",
    41042061: "a run that placed what was missing did not name a second engine's order",
    41033398: "requests for the stop went unanswered, and left none for the cover, in the judge",
    41033417: "the stop went where it had begun, by an entry that had moved since, in the judge",
    41037429: "an address was barred, and the key was asked about minutes after that was over",
    41023187: "the price of before was asked for in each run, outside the contract's new band",
    41023573: "what the market was not past was looser than where the stop had begun",
    41024951: "each list lacked trades, and later ones began after the last fill, in the judge",
    41026744: "a level waited for a market that had passed it, and the judge for its cover",
    41027160: "an event without a number showed that the stop had gone, and nobody looked",
    41029667: "a stop was removed by hand, a trailing one was left, and the run ended well",
    41030793: "old reads hid a stop, and a new tick let a looser rule set it, in the judge",
    41012113: "places were refused, and orders shrank all the same to make room for them",
    40002316: "the market was past breakeven, and the first stop of all was set, not the last one",
}


@pytest.mark.parametrize("seed", FOUND, ids=str)
def test_seeds_that_broke_a_promise_about_stops(seed: int) -> None:
    """What trueup had not considered is in the table."""
    assert play(draw_history(seed)).findings == ()

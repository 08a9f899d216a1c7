"""Late histories that once broke a promise, with what trueup had not considered.

Their seeds are of histories that all have an exchange as late as the engine is told it may be.
"""

import pytest

from chaos import draw_history, play
from chaos.histories.later import late_drawing

FOUND = {
    564: "a cancel went out again although the position had been opened anew",
    608: "an order that went out again for another level counted for its old one, in the judge",
    865: "where nothing was known to rest, a place left no room for an order that was accepted",
    897: "a second read showed an order ended with its position, and its amend stayed open",
    1136: "an amend shrank an order by what was shown of it, and raised what it covered by then",
    1548: "an amend was settled as changed by others where an earlier one of ours had taken effect",
    1677: "a read that lagged hid the fill that the stream had shown",
    1934: "an order in no list was not asked for, because another plan had been cut to nothing",
    2411: "each run began to look for an order anew, and had no requests left for the others",
    2545: "the same as 1548, by a run of its own",
    4238: "the exchange cut an order, and an amend that was held up counted as settled by that",
    6248: "a place went out again beside orders that may have covered the whole position by then",
    6732: "the stream was lost, and with it that its last event had shown the position open",
    7822: "a place did not wait for an amend that took back what an earlier one asked for",
    9322: "a run that could send nothing, and had no requests left, ended as in sync",
    10044: "an amend of an order that ended with its position stayed open for good",
    12432: "orders in no list were asked to stay as they are while somebody else changed them",
    12547: "an order that is known by its fills alone had filled after the position had opened",
    3207257: "a fill of an order that others had placed was reported again once it was adopted",
    2132: "a position was opened anew just as large as a fill had left it, and a list was stale",
}


@pytest.mark.parametrize("seed", FOUND)
def test_it_holds_now(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late_drawing, "_PERCENT", 100)
    assert play(draw_history(seed)).findings == (), FOUND[seed]

"""The table: a line a case, and the line that counts.

``flags`` is what the file says of the case, ``seen`` what the engine found, ``live`` what was put
on the book (take-profits + all else), ``requests`` what the first run sent, ``cover`` what rests
after the second. ``stop found`` is what `trueup discover` shows before the first run, by whose it
is, its trigger, and what it protects; ``wanted`` the stop that trueup is to keep, ``protects`` what
the stops protect of the position at last.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.cases.casebook import Malformed
from tests.cases.play import Played
from tests.cases.resting import Kind
from tests.cases.seen import seen
from tests.cases.stops import protected, stop_wanted, stops_found
from tests.cases.verdict import Judged, Verdict
from trueup.domain.recognition.stops import stops_among

HEADING = (
    f"{'case':6} {'account':8} {'symbol':13} {'side':4} {'flags':26} {'seen':34} "
    f"{'live':>10} {'requests':>8} {'position':>12} {'cover':>12} {'stop found':26} {'wanted':8} "
    f"{'protects':>12} {'outcome':9} reason"
)
_SHORT = {
    "link_tp_number_differs_from_tp_number": "number≠",
    "same_tp_number_in_several_links": "number=",
    "link_longer_than_36": "long-id",
    "size_but_no_sl": "no-sl",
    "size_but_no_tp": "no-tp",
    "tp_sum_exceeds_size": "over",
    "tp_sum_below_size": "under",
    "active_limit_without_details": "bare-entry",
    "no_chat_id": "no-chat",
    "filled_tp_not_in_filled_tps": "fill?",
    "dict_key_is_not_order_id": "key≠id",
    "no_phase": "no-phase",
    "profit_taking_without_tp1_hit": "tp1?",
    "float_price": "float",
    "tp_without_price": "no-price",
    "more_than_4_tps": "many",
    "legacy_key_without_account": "old-key",
    "link_prefix_of_other_account": "other-id",
    "ladder_inverted": "inverted",
    "sl_filled_but_size_left": "sl-filled",
    "tp_orders_is_list": "list",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One case of the table: played and judged, malformed, or ended by an error of its own."""

    case: str
    verdict: Verdict
    text: str
    differences: tuple[str, ...] = ()
    stops_untouched: int = 0
    touched: int = 0
    writes_again: int = 0
    alerts_again: int = 0
    stops_found: int = 0
    stops_wanted: int = 0
    stops_set: int = 0

    def __str__(self) -> str:
        """The line, and under it what is wrong."""
        return "\n".join((self.text, *(f"       ✗ {each}" for each in self.differences)))


def line_of(played: Played, judged: Judged) -> Line:
    """The line of a case that was played."""
    state = played.case.state
    own = sum(order.kind is Kind.TAKE_PROFIT for order in played.loaded)
    live = f"{own} TP+{len(played.loaded) - own}"
    size = played.case.rules.floored(state.size)
    outcome = judged.verdict.value if judged.verdict is Verdict.WRONG else played.first.outcome
    text = (
        f"{state.case:6} {state.account:8} {state.symbol:13} {state.side:4} "
        f"{short_flags(state.flags):26} {_cut(seen(played.first), 34):34} "
        f"{live:>10} {played.requests:8} {size:12f} {judged.cover:12f} "
        f"{_cut(stops_found(played.found), 26):26} {stop_wanted(played):8} "
        f"{protected(played.left):>12} {outcome:9} {judged.reason}"
    ).rstrip()
    return Line(
        state.case,
        judged.verdict,
        text,
        judged.differences,
        judged.stops_untouched,
        judged.touched,
        played.writes_again,
        played.alerts_again,
        stops_found=len(stops_among(played.found.waiting)) if played.found else 0,
        stops_wanted=int(played.wanted is not None),
        stops_set=played.stops_set,
    )


def malformed_line(malformed: Malformed) -> Line:
    """The line of a row that holds no state."""
    verdict = Verdict.MALFORMED
    return Line(malformed.case, verdict, f"{malformed.case:6} {verdict}: {malformed.reason}")


def failed_line(case: str, error: Exception) -> Line:
    """The line of a case whose play ended in an error."""
    return Line(case, Verdict.WRONG, f"{case:6} {Verdict.WRONG}: {type(error).__name__}: {error}")


def short_flags(flags: Sequence[str]) -> str:
    """The flags in few letters, cut where they are too many."""
    return _cut(",".join(_SHORT.get(flag, flag) for flag in flags), 26)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def last_line(lines: Sequence[Line]) -> str:
    """What all of it came to."""
    count = {verdict: sum(line.verdict is verdict for line in lines) for verdict in Verdict}
    return (
        f"true {count[Verdict.TRUE]} of {len(lines)}, alerted {count[Verdict.ALERTED]}, "
        f"untouched stop-losses {sum(line.stops_untouched for line in lines)}, "
        f"writes on second run {sum(line.writes_again for line in lines)}, "
        f"stops found {sum(line.stops_found for line in lines)}, "
        f"wanted {sum(line.stops_wanted for line in lines)}, "
        f"set {sum(line.stops_set for line in lines)}"
    )


def is_good(lines: Sequence[Line]) -> bool:
    """Whether every case is true or rightly alerted, and silent on its second run.

    And nothing that is not ours was touched.
    """
    right = (Verdict.TRUE, Verdict.ALERTED)
    return all(
        line.verdict in right and not (line.touched or line.writes_again or line.alerts_again)
        for line in lines
    )
